/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "plan/verdict.h"
#include "report/verdicts.h"

static const MigMark marks[MIG_N_VERDICTS] = {
  [MIG_VERDICT_CAN] = MIG_MARK_GOOD,
  [MIG_VERDICT_MAY_FAIL] = MIG_MARK_OPEN,
  [MIG_VERDICT_BUSY] = MIG_MARK_OPEN,
  [MIG_VERDICT_CANNOT] = MIG_MARK_BAD,
};

/* add_row: reason NULL: the guest has none. first: the guest is named. */
static void
add_row (MigGrid *grid, const MigGuestVerdict *verdict, const MigVerdictReason *reason,
         gboolean first)
{
  mig_grid_text (grid, first ? verdict->vm : "");
  mig_grid_text (grid, first ? verdict->host : "");
  mig_grid_mark (grid, first ? marks[verdict->verdict] : MIG_MARK_NONE,
                 first ? mig_move_verdict_name (verdict->verdict) : "");
  if (reason && reason->to)
    mig_grid_format (grid, "to %s: %s", reason->to, reason->reason);
  else
    mig_grid_text (grid, reason ? reason->reason : "");
  mig_grid_text (grid, reason && reason->advice ? reason->advice : "");
}

void
mig_verdicts_add (MigBlock *parent, const GPtrArray *verdicts)
{
  static const char *const heads[] = { "VM", "on", "verdict", "reason", "what to do", NULL };

  if (!verdicts || verdicts->len == 0)
    return;
  MigGrid *grid = mig_grid_new ("lllll", heads);
  for (guint i = 0; i < verdicts->len; i++)
    {
      const MigGuestVerdict *verdict = verdicts->pdata[i];
      if (verdict->reasons->len == 0)
        add_row (grid, verdict, NULL, TRUE);
      for (guint r = 0; r < verdict->reasons->len; r++)
        add_row (grid, verdict, verdict->reasons->pdata[r], r == 0);
    }
  mig_block_table (mig_block_section (parent, "verdicts", "Which guests can be moved"), grid);
}

#define RECORD MigVerdictReason
static const MigJsonMember reason_members[] = {
  MIG_JSON ("to", TEXT, to),
  MIG_JSON ("certain", BOOLEAN, certain),
  MIG_JSON ("reason", TEXT, reason),
  MIG_JSON ("advice", TEXT, advice),
  MIG_JSON_END,
};
#undef RECORD

/* verdict_word: an identifier. */
static const char *
verdict_word (guint verdict)
{
  static const char *const words[MIG_N_VERDICTS] = { "can-move", "may-fail", "busy",
                                                     "cannot-move" };
  return words[verdict];
}

#define RECORD MigGuestVerdict
static const MigJsonMember verdict_members[] = {
  MIG_JSON ("vm", TEXT, vm),
  MIG_JSON ("on", TEXT, host),
  MIG_JSON_WORD ("verdict", verdict, verdict_word),
  MIG_JSON ("persistent", BOOLEAN, persistent),
  MIG_JSON ("autostart", BOOLEAN, autostart),
  MIG_JSON_LIST ("reasons", POINTERS, reasons, MigVerdictReason, reason_members),
  MIG_JSON_END,
};
#undef RECORD

void
mig_verdicts_json (MigJson *json, const GPtrArray *verdicts)
{
  if (verdicts)
    mig_json_list (json, "guests", verdicts, verdict_members);
}
