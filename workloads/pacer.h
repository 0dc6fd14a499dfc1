/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/* Spreads a rate over slices of 10 ms: each slice has its share, exact over time (what a division
 * leaves over is carried). Pure: the caller brings the time. */
#define MIG_PACER_SLICE_NS INT64_C (10000000)

typedef struct {
  uint64_t rate_per_s;
  int64_t deadline_ns; /* when the next slice begins */
  uint64_t carried;    /* what is left over, in units * ns */
} MigPacer;

/* mig_pacer_init: rate_per_s > 0, at most 1e9; the first slice begins now. */
void mig_pacer_init (MigPacer *pacer, uint64_t rate_per_s, int64_t now_ns);

/* mig_pacer_next: how many units to do now; then sleep until pacer->deadline_ns. 0 before the
 * deadline. Late by more than one slice (the guest was paused, or had no CPU): only one slice is
 * made up, what lies before it is given up. */
uint64_t mig_pacer_next (MigPacer *pacer, int64_t now_ns);

/* mig_pacer_skip: the first point after now on the grid through deadline with that step. */
int64_t mig_pacer_skip (int64_t deadline_ns, int64_t step_ns, int64_t now_ns);
