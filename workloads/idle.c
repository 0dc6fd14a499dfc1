/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "workloads/guest.h"

/* The idle workload: heartbeats only. */

static bool
prepare (MigGuest *guest, char *why)
{
  return true;
}

static void
step (MigGuestWorker *worker)
{
  const MigGuestClock *clock = worker->guest->clock;
  clock->sleep_until (clock->opaque, clock->now (clock->opaque) + 3600 * MIG_GUEST_NS_PER_S);
}

const MigWorkload mig_workload_idle = {
  .name = "idle",
  .unit = "nothing",
  .summary = "sleeps: heartbeats only",
  .prepare = prepare,
  .step = step,
};
