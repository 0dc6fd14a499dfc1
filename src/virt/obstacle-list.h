/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/obstacle.h"

/* For obstacle.c and obstacle-at.c: mig_obstacles_list: of MigGuestObstacle, which it frees.
 * mig_obstacle_add: takes reason. */
GPtrArray *mig_obstacles_list (void);
void mig_obstacle_add (GPtrArray *obstacles, gboolean certain, char *reason, const char *advice);
