/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "workloads/laps.h"

void
mig_laps_begin (MigLaps *laps)
{
  laps->position = 0;
  if (laps->random)
    mig_permutation_init (&laps->order, laps->count, laps->lap);
}

void
mig_laps_init (MigLaps *laps, uint64_t count, bool random)
{
  laps->count = count;
  laps->random = random;
  laps->lap = 0;
  mig_laps_begin (laps);
}
