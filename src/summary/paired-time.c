/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/paired-time.h"
#include "summary/power.h"
#include "summary/race.h"
#include "summary/repeated-interval.h"

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

/* judge: by the stat itself, which the race did not ask. */
static void
judge (MigTimeDifference *self, const MigSummary *summary, const MigStat *stat, double error)
{
  if (summary->race)
    error = mig_error_spending_at (error, stat->n);
  if (error > 0)
    mig_stat_interval (stat, 1 - error, &self->low_s, &self->high_s);
  self->more_repetitions = mig_power_more_to_show (stat);
}

MigTimeDifference
mig_time_difference (const MigSummary *summary, const MigCaseSummary *a, const MigCaseSummary *b,
                     double error)
{
  const MigRacePair *pair = find_pair (summary, a, b);
  MigTimeDifference self = { .low_s = NAN, .high_s = NAN };
  MigStat stat;

  self.asked = mig_paired_time (summary, &stat, a, b);
  self.n = stat.n;
  self.mean_s = stat.mean;
  if (pair)
    {
      self.low_s = stat.ci_low;
      self.high_s = stat.ci_high;
      self.more_repetitions = mig_race_pair_need (summary->race, pair).repetitions;
    }
  else
    judge (&self, summary, &stat, error);
  mig_stat_clear (&stat);
  return self;
}

MigTimeDifference
mig_work_difference (const MigSummary *summary, const MigCaseSummary *a, const MigCaseSummary *b,
                     double error)
{
  MigTimeDifference self = { .low_s = NAN, .high_s = NAN };
  MigStat stat;

  mig_stat_paired (&stat, &a->stats[MIG_METRIC_LOST_ALL], &b->stats[MIG_METRIC_LOST_ALL]);
  self.n = stat.n;
  self.mean_s = stat.mean;
  judge (&self, summary, &stat, error);
  mig_stat_clear (&stat);
  return self;
}
