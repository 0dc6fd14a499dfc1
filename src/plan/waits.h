/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/list-schedule.h"
#include "plan/order.h"

/* mig_waits_write: the last run as an order: its moves by their start, and what each waited for:
 * that whose end let it start, and all that had to leave before memory was free for it and for
 * those that went to that host before. So it holds too where migrations take longer than predicted.
 */
void mig_waits_write (const MigListSchedule *schedule, MigOrder *order);
