/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/duration-histogram.h"
#include "base/units.h"

#define UNIT_NS 1000 /* 1 us, about: the first power of two */
#define PER_OCTAVE 16

void
mig_duration_histogram_add (MigDurationHistogram *self, gint64 gap_ns)
{
  int exponent;
  int bin = 0;

  if (gap_ns >= UNIT_NS)
    {
      double fraction = frexp ((double) gap_ns / UNIT_NS, &exponent); /* 0.5 <= fraction < 1 */
      bin = (exponent - 1) * PER_OCTAVE + (int) ((fraction * 2 - 1) * PER_OCTAVE);
    }
  self->bins[MIN (bin, MIG_DURATION_HISTOGRAM_BINS - 1)]++;
  self->n++;
}

gint64
mig_duration_histogram_percentile (const MigDurationHistogram *self, double share)
{
  guint64 wanted = (guint64) ceil (share * (double) self->n), seen = 0;

  if (self->n == 0)
    return MIG_MISSING_INT;
  for (guint bin = 0; bin < MIG_DURATION_HISTOGRAM_BINS; bin++)
    {
      seen += self->bins[bin];
      if (seen >= MAX (wanted, 1))
        return (gint64) ceil (
            ldexp (1 + (double) (bin % PER_OCTAVE + 1) / PER_OCTAVE, bin / PER_OCTAVE) * UNIT_NS);
    }
  return MIG_MISSING_INT;
}
