/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/obstacle.h"

/* mig_plan_assign: chooses where each VM that leaves goes: those that have a target, then those
 * that must stay apart from others, the largest first, to the target whose CPUs are used least:
 * sets their 'to'. obstacles: those that fit nowhere are added; they have no 'to'. Where a host is
 * relieved and not all fit, others go first if more CPUs leave with them. */
void mig_plan_assign (MigFleet *fleet, const MigTask *task, GPtrArray *obstacles);
