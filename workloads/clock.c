/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <time.h>

#include "workloads/guest.h"

static int64_t
now (void *opaque)
{
  struct timespec ts;

  clock_gettime (CLOCK_MONOTONIC, &ts);
  return ts.tv_sec * MIG_GUEST_NS_PER_S + ts.tv_nsec;
}

static void
sleep_until (void *opaque, int64_t deadline_ns)
{
  struct timespec ts = { .tv_sec = deadline_ns / MIG_GUEST_NS_PER_S,
                         .tv_nsec = deadline_ns % MIG_GUEST_NS_PER_S };
  clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

const MigGuestClock mig_guest_clock = { now, sleep_until, NULL };
