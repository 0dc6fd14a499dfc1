/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/figure.h"
#include "report/plan.h"
#include "report/table.h"

/* What every renderer of a plan says. The caller frees what it gets. */

/* mig_plan_task_line: "Empty a: 4 VMs move to b, ...". */
char *mig_plan_task_line (const MigPlanReport *report);

/* mig_plan_table_moves: a row per migration of the plan. mig_plan_table_orders: the plan, then what
 * people do. Both below their heading. */
MigTextTable *mig_plan_table_moves (const MigPlanReport *report);
MigTextTable *mig_plan_table_orders (const MigPlanReport *report);

/* mig_plan_table_staying: lost work of those that do not move, the largest first; NULL: there is
 * none. *more: how many are left out. */
MigTextTable *mig_plan_table_staying (const MigPlanReport *report, guint *more);
#define MIG_PLAN_STAYING_HEADING "Lost work of those that stay (negative: they gain)"
#define MIG_PLAN_STAYING_MORE "and %u more VMs that lose or gain less."

/* mig_plan_bandwidth_line: which limit costs least; where limits were tried. */
char *mig_plan_bandwidth_line (const MigPlanReport *report);

/* mig_plan_time, mig_plan_downtime: of the plan's i-th migration. */
MigPredicted mig_plan_time (const MigPlanReport *report, guint i);
MigPredicted mig_plan_downtime (const MigPlanReport *report, guint i);

/* mig_plan_quality: how good the plan is and how far to trust its figures, in sentences (char *,
 * freed with the array). */
GPtrArray *mig_plan_quality (const MigPlanReport *report);

/* The model's calibration, as tables below their heading: parameters; errors in cases that were
 * left out; each of those cases. */
char *mig_plan_calibration_line (const MigPlanReport *report);
MigTextTable *mig_plan_table_parameters (const MigCalibration *calibration);
MigTextTable *mig_plan_table_errors (const MigCalibration *calibration);
MigTextTable *mig_plan_table_cases (const MigCalibration *calibration);
#define MIG_PLAN_ASSUMED_HEADING "What was not measured"
#define MIG_PLAN_ERRORS_HEADING                                                                    \
  "Mean absolute error in cases that were left out of the calibration (single migrations; sums "   \
  "of a case)"
#define MIG_PLAN_ERRORS_EXPLAINED                                                                  \
  "The last line is what the measurements' own spread leaves. rank: Spearman's, of the cases' "    \
  "times. lost work: a "                                                                           \
  "guest's, as a share of the sequence's time."
#define MIG_PLAN_CASES_HEADING "Each case, predicted from the others: sums over its sequence"
