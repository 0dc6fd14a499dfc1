/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/task.h"

/* mig_plan_bound: no order of these moves (in groups of at most task->parallel per source) has an
 * objective below it; parking: nor any in which VMs go over a third host; NaN: unknown. */
double mig_plan_bound (const MigModel *model, const MigFleet *fleet, const MigTask *task,
                       const GArray *moves, gboolean parking);
