/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/overview.h"
#include "summary/extent.h"
#include "tests/unit/recorded.h"
#include "tests/unit/run-tables.h"

/* How much of its schedule a run has done, and what is said where that is not all. */

typedef struct {
  GPtrArray *schedule, *runs, *decisions;
} Rows;

static void
rows_clear (Rows *rows)
{
  g_ptr_array_unref (rows->schedule);
  g_ptr_array_unref (rows->runs);
  g_ptr_array_unref (rows->decisions);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

static void
add_run (Rows *rows, gint64 repetition, const char *status)
{
  MigRunRecord *run = g_new (MigRunRecord, 1);

  mig_record_init (MIG_TABLE_RUNS, run);
  run->run = rows->runs->len + 1;
  run->case_label = (char *) "cm";
  run->repetition = repetition;
  run->status = (char *) status;
  g_ptr_array_add (rows->runs, run);
}

/* rows_init: statuses: of repetitions 1, 2, ...; NULL: it has no run. */
static void
rows_init (Rows *rows, const char *const *statuses, guint n)
{
  rows->schedule = g_ptr_array_new_with_free_func (g_free);
  rows->runs = g_ptr_array_new_with_free_func (g_free);
  rows->decisions = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n; i++)
    {
      MigScheduleRecord *item = g_new (MigScheduleRecord, 1);
      *item = (MigScheduleRecord){ i + 1, (char *) "cm", i + 1 };
      g_ptr_array_add (rows->schedule, item);
      if (statuses[i])
        add_run (rows, i + 1, statuses[i]);
    }
}

static void
assert_extent (const Rows *rows, guint failed, guint left, gboolean ended)
{
  MigExtent extent = mig_extent_of (rows->schedule, rows->runs, NULL);

  g_assert_cmpuint (extent.n_planned, ==, rows->schedule->len);
  g_assert_cmpuint (extent.n_failed, ==, failed);
  g_assert_cmpuint (extent.n_left, ==, left);
  g_assert_cmpint (extent.ended, ==, ended);
}

/* Of a fixed number: it has ended when each repetition was run to its end; what failed and was run
 * again has not failed. */
static void
test_fixed (void)
{
  static const char *const ended[] = { "ok", "failed", "skipped" };
  static const char *const cut[] = { "ok", "interrupted", NULL };
  g_auto (Rows) whole = { 0 }, part = { 0 }, none = { 0 };

  rows_init (&whole, ended, 3);
  assert_extent (&whole, 1, 0, TRUE);
  add_run (&whole, 2, "ok");
  assert_extent (&whole, 0, 0, TRUE);
  rows_init (&part, cut, 3);
  assert_extent (&part, 0, 2, FALSE);
  g_assert_cmpuint (mig_extent_of (part.schedule, part.runs, NULL).n_absent, ==, 1);
  rows_init (&none, NULL, 0);
  assert_extent (&none, 0, 0, FALSE);
}

/* A run that ends by itself has ended when it said so after its last run. */
static void
test_ends_by_itself (void)
{
  static const char *const statuses[] = { "ok", "failed" };
  g_auto (Rows) rows = { 0 };
  MigDecisionRecord *end = g_new (MigDecisionRecord, 1);

  rows_init (&rows, statuses, 2);
  g_assert_false (mig_extent_of (rows.schedule, rows.runs, rows.decisions).ended);
  mig_record_init (MIG_TABLE_DECISIONS, end);
  end->run = 2;
  end->decision = (char *) MIG_DECISION_END;
  g_ptr_array_add (rows.decisions, end);
  g_assert_true (mig_extent_of (rows.schedule, rows.runs, rows.decisions).ended);
  add_run (&rows, 2, "failed"); /* it was resumed */
  g_assert_false (mig_extent_of (rows.schedule, rows.runs, rows.decisions).ended);
}

/* What is said of a result that is not complete. */
static void
test_text (void)
{
  g_autoptr (MigLoadedResult) result = recorded_load ("recorded-lab-quarter");

  g_assert_cmpuint (result->extent.n_planned, ==, 14);
  g_assert_true (result->extent.ended);
  g_assert_null (mig_overview_why_incomplete (result));
  result->extent.n_absent = 1;
  g_autofree char *lost = mig_overview_why_incomplete (result);
  g_assert_nonnull (g_strrstr (lost, "of its 14 repetitions 1 has no row in runs.csv"));
  result->complete = FALSE;
  g_autofree char *interrupted = mig_overview_why_incomplete (result);
  g_assert_nonnull (g_strrstr (interrupted, "still going on or was interrupted"));
  result->extent.n_failed = 1;
  g_autofree char *one = mig_overview_why_incomplete (result);
  g_assert_nonnull (g_strrstr (one, "has ended, and 1 of its 14 repetitions failed"));
  g_assert_nonnull (g_strrstr (one, "runs it again"));
  result->extent.n_failed = 2;
  g_autofree char *two = mig_overview_why_incomplete (result);
  g_assert_nonnull (g_strrstr (two, "runs them again"));
  result->extent.ended = FALSE;
  g_autofree char *more = mig_overview_why_incomplete (result);
  g_assert_nonnull (g_strrstr (more, "still going on or was interrupted"));
}

/* A run without rows of its guests: what they lost is missing, not nothing. */
static void
test_no_guests (void)
{
  static const MigMetric unknown[] = { MIG_METRIC_LOST_VMMG, MIG_METRIC_LOST_ALL,
                                       MIG_METRIC_WINDOW_LOST_VMMG, MIG_METRIC_WINDOW_LOST_ALL,
                                       MIG_METRIC_SWITCH_WAIT };
  const MadeRun made = { .sent_bytes = 1e9 };
  RunTables t;

  run_tables_init (&t);
  run_tables_add_run (&t, 1, &made);
  g_ptr_array_set_size (t.guests, 0);
  g_autoptr (MigSummary) summary = run_tables_analyse (&t, NULL, 0);
  const MigCaseSummary *study_case = summary->cases->pdata[0];
  g_assert_cmpuint (study_case->stats[MIG_METRIC_TOTAL_TIME].n, ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      g_assert_cmpuint (study_case->stats[unknown[i]].n, ==, 0);
      g_assert_nonnull (study_case->missing[unknown[i]]);
    }
  run_tables_clear (&t);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/extent/fixed", test_fixed);
  g_test_add_func ("/extent/ends-by-itself", test_ends_by_itself);
  g_test_add_func ("/extent/text", test_text);
  g_test_add_func ("/extent/no-guests", test_no_guests);
  return g_test_run ();
}
