/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/fleet.h"

/* The shortest schedule of a few migrations, found by trying all: what plans are held against. It
 * shares no code with what it judges. */

#define EXACT_SCHEDULE_MOVES 10 /* at most */
#define EXACT_SCHEDULE_HOSTS 4  /* two on each side of the uplink of group 1, if there is one */

/* exact_schedule_time: every VM of the fleet goes to its target, over links and the uplink of the
 * first group alone: no plan that starts migrations at ends of others is shorter; NaN: not found
 * out in so many steps. known: the time of one. */
double exact_schedule_time (const MigFleet *fleet, guint parallel, double known, guint nodes);
