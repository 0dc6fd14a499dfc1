/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/plan-session.h"

/* What a plan is made from: a fleet and a calibrated model. */

/* Options' texts; NULL: not given. */
typedef struct {
  const char *fleet; /* file or result directory */
  char **calibrate, **hosts;
  const char *save_fleet, *link;
  const char *read_as;
  char **units;
  const char *stop_rule;
  const char *bandwidth;   /* limit of each migration */
  const char *technique;   /* how guests would be migrated ... */
  MigMigrationFlags flags; /* ... and what else is said of that */
  MigMemoryLimits memory_limits;
} MigPlanInputs;

/* mig_plan_inputs_load: a result directory may be the fleet and what is learnt from. *fleet: of the
 * session; NULL: none is planned for. */
gboolean mig_plan_inputs_load (MigPlanSession *session, const MigPlanInputs *inputs,
                               MigFleet **fleet, GError **error);
