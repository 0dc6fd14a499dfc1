/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "summary/power.h"
#include "base/units.h"

/* Points of the integral; and how many standard deviations of S it reaches to either side. */
#define POINTS 64
#define REACH 9

typedef struct {
  double degrees, critical, noncentrality;
} Test;

/* missed: density of S at s, times the chance that |t| stays below the critical value. */
static double
missed (double s, void *data)
{
  const Test *test = data;
  double density = gsl_ran_chisq_pdf (test->degrees * s * s, test->degrees) * 2 * test->degrees * s;
  double reach = test->critical * s;

  return density * (gsl_cdf_ugaussian_P (reach - test->noncentrality) -
                    gsl_cdf_ugaussian_P (-reach - test->noncentrality));
}

static double
power (double degrees, double noncentrality, double level)
{
  Test test = { degrees, gsl_cdf_tdist_Pinv (1 - level / 2, degrees), noncentrality };
  const gsl_function function = { missed, &test };
  double width = REACH / sqrt (2 * degrees); /* about the standard deviation of S: 1 / sqrt (2 f) */
  gsl_integration_glfixed_table *points = gsl_integration_glfixed_table_alloc (POINTS);
  double sum = gsl_integration_glfixed (&function, fmax (0, 1 - width), 1 + width, points);

  gsl_integration_glfixed_table_free (points);
  return fmin (1, fmax (0, 1 - sum));
}

static double
two_samples_at (double effect, guint n, double level)
{
  return n < 2 ? NAN : power (2.0 * n - 2, fabs (effect) * sqrt (n / 2.0), level);
}

double
mig_power_two_samples (double effect, guint n)
{
  return two_samples_at (effect, n, MIG_POWER_LEVEL);
}

static double
paired_at (double effect, guint n, double level)
{
  return n < 2 ? NAN : power (n - 1.0, fabs (effect) * sqrt (n), level);
}

double
mig_power_paired (double effect, guint n)
{
  return paired_at (effect, n, MIG_POWER_LEVEL);
}

/* search: from the normal approximation on, which is below the answer: the quantile of t is larger.
 */
static gint64
search (double (*power_at) (double effect, guint n, double level), double samples,
        double difference, double sd, double level)
{
  double quantiles = gsl_cdf_ugaussian_Pinv (1 - level / 2) +
                     gsl_cdf_ugaussian_Pinv (MIG_POWER_WANTED);
  double effect = fabs (difference) / sd,
         start = samples * quantiles * quantiles / (effect * effect);

  if (isnan (difference) || isnan (sd) || difference == 0)
    return MIG_MISSING_INT;
  if (!(start < MIG_POWER_MOST_RUNS))
    return MIG_POWER_MOST_RUNS;
  guint n = MAX (2, (guint) start);
  while (n < MIG_POWER_MOST_RUNS && power_at (effect, n, level) < MIG_POWER_WANTED)
    n++;
  return n;
}

gint64
mig_power_runs_two_samples (double difference, double sd)
{
  return mig_power_runs_two_samples_at (difference, sd, MIG_POWER_LEVEL);
}

gint64
mig_power_runs_two_samples_at (double difference, double sd, double level)
{
  return search (two_samples_at, 2, difference, sd, level);
}

gint64
mig_power_runs_paired_at (double difference, double sd, double level)
{
  return search (paired_at, 1, difference, sd, level);
}

gint64
mig_power_runs_within (const MigStat *stat, double half)
{
  gint64 n = 2;

  if (isnan (stat->sd) || !(half > 0))
    return MIG_MISSING_INT;
  while (n < MIG_POWER_MOST_RUNS && gsl_cdf_tdist_Pinv (1 - MIG_POWER_LEVEL / 2, (double) n - 1) *
                                            stat->sd / sqrt ((double) n) >
                                        half)
    n++;
  return n;
}

gint64
mig_power_more_runs (const MigStat *stat)
{
  gint64 wanted = mig_power_runs_two_samples (MIG_POWER_EFFECT * stat->mean, stat->sd);

  return MIG_IS_MISSING (wanted) ? wanted : MAX (0, wanted - (gint64) stat->n);
}
