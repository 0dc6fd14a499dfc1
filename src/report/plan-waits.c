/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/number.h"
#include "report/plan-waits.h"

/* Who waits for memory, how long, and until whom has left. */

#define SHOWN 8
/* Less is no wait. */
#define SHOWN_S 0.005

/* last_to_leave: of those whose memory a move waits for. */
static guint
last_to_leave (const MigOrder *order, const GArray *waits)
{
  guint last = MIG_NO_INDEX;

  for (guint i = 0; i < waits->len; i++)
    {
      const MigWait *wait = &g_array_index (waits, MigWait, i);
      if (wait->memory &&
          (last == MIG_NO_INDEX || g_array_index (order->costs, MigMoveCost, wait->before).end_s >
                                       g_array_index (order->costs, MigMoveCost, last).end_s))
        last = wait->before;
    }
  return last;
}

static void
add_wait (MigBlock *section, const MigPlanReport *report, const GPtrArray *before, guint i)
{
  const MigOrder *order = &report->plan->best;
  guint last = last_to_leave (order, before->pdata[i]);
  g_autofree char *time = mig_number_measure (mig_order_memory_wait (order, before, i));
  guint vm = g_array_index (order->moves, MigMove, i).vm,
        other = g_array_index (order->moves, MigMove, last).vm;

  mig_block_item (
      section, "%s: %s s, until %s has left %s", mig_fleet_vm (report->fleet, vm)->name, time,
      mig_fleet_vm (report->fleet, other)->name,
      mig_fleet_host (report->fleet, g_array_index (order->moves, MigMove, i).to)->name);
}

void
mig_plan_waits_add (MigBlock *parent, const MigPlanReport *report)
{
  const MigOrder *order = &report->plan->best;
  g_autoptr (GPtrArray) before = order->waits ? mig_order_before (order, report->fleet) : NULL;
  MigBlock *section = NULL;
  guint n = 0;

  for (guint i = 0; before && i < order->moves->len; i++)
    {
      if (mig_order_memory_wait (order, before, i) < SHOWN_S)
        continue;
      if (!section)
        section = mig_block_section (parent, "waits", "Waits for memory");
      if (n++ < SHOWN)
        add_wait (section, report, before, i);
    }
  if (n > SHOWN)
    mig_block_paragraph (section, MIG_ROLE_META, "and %u more VMs.", n - SHOWN);
}
