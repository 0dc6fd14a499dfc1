/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* mig_thread_start: body (opaque) in a thread that nobody waits for and that signals do not reach:
 * they are for the main thread. SCHED_FIFO with that priority where it is allowed, else scheduled
 * as its starter is. Returns 0 or an errno. */
int mig_thread_start (void *(*body) (void *), void *opaque, int priority);
