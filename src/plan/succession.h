/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/list-schedule.h"

/* More moves are scheduled with dedicated links only: where many share uplinks, the end of each
 * changes the rate of all. */
#define MIG_SUCCESSION_SHARED_MAX 100

/* mig_succession_search: makes a succession of all moves better: by how pressing each is, then by
 * moving one of it elsewhere or letting one wait for another, with links shared and dedicated,
 * orderly and not. effort: simulated
 * migrations, at most. bound: no schedule's objective is below it, so that the search ends where it
 * is reached and nothing better is near; NaN: not known. The schedule is dedicated or not,
 * and who waits for whom, as the best one has it. */
void mig_succession_search (MigListSchedule *schedule, guint *succession, guint64 effort,
                            double bound);
