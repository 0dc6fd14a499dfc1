/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/forecast.h"
#include "plan/plan-report.h"
#include "report/json-stream.h"

/* mig_plan_text: the caller frees it. mig_plan_json: appended to out; drain: may take of it on the
 * way, or NULL. */
char *mig_plan_text (const MigPlanReport *report);
void mig_plan_json (const MigPlanReport *report, MigTextDrain drain, GString *out);

/* mig_plan_figures: of MigFigure: the plan as a Gantt chart, and its use of uplinks where the fleet
 * has any; none where there is no plan.
 * mig_plan_html: a page that needs nothing else; why_not: figures are not drawn; NULL: they are. */
GPtrArray *mig_plan_figures (const MigPlanReport *report);
char *mig_plan_html (const MigPlanReport *report, const GPtrArray *figures, const char *why_not);

/* mig_plan_forecast: of one of the orders; the plan's own intervals reach down to what was seen. */
MigForecast mig_plan_forecast (const MigPlanReport *report, const MigOrder *order);

/* mig_plan_predict: a quantity of the plan's i-th migration. */
MigPredicted mig_plan_predict (const MigPlanReport *report, guint i, MigQuantity quantity);

/* mig_plan_sent_bytes: what the i-th migration of an order sends in its time: disks and memory. */
double mig_plan_sent_bytes (const MigPlanReport *report, const MigOrder *order, guint i);

/* mig_plan_task_line: "Empty a: 4 VMs move to b, ...". The caller frees it. */
char *mig_plan_task_line (const MigPlanReport *report);

/* mig_plan_nothing: that nothing moves, and whether it could; NULL: something does. */
const char *mig_plan_nothing (const MigPlanReport *report);

/* mig_plan_why: why this plan, in two sentences. The caller frees it. */
char *mig_plan_why (const MigPlanReport *report);
