/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/outage-model.h"
#include "report/number.h"
#include "report/plan-clients.h"
#include "report/plan.h"

static void
add_move (MigGrid *grid, const MigPlanReport *report, guint i)
{
  guint vm = g_array_index (report->plan->best.moves, MigMove, i).vm;
  const MigPredicted outage = mig_plan_predict (report, i, MIG_QUANTITY_OUTAGE);

  mig_grid_text (grid, mig_fleet_vm (report->fleet, vm)->name);
  mig_grid_predicted (grid, outage);
  mig_grid_predicted (grid, mig_plan_predict (report, i, MIG_QUANTITY_STALL));
  mig_grid_measure (grid, mig_tcp_connect (outage.value));
}

void
mig_plan_clients_add (MigBlock *parent, const MigPlanReport *report)
{
  static const char *const heads[] = { "VM", "outage, s", "TCP stall, s", "connect, s", NULL };

  if (isnan (report->model->outage_surplus_s))
    return;
  MigGrid *grid = mig_grid_new ("lrrr", heads);
  for (guint i = 0; i < report->plan->best.moves->len; i++)
    add_move (grid, report, i);
  MigBlock *section = mig_block_section (parent, "clients", "What clients will notice");
  mig_block_table (section, grid);
  mig_block_paragraph (section, MIG_ROLE_META,
                       "Outage: the downtime, and what outages of the calibration lasted longer. "
                       "TCP stall: a request that is sent into the outage is sent again after 0.2 "
                       "s, and twice as long each time. Connect: a new connection is tried again "
                       "after 1, 3 and 7 s (by Linux from 6.5 on after 1, 2, 3 and 4 s).");
}
