/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_clock_now: CLOCK_MONOTONIC in ns: the one clock every duration and arrival is taken from. */
gint64 mig_clock_now (void);

/* mig_clock_utc_now: CLOCK_REALTIME in ns since 1970, to anchor a run in time, never for durations.
 */
gint64 mig_clock_utc_now (void);

/* mig_clock_asleep: how long this machine has slept since it started, in ns: CLOCK_MONOTONIC does
 * not count that. */
gint64 mig_clock_asleep (void);

/* mig_clock_sleep_until: sleeps until mig_clock_now() >= deadline_ns; goes on after signals. */
void mig_clock_sleep_until (gint64 deadline_ns);

/* mig_clock_wait: until the condition is signalled, or mig_clock_now() >= deadline_ns; FALSE: it
 * is. The lock is the caller's. */
gboolean mig_clock_wait (GCond *changed, GMutex *lock, gint64 deadline_ns);

/* mig_clock_process_cpu: CPU time this process has used, all threads, in ns. */
gint64 mig_clock_process_cpu (void);

/* mig_clock_format_utc: "2026-11-23T00:37:48Z"; the caller frees it. */
char *mig_clock_format_utc (gint64 utc_ns);
