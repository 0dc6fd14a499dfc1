/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/plan-session.h"

/* mig_kept_plan_take: what is left of an earlier plan (of MigPlannedMove) takes the place of the
 * plan that was made now, where it still fits: the same guests are to move, each is where it was
 * and can go where it was to go, hosts have memory for all, and limits are kept. NULL: it does;
 * else why not, which the caller frees. Pure. */
char *mig_kept_plan_take (MigPlanSession *planning, const GPtrArray *left);
