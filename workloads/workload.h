/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workloads/guest.h"

/* The table of workloads; ends with NULL. */
extern const MigWorkload *const mig_workloads[];

/* mig_workload_find: NULL where there is none of that name. */
const MigWorkload *mig_workload_find (const char *name);

/* mig_workload_setup: finds words[0], reads the parameters behind it into guest. False: why
 * (MIG_GUEST_WHY_SIZE bytes) says what is wrong and what was expected. Prepares nothing yet. */
bool mig_workload_setup (MigGuest *guest, int count, char *const *words, char *why);

/* mig_workload_run: step after step until guest->stop. */
void mig_workload_run (MigGuest *guest);
