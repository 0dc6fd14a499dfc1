/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/calibrate.h"
#include "plan/bandwidth.h"
#include "study/study.h"

/* A plan with what it was made of, to be reported. Everything is borrowed. */
typedef struct {
  const MigFleet *fleet; /* NULL: a calibration alone */
  const MigTask *task;
  const char *objective;  /* "time" */
  const char *scale;      /* of the result that the fleet is of, "1/4"; NULL: full size */
  MigStorageCopy storage; /* what of disks is copied */
  const MigModel *model;
  const MigPlan *plan;
  const GArray *bandwidths;          /* of MigBandwidth: limits that were tried; NULL: none were */
  const MigCalibration *calibration; /* NULL: none */
  const char *directory;             /* that it was calibrated with */
  const MigOrder *lower_bound; /* the plan, where VMs update no more memory than they were seen to;
                                * NULL: all is known */
  const GPtrArray *verdicts; /* of MigGuestVerdict: of running guests; NULL: none were looked at */
  const GPtrArray *assumed;  /* of char *: what was not measured; NULL: nothing */
} MigPlanReport;
