/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan-report.h"

/* A plan as commands of what manages the VMs: a shell script that migcost never runs. */

typedef struct _MigPlanManager MigPlanManager;

/* mig_plan_manager: its name, "virsh"; NULL: there are no more. */
const char *mig_plan_manager (guint index);

/* mig_plan_manager_find: NULL: the first. Errors: USAGE. */
const MigPlanManager *mig_plan_manager_find (const char *name, GError **error);

/* mig_plan_commands: one migration after the other starts, each when those have ended that it waits
 * for; the script ends where one fails. Names are quoted. The caller frees it. */
char *mig_plan_commands (const MigPlanReport *report, const MigPlanManager *manager);
