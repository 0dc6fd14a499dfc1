/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "workloads/permutation.h"

void
mig_permutation_init (MigPermutation *permutation, uint64_t count, uint64_t key)
{
  unsigned bits = 1;

  while (bits < 63 && UINT64_C (1) << bits < count)
    bits++;
  permutation->count = count;
  permutation->mask = (UINT64_C (1) << bits) - 1;
  permutation->shift = (bits + 1) / 2;
  permutation->key = mig_permutation_mix (key + 1);
  permutation->position = 0;
}

static uint64_t
scatter (const MigPermutation *permutation, uint64_t x)
{
  uint64_t mask = permutation->mask;

  x = (x + permutation->key) & mask;
  x = x * UINT64_C (0xbf58476d1ce4e5b9) & mask;
  x ^= x >> permutation->shift;
  x = (x + (permutation->key >> 32)) * UINT64_C (0x94d049bb133111eb) & mask;
  return x ^ x >> permutation->shift;
}

uint64_t
mig_permutation_next (MigPermutation *permutation)
{
  uint64_t x;

  do
    x = scatter (permutation, permutation->position++ & permutation->mask);
  while (x >= permutation->count);
  return x;
}
