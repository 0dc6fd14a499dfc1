/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <time.h>

#include "base/clock.h"
#include "base/units.h"

static gint64
read_clock (clockid_t id)
{
  struct timespec ts = { 0 };
  clock_gettime (id, &ts);
  return ts.tv_sec * MIG_NS_PER_S + ts.tv_nsec;
}

gint64
mig_clock_now (void)
{
  return read_clock (CLOCK_MONOTONIC);
}

gint64
mig_clock_utc_now (void)
{
  return read_clock (CLOCK_REALTIME);
}

gint64
mig_clock_asleep (void)
{
  gint64 monotonic = read_clock (CLOCK_MONOTONIC);
  return MAX (0, read_clock (CLOCK_BOOTTIME) - monotonic);
}

gint64
mig_clock_process_cpu (void)
{
  return read_clock (CLOCK_PROCESS_CPUTIME_ID);
}

void
mig_clock_sleep_until (gint64 deadline_ns)
{
  struct timespec ts = { .tv_sec = deadline_ns / MIG_NS_PER_S,
                         .tv_nsec = deadline_ns % MIG_NS_PER_S };
  if (deadline_ns <= 0)
    return;
  while (clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
    ;
}

gboolean
mig_clock_wait (GCond *changed, GMutex *lock, gint64 deadline_ns)
{
  return g_cond_wait_until (changed, lock, deadline_ns / MIG_NS_PER_US + 1);
}

char *
mig_clock_format_utc (gint64 utc_ns)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (utc_ns / MIG_NS_PER_S);
  return when ? g_date_time_format (when, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("-");
}
