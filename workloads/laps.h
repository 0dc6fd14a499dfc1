/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "workloads/permutation.h"

/* Laps without end over count things: each once a lap, in the order of their numbers or, random, in
 * another one each lap. */
typedef struct {
  uint64_t count;
  uint64_t lap;      /* from 0 */
  uint64_t position; /* things of this lap that are done */
  bool random;
  MigPermutation order;
} MigLaps;

/* mig_laps_init: count >= 1. */
void mig_laps_init (MigLaps *laps, uint64_t count, bool random);

/* mig_laps_begin: the lap that it is at. Called by mig_laps_done alone. */
void mig_laps_begin (MigLaps *laps);

/* mig_laps_take: the next one; until mig_laps_done says that it is done, it counts as of this lap.
 */
static inline uint64_t
mig_laps_take (MigLaps *laps)
{
  return laps->random ? mig_permutation_next (&laps->order) : laps->position;
}

static inline void
mig_laps_done (MigLaps *laps)
{
  if (++laps->position < laps->count)
    return;
  laps->lap++;
  mig_laps_begin (laps);
}
