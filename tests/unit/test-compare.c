/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/compare.h"
#include "summary/resolution.h"
#include "summary/summary.h"
#include "tests/unit/case-values.h"
#include "tests/unit/recorded.h"

/* Comparisons: the verdicts; how often they are wrong is in test-compare-errors.c. */

static void
add_failures (MigSummary *summary, const char *label, guint sound, guint failed)
{
  MigCaseSummary *study_case = mig_summary_add_case (summary, label);
  MigFailureCount *failure = g_new0 (MigFailureCount, 1);

  failure->reason = g_strdup ("timed out");
  failure->n = failed;
  g_ptr_array_add (study_case->failures, failure);
  study_case->n_sound = sound;
  study_case->n_runs = sound + failed;
}

/* verdict: of one metric of one case, alone in its comparison. */
static MigChangeVerdict
verdict (MigMetric metric, const double *base, guint n_base, const double *now, guint n_now,
         double threshold)
{
  g_autoptr (MigSummary) a = mig_summary_new (), b = mig_summary_new ();
  const MigCompareOptions options = { .threshold = threshold };

  case_values_add (a, "cm", metric, base, n_base);
  case_values_add (b, "cm", metric, now, n_now);
  g_autoptr (MigComparison) comparison = mig_compare (a, b, &options);
  g_assert_cmpuint (comparison->changes->len, ==, 1);
  const MigChange *change = &g_array_index (comparison->changes, MigChange, 0);
  g_assert_cmpuint (comparison->n[change->verdict], ==, 1);
  g_assert_cmpuint (comparison->n_tested, ==, n_base > 1 && n_now > 1);
  return change->verdict;
}

static void
test_verdicts (void)
{
  const double base[] = { 10.0, 10.1, 9.9, 10.0, 10.1 }, up[] = { 12.0, 12.1, 11.9, 12.0, 12.1 };
  const double near[] = { 10.3, 10.4, 10.2, 10.3, 10.4 }, wide[] = { 5, 15, 8, 12, 10 };
  const double three[] = { 3, 3, 3 }, four[] = { 4, 4, 4 };
  const MigMetric time = MIG_METRIC_TOTAL_TIME;

  g_assert_cmpint (verdict (time, base, 5, up, 5, 0.05), ==, MIG_CHANGE_WORSE);
  g_assert_cmpint (verdict (time, up, 5, base, 5, 0.05), ==, MIG_CHANGE_BETTER);
  g_assert_cmpint (verdict (time, base, 5, up, 5, 0.25), ==, MIG_CHANGE_DIFFERS);
  g_assert_cmpint (verdict (time, base, 5, near, 5, 0.05), ==, MIG_CHANGE_DIFFERS);
  g_assert_cmpint (verdict (time, base, 5, near, 5, 0), ==, MIG_CHANGE_WORSE);
  g_assert_cmpint (verdict (time, base, 5, base, 5, 0.05), ==, MIG_CHANGE_NONE);
  g_assert_cmpint (verdict (time, base, 5, base, 5, 0), ==, MIG_CHANGE_NONE);
  g_assert_cmpint (verdict (time, wide, 5, wide, 5, 0.05), ==, MIG_CHANGE_TOO_FEW);
  g_assert_cmpint (verdict (time, base, 5, up, 1, 0.05), ==, MIG_CHANGE_TOO_FEW);
  g_assert_cmpint (verdict (time, base, 1, base, 1, 0.05), ==, MIG_CHANGE_TOO_FEW);
  g_assert_cmpint (verdict (time, base, 5, NULL, 0, 0.05), ==, MIG_CHANGE_NOT_MEASURED);
  g_assert_cmpint (verdict (time, NULL, 0, base, 5, 0.05), ==, MIG_CHANGE_NOT_MEASURED);
  /* values without scatter are known to within a millisecond */
  g_assert_cmpint (verdict (time, three, 3, four, 3, 0.05), ==, MIG_CHANGE_WORSE);
  g_assert_cmpint (verdict (time, four, 3, three, 3, 0.05), ==, MIG_CHANGE_BETTER);
  g_assert_cmpint (verdict (time, three, 3, three, 3, 0.05), ==, MIG_CHANGE_NONE);
}

/* Repetitions that are all equal: p by hand. Downtimes (reported) of 5 and 7 ms, three of each: the
 * steps alone give a standard deviation of 1 ms / sqrt (12), so t = 2 sqrt (12) / sqrt (2 / 3) =
 * 8.485 with 4 degrees of freedom; for those p = 1 - (3 u - u^3) / 2, u = t / sqrt (4 + t^2): u =
 * sqrt (72 / 76), p = 0.001058 (two-sided). */
static void
test_equal (void)
{
  const double five[] = { 0.005, 0.005, 0.005 }, six[] = { 0.006, 0.006, 0.006 };
  const double seven[] = { 0.007, 0.007, 0.007 }, none[] = { 0, 0, 0 };
  const double steps[] = { 0.005, 0.006, 0.005 };
  const MigMetric reported = MIG_METRIC_DOWNTIME_REPORTED;
  g_autoptr (MigSummary) a = mig_summary_new (), b = mig_summary_new ();
  const MigCompareOptions options = { .threshold = 0 };

  case_values_add (a, "cm", reported, five, 3);
  case_values_add (b, "cm", reported, seven, 3);
  g_autoptr (MigComparison) comparison = mig_compare (a, b, &options);
  const MigChange *change = &g_array_index (comparison->changes, MigChange, 0);
  g_assert_cmpfloat_with_epsilon (change->p_differs, 0.001058, 1e-6);
  g_assert_cmpfloat_with_epsilon (change->resolution, 0.001, 1e-12);
  /* t of 95 % and 4 degrees: 2.776 */
  g_assert_cmpfloat_with_epsilon (change->ci_high - change->ci_low,
                                  2 * 2.776445 * 0.001 / sqrt (12) * sqrt (2.0 / 3), 1e-8);
  g_assert_cmpint (change->verdict, ==, MIG_CHANGE_WORSE);
  g_assert_cmpint (verdict (reported, five, 3, seven, 3, 0.05), ==, MIG_CHANGE_WORSE);
  g_assert_cmpint (verdict (reported, seven, 3, five, 3, 0.05), ==, MIG_CHANGE_BETTER);
  /* within one step: no difference, also where that is a fifth of the mean */
  g_assert_cmpint (verdict (reported, five, 3, steps, 3, 0.05), ==, MIG_CHANGE_NONE);
  g_assert_cmpint (verdict (reported, none, 3, none, 3, 0.05), ==, MIG_CHANGE_NONE);
  g_assert_cmpint (verdict (reported, six, 3, none, 3, 0.05), ==, MIG_CHANGE_BETTER);
  g_assert_cmpint (verdict (reported, none, 3, six, 3, 0.05), ==, MIG_CHANGE_WORSE);
  /* one of each: nothing is known of their scatter */
  g_assert_cmpint (verdict (reported, five, 1, seven, 1, 0.05), ==, MIG_CHANGE_TOO_FEW);
}

/* A heartbeat period of 10 ms, a sum of two migrations: a standard deviation of 10 ms sqrt (2 /
 * 12). Without a period nothing is known of it. */
static void
test_steps (void)
{
  g_autoptr (MigSummary) summary = mig_summary_new ();
  MigCaseSummary *study_case = mig_summary_add_case (summary, "cm");
  const MigClassInfo info = { "c", "cpu", 0, 0 };
  const MigMetric guest = MIG_METRIC_DOWNTIME_GUEST;

  g_assert_true (isnan (mig_resolution_sd (study_case, guest, 1)));
  study_case->heartbeat_period_s = 0.010;
  g_ptr_array_add (study_case->classes_moved, (gpointer) &info);
  g_assert_cmpfloat_with_epsilon (mig_resolution_sd (study_case, guest, 1), 0.00288675, 1e-8);
  g_ptr_array_add (study_case->classes_moved, (gpointer) &info);
  g_assert_cmpfloat_with_epsilon (mig_resolution_sd (study_case, guest, 1), 0.00408248, 1e-8);
  /* probes: the lab's period, or that of how its guests are asked */
  g_assert_cmpfloat_with_epsilon (mig_resolution_step (study_case, MIG_METRIC_OUTAGE, 1), 0.010,
                                  1e-12);
  study_case->probe_period_s = 0.050;
  g_assert_cmpfloat_with_epsilon (mig_resolution_step (study_case, MIG_METRIC_OUTAGE, 1), 0.050,
                                  1e-12);
  /* a mean over a class, and what is counted once per run, are no sums */
  g_assert_cmpfloat_with_epsilon (mig_resolution_sd (study_case, MIG_METRIC_GUEST_DOWNTIME, 1),
                                  0.00288675, 1e-8);
  g_assert_cmpfloat_with_epsilon (mig_resolution_sd (study_case, MIG_METRIC_WALL_TIME, 1),
                                  0.000288675, 1e-9);
  g_assert_cmpfloat_with_epsilon (mig_resolution_sd (study_case, MIG_METRIC_SENT, 1e9),
                                  4096 * 0.408248, 1e-2);
  g_assert_cmpfloat_with_epsilon (mig_resolution_sd (study_case, MIG_METRIC_SEND_RATE, 1e6),
                                  288.675, 1e-2);
}

/* missing: whether NEW without some of BASE's cases is a regression. */
static void
test_missing (void)
{
  const double values[] = { 1, 1.01, 0.99 };
  g_autoptr (MigSummary) a = mig_summary_new (), b = mig_summary_new (), c = mig_summary_new ();
  const char *const cases[] = { "cm", NULL };
  MigCompareOptions options = { .threshold = 0.05 };

  case_values_add (a, "cm", MIG_METRIC_TOTAL_TIME, values, 3);
  case_values_add (a, "mm", MIG_METRIC_TOTAL_TIME, values, 3);
  add_failures (a, "xx", 0, 2); /* BASE measured nothing of it */
  case_values_add (b, "cm", MIG_METRIC_TOTAL_TIME, values, 3);
  g_autoptr (MigComparison) lacks = mig_compare (a, b, &options);
  g_assert_cmpuint (lacks->missing->len, ==, 1);
  g_assert_cmpstr (lacks->missing->pdata[0], ==, "mm");
  g_assert_cmpuint (lacks->only_base->len, ==, 2);
  g_assert_true (mig_comparison_regressed (lacks));
  mig_summary_add_case (b, "mm")->planned = 3; /* planned, never run */
  g_autoptr (MigComparison) never = mig_compare (a, b, &options);
  g_assert_cmpuint (never->missing->len, ==, 1);
  g_assert_cmpuint (never->only_base->len, ==, 1);
  g_assert_cmpuint (never->changes->len, ==, 1);
  g_assert_true (mig_comparison_regressed (never));
  options.allow_missing = TRUE;
  g_autoptr (MigComparison) allowed = mig_compare (a, b, &options);
  g_assert_cmpuint (allowed->missing->len, ==, 1);
  g_assert_false (mig_comparison_regressed (allowed));
  options.allow_missing = FALSE;
  options.cases = cases; /* what was not asked for is not missing */
  g_autoptr (MigComparison) chosen = mig_compare (a, b, &options);
  g_assert_false (mig_comparison_regressed (chosen));
  options.cases = NULL;
  g_autoptr (MigComparison) nothing = mig_compare (a, c, &options);
  g_assert_cmpuint (nothing->missing->len, ==, 2);
  g_assert_true (mig_comparison_regressed (nothing));
  g_autoptr (MigComparison) more = mig_compare (c, a, &options);
  g_assert_false (mig_comparison_regressed (more));
}

/* lost work may be negative: more of it is worse all the same. */
static void
test_negative (void)
{
  const double gain[] = { -10.0, -10.1, -9.9, -10.0 }, less[] = { -8.0, -8.1, -7.9, -8.0 };

  g_assert_cmpint (verdict (MIG_METRIC_LOST_ALL, gain, 4, less, 4, 0.05), ==, MIG_CHANGE_WORSE);
  g_assert_cmpint (verdict (MIG_METRIC_LOST_ALL, less, 4, gain, 4, 0.05), ==, MIG_CHANGE_BETTER);
}

static void
test_choice (void)
{
  const double values[] = { 1, 2, 3 };
  gboolean metrics[MIG_N_METRICS] = { FALSE };
  const char *const cases[] = { "cm", "mm", NULL };
  g_autoptr (MigSummary) a = mig_summary_new (), b = mig_summary_new ();
  const MigCompareOptions options = { .metrics = metrics, .cases = cases };

  metrics[MIG_METRIC_WALL_TIME] = metrics[MIG_METRIC_ROUNDS] = TRUE;
  for (guint i = 0; i < 3; i++)
    {
      const char *const labels[] = { "cm", "mc", "mm" };
      case_values_add (a, labels[i], MIG_METRIC_WALL_TIME, values, 3);
      case_values_add (a, labels[i], MIG_METRIC_TOTAL_TIME, values, 3);
      case_values_add (a, labels[i], MIG_METRIC_ROUNDS, values, 3); /* neither better nor worse */
    }
  case_values_add (b, "cm", MIG_METRIC_WALL_TIME, values, 3);
  case_values_add (b, "cm", MIG_METRIC_ROUNDS, values, 3);
  case_values_add (b, "cc", MIG_METRIC_WALL_TIME, values, 3);
  g_autoptr (MigComparison) comparison = mig_compare (a, b, &options);
  g_assert_cmpuint (comparison->changes->len, ==, 1);
  g_assert_cmpstr (g_array_index (comparison->changes, MigChange, 0).case_label, ==, "cm");
  g_assert_cmpint (g_array_index (comparison->changes, MigChange, 0).metric, ==,
                   MIG_METRIC_WALL_TIME);
  g_assert_cmpuint (comparison->only_base->len, ==, 1); /* mm; mc was not asked for */
  g_assert_cmpuint (comparison->only_now->len, ==, 0);
}

static void
test_failures (void)
{
  static const struct {
    guint sound, failed, now_sound, now_failed;
    MigChangeVerdict verdict;
    gboolean lost;
  } sets[] = {
    { 3, 0, 0, 3, MIG_CHANGE_WORSE, TRUE }, /* nothing is left to compare */
    { 10, 0, 3, 7, MIG_CHANGE_WORSE, FALSE },
    { 3, 7, 10, 0, MIG_CHANGE_BETTER, FALSE },
    { 5, 0, 4, 1, MIG_CHANGE_NONE, FALSE },
    { 0, 3, 0, 3, MIG_CHANGE_NONE, FALSE }, /* BASE had none either */
  };

  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autoptr (MigSummary) a = mig_summary_new (), b = mig_summary_new ();
      const MigCompareOptions options = { .threshold = 0.05 };
      add_failures (a, "cm", sets[i].sound, sets[i].failed);
      add_failures (b, "cm", sets[i].now_sound, sets[i].now_failed);
      g_autoptr (MigComparison) comparison = mig_compare (a, b, &options);
      g_assert_cmpuint (comparison->failures->len, ==, 1);
      const MigFailureChange *change = &g_array_index (comparison->failures, MigFailureChange, 0);
      g_assert_cmpint (change->verdict, ==, sets[i].verdict);
      g_assert_cmpint (change->lost, ==, sets[i].lost);
    }
}

/* Runs of NEW that were skipped or interrupted: alone they are no runs, so the case is missing;
 * beside sound ones they are no failures. */
static void
test_not_run (void)
{
  g_autoptr (MigSummary) base = mig_summary_new (), skipped = mig_summary_new (),
                         some = mig_summary_new ();
  MigCompareOptions options = { .threshold = 0.05 };

  add_failures (base, "cm", 10, 0);
  add_failures (skipped, "cm", 0, 3);
  mig_summary_add_case (skipped, "cm")->n_not_run = 3;
  g_autoptr (MigComparison) missing = mig_compare (base, skipped, &options);
  g_assert_cmpuint (missing->failures->len, ==, 0);
  g_assert_cmpuint (missing->missing->len, ==, 1);
  g_assert_cmpuint (missing->only_base->len, ==, 0);
  g_assert_true (mig_comparison_regressed (missing));
  options.allow_missing = TRUE;
  g_autoptr (MigComparison) allowed = mig_compare (base, skipped, &options);
  g_assert_false (mig_comparison_regressed (allowed));
  add_failures (some, "cm", 3, 8);
  mig_summary_add_case (some, "cm")->n_not_run = 7;
  g_autoptr (MigComparison) comparison = mig_compare (base, some, &options);
  const MigFailureChange *change = &g_array_index (comparison->failures, MigFailureChange, 0);
  g_assert_cmpuint (change->now_failed, ==, 1);
  g_assert_cmpuint (change->now_runs, ==, 4);
  g_assert_cmpint (change->verdict, ==, MIG_CHANGE_NONE);
}

static MigEnvironmentRecord
fact (const char *scope, const char *name, const char *value)
{
  return (MigEnvironmentRecord){ (char *) scope, (char *) name, (char *) value, NULL };
}

static void
test_environment (void)
{
  MigEnvironmentRecord base[] = {
    fact ("source", "uri", "qemu:///session?socket=/run/lab-aaaaaa/0/x"),
    fact ("source", "hypervisor version", "10.0.2"),
    fact ("link", "rate configured", "125000000"),
    fact ("link", "rate measured", "119000000"),
    fact ("this machine", "load average before", "1"),
    fact ("this machine", "kernel", "6.1"),
  };
  MigEnvironmentRecord now[] = {
    fact ("source", "uri", "qemu:///session?socket=/run/lab-bbb/0/x"),
    fact ("source", "hypervisor version", "10.1.0"),
    fact ("link", "rate configured", "1250000000"),
    fact ("link", "rate measured", "118000000"),
    fact ("this machine", "load average before", "2"),
    fact ("this machine", "cpu model", "other"),
  };
  g_autoptr (GPtrArray) a = g_ptr_array_new (), b = g_ptr_array_new ();
  g_autoptr (MigSummary) none = mig_summary_new ();
  const MigCompareOptions options = { .threshold = 0.05 };
  g_autoptr (MigComparison) comparison = mig_compare (none, none, &options);

  for (guint i = 0; i < G_N_ELEMENTS (base); i++)
    {
      g_ptr_array_add (a, &base[i]);
      g_ptr_array_add (b, &now[i]);
    }
  mig_compare_environments (comparison, a, b);
  const MigFactChange *facts = (const MigFactChange *) (const void *) comparison->facts->data;
  g_assert_cmpuint (comparison->facts->len, ==, 4);
  g_assert_cmpstr (facts[0].name, ==, "rate configured");
  g_assert_cmpstr (facts[1].name, ==, "cpu model");
  g_assert_true (facts[0].matters && facts[1].matters && !facts[2].matters);
  g_assert_null (facts[1].base);
  g_assert_cmpstr (facts[2].name, ==, "hypervisor version");
  g_assert_cmpstr (facts[3].name, ==, "kernel");
  g_assert_null (facts[3].now);
  now[3].value = (char *) "100000000"; /* a link that is slower by 16 % */
  g_array_set_size (comparison->facts, 0);
  mig_compare_environments (comparison, a, b);
  g_assert_cmpuint (comparison->facts->len, ==, 5);
  g_assert_true (g_array_index (comparison->facts, MigFactChange, 1).matters);
}

/* A result against itself: never, whatever it is. */
static void
test_itself (void)
{
  static const char *const names[] = { "recorded-load-balancing", "recorded-smoke" };
  static const double thresholds[] = { 0, 0.05 };
  gboolean all[MIG_N_METRICS];

  for (guint i = 0; i < MIG_N_METRICS; i++)
    all[i] = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (guint t = 0; t < G_N_ELEMENTS (thresholds); t++)
      {
        g_autoptr (MigLoadedResult) report = recorded_load (names[i]);
        const MigCompareOptions options = { .threshold = thresholds[t], .metrics = all };
        g_autoptr (MigComparison)
            comparison = mig_compare (report->summary, report->summary, &options);
        mig_compare_environments (comparison, report->environment, report->environment);
        g_assert_cmpuint (comparison->changes->len, >, 0);
        g_assert_cmpuint (comparison->facts->len, ==, 0);
        g_assert_cmpuint (comparison->n[MIG_CHANGE_WORSE] + comparison->n[MIG_CHANGE_BETTER] +
                              comparison->n[MIG_CHANGE_DIFFERS],
                          ==, 0);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compare/verdicts", test_verdicts);
  g_test_add_func ("/compare/equal", test_equal);
  g_test_add_func ("/compare/steps", test_steps);
  g_test_add_func ("/compare/missing", test_missing);
  g_test_add_func ("/compare/negative", test_negative);
  g_test_add_func ("/compare/choice", test_choice);
  g_test_add_func ("/compare/failures", test_failures);
  g_test_add_func ("/compare/not-run", test_not_run);
  g_test_add_func ("/compare/environment", test_environment);
  g_test_add_func ("/compare/itself", test_itself);
  return g_test_run ();
}
