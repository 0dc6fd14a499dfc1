/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/task.h"

/* mig_plan_assign: chooses where each VM that leaves goes: those that have a target, then those
 * that must stay apart from others, the largest first, to the target whose CPUs are used least:
 * sets their 'to'. Errors: INVALID where one fits nowhere. */
gboolean mig_plan_assign (MigFleet *fleet, const MigTask *task, GError **error);
