/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/list-schedule.h"
#include "plan/obstacle.h"

/* mig_parking_solve: runs a succession; sends VMs over a third host until all get where they are to
 * be. The succession (of indices of all moves) has room for twice as many as were asked for.
 * Errors: INVALID with who waits for whom, and how much memory is missing; obstacles: one of those
 * is added. */
gboolean mig_parking_solve (MigListSchedule *schedule, guint *succession, MigPlanCost *cost,
                            GPtrArray *obstacles, GError **error);
