/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/obstacle.h"
#include "plan/order.h"
#include "plan/task.h"

/* Which VM when, how many at a time: the plan that costs least by the model. Pure. doc/model.md. */

typedef struct {
  MigObjective objective; /* the task's, complete */
  MigOrder best;
  gboolean exact;     /* no order is better by the model (groups of one source's migrations) */
  double bound;       /* no order's objective is below it; NaN: no bound is known */
  GPtrArray *skipped; /* of MigObstacle: VMs that stay since they cannot be moved */
  GPtrArray *others; /* of MigOrder: what people do: by name, smallest first, dirtiest first; one by
                        which VMs wait for each other for ever is not there */
} MigPlan;

/* mig_plan_make: the VMs' destinations, then their order. Where the task skips what is impossible,
 * VMs that cannot be moved stay, in the fleet too. A plan without moves is compared with no other:
 * nothing has to be moved, or nothing can be. Errors: INVALID with the VMs and the reasons
 * where there is no plan. */
MigPlan *mig_plan_make (const MigModel *model, MigFleet *fleet, const MigTask *task,
                        GError **error);
void mig_plan_free (MigPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigPlan, mig_plan_free)
