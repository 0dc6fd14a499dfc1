/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "paper/claim-look.h"
#include "paper/conclusions.h"
#include "paper/paired-test.h"
#include "summary/race.h"
#include "summary/sequences.h"
#include "paper/claim-throughput.h"

static void
free_conclusion (gpointer data)
{
  MigConclusion *conclusion = data;
  g_ptr_array_unref (conclusion->evidence);
  g_free (conclusion->note);
  g_free (conclusion);
}

static MigConclusion *
add_conclusion (GPtrArray *conclusions, const char *claim, const char *test)
{
  MigConclusion *self = g_new0 (MigConclusion, 1);

  self->number = conclusions->len + 1;
  self->claim = claim;
  self->test = test;
  self->verdict = MIG_VERDICT_NOT_TESTED;
  self->evidence = mig_paired_tests_new ();
  g_ptr_array_add (conclusions, self);
  return self;
}

/* For each ordered pair of cases that have sound runs and differ in their sequence only. */
typedef void (*PairFunc) (const MigSummary *summary, GPtrArray *evidence, const MigCaseSummary *a,
                          const MigCaseSummary *b);

static void
for_pairs (const MigSummary *summary, GPtrArray *evidence, PairFunc func)
{
  const GPtrArray *cases = summary->cases;

  for (guint i = 0; i < cases->len; i++)
    for (guint j = 0; j < cases->len; j++)
      {
        const MigCaseSummary *a = cases->pdata[i], *b = cases->pdata[j];
        if (i != j && a->n_sound > 0 && b->n_sound > 0 && mig_sequence_same_conditions (a, b))
          func (summary, evidence, a, b);
      }
  mig_paired_tests_widen (evidence);
}

static void
add_costs (const MigSummary *summary, GPtrArray *evidence, const MigCaseSummary *a,
           const MigCaseSummary *b)
{
  mig_paired_test_add (summary, evidence, a, b, MIG_METRIC_TOTAL_TIME, NULL);
  mig_paired_test_add (summary, evidence, a, b, summary->downtime_metric, NULL);
}

static void
pair_cpu_first (const MigSummary *summary, GPtrArray *evidence, const MigCaseSummary *a,
                const MigCaseSummary *b)
{
  gboolean same = mig_sequence_same_guests (a, b);
  guint dirty_a = mig_sequence_count_dirty (a);
  guint dirty_b = mig_sequence_count_dirty (b);

  if (a->parallel || b->parallel || a->classes_moved->len != b->classes_moved->len)
    return;
  if (dirty_a < dirty_b ||
      (same && mig_sequence_is_ascending (a, TRUE) && !mig_sequence_is_ascending (b, TRUE)))
    add_costs (summary, evidence, a, b);
}

static void
pair_dirtiest_last (const MigSummary *summary, GPtrArray *evidence, const MigCaseSummary *a,
                    const MigCaseSummary *b)
{
  if (mig_sequence_same_guests (a, b) && mig_sequence_is_ascending (a, FALSE) &&
      !mig_sequence_is_ascending (b, FALSE))
    add_costs (summary, evidence, a, b);
}

/* note_by_metric: how many comparisons of time and of downtime hold. */
static char *
note_by_metric (const MigConclusion *conclusion)
{
  guint n[2] = { 0, 0 }, holds[2] = { 0, 0 };

  for (guint i = 0; i < conclusion->evidence->len; i++)
    {
      const MigPairedTest *e = conclusion->evidence->pdata[i];
      gboolean is_downtime = mig_conclusion_about (e, MIG_COST_DOWNTIME);
      n[is_downtime]++;
      holds[is_downtime] += e->verdict == MIG_VERDICT_SUPPORTED;
    }
  return g_strdup_printf ("holds in %u of %u comparisons of time and %u of %u of downtime",
                          holds[0], n[0], holds[1], n[1]);
}

gboolean
mig_conclusion_about (const MigPairedTest *test, MigCost cost)
{
  return cost == MIG_COST_ANY || (test->metric == MIG_METRIC_TOTAL_TIME) == (cost == MIG_COST_TIME);
}

MigVerdict
mig_conclusion_judge (const MigConclusion *conclusion, MigCost cost)
{
  guint n[MIG_VERDICT_NOT_TESTED] = { 0 };

  for (guint i = 0; i < conclusion->evidence->len; i++)
    {
      const MigPairedTest *test = conclusion->evidence->pdata[i];
      n[test->verdict] += mig_conclusion_about (test, cost);
    }
  return n[MIG_VERDICT_NOT_SUPPORTED] > 0  ? MIG_VERDICT_NOT_SUPPORTED
         : n[MIG_VERDICT_INCONCLUSIVE] > 0 ? MIG_VERDICT_INCONCLUSIVE
         : n[MIG_VERDICT_SUPPORTED] > 0    ? MIG_VERDICT_SUPPORTED
                                           : MIG_VERDICT_NOT_TESTED;
}

/* judge_smaller: the claim is a < b in all. */
static void
judge_smaller (MigConclusion *conclusion)
{
  if (conclusion->evidence->len == 0)
    return;
  for (guint i = 0; i < conclusion->evidence->len; i++)
    {
      MigPairedTest *e = conclusion->evidence->pdata[i];
      if (e->difference.ci_low > 0)
        e->verdict = MIG_VERDICT_SUPPORTED;
      else if (e->wide_high < mig_paired_test_margin (e))
        e->verdict = MIG_VERDICT_NOT_SUPPORTED;
    }
  conclusion->verdict = mig_conclusion_judge (conclusion, MIG_COST_ANY);
  conclusion->note = note_by_metric (conclusion);
}

static void
pair_same_vm (const MigSummary *summary, GPtrArray *evidence, const MigCaseSummary *a,
              const MigCaseSummary *b)
{
  MigMetric downtime = summary->downtime_metric == MIG_METRIC_DOWNTIME_REPORTED
                           ? MIG_METRIC_GUEST_DOWNTIME_REPORTED
                       : summary->downtime_metric == MIG_METRIC_DOWNTIME_EVENTS
                           ? MIG_METRIC_GUEST_DOWNTIME_EVENTS
                           : MIG_METRIC_GUEST_DOWNTIME;

  if (strcmp (a->label, b->label) > 0 || !mig_sequence_same_guests (a, b))
    return;
  for (guint i = 0; i < summary->classes->len; i++)
    {
      const char *name = ((MigClassInfo *) summary->classes->pdata[i])->name;
      const MigStat *stat = mig_case_stat (a, MIG_METRIC_GUEST_TIME, name);
      if (!stat || stat->n == 0)
        continue;
      mig_paired_test_add (summary, evidence, a, b, MIG_METRIC_GUEST_TIME, name);
      mig_paired_test_add (summary, evidence, a, b, downtime, name);
    }
}

static void
judge_differs (MigConclusion *conclusion)
{
  gboolean any = FALSE, all_same = TRUE;

  if (conclusion->evidence->len == 0)
    return;
  for (guint i = 0; i < conclusion->evidence->len; i++)
    {
      MigPairedTest *e = conclusion->evidence->pdata[i];
      double margin = mig_paired_test_margin (e);
      gboolean same = e->difference.ci_low > -margin && e->difference.ci_high < margin;
      e->verdict = mig_paired_test_shown (e) ? MIG_VERDICT_SUPPORTED
                   : same                    ? MIG_VERDICT_NOT_SUPPORTED
                                             : MIG_VERDICT_INCONCLUSIVE;
      any |= e->verdict == MIG_VERDICT_SUPPORTED;
      all_same &= same;
    }
  conclusion->verdict = any        ? MIG_VERDICT_SUPPORTED
                        : all_same ? MIG_VERDICT_NOT_SUPPORTED
                                   : MIG_VERDICT_INCONCLUSIVE;
}

/* What each conclusion claims, and by which comparisons it is tested. */
static const struct {
  const char *claim, *test;
  PairFunc pair;
} tests[] = {
  { "migrating CPU-bound VMs first shortens migration time and downtime",
    "every case that moves fewer memory-updating guests, or the CPU-bound ones first, costs less",
    pair_cpu_first },
  { "of the VMs that must move, those that update less memory, less often, go first",
    "of the same guests, the order from the least to the most dirty one costs less than every "
    "other",
    pair_dirtiest_last },
  { "a short migration time does not always mean that the load is spread sooner",
    "in a case that is shown to be faster, a guest left behind is shown to get less work done",
    mig_claim_throughput_add_pair },
  { "the same VM costs a different amount under a different load of the host",
    "one migration of the same class, in another order of the same guests, is shown to differ",
    pair_same_vm },
};

static void
judge (const MigSummary *summary, MigConclusion *conclusion)
{
  if (conclusion->number <= 2)
    judge_smaller (conclusion);
  else if (conclusion->number == 3)
    conclusion->verdict = mig_claim_throughput_judge (summary, conclusion->evidence,
                                                      &conclusion->note);
  else
    judge_differs (conclusion);
}

/* count_asked: besides those of total time; of 3 also what may be asked later. */
static guint
count_asked (const MigSummary *summary, const MigConclusion *conclusion)
{
  guint n = 0;

  if (conclusion->number == 3)
    return mig_claim_throughput_count (summary);
  for (guint i = 0; i < conclusion->evidence->len; i++)
    n += ((const MigPairedTest *) conclusion->evidence->pdata[i])->raced;
  return n;
}

static void
look (const MigSummary *summary, GPtrArray *conclusions)
{
  MigClaimEvidence evidence[G_N_ELEMENTS (tests)];

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      MigConclusion *conclusion = conclusions->pdata[i];
      conclusion->n_asked = count_asked (summary, conclusion);
      evidence[i] = (MigClaimEvidence){ conclusion->evidence, conclusion->n_asked };
    }
  mig_claims_look (summary, evidence, G_N_ELEMENTS (tests));
}

GPtrArray *
mig_paper_test (const MigSummary *summary)
{
  GPtrArray *conclusions = g_ptr_array_new_with_free_func (free_conclusion);
  gboolean any = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    for_pairs (summary, add_conclusion (conclusions, tests[i].claim, tests[i].test)->evidence,
               tests[i].pair);
  if (mig_race_until_decided (summary->race))
    look (summary, conclusions);
  for (guint i = 0; i < conclusions->len; i++)
    {
      judge (summary, conclusions->pdata[i]);
      any |= ((MigConclusion *) conclusions->pdata[i])->verdict != MIG_VERDICT_NOT_TESTED;
    }
  if (!any)
    g_ptr_array_set_size (conclusions, 0);
  return conclusions;
}
