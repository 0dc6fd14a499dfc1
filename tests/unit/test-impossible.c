/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "summary/impossible.h"
#include "tests/unit/run-tables.h"

/* Values that cannot be: named, and counted nowhere. */

static void
test_none (void)
{
  const MadeRun quiet = { .sent_bytes = 1e9 };
  RunTables t;

  run_tables_init (&t);
  g_autoptr (MigSummary) summary = run_tables_analyse (&t, &quiet, 1);
  g_assert_cmpuint (summary->impossible->len, ==, 0);
  run_tables_clear (&t);
}

/* Two runs; in the second one's migration the end is 5 ms before the start, and an amount is
 * negative: what is left is the first one's. */
static void
test_migration (void)
{
  const MadeRun runs[] = { { .sent_bytes = 1e9 }, { .sent_bytes = 2e9 } };
  RunTables t;

  run_tables_init (&t);
  for (guint i = 0; i < 2; i++)
    run_tables_add_run (&t, i + 1, &runs[i]);
  MigMigrationRecord *bad = t.migrations->pdata[1];
  const gint64 start_ns = bad->start_ns;
  bad->line = 3;
  bad->end_ns = start_ns - 5 * MIG_NS_PER_MS;
  bad->sent_bytes = -1;
  g_autoptr (MigSummary) summary = run_tables_analyse (&t, NULL, 0);
  g_assert_cmpuint (summary->impossible->len, ==, 2);
  g_assert_cmpstr (summary->impossible->pdata[0], ==,
                   "migrations.csv:3: end_ns is 5.00 ms before start_ns (run 2, guest 'g')");
  g_assert_cmpstr (summary->impossible->pdata[1], ==,
                   "migrations.csv:3: sent_bytes is negative: -1 (run 2, guest 'g')");
  g_assert_true (MIG_IS_MISSING (bad->end_ns));
  g_assert_cmpint (bad->start_ns, ==, start_ns);
  const MigCaseSummary *study_case = summary->cases->pdata[0];
  g_assert_cmpuint (study_case->n_sound, ==, 2);
  g_assert_cmpuint (study_case->stats[MIG_METRIC_TOTAL_TIME].n, ==, 1);
  g_assert_cmpfloat (study_case->stats[MIG_METRIC_TOTAL_TIME].mean, >, 0);
  g_assert_cmpfloat_with_epsilon (study_case->stats[MIG_METRIC_SENT].mean, 1e9, 1);
  run_tables_clear (&t);
}

/* A run whose migrations end before they begin; and stamps that are far from each other. */
static void
test_run (void)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new (), migrations = g_ptr_array_new ();
  MigRunRecord run;
  MigMigrationRecord migration;

  mig_record_init (MIG_TABLE_RUNS, &run);
  mig_record_init (MIG_TABLE_MIGRATIONS, &migration);
  run.run = 7;
  run.line = 8;
  run.migrations_start_ns = 2 * MIG_NS_PER_S;
  run.migrations_end_ns = MIG_NS_PER_S;
  run.window_end_ns = 5; /* of which the start is not known: possible */
  migration.run = 7;
  migration.suspended_ns = G_MAXINT64;
  migration.resumed_ns = G_MININT64 + 1;
  migration.downtime_reported_ns = 0;
  g_ptr_array_add (runs, &run);
  g_ptr_array_add (migrations, &migration);
  g_autoptr (GArray) found = mig_impossible_take_out (runs, migrations);
  g_assert_cmpuint (found->len, ==, 2);
  g_autofree char *first = mig_impossible_text (&g_array_index (found, MigImpossible, 0));
  g_autofree char *second = mig_impossible_text (&g_array_index (found, MigImpossible, 1));
  g_assert_cmpstr (first, ==,
                   "runs.csv:8: migrations_end_ns is 1.00 s before migrations_start_ns (run 7)");
  g_assert_true (g_str_has_prefix (second, "migrations.csv: resumed_ns is "));
  g_assert_true (MIG_IS_MISSING (run.migrations_end_ns) && MIG_IS_MISSING (migration.resumed_ns));
  g_assert_cmpint (run.window_end_ns, ==, 5);
  g_assert_cmpint (migration.downtime_reported_ns, ==, 0);
}

/* A migration of which the guest was suspended before it was called, and that ends after its run.
 */
static void
test_outside_run (void)
{
  const MadeRun runs[] = { { .sent_bytes = 1e9 }, { .sent_bytes = 2e9 } };
  RunTables t;

  run_tables_init (&t);
  for (guint i = 0; i < 2; i++)
    run_tables_add_run (&t, i + 1, &runs[i]);
  MigMigrationRecord *early = t.migrations->pdata[0], *late = t.migrations->pdata[1];
  early->suspended_ns = early->start_ns - 2 * MIG_NS_PER_S;
  early->start_ns -= 3600 * MIG_NS_PER_S;
  late->end_ns += 3600 * MIG_NS_PER_S;
  late->suspended_ns = late->start_ns - 2 * MIG_NS_PER_S;
  late->resumed_ns = ((MigRunRecord *) t.runs->pdata[1])->ended_ns; /* possible */
  g_autoptr (MigSummary) summary = run_tables_analyse (&t, NULL, 0);
  g_assert_cmpuint (summary->impossible->len, ==, 3);
  g_assert_true (g_str_has_suffix (summary->impossible->pdata[0],
                                   " before its run's started_ns (run 1, guest 'g')"));
  g_assert_true (g_str_has_suffix (summary->impossible->pdata[1],
                                   " after its run's ended_ns (run 2, guest 'g')"));
  g_assert_cmpstr (summary->impossible->pdata[2], ==,
                   "migrations.csv: suspended_ns is 2.00 s before start_ns (run 2, guest 'g')");
  g_assert_false (MIG_IS_MISSING (late->resumed_ns));
  g_assert_cmpuint (((MigCaseSummary *) summary->cases->pdata[0])->stats[MIG_METRIC_TOTAL_TIME].n,
                    ==, 0);
  run_tables_clear (&t);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/impossible/none", test_none);
  g_test_add_func ("/impossible/migration", test_migration);
  g_test_add_func ("/impossible/run", test_run);
  g_test_add_func ("/impossible/outside-run", test_outside_run);
  return g_test_run ();
}
