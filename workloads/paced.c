/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "workloads/paced.h"

const char *const mig_paced_orders[] = { "sequential", "random", NULL };

uint64_t
mig_paced_share (uint64_t whole, uint64_t threads, uint64_t i)
{
  return whole / threads + (i < whole % threads);
}

void
mig_paced_init (MigPacer *pacer, const MigGuest *guest, uint64_t i)
{
  mig_pacer_init (pacer,
                  mig_paced_share (guest->options.rate_pages_per_s, guest->options.threads, i),
                  guest->clock->now (guest->clock->opaque));
}

void
mig_paced_step (MigGuestWorker *worker, MigPacer *pacer, uint64_t batch,
                void (*update) (MigGuestWorker *worker, uint64_t n))
{
  const MigGuest *guest = worker->guest;
  const MigGuestClock *clock = guest->clock;

  if (guest->options.rate_pages_per_s == 0)
    {
      update (worker, batch);
      return;
    }
  update (worker, mig_pacer_next (pacer, clock->now (clock->opaque)));
  clock->sleep_until (clock->opaque, pacer->deadline_ns);
}
