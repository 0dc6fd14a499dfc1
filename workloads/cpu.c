/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "workloads/guest.h"

/* The cpu workload: counts up without end. */

#define BATCH_INCREMENTS 65536 /* one work unit */

static bool
prepare (MigGuest *guest, char *why)
{
  return true;
}

static void
step (MigGuestWorker *worker)
{
  uint64_t counter = 0;

  while (counter < BATCH_INCREMENTS)
    {
      counter++;
      __asm__ volatile("" : "+r"(counter)); /* no increment can be optimised away */
    }
  mig_guest_add_work (worker, 1);
}

const MigWorkload mig_workload_cpu = {
  .name = "cpu",
  .unit = "65536-increments",
  .summary = "counts up in an endless loop: all of each vCPU, next to no memory",
  .prepare = prepare,
  .step = step,
};
