/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/log.h"
#include "execute/internal.h"
#include "summary/outage.h"

/* next_start: when the guest's next migration of this plan began; missing: it has none. */
static gint64
next_start (const GPtrArray *begun, const MigPlannedMove *move)
{
  for (guint i = 0; i < begun->len; i++)
    {
      const MigMigrationRecord *other = ((const MigPlannedMove *) begun->pdata[i])->record;
      if (g_str_equal (other->guest, move->record->guest) &&
          other->start_ns > move->record->start_ns)
        return other->start_ns;
    }
  return MIG_MISSING_INT;
}

static void
note_outage (MigPlanExecutorRound *round, const GPtrArray *begun, MigPlannedMove *move)
{
  const MigProbeSpan span = { .from_ns = MIG_MISSING_INT,
                              .start_ns = move->record->start_ns,
                              .next_ns = next_start (begun, move),
                              .end_ns = round->repetition->record.window_end_ns };
  g_autoptr (GArray) rows = mig_probing_rows (round->repetition->probing, move->guest);

  if (!rows)
    return;
  const MigOutage outage = mig_outage_of (rows, &span);
  g_autofree char *text = mig_outage_text (&outage);
  move->probed = TRUE;
  move->outage_s = mig_units_seconds (outage.outage_ns);
  move->silence_s = mig_units_seconds (outage.silence_ns);
  move->connect_s = mig_units_seconds (outage.connect_ns);
  mig_info ("clients of '%s': %s", move->guest, text);
}

void
mig_plan_executor_note_clients (MigPlanExecutorRound *round)
{
  const GPtrArray *moves = mig_plan_progress_moves (round->execute->execution);
  g_autoptr (GPtrArray) begun = g_ptr_array_new (), records = g_ptr_array_new ();

  for (guint i = mig_plan_progress_first (round->execute->execution); i < moves->len; i++)
    {
      const MigPlannedMove *move = moves->pdata[i];
      if (!move->record || MIG_IS_MISSING (move->record->start_ns))
        continue;
      g_ptr_array_add (begun, moves->pdata[i]);
      g_ptr_array_add (records, move->record);
    }
  for (guint i = 0; i < begun->len; i++)
    note_outage (round, begun, begun->pdata[i]);
  mig_probing_write (round->repetition->probing, records);
}
