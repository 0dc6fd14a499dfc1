/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/compare.h"
#include "tests/unit/case-values.h"
#include "tests/unit/recorded.h"

/* How often the verdicts of comparisons are wrong, of results that are drawn: what is true is
 * known. */

#define ROUNDS 400

/* Sources of deviations from the mean, as shares of it. */
typedef double (*Draw) (GRand *random, guint metric);

static double
draw_normal (GRand *random, guint metric)
{
  return 0.1 * case_values_normal (random);
}

/* lognormal with mean 1: a long tail upwards, as times have */
static double
draw_skewed (GRand *random, guint metric)
{
  return exp (0.5 * case_values_normal (random) - 0.125) - 1;
}

/* Student's t with 3 degrees: outliers */
static double
draw_heavy (GRand *random, guint metric)
{
  double a = case_values_normal (random), b = case_values_normal (random),
         c = case_values_normal (random);
  return 0.1 * case_values_normal (random) / sqrt ((a * a + b * b + c * c) / 3);
}

static const MigMetric metrics[] = {
  MIG_METRIC_TOTAL_TIME,
  MIG_METRIC_DOWNTIME_REPORTED,
  MIG_METRIC_DOWNTIME_EVENTS,
  MIG_METRIC_DOWNTIME_GUEST,
  MIG_METRIC_SENT,
};
#define N_CASES 4

/* draw_result: N_CASES cases of n runs; times scale: NEW is that much slower; scatter: its
 * deviations are that much larger. */
static MigSummary *
draw_result (GRand *random, Draw draw, guint n, double scale, double scatter)
{
  static const char *const labels[N_CASES] = { "cc", "cm", "mc", "mm" };
  MigSummary *summary = mig_summary_new ();
  g_autofree double *values = g_new (double, n);

  for (guint c = 0; c < N_CASES; c++)
    for (guint m = 0; m < G_N_ELEMENTS (metrics); m++)
      {
        for (guint i = 0; i < n; i++)
          values[i] = (metrics[m] == MIG_METRIC_SENT ? 1e8 : 10) * (c + 1) *
                      (1 + scatter * draw (random, m)) * scale;
        case_values_add (summary, labels[c], metrics[m], values, n);
      }
  return summary;
}

/* count_wrong: comparisons of two results of the same mean with a verdict better or worse; scatter:
 * NEW's, of BASE's. */
static guint
count_wrong (Draw draw, guint n_base, guint n_now, double scatter, double threshold, guint rounds)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20);
  const MigCompareOptions options = { .threshold = threshold };
  guint wrong = 0;

  for (guint round = 0; round < rounds; round++)
    {
      g_autoptr (MigSummary) base = draw_result (random, draw, n_base, 1, 1);
      g_autoptr (MigSummary) now = draw_result (random, draw, n_now, 1, scatter);
      g_autoptr (MigComparison) comparison = mig_compare (base, now, &options);
      wrong += comparison->n[MIG_CHANGE_WORSE] + comparison->n[MIG_CHANGE_BETTER] > 0;
    }
  return wrong;
}

/* assert_rate: no more than the stated rate allows: 3 standard deviations of a binomial above it.
 */
static void
assert_rate (guint wrong, guint rounds)
{
  double expected = MIG_COMPARE_LEVEL * rounds;
  g_assert_cmpfloat (wrong, <=, expected + 3 * sqrt (expected * (1 - MIG_COMPARE_LEVEL)));
}

static void
test_error_rate (void)
{
  static const struct {
    const char *name;
    Draw draw;
    guint n_base, n_now;
  } sets[] = {
    { "normal", draw_normal, 3, 3 },   { "normal", draw_normal, 5, 5 },
    { "normal", draw_normal, 3, 12 },  { "normal", draw_normal, 12, 3 },
    { "normal", draw_normal, 20, 20 }, { "skewed", draw_skewed, 3, 3 },
    { "skewed", draw_skewed, 5, 5 },   { "skewed", draw_skewed, 20, 20 },
    { "heavy", draw_heavy, 3, 3 },     { "heavy", draw_heavy, 10, 10 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      guint strict = count_wrong (sets[i].draw, sets[i].n_base, sets[i].n_now, 1, 0, ROUNDS);
      guint usual = count_wrong (sets[i].draw, sets[i].n_base, sets[i].n_now, 1, 0.05, ROUNDS);
      g_test_message ("%s, %u against %u runs: %u of %d comparisons wrong, %u with the threshold",
                      sets[i].name, sets[i].n_base, sets[i].n_now, strict, ROUNDS, usual);
      assert_rate (strict, ROUNDS);
      assert_rate (usual, ROUNDS);
    }
}

/* coarse_result: three metrics in milliseconds of which runs scatter by less than one: often all
 * are equal. */
static MigSummary *
coarse_result (GRand *random, guint n)
{
  static const char *const labels[N_CASES] = { "cc", "cm", "mc", "mm" };
  MigSummary *summary = mig_summary_new ();
  g_autofree double *values = g_new (double, n);

  for (guint c = 0; c < N_CASES; c++)
    for (guint m = 0; m < 3; m++)
      {
        for (guint i = 0; i < n; i++)
          values[i] = round (5.2 + c + 0.4 * case_values_normal (random)) / 1000;
        case_values_add (summary, labels[c], metrics[m], values, n);
      }
  return summary;
}

static void
test_coarse (void)
{
  static const guint sizes[] = { 2, 3, 5, 10 };
  g_autoptr (GRand) random = g_rand_new_with_seed (22);
  const MigCompareOptions options = { .threshold = 0 };

  for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
    {
      guint wrong = 0, equal = 0;
      for (guint round = 0; round < ROUNDS; round++)
        {
          g_autoptr (MigSummary) base = coarse_result (random, sizes[k]);
          g_autoptr (MigSummary) now = coarse_result (random, sizes[k]);
          g_autoptr (MigComparison) comparison = mig_compare (base, now, &options);
          wrong += comparison->n[MIG_CHANGE_WORSE] + comparison->n[MIG_CHANGE_BETTER] > 0;
          for (guint i = 0; i < comparison->changes->len; i++)
            equal += g_array_index (comparison->changes, MigChange, i).base->sd == 0;
        }
      g_test_message ("%u runs: %u of %d comparisons wrong; %u samples without scatter", sizes[k],
                      wrong, ROUNDS, equal);
      g_assert_cmpuint (sizes[k] > 3 || equal > ROUNDS, ==, TRUE);
      assert_rate (wrong, ROUNDS);
    }
}

/* The scatter has changed too, and the result that scatters more has fewer runs: where t tests err
 * most. */
static void
test_unequal_scatter (void)
{
  static const struct {
    guint n_base, n_now;
    double scatter;
  } sets[] = { { 12, 3, 3 }, { 3, 12, 1.0 / 3 }, { 6, 3, 3 },  { 6, 3, 10 },
               { 5, 4, 3 },  { 10, 5, 3 },       { 20, 5, 10 } };

  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      guint strict = count_wrong (draw_normal, sets[i].n_base, sets[i].n_now, sets[i].scatter, 0,
                                  ROUNDS);
      guint usual = count_wrong (draw_normal, sets[i].n_base, sets[i].n_now, sets[i].scatter, 0.05,
                                 ROUNDS);
      g_test_message ("%u against %u runs, scatter times %.2f: %u of %d comparisons wrong, %u with "
                      "the threshold",
                      sets[i].n_base, sets[i].n_now, sets[i].scatter, strict, ROUNDS, usual);
      assert_rate (strict, ROUNDS);
      assert_rate (usual, ROUNDS);
    }
}

/* A regression of 30 % where runs scatter by 3 %, with five runs each, is found nearly always; one
 * that is no larger than the threshold nearly never. */
static double
draw_calm (GRand *random, guint metric)
{
  return 0.03 * case_values_normal (random);
}

static void
test_power (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (21);
  const MigCompareOptions options = { .threshold = 0.05 };
  guint found = 0, all = 0, small = 0;

  for (guint round = 0; round < ROUNDS / 4; round++)
    {
      g_autoptr (MigSummary) base = draw_result (random, draw_calm, 5, 1, 1);
      g_autoptr (MigSummary) slow = draw_result (random, draw_calm, 5, 1.3, 1);
      g_autoptr (MigSummary) near = draw_result (random, draw_calm, 5, 1.05, 1);
      g_autoptr (MigComparison) large = mig_compare (base, slow, &options);
      g_autoptr (MigComparison) little = mig_compare (base, near, &options);
      found += large->n[MIG_CHANGE_WORSE];
      all += large->changes->len;
      small += little->n[MIG_CHANGE_WORSE] + little->n[MIG_CHANGE_BETTER] > 0;
    }
  g_test_message ("found %u of %u", found, all);
  g_assert_cmpfloat (found, >, 0.95 * all);
  assert_rate (small, ROUNDS / 4);
}

/* told_runs: how many the comparison of two results of N_CASES times five metrics with a standard
 * deviation of 3 % says that each needs. */
static guint
told_runs (void)
{
  static const double shares[] = { -0.866025, 0.866025, -0.866025, 0.866025 };
  const MigCompareOptions options = { .threshold = 0.05 };
  g_autoptr (MigSummary) summary = mig_summary_new ();
  static const char *const labels[N_CASES] = { "cc", "cm", "mc", "mm" };
  double values[4];

  for (guint c = 0; c < N_CASES; c++)
    for (guint m = 0; m < G_N_ELEMENTS (metrics); m++)
      {
        for (guint i = 0; i < 4; i++)
          values[i] = (metrics[m] == MIG_METRIC_SENT ? 1e8 : 10) * (1 + 0.03 * shares[i]);
        case_values_add (summary, labels[c], metrics[m], values, 4);
      }
  g_autoptr (MigComparison) comparison = mig_compare (summary, summary, &options);
  const MigChange *first = &g_array_index (comparison->changes, MigChange, 0);
  for (guint i = 0; i < comparison->changes->len; i++)
    g_assert_cmpint (g_array_index (comparison->changes, MigChange, i).more_runs, ==,
                     first->more_runs);
  g_assert_cmpint (first->verdict, ==, MIG_CHANGE_TOO_FEW);
  return 4 + (guint) first->more_runs;
}

/* As many runs as are told to be needed show differences of the threshold with a chance of 80 %:
 * of all 20 metrics at once. */
static void
test_enough (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (23);
  const MigCompareOptions options = { .threshold = 0.05 };
  guint n = told_runs (), shown = 0, all = 0;

  for (guint round = 0; round < ROUNDS / 4; round++)
    {
      g_autoptr (MigSummary) base = draw_result (random, draw_calm, n, 1, 1);
      g_autoptr (MigSummary) slow = draw_result (random, draw_calm, n, 1.05, 1);
      g_autoptr (MigComparison) comparison = mig_compare (base, slow, &options);
      shown += comparison->n[MIG_CHANGE_WORSE] + comparison->n[MIG_CHANGE_DIFFERS];
      all += comparison->changes->len;
    }
  g_test_message ("%u runs: %u of %u shown", n, shown, all);
  g_assert_cmpuint (all, ==, ROUNDS / 4 * 20);
  g_assert_cmpfloat (shown, >=, 0.8 * all);
}

/* What was recorded on real hosts: deviations of each run from its case's mean, metric by metric,
 * as shares of it (widened by sqrt (n / (n - 1)) for the mean that they are taken from). */
static GArray *recorded;

static void
collect (const char *name)
{
  g_autoptr (MigLoadedResult) report = recorded_load (name);

  for (guint c = 0; c < report->summary->cases->len; c++)
    {
      const MigCaseSummary *study_case = report->summary->cases->pdata[c];
      for (guint run = 0; run < study_case->n_sound; run++)
        for (guint m = 0; m < G_N_ELEMENTS (metrics); m++)
          {
            const MigStat *stat = &study_case->stats[metrics[m]];
            g_assert_cmpuint (stat->n, ==, study_case->n_sound);
            double share = (g_array_index (stat->values, MigValue, run).value / stat->mean - 1) *
                           sqrt (stat->n / (stat->n - 1.0));
            g_array_append_val (recorded, share);
          }
    }
}

static double
draw_recorded (GRand *random, guint metric)
{
  guint run = g_rand_int_range (random, 0, recorded->len / G_N_ELEMENTS (metrics));
  return g_array_index (recorded, double, run *G_N_ELEMENTS (metrics) + metric);
}

/* Two results whose runs are drawn from the recorded ones: each is a re-run of the other. */
static void
test_recorded (void)
{
  static const guint sizes[] = { 3, 5, 10 };

  recorded = g_array_new (FALSE, FALSE, sizeof (double));
  collect ("recorded-load-balancing");
  collect ("recorded-smoke");
  g_assert_cmpuint (recorded->len, >=, 15 * G_N_ELEMENTS (metrics));
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      guint strict = count_wrong (draw_recorded, sizes[i], sizes[i], 1, 0, ROUNDS);
      guint usual = count_wrong (draw_recorded, sizes[i], sizes[i], 1, 0.05, ROUNDS);
      g_test_message ("recorded, %u runs: %u of %d comparisons wrong, %u with the threshold",
                      sizes[i], strict, ROUNDS, usual);
      assert_rate (usual, ROUNDS);
      assert_rate (strict, ROUNDS);
    }
  g_array_unref (recorded);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compare-errors/coarse", test_coarse);
  g_test_add_func ("/compare-errors/error-rate", test_error_rate);
  g_test_add_func ("/compare-errors/unequal-scatter", test_unequal_scatter);
  g_test_add_func ("/compare-errors/recorded", test_recorded);
  g_test_add_func ("/compare-errors/power", test_power);
  g_test_add_func ("/compare-errors/enough", test_enough);
  return g_test_run ();
}
