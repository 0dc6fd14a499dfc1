/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/obstacle.h"
#include "plan/order.h"
#include "plan/task.h"

/* mig_target_state_find: the order in which all VMs that have a target get there: each starts as
 * soon as memory, links and limits allow it, in the best succession that was found; one of a circle
 * without room goes over a third host. effort: simulated migrations, at most; 0: the default. Fills
 * moves, waits and parked. Errors: INVALID with who cannot go, and how much memory is missing;
 * obstacles: one whose staying helps is added. */
gboolean mig_target_state_find (const MigModel *model, const MigFleet *fleet, const MigTask *task,
                                guint64 effort, MigOrder *order, GPtrArray *obstacles,
                                GError **error);

/* mig_target_state_custom: the same with one succession: by what compare says of two VMs. */
gboolean mig_target_state_custom (const MigModel *model, const MigFleet *fleet, const MigTask *task,
                                  int (*compare) (const MigFleetVm *a, const MigFleetVm *b),
                                  MigOrder *order, GError **error);

/* mig_target_state_lacks_memory: a host that has no room for all that are to be on it when these
 * moves (of MigMove, of a VM one) are over, and how much it lacks; MIG_NO_INDEX: none. */
guint mig_target_state_lacks_memory (const MigFleet *fleet, const GArray *moves,
                                     double *missing_bytes);
