/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/list-schedule.h"

/* mig_succession_search: makes a succession of all moves better: by how pressing each is, then by
 * moving one of it elsewhere, with links shared and dedicated, orderly and not. effort: simulated
 * migrations, at most. bound: no schedule's objective is below it, so that the search ends where it
 * is reached and no shorter migrations are near; NaN: not known. The schedule is dedicated or not
 * as the best one has it. */
void mig_succession_search (MigListSchedule *schedule, guint *succession, guint64 effort,
                            double bound);
