/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "summary/post-copy.h"
#include "summary/race.h"
#include "tests/unit/run-tables.h"

/* Migrations that were to go on by post-copy: one whose memory was there first was pre-copy. */

/* One run each, of one guest that moves. */
static MigSummary *
analyse (RunTables *t, const char *const *stopped_by, guint n)
{
  static const MadeRun made = { .sent_bytes = 1e9 };

  run_tables_init (t);
  for (guint i = 0; i < n; i++)
    {
      run_tables_add_run (t, i + 1, &made);
      MigMigrationRecord *m = t->migrations->pdata[i];
      m->technique = (char *) "post-copy";
      m->stopped_by = (char *) stopped_by[i];
      m->post_copy_requests = 100 * (i + 1);
    }
  return run_tables_analyse (t, NULL, 0);
}

static const MigRunSummary *
run_of (const MigSummary *summary, guint index)
{
  return summary->runs->pdata[index];
}

static void
test_switched (void)
{
  static const char *const stopped_by[] = { "post-copy", "post-copy" };
  RunTables t;
  g_autoptr (MigSummary) summary = analyse (&t, stopped_by, 2);

  g_assert_cmpuint (summary->post_copies.n, ==, 2);
  g_assert_cmpuint (summary->post_copies.n_switched, ==, 2);
  g_assert_cmpint (summary->post_copies.requests, ==, 300);
  g_assert_cmpuint (mig_summary_find_case (summary, "g")->n_sound, ==, 2);
  run_tables_clear (&t);
}

/* It is sound, and no run of its case: nor is it one that failed. */
static void
test_late (void)
{
  static const char *const stopped_by[] = { "post-copy", "hypervisor", "pages", "post-copy" };
  RunTables t;
  g_autoptr (MigSummary) summary = analyse (&t, stopped_by, 4);
  const MigCaseSummary *study_case = mig_summary_find_case (summary, "g");

  g_assert_cmpuint (summary->post_copies.n, ==, 4);
  g_assert_cmpuint (summary->post_copies.n_switched, ==, 2);
  g_assert_cmpint (summary->post_copies.requests, ==, 500);
  g_assert_cmpuint (study_case->n_runs, ==, 4);
  g_assert_cmpuint (study_case->n_sound, ==, 2);
  g_assert_cmpuint (study_case->failures->len, ==, 0);
  g_assert_true (run_of (summary, 0)->sound);
  g_assert_null (run_of (summary, 0)->reason);
  for (guint i = 1; i < 3; i++)
    {
      g_assert_false (run_of (summary, i)->sound);
      g_assert_cmpstr (run_of (summary, i)->reason, ==, MIG_POST_COPY_LATE);
    }
  run_tables_clear (&t);
}

/* To a run until it is decided such repetitions are lost ones: it gives their case up. */
static void
test_race (void)
{
  static const char *const stopped_by[] = { "pages", "pages", "pages" };
  const MigRaceRule rule = { .until = MIG_UNTIL_DECIDED };

  for (guint n = MIG_RACE_MAX_FAILURES - 1; n <= MIG_RACE_MAX_FAILURES; n++)
    {
      RunTables t;
      g_autoptr (MigSummary) summary = analyse (&t, stopped_by, n);
      g_autoptr (MigRace) race = mig_race_from_summary (summary, &rule);
      const MigRaceCase *study_case = race->cases->pdata[0];

      g_assert_cmpuint (study_case->n_failed, ==, n);
      g_assert_cmpint (study_case->given_up, ==, n == MIG_RACE_MAX_FAILURES);
      run_tables_clear (&t);
    }
}

/* What ended pre-copy is not known of every result; of several guests one may have switched. */
static void
test_unknown (void)
{
  static const char *const stopped_by[] = { NULL, "hypervisor" };
  static const MadeRun made = { .sent_bytes = 1e9 };
  RunTables t;
  g_autoptr (MigSummary) summary = analyse (&t, stopped_by, 2);

  g_assert_cmpuint (summary->post_copies.n_switched, ==, 1);
  g_assert_true (run_of (summary, 0)->sound);
  g_assert_false (run_of (summary, 1)->sound);

  MigMigrationRecord other = *(const MigMigrationRecord *) t.migrations->pdata[1];
  other.guest = (char *) "h";
  other.stopped_by = (char *) "post-copy";
  other.post_copy_requests = MIG_MISSING_INT;
  run_tables_add (t.migrations, MIG_TABLE_MIGRATIONS, &other);
  run_tables_add_run (&t, 3, &made); /* by pre-copy */
  g_autoptr (MigSummary) both = run_tables_analyse (&t, NULL, 0);
  g_assert_cmpuint (both->post_copies.n, ==, 3);
  g_assert_cmpuint (both->post_copies.n_switched, ==, 2);
  g_assert_true (MIG_IS_MISSING (both->post_copies.requests));
  g_assert_true (run_of (both, 1)->sound);
  g_assert_true (run_of (both, 2)->sound);
  run_tables_clear (&t);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/post-copy/switched", test_switched);
  g_test_add_func ("/post-copy/late", test_late);
  g_test_add_func ("/post-copy/race", test_race);
  g_test_add_func ("/post-copy/unknown", test_unknown);
  return g_test_run ();
}
