/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan.h"

/* Rolling maintenance: hosts are emptied one after the other; the VMs of each return before the
 * next, or stay where they went. */

typedef struct {
  char *host;      /* that is emptied, or that its VMs return to */
  gboolean home;   /* they return */
  MigFleet *fleet; /* as it is before this step */
  MigTask task;
  MigPlan *plan;
} MigRollingStep;

/* mig_rolling_plan: GPtrArray of MigRollingStep, which it frees; hosts without VMs need none.
 * options: all but the question. Errors: as mig_plan_make(), with the host; USAGE. */
GPtrArray *mig_rolling_plan (const MigModel *model, const MigFleet *fleet,
                             const MigTaskOptions *options, char **hosts, gboolean stay,
                             GError **error);
