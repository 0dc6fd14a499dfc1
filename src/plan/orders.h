/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan.h"

/* mig_plan_orders: every order of the VMs that the plan moves, task->parallel of them at a time;
 * orders that are the same stand for each other. GPtrArray of MigOrder that frees them. Errors:
 * INVALID where they leave more than one host, or there are more than MIG_PLAN_ORDERS_MAX. */
#define MIG_PLAN_ORDERS_MAX 120
GPtrArray *mig_plan_orders (const MigModel *model, const MigFleet *fleet, const MigTask *task,
                            const MigPlan *plan, GError **error);
