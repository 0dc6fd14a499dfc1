/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/model.h"

/* What is to be small: a weighted sum of seconds; the worst downtime stands alone. */
typedef struct {
  double time, downtime, lost; /* weights */
  gboolean worst_downtime;     /* this instead */
  double lost_after; /* work lost (negative: gained) per second after the last migration; the
                        same for every plan, so the objective leaves it out; set by
                        mig_plan_make() */
} MigObjective;

/* mig_objective_value: of a plan's cost. */
double mig_objective_value (const MigObjective *objective, const MigPlanCost *cost);

/* What plans are compared by, in this order: the objective; of two that are equal in that, the
 * shorter, then the one with less downtime, less lost work, and less downtime of one VM. The last
 * is no sum, which is why it is last: then the better one of two beginnings stays the better one
 * whatever follows, so that a search may forget the other. (The worst downtime as objective is
 * first all the same: there the search finds its least, but may miss the best of those equal in
 * it.) */
typedef struct {
  double objective, time_s, downtime_s, lost_s, worst_downtime_s;
} MigPlanValue;

/* mig_plan_value: of a plan's cost. mig_plan_value_add: of migrations that follow others. */
MigPlanValue mig_plan_value (const MigObjective *objective, const MigPlanCost *cost);
MigPlanValue mig_plan_value_add (const MigObjective *objective, const MigPlanValue *before,
                                 const MigPlanValue *then);

/* mig_plan_value_compare: below 0: the first is better; 0: the model does not tell them apart.
 * Seconds are equal but for what the arithmetic may have added. */
int mig_plan_value_compare (const MigPlanValue *a, const MigPlanValue *b);
