/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "paper/equivalence.h"
#include "summary/power.h"

#define ROUNDING 1e-6

/* set_more: that would show the difference, or that it lies within the margin: whichever is nearer.
 * Of both together as few as can be: each as many as it scatters (Neyman's allocation). Where both
 * have as many, one more of the less certain. */
static void
set_more (MigEquivalence *self, const MigStat *a, const MigStat *b, double margin)
{
  double seen = fabs (self->welch.difference), sum = a->sd + b->sd,
         squares = a->sd * a->sd + b->sd * b->sd;
  gint64 alike = mig_power_runs_two_samples_at (fmax (seen, margin - seen), sqrt (squares / 2),
                                                MIG_POWER_LEVEL);

  if (MIG_IS_MISSING (alike))
    return;
  if (alike == MIG_POWER_MOST_RUNS)
    {
      self->more_a = self->more_b = alike;
      return;
    }
  double each = (double) alike * sum / squares;
  self->more_a = MAX (0, (gint64) ceil (each * a->sd - ROUNDING) - (gint64) a->n);
  self->more_b = MAX (0, (gint64) ceil (each * b->sd - ROUNDING) - (gint64) b->n);
  if (self->more_a > 0 || self->more_b > 0)
    return;
  *(a->sd * a->sd / a->n > b->sd * b->sd / b->n ? &self->more_a : &self->more_b) = 1;
}

MigEquivalence
mig_equivalence_test (const MigStat *a, const MigStat *b)
{
  MigEquivalence self = { .verdict = MIG_EQUIVALENCE_UNKNOWN,
                          .more_a = MIG_MISSING_INT,
                          .more_b = MIG_MISSING_INT };
  double margin = MIG_PAPER_MARGIN * fmax (fabs (a->mean), fabs (b->mean));

  mig_welch (&self.welch, a, b, 1);
  if (isnan (self.welch.low))
    return self;
  if (self.welch.low > -margin && self.welch.high < margin)
    self.verdict = MIG_EQUIVALENCE_SAME;
  else if (self.welch.low > 0 || self.welch.high < 0)
    self.verdict = MIG_EQUIVALENCE_DIFFERENT;
  else
    self.verdict = MIG_EQUIVALENCE_UNDECIDED;
  if (self.verdict == MIG_EQUIVALENCE_UNDECIDED)
    set_more (&self, a, b, margin);
  return self;
}
