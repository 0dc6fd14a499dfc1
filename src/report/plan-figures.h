/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan-report.h"
#include "report/figure.h"

/* The pictures of a plan. */

/* mig_plan_lanes: one of many migrations: a row for each host, or group of hosts, that VMs leave.
 */
MigFigure *mig_plan_lanes (const MigPlanReport *report);

/* mig_plan_uplinks: appends the use of uplinks, where there is any. */
void mig_plan_uplinks (const MigPlanReport *report, GPtrArray *figures);
