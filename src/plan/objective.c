/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "plan/objective.h"

double
mig_objective_value (const MigObjective *objective, const MigPlanCost *cost)
{
  if (objective->worst_downtime)
    return cost->worst_downtime_s;
  return objective->time * cost->time_s + objective->downtime * cost->downtime_s +
         objective->lost * (cost->lost_s - cost->time_s * objective->lost_after);
}
