/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/paired-time.h"
#include "summary/race.h"

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

gint64
mig_paired_time_more (const MigSummary *summary, const MigCaseSummary *a, const MigCaseSummary *b)
{
  const MigRacePair *pair = find_pair (summary, a, b);

  return pair ? mig_race_pair_need (summary->race, pair).repetitions : MIG_MISSING_INT;
}
