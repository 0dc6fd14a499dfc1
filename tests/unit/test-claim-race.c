/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/units.h"
#include "paper/claims.h"
#include "tests/unit/claim-world.h"
#include "tests/unit/recorded.h"

/* Claims that a run decides along with total time: by hand, and how often a run is wrong. */

#define ROUNDS 2000
#define MOST_BLOCKS 12

enum { TIME, DOWNTIME, LEFT_C, LEFT_M, TIME_C, TIME_M, DOWNTIME_C, DOWNTIME_M };

static void
assert_near (double value, double expected, double tolerance)
{
  g_assert_cmpfloat_with_epsilon (value, expected, tolerance);
}

/* Student's half width of three values with the standard deviation 1 at that error of one look. */
static double
half_of_three (double error)
{
  double q = 1 - error / 2;

  return (2 * q - 1) / sqrt (2 * q * (1 - q)) / sqrt (3);
}

/* ---- by hand ---- */

/* Values of each case that differ by it, and by step in each block: 0, step, -step. */
typedef struct {
  double cc, cm, mc, mm, step;
} Values;

static void
add_values (MigSummary *summary, guint metric, const Values *values)
{
  const double means[] = { values->cc, values->cm, values->mc, values->mm };
  static const char *const labels[] = { "cc", "cm", "mc", "mm" };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    for (guint block = 1; block <= 3 && !isnan (means[i]); block++)
      claim_world_add (summary, labels[i], metric, block, block * 10 + i,
                       means[i] + i * values->step *
                                      (block == 2   ? 1
                                       : block == 3 ? -1
                                                    : 0));
}

static const Values usual[CLAIM_WORLD_METRICS] = {
  [TIME] = { 10, 12, 14, 16, 0.01 },           [DOWNTIME] = { 1, 2, 2.5, 3, 0.01 },
  [LEFT_C] = { NAN, 1000, 1000, 900, 1 },      [LEFT_M] = { 500, 480, 500, NAN, 1 },
  [TIME_C] = { 5, 5, 5.1, NAN, 0.1 },          [TIME_M] = { NAN, 8, 8.1, 9, 0.1 },
  [DOWNTIME_C] = { 0.5, 0.5, 0.5, NAN, 0.01 }, [DOWNTIME_M] = { NAN, 1.5, 1.6, 1.5, 0.01 },
};

/* new_run_of: three blocks; other values in place of the usual ones, by metric. NULL: the usual. */
static MigSummary *
new_run_of (const Values *const others[CLAIM_WORLD_METRICS])
{
  MigSummary *summary = claim_world_new ();

  for (guint metric = CLAIM_WORLD_METRICS; metric > 0; metric--)
    add_values (summary, metric - 1, others[metric - 1] ? others[metric - 1] : &usual[metric - 1]);
  claim_world_compute (summary);
  return summary;
}

/* new_run: total times differ by so much from case to case, or not. */
static MigSummary *
new_run (double time_step)
{
  const Values times = { 10, 10 + time_step, 10 + 2 * time_step, 10 + 3 * time_step, 0.01 };

  return new_run_of ((const Values *const[CLAIM_WORLD_METRICS]){ [TIME] = &times });
}

static const MigPairedTest *
find_test (const GPtrArray *conclusions, guint number, const char *a, const char *b,
           MigMetric metric)
{
  const GPtrArray *evidence = ((const MigConclusion *) conclusions->pdata[number - 1])->evidence;

  for (guint i = 0; i < evidence->len; i++)
    {
      const MigPairedTest *test = evidence->pdata[i];
      if (g_str_equal (test->a, a) && g_str_equal (test->b, b) && test->metric == metric)
        return test;
    }
  return NULL;
}

/* Six pairs of total time, each with a sixth of 5 %; all of them decided one way release half. Four
 * conclusions share that: six downtimes of the first, one of them that of the second, too; six
 * throughputs; two times and two downtimes of one migration. */
static void
test_shares (void)
{
  g_autoptr (MigSummary) summary = new_run (2);
  g_autoptr (GPtrArray) conclusions = mig_paper_test (summary);
  static const guint n_asked[] = { 6, 1, 6, 4 };
  const double each = 0.025 / 4;

  assert_near (mig_race_released (summary->race), 0.025, 1e-15);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (((const MigConclusion *) conclusions->pdata[i])->n_asked, ==, n_asked[i]);
  const MigPairedTest *test = find_test (conclusions, 1, "cc", "mm", MIG_METRIC_DOWNTIME_GUEST);
  assert_near (test->error, each / 6, 1e-15);
  /* differences 2, 2.03, 1.97: sd 0.03; the first look has a third of its error */
  assert_near (test->difference.ci_low, 2 - 0.03 * half_of_three (each / 6 / 3), 1e-6);
  assert_near (test->wide_high, 2 + 0.03 * half_of_three (each / 6 / 3), 1e-6);
  g_assert_cmpint (test->verdict, ==, MIG_VERDICT_SUPPORTED);
  test = find_test (conclusions, 1, "cm", "mc", MIG_METRIC_DOWNTIME_GUEST);
  assert_near (test->error, each / 6 + each, 1e-15);
  assert_near (find_test (conclusions, 2, "cm", "mc", MIG_METRIC_DOWNTIME_GUEST)->error,
               each / 6 + each, 1e-15);
  assert_near (find_test (conclusions, 3, "cm", "mm", MIG_METRIC_LEFT_THROUGHPUT)->error, each / 6,
               1e-15);
  assert_near (find_test (conclusions, 4, "cm", "mc", MIG_METRIC_GUEST_TIME)->error, each / 4,
               1e-15);
  /* total time is the race's */
  g_assert_false (find_test (conclusions, 1, "cc", "mm", MIG_METRIC_TOTAL_TIME)->raced);
}

/* Pairs that are alike release nothing. */
static void
test_alike (void)
{
  g_autoptr (MigSummary) summary = new_run (0);
  g_autoptr (GPtrArray) conclusions = mig_paper_test (summary);
  g_autoptr (MigClaimRace) claims = mig_claim_race_new (summary, conclusions);

  for (guint i = 0; i < summary->race->pairs->len; i++)
    g_assert_cmpint (g_array_index (summary->race->pairs, MigRacePair, i).verdict, ==,
                     MIG_PAIR_ALIKE);
  g_assert_cmpfloat (mig_race_released (summary->race), ==, 0);
  g_assert_false (claims->looked_at);
  g_assert_cmpuint (claims->open->len, >, 0);
  g_assert_true (
      isnan (find_test (conclusions, 1, "cc", "mm", MIG_METRIC_DOWNTIME_GUEST)->difference.ci_low));
  g_assert_false (mig_claim_race_runs (claims, "cc"));
  g_assert_cmpint (mig_race_next (summary->race, HUGE_VAL), ==, MIG_RACE_DECIDED);
  g_assert_cmpint (mig_claim_race_next (claims, HUGE_VAL), ==, MIG_RACE_DECIDED);
}

static gboolean
has_open (const MigClaimRace *claims, const char *a, const char *b, MigMetric metric)
{
  for (guint i = 0; i < claims->open->len; i++)
    {
      const MigPairedTest *test = g_array_index (claims->open, MigOpenTest, i).test;
      if (g_str_equal (test->a, a) && g_str_equal (test->b, b) && test->metric == metric)
        return TRUE;
    }
  return FALSE;
}

/* What is open, which cases that needs, and how long. */
static void
test_open (void)
{
  g_autoptr (MigSummary) summary = new_run (2);
  g_autoptr (GPtrArray) conclusions = mig_paper_test (summary);
  g_autoptr (MigClaimRace) claims = mig_claim_race_new (summary, conclusions);

  /* downtimes: cc and mm 2 +- 0.93, cm and mc 0.5 +- 0.12: decided */
  g_assert_false (has_open (claims, "cc", "mm", MIG_METRIC_DOWNTIME_GUEST));
  g_assert_false (has_open (claims, "cm", "mc", MIG_METRIC_DOWNTIME_GUEST));
  /* cm is faster than mc, and an m left there gets less done: by 20 +- 31, which supports nothing
   * yet */
  const MigConclusion *third = conclusions->pdata[2];
  g_assert_cmpint (third->verdict, ==, MIG_VERDICT_INCONCLUSIVE);
  g_assert_true (has_open (claims, "cm", "mc", MIG_METRIC_LEFT_THROUGHPUT));
  g_assert_true (mig_claim_race_runs (claims, "cm"));
  g_assert_cmpint (mig_claim_race_next (claims, HUGE_VAL), ==, MIG_RACE_GO_ON);
  g_assert_cmpint (mig_claim_race_next (claims, 1e-3), ==, MIG_RACE_TOO_LONG);
  /* each repetition takes a second: a fourth block of two cases may decide something */
  g_assert_cmpint (mig_claim_race_next (claims, 1000), ==, MIG_RACE_GO_ON);
  for (guint i = 0; i < claims->open->len; i++)
    {
      const MigOpenTest *open = &g_array_index (claims->open, MigOpenTest, i);
      MigRaceNeed need = mig_claim_race_need (claims, open, FALSE);
      if (!MIG_IS_MISSING (need.repetitions))
        assert_near (need.seconds, 2.0 * need.repetitions, 1e-9);
    }
}

/* find_third: what is said of conclusion 3. */
static MigClaimVerdict
find_third (const MigSummary *summary, const GPtrArray *conclusions)
{
  const MigClaimSource source = { summary, conclusions, NULL };

  for (guint i = 0; i < mig_claims_count (); i++)
    if (mig_claim_at (i).conclusion == 3)
      return mig_claim_find (i, &source).verdict;
  g_assert_not_reached ();
}

/* What is left behind is alike in all: conclusion 3 is not decided, and nothing would decide it. */
static void
test_nothing_left (void)
{
  const Values left_c = { NAN, 1000, 1000, 1000, 0.01 }, left_m = { 500, 500, 500, NAN, 0.01 };
  g_autoptr (MigSummary) summary = new_run_of (
      (const Values *const[CLAIM_WORLD_METRICS]){ [LEFT_C] = &left_c, [LEFT_M] = &left_m });
  g_autoptr (GPtrArray) conclusions = mig_paper_test (summary);
  g_autoptr (MigClaimRace) claims = mig_claim_race_new (summary, conclusions);
  const MigClaimSource source = { summary, conclusions, NULL };

  g_assert_true (claims->looked_at);
  g_assert_cmpint (find_third (summary, conclusions), ==, MIG_CLAIM_UNDECIDED);
  g_assert_false (mig_claims_decided (&source));
  g_assert_false (has_open (claims, "cm", "mc", MIG_METRIC_LEFT_THROUGHPUT));
  g_assert_false (mig_claim_race_is_open (claims, conclusions->pdata[2], MIG_COST_ANY));
  g_assert_true (mig_claim_race_is_open (claims, conclusions->pdata[3], MIG_COST_ANY));
}

/* Conclusion 1 is decided against where a downtime is shown not to be shorter by what matters: that
 * takes as many more repetitions as the report says, far fewer than showing that it is longer. */
static void
test_one_sided_need (void)
{
  const Values downtimes = { 1, 0.975, 2.5, 3, 0.05 };
  g_autoptr (MigSummary)
      summary = new_run_of ((const Values *const[CLAIM_WORLD_METRICS]){ [DOWNTIME] = &downtimes });
  g_autoptr (GPtrArray) conclusions = mig_paper_test (summary);
  g_autoptr (MigClaimRace) claims = mig_claim_race_new (summary, conclusions);
  const MigPairedTest *test = find_test (conclusions, 1, "cc", "cm", MIG_METRIC_DOWNTIME_GUEST);
  const MigOpenTest one_sided = { test, 1 }, two_sided = { test, 4 };
  double margin = mig_paired_test_margin (test), mean = test->difference.mean;

  assert_near (mean, -0.5 * margin, 1e-12);
  gint64 more = mig_paired_test_more (test, margin - mean, test->error);
  gint64 need = mig_claim_race_need (claims, &one_sided, FALSE).repetitions;
  g_assert_cmpint (more, >, 5);
  assert_near ((double) need, (double) more, 2);
  g_assert_cmpint (mig_claim_race_need (claims, &two_sided, FALSE).repetitions, >, 4 * need);
  g_assert_cmpint (mig_claim_race_need (claims, &one_sided, TRUE).repetitions, <, need);
}

/* A case that has not run yet: what is asked is not known, so nothing is looked at; given up, it
 * is. */
static void
test_unknown (void)
{
  g_autoptr (MigSummary) summary = new_run (2);
  MigCaseSummary *failing = (MigCaseSummary *) mig_summary_find_case (summary, "mm");

  failing->n_sound = 0;
  g_autoptr (GPtrArray) before = mig_paper_test (summary);
  g_assert_true (
      isnan (find_test (before, 1, "cc", "cm", MIG_METRIC_DOWNTIME_GUEST)->difference.ci_low));
  mig_race_give_up (summary->race, 3, 99);
  g_autoptr (GPtrArray) after = mig_paper_test (summary);
  g_assert_cmpfloat (find_test (after, 1, "cc", "cm", MIG_METRIC_DOWNTIME_GUEST)->difference.ci_low,
                     >, 0.5);
}

/* Where cc is faster than cm, and an m left behind gets more done: that refutes conclusion 3 only
 * once it is known which is the faster in all pairs. */
static void
test_partial_evidence (void)
{
  const Values left_c = { NAN, 1000, 800, 600, 0.1 }, left_m = { 500, 300, 100, NAN, 0.1 };
  /* sd of differences 0.5 and more, to each side 10.9 of them: cc less than cm, nothing else */
  const Values one = { 10, 20, 20.3, 20.6, 0.5 }, all = { 10, 20, 30, 40, 0.01 };
  g_autoptr (MigSummary) partial = new_run_of ((const Values *const[CLAIM_WORLD_METRICS]){
      [TIME] = &one, [LEFT_C] = &left_c, [LEFT_M] = &left_m });
  g_autoptr (GPtrArray) before = mig_paper_test (partial);
  g_autoptr (MigSummary) complete = new_run_of ((const Values *const[CLAIM_WORLD_METRICS]){
      [TIME] = &all, [LEFT_C] = &left_c, [LEFT_M] = &left_m });
  g_autoptr (GPtrArray) after = mig_paper_test (complete);
  const MigConclusion *third = before->pdata[2];

  g_assert_cmpuint (third->evidence->len, ==, 1);
  const MigPairedTest *test = find_test (before, 3, "cc", "cm", MIG_METRIC_LEFT_THROUGHPUT);
  g_assert_cmpint (test->verdict, ==, MIG_VERDICT_NOT_SUPPORTED);
  g_assert_cmpuint (third->n_asked, ==, 6);
  g_assert_cmpint (third->verdict, ==, MIG_VERDICT_INCONCLUSIVE);
  g_assert_cmpint (find_third (partial, before), ==, MIG_CLAIM_UNDECIDED);
  third = after->pdata[2];
  g_assert_cmpuint (third->evidence->len, ==, 6);
  g_assert_cmpint (third->verdict, ==, MIG_VERDICT_NOT_SUPPORTED);
  g_assert_cmpint (find_third (complete, after), ==, MIG_CLAIM_REFUTED);
}

/* add_late: blocks from after the third on; of cm's guests there is a downtime from the sixth on.
 */
static void
add_late (MigSummary *summary, guint to)
{
  static const char *const labels[] = { "cc", "cm", "mc", "mm" };

  for (guint block = 1; block <= to; block++)
    for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
      {
        MigCaseSummary *of = (MigCaseSummary *) mig_summary_find_case (summary, labels[i]);
        double value = 1 + i + 0.01 * (i + 1) * (block % 3);
        claim_world_add (summary, labels[i], TIME, block, block * 10 + i, 10 * value);
        mig_stat_add (&of->stats[MIG_METRIC_DOWNTIME_EVENTS], block * 10 + i, block, value);
        if (i != 1 || block >= 6)
          claim_world_add (summary, labels[i], DOWNTIME, block, block * 10 + i, value);
      }
  claim_world_compute (summary);
  for (guint i = 0; i < summary->cases->len; i++)
    mig_stat_compute (
        &((MigCaseSummary *) summary->cases->pdata[i])->stats[MIG_METRIC_DOWNTIME_EVENTS]);
  mig_race_set (summary, summary->race);
}

/* A downtime that a case has only from the sixth block on is not what is asked then, either. */
static void
test_late_downtime (void)
{
  double errors[2];
  const guint blocks[] = { 5, 8 };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (MigSummary) summary = claim_world_new ();
      add_late (summary, blocks[i]);
      g_autoptr (GPtrArray) conclusions = mig_paper_test (summary);
      const MigPairedTest *test = find_test (conclusions, 1, "cc", "cm",
                                             MIG_METRIC_DOWNTIME_EVENTS);
      g_assert_cmpint (summary->downtime_metric, ==, MIG_METRIC_DOWNTIME_EVENTS);
      g_assert_nonnull (test);
      g_assert_cmpint (test->verdict, ==, MIG_VERDICT_SUPPORTED);
      errors[i] = test->error;
    }
  g_assert_cmpfloat (errors[0], >, 0);
  g_assert_cmpfloat (errors[0], ==, errors[1]);
}

/* What a guest left behind got done is known late, or never: that changes no other share. */
static void
test_late_throughput (void)
{
  const Values left_c = { NAN, 1000, NAN, 900, 1 };
  g_autoptr (MigSummary)
      summary = new_run_of ((const Values *const[CLAIM_WORLD_METRICS]){ [LEFT_C] = &left_c });
  const MigCaseSummary *mc = mig_summary_find_case (summary, "mc");

  ((MigClassSummary *) mig_case_find_class (mc, "c"))->missing[MIG_METRIC_LEFT_THROUGHPUT] = "late";
  g_autoptr (GPtrArray) conclusions = mig_paper_test (summary);
  const MigConclusion *third = conclusions->pdata[2];
  g_assert_cmpuint (third->evidence->len, ==, 4);
  g_assert_cmpuint (third->n_asked, ==, 6);
}

/* Total time asks no pair, as of cases whose migrations run at the same time: conclusion 3 has
 * nothing to compare. */
static void
test_not_asked (void)
{
  const MigRaceRule rule = { MIG_UNTIL_DECIDED, NAN };
  g_autoptr (MigSummary) summary = new_run (2);

  g_clear_pointer (&summary->race, mig_race_unref);
  summary->race = mig_race_new (&rule);
  for (guint i = 0; i < summary->cases->len; i++)
    mig_race_add_case (summary->race, ((MigCaseSummary *) summary->cases->pdata[i])->label);
  mig_race_begin (summary->race);
  g_autoptr (GPtrArray) conclusions = mig_paper_test (summary);
  const MigConclusion *third = conclusions->pdata[2];
  g_assert_cmpuint (third->evidence->len, ==, 0);
  g_assert_cmpint (third->verdict, ==, MIG_VERDICT_NOT_TESTED);
  g_assert_cmpint (find_third (summary, conclusions), ==, MIG_CLAIM_UNTESTED);
}

/* ---- how often a run is wrong ---- */

static void
check_world (const ClaimWorld *world, gboolean time_first)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (57);
  guint wrong = 0, turned = 0, wrong_time = 0, ordinary = 0, decided = 0;
  double runs = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      ClaimOutcome outcome;
      claim_world_run (world, random, MOST_BLOCKS, time_first, &outcome);
      wrong += outcome.wrong;
      turned += outcome.turned;
      wrong_time += outcome.wrong || outcome.wrong_time;
      ordinary += outcome.ordinary_wrong;
      decided += outcome.decided;
      runs += outcome.n_runs;
    }
  g_test_message (
      "%s: wrong in %.2f %% of %u runs (with intervals of total time %.2f %%); ordinary "
      "intervals of what claims rest on in %.1f %%; %.1f runs, all decided in %.1f %%",
      world->name, 100.0 * wrong / ROUNDS, ROUNDS, 100.0 * wrong_time / ROUNDS,
      100.0 * ordinary / ROUNDS, runs / ROUNDS, 100.0 * decided / ROUNDS);
  g_assert_cmpfloat (ordinary, >, 2 * MIG_RACE_ERROR * ROUNDS);
  g_assert_cmpfloat (wrong, <=, MIG_RACE_ERROR * ROUNDS);
  g_assert_cmpuint (turned, ==, 0);
}

/* set_all: of the metric: the same in all cases, but for what is added from case to case. */
static void
set_all (ClaimWorld *world, guint metric, double mean, double step)
{
  for (guint i = 0; i < CLAIM_WORLD_CASES; i++)
    world->means[i][metric] = mean + i * step;
}

static void
set_equal (ClaimWorld *world, double time_step)
{
  set_all (world, TIME, 30, time_step);
  for (guint metric = DOWNTIME; metric < CLAIM_WORLD_METRICS; metric++)
    set_all (world, metric, 10, 0);
}

static GArray *
recorded_shares (void)
{
  static const char *const sets[] = { "recorded-lab-quarter", "recorded-xen-quarter" };
  GArray *shares = g_array_new (FALSE, FALSE, sizeof (ClaimShares));

  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autoptr (MigLoadedResult) loaded = recorded_load (sets[i]);
      claim_world_add_shares (shares, loaded->summary);
    }
  g_assert_cmpuint (shares->len, >=, 46);
  return shares;
}

static void
test_errors (void)
{
  ClaimWorld world = { .name = "times far apart, nothing else differs", .scatter = 0.05 };

  set_equal (&world, 10);
  check_world (&world, FALSE);
  world.name = "... total time first";
  check_world (&world, TRUE);
  /* a wrong decision on total time, and what a right one releases, at once */
  set_equal (&world, 1.5);
  world.name = "times near each other, nothing else differs";
  check_world (&world, FALSE);
  /* what supports conclusion 3 can be compared last */
  world.means[0][TIME] = 20;
  world.means[1][LEFT_M] = 5;
  world.means[2][LEFT_M] = 9;
  world.name = "cc is by far the fastest, and the m left behind gets least in cm";
  check_world (&world, FALSE);
}

static void
test_errors_recorded (void)
{
  g_autoptr (GArray) shares = recorded_shares ();
  ClaimWorld world = { .name = "recorded scatter, times far apart",
                       .scatter = 1,
                       .shares = shares };

  set_equal (&world, 10);
  check_world (&world, FALSE);
  g_autoptr (MigLoadedResult) loaded = recorded_load ("recorded-lab-quarter");
  claim_world_set_means (&world, loaded->summary);
  world.name = "recorded scatter and means";
  check_world (&world, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/claim-race/shares", test_shares);
  g_test_add_func ("/claim-race/alike", test_alike);
  g_test_add_func ("/claim-race/open", test_open);
  g_test_add_func ("/claim-race/nothing-left", test_nothing_left);
  g_test_add_func ("/claim-race/one-sided-need", test_one_sided_need);
  g_test_add_func ("/claim-race/unknown", test_unknown);
  g_test_add_func ("/claim-race/partial-evidence", test_partial_evidence);
  g_test_add_func ("/claim-race/not-asked", test_not_asked);
  g_test_add_func ("/claim-race/late-downtime", test_late_downtime);
  g_test_add_func ("/claim-race/late-throughput", test_late_throughput);
  g_test_add_func ("/claim-race/errors", test_errors);
  g_test_add_func ("/claim-race/errors-recorded", test_errors_recorded);
  return g_test_run ();
}
