/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A histogram of durations in constant memory: 16 bins per power of two, from 1 us to 134 s, so a
 * percentile is known to 1/16 (rounded up). */
#define MIG_DURATION_HISTOGRAM_BINS (27 * 16)

typedef struct {
  guint64 n;
  guint32 bins[MIG_DURATION_HISTOGRAM_BINS];
} MigDurationHistogram;

void mig_duration_histogram_add (MigDurationHistogram *histogram, gint64 duration_ns);

/* mig_duration_histogram_percentile: the duration that the given share (0 to 1) of all does not
 * exceed, rounded up to its bin's upper edge. Missing where there are none. */
gint64 mig_duration_histogram_percentile (const MigDurationHistogram *histogram, double share);
