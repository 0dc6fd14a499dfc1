/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "analysis/calibrate.h"
#include "analysis/plan.h"

/* What 'migcost plan' says. Everything is borrowed. */
typedef struct {
  const MigFleet *fleet;             /* NULL: a calibration alone */
  const MigTask *task;
  const char *objective;             /* "time" */
  const MigModel *model;
  const MigPlan *plan;
  const GArray *bandwidths;          /* of MigBandwidth: limits that were tried; NULL: none were */
  const MigCalibration *calibration; /* NULL: none */
  const char *directory;             /* that it was calibrated with */
} MigPlanReport;

/* mig_plan_text, mig_plan_json: the caller frees it. */
char *mig_plan_text (const MigPlanReport *report);
char *mig_plan_json (const MigPlanReport *report);

/* mig_plan_why: why this plan, in two sentences. The caller frees it. */
char *mig_plan_why (const MigPlanReport *report);
