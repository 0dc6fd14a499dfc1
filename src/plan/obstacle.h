/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/task.h"

/* A VM that cannot go where it is to go, and why. */
typedef struct {
  guint vm;
  char *reason; /* "its downtime would be 2.1 s, its limit is 1 s; ..." */
} MigObstacle;

/* mig_obstacles_new: of MigObstacle, which it frees. */
GPtrArray *mig_obstacles_new (void);
void mig_obstacles_add (GPtrArray *obstacles, guint vm, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* mig_obstacles_find: of the VMs (of guint, ascending) that leave one source for their targets:
 * those that cannot, be they the first or the last to go, with what would let them. Where each can,
 * but no order lets all of them: those that can only be the last. */
void mig_obstacles_find (const MigModel *model, const MigFleet *fleet, const GArray *candidates,
                         GPtrArray *obstacles);

/* mig_obstacles_text: which VMs cannot be moved, and why; NULL: none. The caller frees it. */
char *mig_obstacles_text (const GPtrArray *obstacles, const MigFleet *fleet);

/* mig_obstacles_fail: says which VMs cannot be moved, why, and how the rest can. */
void mig_obstacles_fail (const GPtrArray *obstacles, const MigFleet *fleet, GError **error);
