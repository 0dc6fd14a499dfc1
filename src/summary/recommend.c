/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/power.h"
#include "summary/recommend.h"
#include "summary/sequences.h"

/* next_best: the case with the same guests as first (itself included) and the lowest mean total
 * time; except is left out. NULL: none. */
static const MigCaseSummary *
next_best (const MigSummary *summary, const MigCaseSummary *first, const MigCaseSummary *except)
{
  const MigCaseSummary *best = NULL;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *other = summary->cases->pdata[i];
      double mean = other->stats[MIG_METRIC_TOTAL_TIME].mean;
      if (other != except && mig_sequence_same_guests (first, other) &&
          mig_sequence_same_conditions (first, other) && !isnan (mean) &&
          (!best || mean < best->stats[MIG_METRIC_TOTAL_TIME].mean))
        best = other;
    }
  return best;
}

void
mig_recommend (MigSummary *summary)
{
  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *first = summary->cases->pdata[i];
      const MigCaseSummary *best = next_best (summary, first, NULL);
      const MigCaseSummary *other = best ? next_best (summary, first, best) : NULL;
      if (best != first || !other) /* each set of guests once: at its best */
        continue;
      MigRecommendation *added = g_new0 (MigRecommendation, 1);
      added->best = best->label;
      added->other = other->label;
      mig_stat_paired (&added->time, &best->stats[MIG_METRIC_TOTAL_TIME],
                       &other->stats[MIG_METRIC_TOTAL_TIME]);
      added->time_share = added->time.mean / other->stats[MIG_METRIC_TOTAL_TIME].mean;
      added->more_repetitions = mig_power_more_pairs (&added->time,
                                                      other->stats[MIG_METRIC_TOTAL_TIME].mean);
      added->downtime_metric = summary->downtime_metric;
      mig_stat_paired (&added->downtime, &best->stats[summary->downtime_metric],
                       &other->stats[summary->downtime_metric]);
      added->shown = added->time.ci_low > 0 || added->time.ci_high < 0;
      g_ptr_array_add (summary->recommendations, added);
    }
}
