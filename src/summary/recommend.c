/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/paired-time.h"
#include "summary/power.h"
#include "summary/recommend.h"
#include "summary/sequences.h"

/* Cases that move the same guests under the same conditions: the two of the lowest mean total time.
 */
typedef struct {
  const MigCaseSummary *best, *other; /* NULL: there is none */
  guint n;                            /* of all of them */
} Group;

#define ERROR_RATE 0.05

static double
mean_time (const MigCaseSummary *study_case)
{
  return study_case->stats[MIG_METRIC_TOTAL_TIME].mean;
}

static void
add_to_group (Group *group, const MigCaseSummary *study_case)
{
  group->n++;
  if (!group->best || mean_time (study_case) < mean_time (group->best))
    {
      group->other = group->best;
      group->best = study_case;
    }
  else if (!group->other || mean_time (study_case) < mean_time (group->other))
    group->other = study_case;
}

/* group_cases: mig_sequence_key() -> Group. */
static GHashTable *
group_cases (const MigSummary *summary)
{
  GHashTable *groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      g_autofree char *key = mig_sequence_key (study_case);
      if (!key || isnan (mean_time (study_case)))
        continue;
      Group *group = g_hash_table_lookup (groups, key);
      if (!group)
        g_hash_table_insert (groups, g_steal_pointer (&key), group = g_new0 (Group, 1));
      add_to_group (group, study_case);
    }
  return groups;
}

/* find_group: of its best case: each group once, in the order of the cases. NULL: nothing is to be
 * recommended. */
static const Group *
find_group (GHashTable *groups, const MigCaseSummary *best)
{
  g_autofree char *key = mig_sequence_key (best);
  const Group *group = key ? g_hash_table_lookup (groups, key) : NULL;

  return group && group->best == best && group->other ? group : NULL;
}

/* set_time: which two these are is found from the same values: all pairs of the orders could have
 * been. */
static void
set_time (MigRecommendation *added, const MigSummary *summary, const Group *group)
{
  double error = ERROR_RATE / (group->n * (group->n - 1) / 2);
  MigTimeDifference d = mig_time_interval (summary, group->best, group->other, error);

  mig_paired_time (summary, &added->time, group->best, group->other);
  added->time.ci_low = d.low_s;
  added->time.ci_high = d.high_s;
  added->time_share = added->time.mean / mean_time (group->other);
  added->more_repetitions = mig_time_more (summary, group->best, group->other,
                                           MIG_POWER_EFFECT * mean_time (group->other), error);
  added->shown = d.low_s > 0 || d.high_s < 0;
}

void
mig_recommend (MigSummary *summary)
{
  g_autoptr (GHashTable) groups = group_cases (summary);

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const Group *group = find_group (groups, summary->cases->pdata[i]);
      if (!group)
        continue;
      const MigCaseSummary *best = group->best, *other = group->other;
      MigRecommendation *added = g_new0 (MigRecommendation, 1);
      added->best = best->label;
      added->other = other->label;
      set_time (added, summary, group);
      added->downtime_metric = summary->downtime_metric;
      mig_stat_paired (&added->downtime, &best->stats[summary->downtime_metric],
                       &other->stats[summary->downtime_metric]);
      g_ptr_array_add (summary->recommendations, added);
    }
}
