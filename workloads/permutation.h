/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/* An order of 0 ... count - 1 in which each comes exactly once, without a table: a bijection of the
 * next power of two (multiply by an odd number, xor with itself shifted; both can be undone), of
 * which what is not below count is passed over. */
typedef struct {
  uint64_t count;
  uint64_t mask; /* next power of two, less one */
  unsigned shift;
  uint64_t key;
  uint64_t position; /* in the power of two */
} MigPermutation;

/* mig_permutation_init: count >= 1. Another key gives another order. */
void mig_permutation_init (MigPermutation *permutation, uint64_t count, uint64_t key);

/* mig_permutation_next: may be called count times. */
uint64_t mig_permutation_next (MigPermutation *permutation);

/* mig_permutation_mix: spreads a number over 64 bits (the finalizer of MurmurHash3's 64-bit
 * variant, with the constants of SplitMix64). A bijection. */
static inline uint64_t
mig_permutation_mix (uint64_t x)
{
  x = (x ^ x >> 30) * UINT64_C (0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * UINT64_C (0x94d049bb133111eb);
  return x ^ x >> 31;
}
