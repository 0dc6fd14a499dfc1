/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/files.h"
#include "paper/claims.h"
#include "report/more-time.h"
#include "report/run.h"
#include "results/facts.h"
#include "summary/race.h"
#include "tests/unit/recorded.h"
#include "tests/unit/screen.h"

/* load_as_new: a recorded result, as it would be written now. */
static MigLoadedResult *
load_as_new (const char *name, gint64 last_run)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (top, "result", NULL);

  recorded_renew (name, last_run, path);
  MigLoadedResult *report = mig_loaded_result_read (path, &error);
  g_assert_no_error (error);
  g_assert_true (mig_files_remove_tree (top, &error));
  return report;
}

/* load_renewed: of a run until it is decided. */
static MigLoadedResult *
load_renewed (gint64 last_run)
{
  return load_as_new ("recorded-lab-quarter", last_run);
}

static void
assert_no_command (const MigLoadedResult *report)
{
  g_autofree char *command = NULL, *text = mig_more_time_text (report, &command);

  g_assert_null (text);
  g_assert_null (command);
}

/* What a run left undecided when its time was over: how long that takes, and the command; where
 * room is short that goes before what the signs mean, and comes back for them, if it is of claims
 * alone.
 */
static void
test_more_time (void)
{
  static const char command[] = "\nmigcost run --resume quarter --time 60min\n";
  g_autoptr (MigLoadedResult) report = load_renewed (G_MAXINT64);
  const MigScreen narrow = { 0 },
                  longer = { .page = "migcost-results/load-balancing-20261130-044455/report.html" };

  g_free (report->path);
  report->path = g_strdup ("quarter");
  g_autofree char *text = mig_report_text (report);
  g_assert_nonnull (strstr (text, command));
  g_auto (GStrv) lines = screen_lines (report, &narrow);
  g_autofree char *screen = g_strjoinv ("\n", lines);
  g_assert_null (strstr (screen, command));
  g_assert_nonnull (strstr (screen, "c computes, m updates memory"));
  g_auto (GStrv) more_lines = screen_lines (report, &longer);
  g_autofree char *more_screen = g_strjoinv ("\n", more_lines);
  g_assert_nonnull (strstr (more_screen, command));
  g_assert_null (strstr (more_screen, "c computes, m updates memory"));
  report->complete = FALSE; /* it may be going on */
  assert_no_command (report);
  report->complete = TRUE;
  for (guint i = report->environment->len; i > 0; i--)
    if (mig_fact_is (report->environment->pdata[i - 1], MIG_FACT_TIME_LIMIT))
      g_ptr_array_remove_index (report->environment, i - 1);
  assert_no_command (report); /* time did not end it */
}

/* The command can be copied: in a line of its own, however long, and as a shell reads it. */
static void
test_more_time_command (void)
{
  g_autoptr (MigLoadedResult) report = load_renewed (12);
  const MigScreen screen = { 0 };

  g_free (report->path);
  report->path = g_strdup ("load balancing of four guests, Bob's own run/20261130-044455");
  g_autofree char *command = NULL, *text = mig_more_time_text (report, &command);
  g_auto (GStrv) words = NULL;
  g_assert_nonnull (text);
  g_assert_true (g_shell_parse_argv (command, NULL, &words, NULL));
  g_assert_cmpuint (g_strv_length (words), ==, 6);
  g_assert_cmpstr (words[3], ==, report->path);
  g_autofree char *line = g_strconcat ("\n", command, "\n", NULL);
  g_autofree char *code = g_strconcat ("\n    ", command, "\n", NULL);
  g_autofree char *whole = mig_report_text (report), *markdown = mig_report_markdown (report);
  g_autofree char *overview = mig_report_overview (report, &screen);
  g_assert_nonnull (strstr (whole, line));
  g_assert_nonnull (strstr (markdown, code));
  g_assert_cmpuint (strlen (command), >, 80);
  g_assert_nonnull (strstr (overview, line));
}

/* Of a run of 14 repetitions: what the fewest more of them would decide. */
static void
test_more_repetitions (void)
{
  g_autoptr (MigLoadedResult) report = load_as_new ("recorded-kvm-load-balancing", G_MAXINT64);
  const MigScreen screen = { 0 };

  g_free (report->path);
  report->path = g_strdup ("kvm");
  g_autofree char *overview = mig_report_overview (report, &screen);
  g_assert_nonnull (strstr (overview, "About 16 more repetitions would show it."));
  g_assert_nonnull (strstr (overview, "About 30 repetitions of each case would decide more"));
  g_assert_nonnull (strstr (overview, "\nmigcost run --resume kvm --repeat 30\n"));
  report->complete = FALSE;
  assert_no_command (report);
}

/* Nothing is open, or what is takes longer than a day. */
static void
test_more_repetitions_none (void)
{
  g_autoptr (MigLoadedResult) decided = load_as_new ("recorded-smoke", G_MAXINT64);
  g_autoptr (MigLoadedResult) open = load_as_new ("recorded-kvm-load-balancing", G_MAXINT64);

  assert_no_command (decided);
  for (guint i = 0; i < open->summary->runs->len; i++)
    ((MigRunSummary *) open->summary->runs->pdata[i])->length_s *= 100;
  assert_no_command (open);
}

/* What was watched is no run of a study: nobody can repeat it. Nor is a plan that was executed. */
static void
test_more_repetitions_of_others (void)
{
  static const char *const others[][2] = { { MIG_WATCH_NAME, MIG_WATCH_TITLE },
                                           { MIG_EXECUTION_NAME, MIG_EXECUTION_TITLE } };
  g_autoptr (MigLoadedResult) report = load_as_new ("recorded-kvm-load-balancing", G_MAXINT64);

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_free (report->manifest.study_name);
      g_free (report->manifest.study_title);
      report->manifest.study_name = g_strdup (others[i][0]);
      report->manifest.study_title = g_strdup (others[i][1]);
      assert_no_command (report);
    }
}

/* Not named is a command that would be refused. */
static void
test_more_time_older (void)
{
  g_autoptr (MigLoadedResult) report = recorded_load ("recorded-lab-quarter");

  assert_no_command (report);
}

/* What cannot be decided by measuring takes no time: guests left behind get equally much done. */
static void
test_more_time_settled (void)
{
  g_autoptr (MigLoadedResult) report = load_renewed (G_MAXINT64);
  const MigConclusion *throughput = report->conclusions->pdata[2];
  MigMoreTime before, after;

  g_assert_true (mig_more_time_find (report, &before));
  g_assert_true (before.all);
  for (guint i = 0; i < throughput->evidence->len; i++)
    {
      MigPairedTest *test = throughput->evidence->pdata[i];
      test->wide_low = test->wide_high = 0;
      g_assert_true (mig_paired_test_is_alike (test));
    }
  g_assert_true (mig_more_time_find (report, &after));
  g_assert_cmpfloat (after.more_s, >, 0);
  g_assert_cmpfloat (after.more_s, <, before.more_s / 2);
}

/* A claim that takes more than an hour is not waited for: in runs that take four times as long. */
static void
test_more_time_long (void)
{
  g_autoptr (MigLoadedResult) report = load_renewed (G_MAXINT64);
  MigMoreTime shorter, longer;

  g_assert_true (mig_more_time_find (report, &shorter));
  g_assert_true (shorter.all);
  for (guint i = 0; i < report->summary->runs->len; i++)
    ((MigRunSummary *) report->summary->runs->pdata[i])->length_s *= 4;
  g_assert_true (mig_more_time_find (report, &longer));
  g_assert_false (longer.all);
  g_assert_cmpfloat (longer.more_s, >, 0);
  g_assert_cmpfloat (longer.more_s, <, 2 * shorter.more_s);
}

static void
set_claims_unknown (GPtrArray *conclusions)
{
  for (guint i = 0; i < conclusions->len; i++)
    {
      MigConclusion *conclusion = conclusions->pdata[i];
      if (conclusion->number > 2)
        conclusion->verdict = MIG_VERDICT_SUPPORTED;
      for (guint j = 0; j < conclusion->evidence->len; j++)
        {
          MigPairedTest *test = conclusion->evidence->pdata[j];
          test->error = test->raced ? 0 : test->error;
        }
    }
}

/* Total time is counted once, though claims speak of it, too; and of what is not known how long it
 * takes, it is not said that all is. */
static void
test_more_time_once (void)
{
  g_autoptr (MigLoadedResult) report = load_renewed (12);
  const MigClaimSource source = { report->summary, report->conclusions, NULL };
  MigMoreTime more;
  gboolean all;
  guint n_of_time = 0;

  set_claims_unknown (report->conclusions);
  for (guint i = 0; i < mig_claims_of_conclusions (); i++)
    {
      const MigClaimFinding finding = mig_claim_find (i, &source);
      n_of_time += mig_claim_at (i).cost == MIG_COST_TIME && finding.more_s > 0;
    }
  g_assert_cmpuint (n_of_time, >, 0);
  double remaining_s = mig_race_remaining (report->summary->race, &all);
  g_assert_true (all);
  g_assert_cmpfloat (remaining_s, >, 0);
  g_assert_true (mig_more_time_find (report, &more));
  g_assert_cmpfloat (more.more_s, ==, remaining_s);
  g_assert_false (more.all);
  g_autofree char *command = NULL, *text = mig_more_time_text (report, &command);
  g_assert_true (g_str_has_prefix (text, "More is decided in about "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/more-time/time", test_more_time);
  g_test_add_func ("/more-time/command", test_more_time_command);
  g_test_add_func ("/more-time/repetitions", test_more_repetitions);
  g_test_add_func ("/more-time/no-repetitions", test_more_repetitions_none);
  g_test_add_func ("/more-time/others", test_more_repetitions_of_others);
  g_test_add_func ("/more-time/older", test_more_time_older);
  g_test_add_func ("/more-time/settled", test_more_time_settled);
  g_test_add_func ("/more-time/long", test_more_time_long);
  g_test_add_func ("/more-time/once", test_more_time_once);
  return g_test_run ();
}
