/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "plan/objective.h"

/* Seconds, or a share of more than one, by which equal values may differ. */
#define ARITHMETIC_ERROR 1e-8

double
mig_objective_value (const MigObjective *objective, const MigPlanCost *cost)
{
  if (objective->worst_downtime)
    return cost->worst_downtime_s;
  return objective->time * cost->time_s + objective->downtime * cost->downtime_s +
         objective->lost * (cost->lost_s - cost->time_s * objective->lost_after);
}

MigPlanValue
mig_plan_value (const MigObjective *objective, const MigPlanCost *cost)
{
  return (MigPlanValue){ mig_objective_value (objective, cost), cost->time_s, cost->downtime_s,
                         cost->lost_s, cost->worst_downtime_s };
}

MigPlanValue
mig_plan_value_add (const MigObjective *objective, const MigPlanValue *before,
                    const MigPlanValue *then)
{
  return (MigPlanValue){
    .objective = objective->worst_downtime ? fmax (before->objective, then->objective)
                                           : before->objective + then->objective,
    .time_s = before->time_s + then->time_s,
    .downtime_s = before->downtime_s + then->downtime_s,
    .lost_s = before->lost_s + then->lost_s,
    .worst_downtime_s = fmax (before->worst_downtime_s, then->worst_downtime_s),
  };
}

/* compare_seconds: either may be infinite. */
static int
compare_seconds (double a, double b)
{
  double error = ARITHMETIC_ERROR * fmax (1, fmin (fabs (a), fabs (b)));

  return (a - b > error) - (b - a > error);
}

int
mig_plan_value_compare (const MigPlanValue *a, const MigPlanValue *b)
{
  int order = compare_seconds (a->objective, b->objective);

  order = order != 0 ? order : compare_seconds (a->time_s, b->time_s);
  order = order != 0 ? order : compare_seconds (a->downtime_s, b->downtime_s);
  order = order != 0 ? order : compare_seconds (a->lost_s, b->lost_s);
  return order != 0 ? order : compare_seconds (a->worst_downtime_s, b->worst_downtime_s);
}
