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

/* mig_workload_skip_kernel_words: for PID 1: how many words stand in front of the name of a
 * workload. The kernel also hands over what stood before " -- " and it does not know (on some
 * kernels "nowatchdog" is such a word). 0 where there is no such name, so that the message names
 * the first. */
int mig_workload_skip_kernel_words (int count, char *const *words);

/* mig_workload_run: step after step until guest->stop, the first worker in the caller's thread, the
 * others in threads of their own, which are not waited for. Returns 0 or an errno: a thread could
 * not be started. */
int mig_workload_run (MigGuest *guest);
