/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "tests/unit/case-values.h"
#include "tests/unit/claim-world.h"

static const char *const labels[CLAIM_WORLD_CASES] = { "cc", "cm", "mc", "mm" };
static const MigClassInfo computes = { "c", "cpu", 0, 0 };
static const MigClassInfo updates = { "m", "memory", HUGE_VAL, 1e6 };

static const struct {
  MigMetric metric;
  const char *class_name;
} metrics[CLAIM_WORLD_METRICS] = {
  { MIG_METRIC_TOTAL_TIME, NULL },     { MIG_METRIC_DOWNTIME_GUEST, NULL },
  { MIG_METRIC_LEFT_THROUGHPUT, "c" }, { MIG_METRIC_LEFT_THROUGHPUT, "m" },
  { MIG_METRIC_GUEST_TIME, "c" },      { MIG_METRIC_GUEST_TIME, "m" },
  { MIG_METRIC_GUEST_DOWNTIME, "c" },  { MIG_METRIC_GUEST_DOWNTIME, "m" },
};

/* has_metric: of a class: guests of it stay, or move. */
static gboolean
has_metric (guint index, guint metric)
{
  const char *class_name = metrics[metric].class_name;
  const char *label = labels[index];
  guint moving = class_name ? (label[0] == *class_name) + (label[1] == *class_name) : 0;

  if (!class_name)
    return TRUE;
  return metrics[metric].metric == MIG_METRIC_LEFT_THROUGHPUT ? moving < 2 : moving > 0;
}

static MigStat *
stat_of (MigSummary *summary, const char *label, guint metric)
{
  const MigCaseSummary *study_case = mig_summary_find_case (summary, label);

  return (MigStat *) mig_case_stat (study_case, metrics[metric].metric, metrics[metric].class_name);
}

/* ---- a summary ---- */

MigSummary *
claim_world_new (void)
{
  const MigRaceRule rule = { MIG_UNTIL_DECIDED, NAN };
  MigSummary *summary = mig_summary_new ();
  MigRace *race = mig_race_new (&rule);

  g_ptr_array_set_free_func (summary->classes, NULL);
  g_ptr_array_add (summary->classes, (gpointer) &computes);
  g_ptr_array_add (summary->classes, (gpointer) &updates);
  for (guint i = 0; i < CLAIM_WORLD_CASES; i++)
    {
      MigCaseSummary *study_case = mig_summary_add_case (summary, labels[i]);
      for (const char *p = labels[i]; *p; p++)
        g_ptr_array_add (study_case->classes_moved, (gpointer) (*p == 'c' ? &computes : &updates));
      mig_case_add_class (study_case, &computes);
      mig_case_add_class (study_case, &updates);
      mig_race_add_case (race, labels[i]);
    }
  for (guint i = 0; i < CLAIM_WORLD_CASES; i++)
    for (guint j = i + 1; j < CLAIM_WORLD_CASES; j++)
      mig_race_ask (race, i, j, i == 1 && j == 2);
  mig_race_begin (race);
  summary->race = race;
  return summary;
}

void
claim_world_add (MigSummary *summary, const char *label, guint metric, guint repetition, gint64 run,
                 double value)
{
  MigCaseSummary *study_case = (MigCaseSummary *) mig_summary_find_case (summary, label);

  mig_stat_add (stat_of (summary, label, metric), run, repetition, value);
  if (metrics[metric].metric != MIG_METRIC_TOTAL_TIME)
    return;
  study_case->n_runs = ++study_case->n_sound;
  for (guint i = 0; i < CLAIM_WORLD_CASES; i++)
    if (strcmp (labels[i], label) == 0)
      mig_race_add (summary->race, i, repetition, run, value, 1);
}

void
claim_world_compute (MigSummary *summary)
{
  for (guint i = 0; i < CLAIM_WORLD_CASES; i++)
    for (guint metric = 0; metric < CLAIM_WORLD_METRICS; metric++)
      mig_stat_compute (stat_of (summary, labels[i], metric));
}

/* forget: all values, to be run anew. */
static void
forget (MigSummary *summary)
{
  for (guint i = 0; i < CLAIM_WORLD_CASES; i++)
    {
      MigCaseSummary *study_case = summary->cases->pdata[i];
      study_case->n_runs = study_case->n_sound = 0;
      for (guint metric = 0; metric < CLAIM_WORLD_METRICS; metric++)
        {
          MigStat *stat = stat_of (summary, study_case->label, metric);
          mig_stat_clear (stat);
          mig_stat_init (stat);
        }
    }
  mig_race_begin (summary->race);
}

/* ---- drawing ---- */

static double
draw_share (const ClaimWorld *world, GRand *random, const ClaimShares *run, guint metric)
{
  double share = run ? run->of[metric] : case_values_normal (random);

  while (isnan (share)) /* that run's case has no such guest: of another one */
    share = g_array_index (world->shares, ClaimShares,
                           g_rand_int_range (random, 0, (gint32) world->shares->len))
                .of[metric];
  return share * world->scatter;
}

static void
run_case (const ClaimWorld *world, GRand *random, MigSummary *summary, guint index,
          ClaimOutcome *outcome)
{
  const ClaimShares *run = NULL;

  if (world->shares)
    run = &g_array_index (world->shares, ClaimShares,
                          g_rand_int_range (random, 0, (gint32) world->shares->len));
  outcome->n_runs++;
  for (guint metric = CLAIM_WORLD_METRICS; metric > 0; metric--)
    if (has_metric (index, metric - 1))
      claim_world_add (summary, labels[index], metric - 1, outcome->n_blocks, outcome->n_runs,
                       world->means[index][metric - 1] *
                           (1 + draw_share (world, random, run, metric - 1)));
}

/* ---- what is true ---- */

static guint
index_of (const char *label)
{
  for (guint i = 0; i < CLAIM_WORLD_CASES; i++)
    if (strcmp (labels[i], label) == 0)
      return i;
  g_assert_not_reached ();
}

static double
true_difference (const ClaimWorld *world, const MigPairedTest *test)
{
  for (guint metric = 0; metric < CLAIM_WORLD_METRICS; metric++)
    if (metrics[metric].metric == test->metric &&
        g_strcmp0 (metrics[metric].class_name, test->class_name) == 0)
      return world->means[index_of (test->b)][metric] - world->means[index_of (test->a)][metric];
  g_assert_not_reached ();
}

/* is_ordinary_wrong: of Student's 95 % interval. */
static gboolean
is_ordinary_wrong (const MigStat *d, double truth)
{
  static double quantiles[64];

  if (d->n < 2 || d->n >= G_N_ELEMENTS (quantiles))
    return FALSE;
  if (quantiles[d->n] == 0)
    quantiles[d->n] = gsl_cdf_tdist_Pinv (0.975, d->n - 1);
  return fabs (d->mean - truth) > quantiles[d->n] * d->sd / sqrt (d->n);
}

/* judge_verdicts: what one look has found, no later one turns round. said: of the looks before. */
static void
judge_verdicts (const GPtrArray *conclusions, MigVerdict *said, ClaimOutcome *outcome)
{
  for (guint i = 0; i < conclusions->len; i++)
    {
      MigVerdict verdict = ((const MigConclusion *) conclusions->pdata[i])->verdict;
      if (verdict != MIG_VERDICT_SUPPORTED && verdict != MIG_VERDICT_NOT_SUPPORTED)
        continue;
      outcome->turned |= said[i] != MIG_VERDICT_INCONCLUSIVE && said[i] != verdict;
      said[i] = verdict;
    }
}

static void
judge_claims (const ClaimWorld *world, const GPtrArray *conclusions, ClaimOutcome *outcome)
{
  for (guint i = 0; i < conclusions->len; i++)
    {
      const GPtrArray *evidence = ((const MigConclusion *) conclusions->pdata[i])->evidence;
      for (guint j = 0; j < evidence->len; j++)
        {
          const MigPairedTest *test = evidence->pdata[j];
          double truth = true_difference (world, test);
          if (!test->raced)
            continue;
          outcome->wrong |= test->wide_low > truth || test->wide_high < truth;
          outcome->ordinary_wrong |= is_ordinary_wrong (&test->difference, truth);
        }
    }
}

static void
judge_time (const ClaimWorld *world, const MigRace *race, ClaimOutcome *outcome)
{
  for (guint i = 0; i < race->pairs->len; i++)
    {
      const MigRacePair *pair = &g_array_index (race->pairs, MigRacePair, i);
      const MigRepeatedInterval *said = &pair->difference;
      double truth = world->means[pair->b][0] - world->means[pair->a][0];
      outcome->wrong |= (pair->verdict == MIG_PAIR_LESS && truth <= 0) ||
                        (pair->verdict == MIG_PAIR_MORE && truth >= 0) ||
                        (pair->verdict == MIG_PAIR_ALIKE &&
                         fabs (truth) > fmax (fabs (said->low), fabs (said->high)));
      outcome->wrong_time |= said->low > truth || said->high < truth;
    }
}

/* ---- a run ---- */

void
claim_world_run (const ClaimWorld *world, GRand *random, guint most_blocks, gboolean time_first,
                 ClaimOutcome *outcome)
{
  static MigSummary *summary;
  gboolean runs[CLAIM_WORLD_CASES] = { TRUE, TRUE, TRUE, TRUE };
  MigVerdict said[] = { MIG_VERDICT_INCONCLUSIVE, MIG_VERDICT_INCONCLUSIVE,
                        MIG_VERDICT_INCONCLUSIVE, MIG_VERDICT_INCONCLUSIVE };

  summary = summary ? summary : claim_world_new ();
  forget (summary);
  *outcome = (ClaimOutcome){ 0 };
  while (outcome->n_blocks < most_blocks && !outcome->decided)
    {
      outcome->n_blocks++;
      for (guint i = 0; i < CLAIM_WORLD_CASES; i++)
        if (runs[i])
          run_case (world, random, summary, i, outcome);
      claim_world_compute (summary);
      g_autoptr (GPtrArray) conclusions = mig_paper_test (summary);
      g_autoptr (MigClaimRace) claims = mig_claim_race_new (summary, conclusions);
      judge_time (world, summary->race, outcome);
      judge_claims (world, conclusions, outcome);
      judge_verdicts (conclusions, said, outcome);
      MigRaceNext next = mig_race_next (summary->race, HUGE_VAL);
      if (next != MIG_RACE_GO_ON && outcome->n_time_blocks == 0)
        outcome->n_time_blocks = outcome->n_blocks;
      outcome->decided = next != MIG_RACE_GO_ON &&
                         mig_claim_race_next (claims, HUGE_VAL) != MIG_RACE_GO_ON;
      for (guint i = 0; i < CLAIM_WORLD_CASES; i++)
        runs[i] = mig_race_runs (summary->race, i) || (!(time_first && next == MIG_RACE_GO_ON) &&
                                                       mig_claim_race_runs (claims, labels[i]));
    }
}

/* ---- recorded ---- */

void
claim_world_set_means (ClaimWorld *world, const MigSummary *summary)
{
  for (guint i = 0; i < CLAIM_WORLD_CASES; i++)
    for (guint metric = 0; metric < CLAIM_WORLD_METRICS; metric++)
      if (has_metric (i, metric))
        world->means[i][metric] = stat_of ((MigSummary *) summary, labels[i], metric)->mean;
}

/* share_of: NaN: the run has no such value. */
static double
share_of (const MigStat *stat, gint64 run)
{
  for (guint i = 0; stat && stat->n > 1 && i < stat->values->len; i++)
    {
      const MigValue *value = &g_array_index (stat->values, MigValue, i);
      if (value->run == run)
        return (value->value / stat->mean - 1) * sqrt (stat->n / (stat->n - 1.0));
    }
  return NAN;
}

void
claim_world_add_shares (GArray *shares, const MigSummary *summary)
{
  for (guint i = 0; i < CLAIM_WORLD_CASES; i++)
    {
      const MigStat *times = stat_of ((MigSummary *) summary, labels[i], 0);
      for (guint j = 0; j < times->values->len; j++)
        {
          gint64 run = g_array_index (times->values, MigValue, j).run;
          ClaimShares added;
          for (guint metric = 0; metric < CLAIM_WORLD_METRICS; metric++)
            added.of[metric] = has_metric (i, metric)
                                   ? share_of (stat_of ((MigSummary *) summary, labels[i], metric),
                                               run)
                                   : NAN;
          g_array_append_val (shares, added);
        }
    }
}
