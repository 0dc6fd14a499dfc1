/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan.h"

/* What a plan's study is made of. Everything is borrowed. */
typedef struct {
  const MigFleet *fleet;
  const MigTask *task;
  const MigModel *model;
  const MigPlan *plan;
  const MigOrder *lower_bound; /* of the plan, as in MigForecast */
  const char *rule;            /* name of the stop rule */
  const char *calibrated;      /* what with; NULL: it is not */
  const char *scale;           /* of the result that the fleet is of, "1/4"; NULL: full size */
  const char *alternatives; /* which other orders: mig_plan_alternatives(); NULL: the first of these
                             */
} MigPlanStudy;

/* Its cases: the plan and the orders that it is compared with, each once. */
typedef struct {
  const MigOrder *order;
  GString *name; /* of all that are the same: "plan, by name" */
} MigPlanCase;

/* mig_plan_alternatives: the words for which other orders, from index 0 to NULL. */
const char *mig_plan_alternatives (guint index);

/* mig_plan_cases: of MigPlanCase, the plan first. *made: what they point to and the caller frees
 * after them; NULL: nothing. Errors: those of mig_plan_study(). */
GPtrArray *mig_plan_cases (const MigPlanStudy *self, GPtrArray **made, GError **error);
