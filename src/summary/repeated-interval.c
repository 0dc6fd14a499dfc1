/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "summary/repeated-interval.h"

void
mig_error_spending_init (MigErrorSpending *self, double error)
{
  *self = (MigErrorSpending){ .error = error };
}

double
mig_error_spending_at (double error, guint n)
{
  return n < MIG_FIRST_LOOK ? 0 : error * 2 / ((double) n * (n - 1));
}

static double
compute_factor (double error, guint n)
{
  return gsl_cdf_tdist_Qinv (mig_error_spending_at (error, n) / 2, n - 1) / sqrt (n);
}

double
mig_error_spending_factor (MigErrorSpending *self, guint n)
{
  if (n < MIG_FIRST_LOOK)
    return HUGE_VAL;
  if (n >= MIG_SPENDING_CACHED)
    return compute_factor (self->error, n);
  if (self->factors[n] == 0)
    self->factors[n] = compute_factor (self->error, n);
  return self->factors[n];
}

void
mig_repeated_interval_init (MigRepeatedInterval *self)
{
  *self = (MigRepeatedInterval){ .low = -HUGE_VAL, .high = HUGE_VAL };
}

double
mig_repeated_interval_sd (const MigRepeatedInterval *self)
{
  return self->n < 2 ? NAN : sqrt (self->squares / (self->n - 1));
}

void
mig_repeated_interval_add (MigRepeatedInterval *self, MigErrorSpending *spending, double value,
                           double resolution)
{
  double from_mean = value - self->mean;

  self->n++;
  self->mean += from_mean / self->n;
  self->squares += from_mean * (value - self->mean);
  if (self->n < MIG_FIRST_LOOK)
    return;
  double half = mig_error_spending_factor (spending, self->n) *
                fmax (mig_repeated_interval_sd (self), resolution);
  double low = fmax (self->low, self->mean - half), high = fmin (self->high, self->mean + half);
  gboolean contradiction = low > high;
  self->low = contradiction ? self->mean - half : low;
  self->high = contradiction ? self->mean + half : high;
}
