/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/calibrate.h"

/* What 'migcost plan' reads: fleets, and measured migrations. */

#define MIG_PLAN_INPUT_TABLES 7

/* A result directory as a source of both. Freed as a whole. */
typedef struct {
  GPtrArray *tables[MIG_PLAN_INPUT_TABLES]; /* whole; the training borrows from them */
  MigTraining *training;
  char *stop_rule; /* in force in its migrations; NULL: there are none */
  char *scale;     /* of its study, "1/4"; NULL: full size */
} MigPlanInput;

/* mig_plan_input_load: reads a result directory. */
MigPlanInput *mig_plan_input_load (const char *directory, GError **error);
void mig_plan_input_free (MigPlanInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigPlanInput, mig_plan_input_free)

/* mig_plan_input_environment: of MigEnvironmentRecord; the input's. */
const GPtrArray *mig_plan_input_environment (const MigPlanInput *input);

/* mig_plan_input_fleet: guests and hosts as they were in its first sound run. Errors: INVALID where
 * no run is sound. */
const MigFleet *mig_plan_input_fleet (const MigPlanInput *input, GError **error);
