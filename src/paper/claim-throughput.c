/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "paper/paired-test.h"
#include "summary/experiments.h"
#include "summary/paired-time.h"
#include "summary/race.h"
#include "paper/claim-throughput.h"

/* wins: a race has decided that a takes less than b. */
static gboolean
wins (const MigRace *race, const MigCaseSummary *a, const MigCaseSummary *b)
{
  const MigRacePair *pair = mig_race_find_pair (race, a->label, b->label);
  gboolean same_sign = pair && strcmp (mig_race_label (race, pair->a), a->label) == 0;

  return pair && pair->verdict == (same_sign ? MIG_PAIR_LESS : MIG_PAIR_MORE);
}

/* is_faster: a is shown faster than b at the 95 % level, of a race by what that has decided. */
static gboolean
is_faster (const MigSummary *summary, const MigCaseSummary *a, const MigCaseSummary *b)
{
  MigStat difference;

  if (mig_race_until_decided (summary->race))
    return wins (summary->race, a, b);
  mig_paired_time (summary, &difference, a, b);
  gboolean faster = difference.ci_low > 0;
  mig_stat_clear (&difference);
  return faster;
}

static gboolean
has_left (const MigCaseSummary *study_case, const char *class_name)
{
  const MigStat *stat = mig_case_stat (study_case, MIG_METRIC_LEFT_THROUGHPUT, class_name);
  return stat && stat->n > 0;
}

/* stays: guests of the class stay behind, whether what they got done is known or not. */
static gboolean
stays (const MigCaseSummary *study_case, const char *class_name)
{
  const MigClassSummary *of = mig_case_find_class (study_case, class_name);

  return has_left (study_case, class_name) || (of && of->missing[MIG_METRIC_LEFT_THROUGHPUT]);
}

/* count_classes: of which that is true in both. */
static guint
count_classes (const MigSummary *summary, const MigCaseSummary *a, const MigCaseSummary *b,
               gboolean (*is_true) (const MigCaseSummary *study_case, const char *class_name))
{
  guint n = 0;

  for (guint i = 0; i < summary->classes->len; i++)
    {
      const char *name = ((MigClassInfo *) summary->classes->pdata[i])->name;
      n += is_true (a, name) && is_true (b, name);
    }
  return n;
}

/* Comparisons of two cases of which the race asks which is the faster. */
typedef guint (*CountFunc) (const MigSummary *summary, const MigRacePair *pair,
                            const MigCaseSummary *a, const MigCaseSummary *b);

static guint
count_all (const MigSummary *summary, const MigRacePair *pair, const MigCaseSummary *a,
           const MigCaseSummary *b)
{
  return count_classes (summary, a, b, stays);
}

/* count_to_come: those that are no evidence, but may become some: which is the faster is not known,
 * or what a guest got done. */
static guint
count_to_come (const MigSummary *summary, const MigRacePair *pair, const MigCaseSummary *a,
               const MigCaseSummary *b)
{
  guint n = count_classes (summary, a, b, stays);

  return pair->verdict == MIG_PAIR_ALIKE ? 0
         : pair->verdict == MIG_PAIR_OPEN || pair->verdict == MIG_PAIR_MOOT
             ? n
             : n - count_classes (summary, a, b, has_left);
}

static guint
count_comparisons (const MigSummary *summary, CountFunc count)
{
  guint n = 0;

  for (guint i = 0; i < summary->cases->len; i++)
    for (guint j = i + 1; j < summary->cases->len; j++)
      {
        const MigCaseSummary *a = summary->cases->pdata[i], *b = summary->cases->pdata[j];
        const MigRacePair *pair = mig_race_find_pair (summary->race, a->label, b->label);
        if (pair)
          n += count (summary, pair, a, b);
      }
  return n;
}

guint
mig_claim_throughput_count (const MigSummary *summary)
{
  return count_comparisons (summary, count_all);
}

/* is_complete: no more evidence may come. */
static gboolean
is_complete (const MigSummary *summary)
{
  return !mig_race_until_decided (summary->race) || count_comparisons (summary, count_to_come) == 0;
}

void
mig_claim_throughput_add_pair (const MigSummary *summary, GPtrArray *evidence,
                               const MigCaseSummary *a, const MigCaseSummary *b)
{
  if (!is_faster (summary, a, b))
    return;
  for (guint i = 0; i < summary->classes->len; i++)
    {
      const MigClassInfo *info = summary->classes->pdata[i];
      if (has_left (a, info->name) && has_left (b, info->name))
        mig_paired_test_add (summary, evidence, a, b, MIG_METRIC_LEFT_THROUGHPUT, info->name);
    }
}

typedef struct {
  const char *label;
  double key;
} Ranked;

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  const Ranked *x = a, *y = b;
  return (x->key > y->key) - (x->key < y->key);
}

/* rank: appends the labels of the cases that have the metric, best first. TRUE: two or more. */
static gboolean
rank (const MigSummary *summary, MigMetric metric, const char *class_name, GString *out)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (Ranked));
  double sign = mig_metric_info (metric)->better == MIG_BETTER_HIGHER ? -1 : 1;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      const MigStat *stat = mig_case_stat (study_case, metric, class_name);
      Ranked item = { study_case->label, stat && stat->n > 0 ? sign * stat->mean : NAN };
      if (!isnan (item.key))
        g_array_append_val (list, item);
    }
  if (list->len < 2)
    return FALSE;
  g_array_sort (list, compare_ranked);
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (out, "%s%s", i ? ", " : "", g_array_index (list, Ranked, i).label);
  return TRUE;
}

static void
append_ranks (const MigSummary *part, GString *note)
{
  g_string_append (note, note->len > 0 ? "; best first, by mean total time: "
                                       : "best first, by mean total time: ");
  rank (part, MIG_METRIC_TOTAL_TIME, NULL, note);
  for (guint i = 0; i < part->classes->len; i++)
    {
      const MigClassInfo *info = part->classes->pdata[i];
      g_autoptr (GString) labels = g_string_new (NULL);
      if (rank (part, MIG_METRIC_LEFT_THROUGHPUT, info->name, labels))
        g_string_append_printf (note, "; by throughput of '%s' left behind: %s", info->name,
                                labels->str);
    }
}

/* can_compare_throughput: two cases leave a guest of the same class behind. */
static gboolean
can_compare_throughput (const MigSummary *summary)
{
  for (guint i = 0; i < summary->classes->len; i++)
    {
      guint n = 0;
      for (guint j = 0; j < summary->cases->len; j++)
        n += has_left (summary->cases->pdata[j],
                       ((MigClassInfo *) summary->classes->pdata[i])->name);
      if (n >= 2)
        return TRUE;
    }
  return FALSE;
}

/* note_ranks: of each experiment that leaves guests behind in two cases. NULL: none does. */
static char *
note_ranks (const MigSummary *summary)
{
  g_autoptr (GPtrArray) parts = mig_summary_by_experiment (summary);
  GString *note = g_string_new (NULL);

  for (guint i = 0; i < parts->len; i++)
    if (can_compare_throughput (parts->pdata[i]))
      append_ranks (parts->pdata[i], note);
  return g_string_free (note, note->len == 0);
}

MigVerdict
mig_claim_throughput_judge (const MigSummary *summary, GPtrArray *evidence, char **note)
{
  gboolean all = evidence->len > 0, any = FALSE;

  *note = note_ranks (summary);
  if (mig_race_until_decided (summary->race) && mig_claim_throughput_count (summary) == 0)
    g_clear_pointer (note, g_free);
  if (!*note)
    return MIG_VERDICT_NOT_TESTED;
  for (guint i = 0; i < evidence->len; i++)
    {
      MigPairedTest *test = evidence->pdata[i];
      int sign = mig_paired_test_shown (test); /* of b - a; a is the faster */
      test->verdict = sign > 0   ? MIG_VERDICT_SUPPORTED
                      : sign < 0 ? MIG_VERDICT_NOT_SUPPORTED
                                 : MIG_VERDICT_INCONCLUSIVE;
      any |= sign > 0;
      all &= sign < 0;
    }
  return any                            ? MIG_VERDICT_SUPPORTED
         : all && is_complete (summary) ? MIG_VERDICT_NOT_SUPPORTED
                                        : MIG_VERDICT_INCONCLUSIVE;
}
