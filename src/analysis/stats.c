/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "analysis/stats.h"

#define LEVEL 0.95
/* What the addition of doubles may leave of two equal values: no difference. */
#define NOISE 1e-12

void
mig_stat_init (MigStat *self)
{
  *self = (MigStat){ 0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NULL };
  self->values = g_array_new (FALSE, FALSE, sizeof (MigValue));
}

void
mig_stat_clear (MigStat *self)
{
  g_clear_pointer (&self->values, g_array_unref);
}

void
mig_stat_add (MigStat *self, gint64 run, gint64 repetition, double value)
{
  MigValue added = { run, repetition, value };
  if (!isnan (value))
    g_array_append_val (self->values, added);
}

gboolean
mig_stat_interval (const MigStat *self, double level, double *low, double *high)
{
  *low = *high = NAN;
  if (self->n < 2)
    return FALSE;
  double half = gsl_cdf_tdist_Pinv ((1 + level) / 2, self->n - 1) * self->sd / sqrt (self->n);
  *low = self->mean - half;
  *high = self->mean + half;
  return TRUE;
}

void
mig_stat_compute (MigStat *self)
{
  guint n = self->values->len;

  self->n = n;
  if (n == 0)
    return;
  g_autofree double *sorted = g_new (double, n);
  for (guint i = 0; i < n; i++)
    sorted[i] = g_array_index (self->values, MigValue, i).value;
  gsl_sort (sorted, 1, n);
  self->mean = gsl_stats_mean (sorted, 1, n);
  self->median = gsl_stats_median_from_sorted_data (sorted, 1, n);
  self->min = sorted[0];
  self->max = sorted[n - 1];
  if (n < 2)
    return;
  self->sd = gsl_stats_sd_m (sorted, 1, n, self->mean);
  if (self->mean != 0)
    self->cv = self->sd / fabs (self->mean);
  mig_stat_interval (self, LEVEL, &self->ci_low, &self->ci_high);
}

void
mig_stat_paired (MigStat *difference, const MigStat *a, const MigStat *b)
{
  mig_stat_init (difference);
  for (guint i = 0; i < a->values->len; i++)
    for (guint j = 0; j < b->values->len; j++)
      {
        const MigValue *va = &g_array_index (a->values, MigValue, i);
        const MigValue *vb = &g_array_index (b->values, MigValue, j);
        double size = fmax (fabs (va->value), fabs (vb->value));
        double less = vb->value - va->value;
        if (va->repetition == vb->repetition)
          mig_stat_add (difference, va->run, va->repetition, fabs (less) < size * NOISE ? 0 : less);
      }
  mig_stat_compute (difference);
}
