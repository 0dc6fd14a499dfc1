/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/units.h"
#include "summary/paired-time.h"
#include "summary/power.h"
#include "summary/race.h"
#include "summary/repeated-interval.h"

void
mig_looked_interval (const MigStat *values, double error, gboolean looked, double *low,
                     double *high)
{
  if (looked)
    error = mig_error_spending_at (error, values->n);
  *low = *high = NAN;
  if (error > 0)
    mig_stat_interval (values, 1 - error, low, high);
}

/* More looks leave each of them less error, which takes still more. */
gint64
mig_looked_more (const MigStat *values, double distance, double error, gboolean looked)
{
  gint64 at = MAX (values->n, MIG_FIRST_LOOK), wanted = 0;

  do
    {
      at = MAX (at, wanted);
      wanted = mig_power_runs_paired_at (
          distance, values->sd, looked ? mig_error_spending_at (error, (guint) at) : error);
    }
  while (looked && wanted > at && wanted < MIG_POWER_MOST_RUNS);
  return MIG_IS_MISSING (wanted) ? wanted : MAX (0, wanted - (gint64) values->n);
}

static const MigRacePair *
find_pair (const MigSummary *summary, const MigCaseSummary *a, const MigCaseSummary *b)
{
  return summary->race ? mig_race_find_pair (summary->race, a->label, b->label) : NULL;
}

static double
finite_or_nan (double value)
{
  return isfinite (value) ? value : NAN;
}

gboolean
mig_paired_time (const MigSummary *summary, MigStat *difference, const MigCaseSummary *a,
                 const MigCaseSummary *b)
{
  const MigRacePair *pair = find_pair (summary, a, b);

  mig_stat_paired (difference, &a->stats[MIG_METRIC_TOTAL_TIME], &b->stats[MIG_METRIC_TOTAL_TIME]);
  if (!pair)
    return FALSE;
  double low = finite_or_nan (pair->difference.low), high = finite_or_nan (pair->difference.high);
  gboolean same_sign = g_strcmp0 (a->label, mig_race_label (summary->race, pair->a)) == 0;
  difference->ci_low = same_sign ? low : -high;
  difference->ci_high = same_sign ? high : -low;
  return TRUE;
}

/* look: by the stat itself, which the race did not ask. */
static void
look (MigTimeDifference *self, const MigSummary *summary, const MigStat *stat, double error)
{
  self->n = stat->n;
  self->mean_s = stat->mean;
  self->more_repetitions = MIG_MISSING_INT;
  mig_looked_interval (stat, error, summary->race != NULL, &self->low_s, &self->high_s);
}

/* look_at_time: the caller clears the stat. */
static MigTimeDifference
look_at_time (const MigSummary *summary, MigStat *stat, const MigCaseSummary *a,
              const MigCaseSummary *b, double error)
{
  const MigRacePair *pair = find_pair (summary, a, b);
  MigTimeDifference self = { 0 };

  self.asked = mig_paired_time (summary, stat, a, b);
  self.alike = pair && pair->verdict == MIG_PAIR_ALIKE;
  look (&self, summary, stat, error);
  if (!pair)
    return self;
  self.low_s = stat->ci_low;
  self.high_s = stat->ci_high;
  return self;
}

/* set_more: at least one of what is not shown. */
static void
set_more (MigTimeDifference *self, const MigSummary *summary, const MigStat *stat, double error)
{
  gint64 more = mig_looked_more (stat, stat->mean, error, summary->race != NULL);

  self->more_repetitions = self->low_s > 0 || self->high_s < 0 ? 0
                           : MIG_IS_MISSING (more)             ? more
                                                               : MAX (1, more);
}

MigTimeDifference
mig_time_interval (const MigSummary *summary, const MigCaseSummary *a, const MigCaseSummary *b,
                   double error)
{
  MigStat stat;
  MigTimeDifference self = look_at_time (summary, &stat, a, b, error);

  mig_stat_clear (&stat);
  return self;
}

MigTimeDifference
mig_time_difference (const MigSummary *summary, const MigCaseSummary *a, const MigCaseSummary *b,
                     double error)
{
  const MigRacePair *pair = find_pair (summary, a, b);
  MigStat stat;
  MigTimeDifference self = look_at_time (summary, &stat, a, b, error);

  if (pair)
    self.more_repetitions = mig_race_pair_need (summary->race, pair).repetitions;
  else
    set_more (&self, summary, &stat, error);
  mig_stat_clear (&stat);
  return self;
}

gint64
mig_time_more (const MigSummary *summary, const MigCaseSummary *a, const MigCaseSummary *b,
               double difference_s, double error)
{
  MigStat stat;

  mig_stat_paired (&stat, &a->stats[MIG_METRIC_TOTAL_TIME], &b->stats[MIG_METRIC_TOTAL_TIME]);
  gint64 more = mig_looked_more (&stat, difference_s, error, summary->race != NULL);
  mig_stat_clear (&stat);
  return more;
}

MigTimeDifference
mig_metric_difference (const MigSummary *summary, MigMetric metric, const MigCaseSummary *a,
                       const MigCaseSummary *b, double error)
{
  MigTimeDifference self = { 0 };
  MigStat stat;

  mig_stat_paired (&stat, &a->stats[metric], &b->stats[metric]);
  look (&self, summary, &stat, error);
  set_more (&self, summary, &stat, error);
  mig_stat_clear (&stat);
  return self;
}
