/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan.h"

/* Rolling maintenance: hosts are emptied one after the other; the VMs of each return before the
 * next, or stay where they went. */

typedef struct {
  char *host;            /* that is emptied, or that its VMs return to */
  gboolean home;         /* they return */
  const MigFleet *fleet; /* as it is before this step: the hosts that it touches, and their VMs */
  MigTask task;
  MigPlan *plan;
  guint staying; /* VMs that are still on the host after it was emptied */
} MigRollingStep;

/* mig_rolling_plan: calls show with each step as soon as it is planned, in turn; it is freed
 * afterwards. Hosts without VMs need none. options: all but the question. Errors: as
 * mig_plan_make(), with the host; USAGE. */
typedef struct {
  void (*show) (const MigRollingStep *step, gpointer data);
  gpointer data;
} MigRollingViewer;

gboolean mig_rolling_plan (const MigModel *model, const MigFleet *fleet,
                           const MigTaskOptions *options, char **hosts, gboolean stay,
                           MigRollingViewer viewer, GError **error);
