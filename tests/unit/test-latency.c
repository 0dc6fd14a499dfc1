/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/unit/run-tables.h"

/* How long requests to the server of a guest that moves took, before, during and after. */

#define MS MIG_NS_PER_MS

static void
send_request (MigAnalysis *analysis, const char *guest, gint64 sent_ns, gint64 wait_ns)
{
  const MigRequestRecord row = { .run = 1,
                                 .guest = (char *) guest,
                                 .sent_ns = sent_ns,
                                 .answered_ns = sent_ns + wait_ns,
                                 .status = 200,
                                 .given_up_ns = MIG_MISSING_INT };
  mig_analysis_add_request (analysis, &row);
}

static void
give_up (MigAnalysis *analysis, gint64 sent_ns, gint64 given_up_ns)
{
  const MigRequestRecord row = { .run = 1,
                                 .guest = (char *) "g",
                                 .sent_ns = sent_ns,
                                 .answered_ns = MIG_MISSING_INT,
                                 .status = MIG_MISSING_INT,
                                 .given_up_ns = given_up_ns };
  mig_analysis_add_request (analysis, &row);
}

static void
assert_ms (const MigStat *stat, double ms)
{
  g_assert_cmpuint (stat->n, ==, 1);
  g_assert_cmpfloat_with_epsilon (stat->mean, ms / 1000, 1e-9);
}

/* 200 before, of 1 to 200 ms; the last one of them reaches into the migration, whose own are of
 * 300 and 400 ms; later ones take 5 ms. */
static void
test_phases (void)
{
  static const MadeRun made = { 0 };
  RunTables t;

  run_tables_init (&t);
  run_tables_add_run (&t, 1, &made);
  const MigMigrationRecord *m = t.migrations->pdata[0];
  g_autoptr (MigAnalysis) analysis = mig_analysis_new (t.schedule, t.runs, t.guests, t.migrations);
  for (gint64 i = 1; i < 200; i++)
    send_request (analysis, "g", m->start_ns - 300 * MS, i * MS);
  send_request (analysis, "g", m->start_ns - 100 * MS, 200 * MS);
  send_request (analysis, "g", m->start_ns + 1 * MS, 300 * MS);
  send_request (analysis, "g", m->end_ns - 1 * MS, 400 * MS);
  send_request (analysis, "g", m->end_ns, 5 * MS);
  send_request (analysis, "g", m->end_ns + 1000 * MS, 5 * MS);
  send_request (analysis, "g", m->end_ns, -5 * MS);     /* is not counted */
  send_request (analysis, "nobody", m->end_ns, 5 * MS); /* nor is that */
  g_autoptr (MigSummary) summary = mig_analysis_finish (analysis);
  const MigStat *stats = ((const MigCaseSummary *) summary->cases->pdata[0])->stats;
  assert_ms (&stats[MIG_METRIC_REQUEST_P50_BEFORE], 100); /* of 199, by the nearest rank */
  assert_ms (&stats[MIG_METRIC_REQUEST_P99_BEFORE], 198);
  assert_ms (&stats[MIG_METRIC_REQUEST_MAX_BEFORE], 199);
  assert_ms (&stats[MIG_METRIC_REQUEST_P50_DURING], 300); /* of 200, 300 and 400 */
  assert_ms (&stats[MIG_METRIC_REQUEST_MAX_DURING], 400);
  assert_ms (&stats[MIG_METRIC_REQUEST_P50_AFTER], 5);
  assert_ms (&stats[MIG_METRIC_REQUEST_P99_AFTER], 5);
  assert_ms (&stats[MIG_METRIC_REQUESTS_UNANSWERED], 0);
  g_assert_cmpint (summary->ignored_rows, ==, 1);
  run_tables_clear (&t);
}

/* Of three requests that were sent while the guest moved two got no answer, nor did one later:
 * their waits count as far as they are known. A server that never answered is none. */
static void
test_unanswered (void)
{
  static const MadeRun made = { 0 };
  RunTables t;

  run_tables_init (&t);
  run_tables_add_run (&t, 1, &made);
  const MigMigrationRecord *m = t.migrations->pdata[0];
  for (gboolean answers = FALSE; answers <= TRUE; answers++)
    {
      g_autoptr (MigAnalysis)
          analysis = mig_analysis_new (t.schedule, t.runs, t.guests, t.migrations);
      if (answers)
        send_request (analysis, "g", m->start_ns + 1 * MS, 300 * MS);
      give_up (analysis, m->start_ns + 2 * MS, m->start_ns + 25002 * MS);
      give_up (analysis, m->start_ns + 3 * MS, m->start_ns + 25002 * MS);
      give_up (analysis, m->end_ns + 1 * MS, m->end_ns + 4001 * MS);
      give_up (analysis, m->end_ns, MIG_MISSING_INT); /* is not counted */
      g_autoptr (MigSummary) summary = mig_analysis_finish (analysis);
      const MigStat *stats = ((const MigCaseSummary *) summary->cases->pdata[0])->stats;
      g_assert_cmpuint (stats[MIG_METRIC_REQUESTS_UNANSWERED].n, ==, answers);
      g_assert_cmpuint (stats[MIG_METRIC_REQUEST_MAX_DURING].n, ==, answers);
      if (!answers)
        continue;
      assert_ms (&stats[MIG_METRIC_REQUEST_P50_DURING], 24999);
      assert_ms (&stats[MIG_METRIC_REQUEST_MAX_DURING], 25000);
      assert_ms (&stats[MIG_METRIC_REQUEST_MAX_AFTER], 4000);
      assert_ms (&stats[MIG_METRIC_REQUESTS_UNANSWERED], 3000);
    }
  run_tables_clear (&t);
}

/* Nothing is missing of guests without a server; of one whose requests ended, the later ones are.
 */
static void
test_missing (void)
{
  static const MadeRun made = { 0 };
  RunTables t;

  run_tables_init (&t);
  run_tables_add_run (&t, 1, &made);
  const MigMigrationRecord *m = t.migrations->pdata[0];
  for (gboolean serves = FALSE; serves <= TRUE; serves++)
    {
      g_autoptr (MigAnalysis)
          analysis = mig_analysis_new (t.schedule, t.runs, t.guests, t.migrations);
      if (serves)
        send_request (analysis, "g", m->start_ns - 300 * MS, 2 * MS);
      g_autoptr (MigSummary) summary = mig_analysis_finish (analysis);
      const MigCaseSummary *study_case = summary->cases->pdata[0];
      g_assert_cmpuint (study_case->stats[MIG_METRIC_REQUEST_P50_BEFORE].n, ==, serves);
      g_assert_cmpuint (study_case->stats[MIG_METRIC_REQUEST_P50_AFTER].n, ==, 0);
      g_assert_true ((study_case->missing[MIG_METRIC_REQUEST_P50_AFTER] != NULL) == serves);
    }
  run_tables_clear (&t);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/latency/phases", test_phases);
  g_test_add_func ("/latency/unanswered", test_unanswered);
  g_test_add_func ("/latency/missing", test_missing);
  return g_test_run ();
}
