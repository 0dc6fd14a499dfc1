/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/calibrations.h"
#include "plan/fleet-draft.h"
#include "plan/input.h"
#include "plan/memory-limits.h"
#include "plan/task.h"
#include "plan/plan-report.h"
#include "execute/survey.h"
#include "study/study.h"

/* What 'migcost plan' holds while it works; mig_plan_session_clear() frees all of it but the
 * options. */
typedef struct {
  GPtrArray *inputs;               /* of MigPlanInput: all result directories that were read */
  MigTraining *training;           /* of those that it is calibrated with; NULL: of none */
  const MigPlanInput *fleet_input; /* one of them: its fleet is planned for */
  MigFleet *own_fleet;             /* from a fleet file, or from hosts */
  MigFleetDraft *draft;            /* that file as it was read */
  MigSurvey *survey;               /* of those hosts */
  GPtrArray *assumed;              /* of char *: what was not measured of a result's fleet */
  MigOrder lower_bound;            /* the plan with the working sets that were seen */
  gboolean has_lower_bound;
  MigCalibrations *calibrations;
  const MigCalibration *calibration; /* of them: for the technique that is planned with */
  MigPlan *plan;
  GArray *bandwidths; /* that were tried */
  MigTask task;
  MigModel model;
  const MigStopLimits *limits; /* the stop rule */
  char *calibrated_with;       /* directories */
  /* from the command line */
  MigTaskOptions options;
  MigMemoryLimits memory_limits;
  MigStorageCopy storage;   /* what of disks is copied */
  const char *max_downtime; /* NULL: any */
  gboolean best_bandwidth;  /* it is for the plan to find */
} MigPlanSession;

void mig_plan_session_clear (MigPlanSession *planning);

/* mig_plan_session_limit: the VMs' downtimes by the option. Errors: INVALID. */
gboolean mig_plan_session_limit (const MigPlanSession *planning, MigFleet *fleet, GError **error);

/* mig_plan_session_make: the task and the plan for this fleet, in place of those before. */
gboolean mig_plan_session_make (MigPlanSession *planning, MigFleet *fleet, GError **error);

/* mig_plan_session_assumed: what of the fleet was not measured (of char *), to which more may be
 * added; the file's, the hosts', or the session's own. */
GPtrArray *mig_plan_session_assumed (const MigPlanSession *planning);

/* mig_plan_session_report: what is to be shown; borrowed. */
MigPlanReport mig_plan_session_report (const MigPlanSession *planning, const MigFleet *fleet);
