/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/task.h"

/* mig_plan_search: the order of the VMs that leave one source, by dynamic programming over the sets
 * of those that are gone, or beam search where there are too many; appends its moves. candidates:
 * of guint, VMs with a destination. Returns FALSE where no order keeps the limits. */
gboolean mig_plan_search (const MigModel *model, const MigFleet *fleet, const MigTask *task,
                          const GArray *candidates, guint64 effort, GArray *moves, gboolean *exact);
