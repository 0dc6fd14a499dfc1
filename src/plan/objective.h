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
