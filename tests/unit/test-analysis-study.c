/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#include "base/files.h"
#include "report/loaded-result.h"
#include "tests/unit/synthetic.h"

/* The analysis of a whole study whose true values are known: those of tests/unit/synthetic.c. */

#define PERIOD_NS (50 * MIG_NS_PER_MS)

static const SyntheticOptions plain = {
  .repetitions = 4, .period_ns = PERIOD_NS, .with_stamps = TRUE, .window_ns = 40 * MIG_NS_PER_S
};

typedef struct {
  char *top;
  MigLoadedResult *report;
  const MigSummary *summary;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  f->top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (f->top, "result", NULL);
  synthetic_write (path, data);
  f->report = mig_loaded_result_read (path, &error);
  g_assert_no_error (error);
  f->summary = f->report->summary;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mig_loaded_result_free (f->report);
  g_assert_true (mig_files_remove_tree (f->top, NULL));
  g_free (f->top);
}

static const MigStat *
stat_of (Fixture *f, const char *label, MigMetric metric)
{
  return mig_case_stat (mig_summary_find_case (f->summary, label), metric, NULL);
}

static double
true_time (const char *label, guint repetitions)
{
  double sum = 0;
  for (guint r = 1; r <= repetitions; r++)
    sum += synthetic_time_s (label[0], 1, r) + synthetic_time_s (label[1], 2, r);
  return sum / repetitions;
}

static void
test_times (Fixture *f, gconstpointer data)
{
  static const char *const labels[] = { "cc", "cm", "mc", "mm" };

  g_assert_cmpuint (f->summary->cases->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      const MigCaseSummary *study_case = f->summary->cases->pdata[i];
      const MigStat *stat = stat_of (f, labels[i], MIG_METRIC_TOTAL_TIME);
      double down = synthetic_downtime_s (labels[i][0]) + synthetic_downtime_s (labels[i][1]);
      g_assert_cmpstr (study_case->label, ==, labels[i]);
      g_assert_cmpint (study_case->planned, ==, 4);
      g_assert_cmpuint (study_case->n_sound, ==, 4);
      g_assert_cmpuint (stat->n, ==, 4);
      g_assert_cmpfloat_with_epsilon (stat->mean, true_time (labels[i], 4), 1e-6);
      g_assert_cmpfloat_with_epsilon (stat_of (f, labels[i], MIG_METRIC_WALL_TIME)->mean,
                                      stat->mean, 1e-6);
      g_assert_cmpfloat_with_epsilon (stat_of (f, labels[i], MIG_METRIC_DOWNTIME_EVENTS)->mean,
                                      down, 1e-6);
      /* two migrations: twice the resolution */
      g_assert_cmpfloat_with_epsilon (stat_of (f, labels[i], MIG_METRIC_DOWNTIME_GUEST)->mean, down,
                                      0.1);
      g_assert_cmpfloat (stat_of (f, labels[i], MIG_METRIC_DOWNTIME_GUEST_LOW)->mean, <=, down);
      g_assert_cmpfloat (stat_of (f, labels[i], MIG_METRIC_DOWNTIME_GUEST_HIGH)->mean, >=, down);
    }
}

/* In cm, c1 leaves first. VMco (c2, m2): of one's CPU share 1/4 before, 0.7/4 while 4 share, 0.7/3
 * after c1 is gone and while m1 is suspended 0.7/2. So the lost work follows from the plan. */
static void
test_lost_work (Fixture *f, gconstpointer data)
{
  double expected = 0;

  for (guint r = 1; r <= 4; r++)
    {
      double t1 = synthetic_time_s ('c', 1, r), t2 = synthetic_time_s ('m', 2, r);
      double four = t1 - 0.5, three = 0.5 + t2 - 0.5, two = 0.5;
      /* at the suspension of a guest the others' share does not change in the formula */
      expected += 2 * (four * (1 - 0.7) + three * (1 - 0.7 * 4 / 3) + two * (1 - 0.7 * 4 / 2)) / 4;
    }
  g_assert_cmpfloat_with_epsilon (stat_of (f, "cm", MIG_METRIC_LOST_VMCO)->mean, expected, 0.1);
  for (guint i = 0; i < f->summary->cases->len; i++)
    {
      const MigCaseSummary *c = f->summary->cases->pdata[i];
      g_assert_cmpfloat_with_epsilon (
          c->stats[MIG_METRIC_LOST_ALL].mean,
          c->stats[MIG_METRIC_LOST_VMMG].mean + c->stats[MIG_METRIC_LOST_VMCO].mean, 1e-6);
      /* with the window's end far behind, what they gained by the spread outweighs */
      g_assert_cmpfloat (c->stats[MIG_METRIC_WINDOW_LOST_VMCO].mean, <,
                         c->stats[MIG_METRIC_LOST_VMCO].mean);
    }
}

static void
test_cpu (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < f->summary->cases->len; i++)
    {
      const MigCaseSummary *c = f->summary->cases->pdata[i];
      g_assert_cmpfloat_with_epsilon (c->stats[MIG_METRIC_VMMG_CPU_BEFORE].mean, 0.25, 0.01);
      g_assert_cmpfloat_with_epsilon (c->stats[MIG_METRIC_VMCO_CPU_BEFORE].mean, 0.25, 0.01);
      g_assert_cmpfloat (c->stats[MIG_METRIC_MANAGEMENT_SOURCE].mean, >, 0.25);
      g_assert_cmpfloat (c->stats[MIG_METRIC_MANAGEMENT_SOURCE].mean, <, 0.31);
      g_assert_cmpfloat_with_epsilon (c->stats[MIG_METRIC_MANAGEMENT_DESTINATION].mean, 0, 1e-9);
      g_assert_cmpfloat (c->stats[MIG_METRIC_VMCO_WAIT_DURING].mean, >, 0.5);
      g_assert_null (c->missing[MIG_METRIC_VMMG_CPU_DURING]);
    }
}

static void
test_classes (Fixture *f, gconstpointer data)
{
  const MigCaseSummary *cm = mig_summary_find_case (f->summary, "cm");
  const MigCaseSummary *cc = mig_summary_find_case (f->summary, "cc");
  const MigStat *time_m = mig_case_stat (cm, MIG_METRIC_GUEST_TIME, "m");

  g_assert_cmpfloat_with_epsilon (time_m->mean,
                                  (synthetic_time_s ('m', 2, 1) + synthetic_time_s ('m', 2, 2) +
                                   synthetic_time_s ('m', 2, 3) + synthetic_time_s ('m', 2, 4)) /
                                      4,
                                  1e-6);
  g_assert_cmpuint (mig_case_stat (cc, MIG_METRIC_LEFT_THROUGHPUT, "c")->n, ==, 0); /* none stays */
  g_assert_cmpuint (mig_case_stat (cc, MIG_METRIC_LEFT_THROUGHPUT, "m")->n, ==, 4);
  g_assert_cmpuint (mig_case_stat (cc, MIG_METRIC_GUEST_TIME, "m")->n, ==, 0); /* none moves */
  g_assert_null (mig_case_stat (cc, MIG_METRIC_GUEST_TIME, "x"));
  g_assert_cmpint (f->summary->common_window_ns, ==, 40 * MIG_NS_PER_S);
}

static void
test_agreement (Fixture *f, gconstpointer data)
{
  const MigAgreement *a = &f->summary->agreement;

  g_assert_cmpuint (a->idle, ==, 16); /* the first of two */
  g_assert_cmpuint (a->busy, ==, 16);
  g_assert_cmpuint (a->idle_agree, ==, 16);
}

static MigConclusion *
conclusion (Fixture *f, guint number)
{
  g_assert_cmpuint (f->report->conclusions->len, ==, 4);
  return f->report->conclusions->pdata[number - 1];
}

static void
test_conclusions (Fixture *f, gconstpointer data)
{
  /* by the formula: time cc 8.8+, cm 14.8+, mc 16+, mm 22+; downtime of cm and mc the same */
  MigConclusion *first = conclusion (f, 1), *second = conclusion (f, 2);
  g_assert_cmpuint (first->evidence->len, ==, 12);
  g_assert_cmpint (mig_conclusion_judge (first, MIG_COST_TIME), ==, MIG_VERDICT_SUPPORTED);
  g_assert_cmpint (mig_conclusion_judge (first, MIG_COST_DOWNTIME), ==, MIG_VERDICT_NOT_SUPPORTED);
  g_assert_cmpint (first->verdict, ==, MIG_VERDICT_NOT_SUPPORTED);
  g_assert_true (g_str_has_prefix (first->note, "holds in 6 of 6 comparisons of time and 5 of 6"));
  g_assert_cmpuint (second->evidence->len, ==, 2);
  MigPairedTest *time = second->evidence->pdata[0];
  g_assert_cmpstr (time->a, ==, "cm");
  g_assert_cmpstr (time->b, ==, "mc");
  g_assert_cmpint (time->verdict, ==, MIG_VERDICT_SUPPORTED);
  g_assert_cmpfloat_with_epsilon (time->difference.mean, true_time ("mc", 4) - true_time ("cm", 4),
                                  1e-6);
  g_assert_nonnull (strstr (conclusion (f, 3)->note, "by mean total time: cc, cm, mc, mm"));
  g_assert_cmpint (conclusion (f, 4)->verdict, ==, MIG_VERDICT_SUPPORTED);
}

static void
test_recommendation (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (f->summary->recommendations->len, ==, 1);
  MigRecommendation *r = f->summary->recommendations->pdata[0];
  g_assert_cmpstr (r->best, ==, "cm");
  g_assert_cmpstr (r->other, ==, "mc");
  g_assert_true (r->shown);
  g_assert_cmpfloat_with_epsilon (r->time.mean, true_time ("mc", 4) - true_time ("cm", 4), 1e-6);
}

static void
test_one_repetition (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (stat_of (f, "cc", MIG_METRIC_TOTAL_TIME)->n, ==, 1);
  for (guint i = 1; i <= 4; i++)
    g_assert_cmpint (conclusion (f, i)->verdict, ==, MIG_VERDICT_INCONCLUSIVE);
  g_assert_false (((MigRecommendation *) f->summary->recommendations->pdata[0])->shown);
}

static void
test_failures (Fixture *f, gconstpointer data)
{
  guint unsound = 0;

  g_assert_cmpuint (f->summary->runs->len, ==, 14);
  for (guint i = 0; i < f->summary->runs->len; i++)
    {
      const MigRunSummary *run = f->summary->runs->pdata[i];
      unsound += !run->sound;
      g_assert_true (run->sound == (run->reason == NULL));
    }
  g_assert_cmpuint (unsound, ==, 2);
  g_assert_cmpuint (f->summary->damaged->len, ==, 1);
  g_assert_cmpuint (mig_summary_find_case (f->summary, "mm")->n_runs, ==, 4);
  g_assert_cmpuint (mig_summary_find_case (f->summary, "mm")->n_sound, ==, 3);
  g_assert_cmpuint (stat_of (f, "mm", MIG_METRIC_TOTAL_TIME)->n, ==, 3);
}

static void
test_missing (Fixture *f, gconstpointer data)
{
  const MigCaseSummary *cc = mig_summary_find_case (f->summary, "cc");

  g_assert_cmpuint (stat_of (f, "cc", MIG_METRIC_SENT)->n, ==, 0);
  g_assert_nonnull (cc->missing[MIG_METRIC_SENT]);
  g_assert_cmpuint (stat_of (f, "cc", MIG_METRIC_DOWNTIME_EVENTS)->n, ==, 0);
  g_assert_cmpuint (stat_of (f, "cc", MIG_METRIC_DOWNTIME_GUEST)->n, ==, 3);
  g_assert_cmpint (f->summary->downtime_metric, ==, MIG_METRIC_DOWNTIME_GUEST);
  g_assert_cmpuint (f->summary->agreement.idle, ==, 0);
}

/* Once cm and mc have different values of something that is swept, no conclusion compares them. */
static void
test_conditions (void)
{
  const SyntheticOptions options = { 3, 10 * MIG_NS_PER_MS, 20 * MIG_NS_PER_S, FALSE, TRUE };
  g_autoptr (GError) error = NULL;
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (top, "result", NULL),
                  *csv = g_build_filename (path, "parameters.csv", NULL);

  synthetic_write (path, &options);
  g_assert_true (g_file_set_contents (
      csv,
      "case_label,parameter,value,value_number,unit\n"
      "cc,link,1 Gbit/s,125000000,bytes/s\ncm,link,1 Gbit/s,125000000,bytes/s\n"
      "mc,link,1 Mbit/s,125000,bytes/s\nmm,link,1 Gbit/s,125000000,bytes/s\n",
      -1, NULL));
  MigLoadedResult *report = mig_loaded_result_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->summary->recommendations->len, ==, 0); /* of the same guests there is
                                                                      one order left */
  guint n_evidence = 0;
  for (guint i = 0; i < report->conclusions->len; i++)
    {
      const MigConclusion *conclusion = report->conclusions->pdata[i];
      for (guint j = 0; j < conclusion->evidence->len; j++, n_evidence++)
        {
          const MigPairedTest *e = conclusion->evidence->pdata[j];
          g_assert_cmpstr (e->a, !=, "mc");
          g_assert_cmpstr (e->b, !=, "mc");
        }
    }
  g_assert_cmpuint (n_evidence, >, 0);
  mig_loaded_result_free (report);
  g_assert_true (mig_files_remove_tree (top, NULL));
}

int
main (int argc, char **argv)
{
  static const SyntheticOptions one = {
    .repetitions = 1, .period_ns = PERIOD_NS, .with_stamps = TRUE, .window_ns = 40 * MIG_NS_PER_S
  };
  static const SyntheticOptions failing = { .repetitions = 3,
                                            .period_ns = PERIOD_NS,
                                            .with_stamps = TRUE,
                                            .window_ns = 40 * MIG_NS_PER_S,
                                            .with_failures = TRUE };
  static const SyntheticOptions bare = { .repetitions = 3,
                                         .period_ns = PERIOD_NS,
                                         .window_ns = 40 * MIG_NS_PER_S };

  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/analysis/study/times", Fixture, &plain, set_up, test_times, tear_down);
  g_test_add ("/analysis/study/lost-work", Fixture, &plain, set_up, test_lost_work, tear_down);
  g_test_add ("/analysis/study/cpu", Fixture, &plain, set_up, test_cpu, tear_down);
  g_test_add ("/analysis/study/classes", Fixture, &plain, set_up, test_classes, tear_down);
  g_test_add ("/analysis/study/agreement", Fixture, &plain, set_up, test_agreement, tear_down);
  g_test_add ("/analysis/study/conclusions", Fixture, &plain, set_up, test_conclusions, tear_down);
  g_test_add ("/analysis/study/recommendation", Fixture, &plain, set_up, test_recommendation,
              tear_down);
  g_test_add ("/analysis/study/one-repetition", Fixture, &one, set_up, test_one_repetition,
              tear_down);
  g_test_add ("/analysis/study/failures", Fixture, &failing, set_up, test_failures, tear_down);
  g_test_add ("/analysis/study/missing", Fixture, &bare, set_up, test_missing, tear_down);
  g_test_add_func ("/analysis/study/conditions", test_conditions);
  return g_test_run ();
}
