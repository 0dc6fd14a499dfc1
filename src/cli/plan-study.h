/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan.h"

/* A plan as a study that 'migcost run' performs, with what is predicted of each case. Everything is
 * borrowed. */
typedef struct {
  const MigFleet *fleet;
  const MigTask *task;
  const MigModel *model;
  const MigPlan *plan;
  const MigOrder *lower_bound; /* of the plan, as in MigForecast */
  const char *rule;            /* name of the stop rule */
  const char *calibrated;      /* what with; NULL: it is not */
  const char *alternatives; /* which other orders: mig_plan_alternatives(); NULL: the first of these
                             */
} MigPlanStudy;

/* mig_plan_study: its XML. Errors: USAGE where there are no such alternatives; INVALID where there
 * are too many, a name cannot stand in a study, or there are more hosts than the lab has. The
 * caller frees it. */
char *mig_plan_study (const MigPlanStudy *self, GError **error);
