/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/fleet.h"

/* The shortest schedule of a few migrations, found by trying all: what plans are held against. It
 * shares no code with what it judges. */

#define EXACT_SCHEDULE_MOVES 9 /* at most */
#define EXACT_SCHEDULE_HOSTS 4 /* two on each side of the uplink of group 1 */

/* exact_schedule_time: of every VM to where it shall be, none over a third host, where only bytes
 * over links take time: no plan that starts migrations when others end is shorter. known: of such a
 * plan. NaN: not found out within the limit of the search. */
double exact_schedule_time (const MigFleet *fleet, guint parallel, double known);
