/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/list-schedule.h"
#include "plan/order.h"

/* mig_waits_write: the last run as an order: its moves by their start, and what each waits for: all
 * that have to leave before memory is free for it and for those that go to that host before; those
 * whose places it takes, of a host or of the fleet; and the one whose end let it start. So memory
 * and limits are kept too where migrations take longer or shorter than predicted. */
void mig_waits_write (const MigListSchedule *schedule, MigOrder *order);
