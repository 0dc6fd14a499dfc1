/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "summary/stats.h"

#define CONFIDENCE 0.95
/* What the addition of doubles may leave of two equal values: no difference. */
#define ROUNDING_RATIO 1e-12
/* The standard normal's quantile at 3/4, its MAD; and sqrt (pi / 2), the inverse of its mean
 * absolute deviation. */
#define NORMAL_MAD 0.6745
#define NORMAL_MEAN_DEVIATION 1.253314

void
mig_stat_init (MigStat *self)
{
  *self = (MigStat){ .mean = NAN,
                     .ci_low = NAN,
                     .ci_high = NAN,
                     .sd = NAN,
                     .median = NAN,
                     .min = NAN,
                     .max = NAN,
                     .cv = NAN,
                     .mad = NAN };
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
  MigValue added = { run, repetition, value, NAN };
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

gboolean
mig_stat_is_outlier (const MigValue *value)
{
  return fabs (value->score) > MIG_OUTLIER_SCORE; /* comparisons with NaN are false */
}

/* judge_values: deviations: room for n doubles. */
static void
judge_values (MigStat *self, double *deviations)
{
  guint n = self->n;

  for (guint i = 0; i < n; i++)
    deviations[i] = fabs (g_array_index (self->values, MigValue, i).value - self->median);
  double mean = gsl_stats_mean (deviations, 1, n);
  gsl_sort (deviations, 1, n);
  self->mad = gsl_stats_median_from_sorted_data (deviations, 1, n);
  gboolean scattered = self->mad > fabs (self->median) * ROUNDING_RATIO;
  double unit = scattered ? self->mad / NORMAL_MAD : mean * NORMAL_MEAN_DEVIATION;
  self->n_outliers = 0;
  for (guint i = 0; i < n; i++)
    {
      MigValue *value = &g_array_index (self->values, MigValue, i);
      value->score = NAN;
      if (n >= MIG_OUTLIER_MIN_N)
        value->score = unit > fabs (self->median) * ROUNDING_RATIO
                           ? (value->value - self->median) / unit
                           : 0;
      self->n_outliers += mig_stat_is_outlier (value);
    }
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
  if (n > 1)
    self->sd = gsl_stats_sd_m (sorted, 1, n, self->mean);
  judge_values (self, sorted);
  if (n < 2)
    return;
  if (self->mean != 0)
    self->cv = self->sd / fabs (self->mean);
  mig_stat_interval (self, CONFIDENCE, &self->ci_low, &self->ci_high);
}

void
mig_stat_combined (MigStat *out, const MigStat *a, const MigStat *b,
                   double (*combine) (double a, double b))
{
  mig_stat_init (out);
  for (guint i = 0; i < a->values->len; i++)
    for (guint j = 0; j < b->values->len; j++)
      {
        const MigValue *va = &g_array_index (a->values, MigValue, i);
        const MigValue *vb = &g_array_index (b->values, MigValue, j);
        double value = combine (va->value, vb->value);
        if (va->repetition == vb->repetition && isfinite (value))
          mig_stat_add (out, va->run, va->repetition, value);
      }
  mig_stat_compute (out);
}

/* less: b - a, but for what is left of two equal values after additions. */
static double
less (double a, double b)
{
  return fabs (b - a) < fmax (fabs (a), fabs (b)) * ROUNDING_RATIO ? 0 : b - a;
}

void
mig_stat_paired (MigStat *difference, const MigStat *a, const MigStat *b)
{
  mig_stat_combined (difference, a, b, less);
}
