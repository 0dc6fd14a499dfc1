/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/calibrate.h"
#include "plan/forecast.h"

/* What 'migcost plan' says. Everything is borrowed. */
typedef struct {
  const MigFleet *fleet; /* NULL: a calibration alone */
  const MigTask *task;
  const char *objective; /* "time" */
  const MigModel *model;
  const MigPlan *plan;
  const GArray *bandwidths;          /* of MigBandwidth: limits that were tried; NULL: none were */
  const MigCalibration *calibration; /* NULL: none */
  const char *directory;             /* that it was calibrated with */
  const MigOrder *lower_bound; /* the plan, where VMs update no more memory than they were seen to;
                                * NULL: all is known */
  const GPtrArray *assumed;    /* of char *: what was not measured; NULL: nothing */
} MigPlanReport;

/* mig_plan_text, mig_plan_json: the caller frees it. */
char *mig_plan_text (const MigPlanReport *report);
char *mig_plan_json (const MigPlanReport *report);

/* mig_plan_figures: of MigFigure: the plan as a Gantt chart; none where there is no plan.
 * mig_plan_html: a page that needs nothing else; why_not: figures are not drawn; NULL: they are. */
GPtrArray *mig_plan_figures (const MigPlanReport *report);
char *mig_plan_html (const MigPlanReport *report, const GPtrArray *figures, const char *why_not);

/* mig_plan_calibrated: what a model was calibrated with, in a phrase. The caller frees it. */
char *mig_plan_calibrated (const MigCalibration *calibration, const char *directory);

/* mig_plan_why: why this plan, in two sentences. The caller frees it. */
char *mig_plan_why (const MigPlanReport *report);
