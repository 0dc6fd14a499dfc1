/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "hosts/migration-row.h"
#include "model/training.h"
#include "results/facts.h"
#include "tests/unit/run-tables.h"

/* Disks that a migration copies before it sends memory: what is told of them, and what a model
 * learns from. */

#define S MIG_NS_PER_S

/* What a run has of them. */
typedef struct {
  gint64 total_bytes, sent_bytes, ns;
  gboolean parallel; /* another guest moves at the same time */
} Disks;

static const Disks disks[] = {
  { (gint64) 4e9, (gint64) 3e9, 4 * S, FALSE },
  { MIG_MISSING_INT, MIG_MISSING_INT, MIG_MISSING_INT, FALSE },
  { (gint64) 4e9, (gint64) 4e9, MIG_MISSING_INT, FALSE },
  { (gint64) 4e9, (gint64) 4e9, 4 * S, TRUE },
  { MIG_MISSING_INT, MIG_MISSING_INT, MIG_MISSING_INT, TRUE },
};

static void
add_other_guest (RunTables *t, guint index)
{
  MigGuestRecord guest = *(const MigGuestRecord *) t->guests->pdata[index];
  MigMigrationRecord migration = *(const MigMigrationRecord *) t->migrations->pdata[index];

  guest.guest = migration.guest = (char *) "h";
  migration.disk_total_bytes = migration.disk_sent_bytes = migration.disk_ns = MIG_MISSING_INT;
  run_tables_add (t->guests, MIG_TABLE_GUESTS, &guest);
  run_tables_add (t->migrations, MIG_TABLE_MIGRATIONS, &migration);
}

static void
make_runs (RunTables *t, guint n)
{
  static const MadeRun made = { .sent_bytes = 1e9 };

  run_tables_init (t);
  for (guint i = 0; i < n; i++)
    run_tables_add_run (t, i + 1, &made);
  for (guint i = 0; i < n; i++)
    {
      MigMigrationRecord *m = t->migrations->pdata[i];
      ((MigGuestRecord *) t->guests->pdata[i])->memory_bytes = 64 << 20;
      m->disk_total_bytes = disks[i].total_bytes;
      m->disk_sent_bytes = disks[i].sent_bytes;
      m->disk_ns = disks[i].ns;
      if (disks[i].parallel)
        add_other_guest (t, i);
    }
}

static void
test_summary (void)
{
  RunTables t;
  make_runs (&t, 3);
  g_autoptr (MigSummary) summary = run_tables_analyse (&t, NULL, 0);
  const MigCaseSummary *study_case = mig_summary_find_case (summary, "g");

  g_assert_cmpuint (study_case->stats[MIG_METRIC_DISK_SENT].n, ==, 2);
  g_assert_cmpfloat (study_case->stats[MIG_METRIC_DISK_SENT].mean, ==, 3.5e9);
  g_assert_null (study_case->missing[MIG_METRIC_DISK_SENT]);
  g_assert_cmpuint (study_case->stats[MIG_METRIC_DISK_TIME].n, ==, 1);
  g_assert_cmpfloat (study_case->stats[MIG_METRIC_DISK_TIME].mean, ==, 4);
  g_assert_nonnull (study_case->missing[MIG_METRIC_DISK_TIME]);
  g_assert_cmpfloat (study_case->stats[MIG_METRIC_SENT].mean, ==, 1e9); /* of memory alone */
  g_assert_cmpfloat (study_case->stats[MIG_METRIC_TOTAL_TIME].mean, ==, 10);
  run_tables_clear (&t);
}

static const MigMeasured *
measured_of (const MigTraining *training, guint run)
{
  const MigTrainingRun *of = training->runs->pdata[run];
  return &g_array_index (of->measured, MigMeasured, 0);
}

static double
disk_bytes (const MigTraining *training, guint run, guint vm)
{
  return mig_fleet_vm (((const MigTrainingRun *) training->runs->pdata[run])->fleet, vm)
      ->disk_bytes;
}

/* train: from runs; the analysis owns what the training reads. */
static MigTraining *
train (const RunTables *t, const GPtrArray *rounds, MigAnalysis **analysis)
{
  *analysis = mig_analysis_new (t->schedule, t->runs, t->guests, t->migrations);
  return mig_training_new (mig_analysis_runs (*analysis), rounds, t->environment, t->parameters,
                           NULL);
}

static void
add_link (RunTables *t)
{
  const MigFactInfo *info = mig_fact_info (MIG_FACT_LINK_MEASURED);

  run_tables_add_fact (t, mig_fact_scope_name (info->scope), info->name, "125000000");
}

/* The first round begins 5 s after the migration, of which 4 are of the disks; the run from which
 * their part cannot be told is left out. */
static void
test_training (void)
{
  RunTables t;
  make_runs (&t, G_N_ELEMENTS (disks));
  MigRoundRecord round;
  g_autoptr (GPtrArray) rounds = g_ptr_array_new ();
  g_autoptr (MigAnalysis) analysis = NULL;

  add_link (&t);
  mig_record_init (MIG_TABLE_ROUNDS, &round);
  round.run = 1;
  round.guest = (char *) "g";
  round.round = 1;
  round.start_ns = ((const MigMigrationRecord *) t.migrations->pdata[0])->start_ns + 5 * S;
  g_ptr_array_add (rounds, &round);
  g_autoptr (MigTraining) training = train (&t, rounds, &analysis);
  static const gint64 kept[] = { 1, 2, 4, 5 };
  g_assert_cmpuint (training->runs->len, ==, G_N_ELEMENTS (kept));
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    g_assert_cmpint (((const MigTrainingRun *) training->runs->pdata[i])->run, ==, kept[i]);
  g_assert_cmpfloat (measured_of (training, 0)->time_s, ==, 10);
  g_assert_cmpfloat (measured_of (training, 0)->disk_s, ==, 4);
  g_assert_cmpfloat (measured_of (training, 0)->setup_s, ==, 1);
  g_assert_cmpfloat (measured_of (training, 0)->sent_bytes, ==, 1e9);
  g_assert_cmpfloat (measured_of (training, 1)->time_s, ==, 10);
  g_assert_cmpfloat (measured_of (training, 1)->disk_s, ==, 0);
  /* more than 1 Gbit/s can have carried in 4 s: the disks have holes */
  g_assert_true (measured_of (training, 0)->holes && !measured_of (training, 1)->holes);
  static const double copied[] = { 4 * 125e6, 0, 4 * 125e6, 0 };
  for (guint i = 0; i < G_N_ELEMENTS (copied); i++)
    g_assert_cmpfloat (disk_bytes (training, i, 0), ==, copied[i]);
  g_assert_cmpfloat (disk_bytes (training, 2, 1), ==, 0); /* moved beside it, without a disk */
  g_clear_pointer (&training, mig_training_free);
  g_clear_pointer (&analysis, mig_analysis_free);
  run_tables_clear (&t);
}

/* What a guest writes on its disk is smaller at a smaller scale, and all that is sent of a disk
 * with holes; where a limit has the whole disk sent, or the guest writes none, that is no matter of
 * scale.
 */
static void
test_scales (void)
{
  RunTables t;
  make_runs (&t, 4);
  g_autoptr (GPtrArray) rounds = g_ptr_array_new ();
  g_autoptr (MigAnalysis) analysis = NULL;
  static const gboolean scales[] = { TRUE, FALSE, FALSE };

  add_link (&t);
  for (guint i = 0; i < 2; i++)
    ((MigGuestRecord *) t.guests->pdata[i])->workload = (char *) "io";
  ((MigMigrationRecord *) t.migrations->pdata[1])->disk_sent_bytes = (gint64) 4e8;
  ((MigMigrationRecord *) t.migrations->pdata[1])->disk_total_bytes = (gint64) 4e8;
  ((MigMigrationRecord *) t.migrations->pdata[1])->disk_ns = 4 * S;
  g_autoptr (MigTraining) training = train (&t, rounds, &analysis);
  g_assert_cmpuint (training->runs->len, ==, G_N_ELEMENTS (scales));
  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      const MigFleet *fleet = ((const MigTrainingRun *) training->runs->pdata[i])->fleet;
      g_assert_cmpint (mig_fleet_vm (fleet, 0)->disk_scales, ==, scales[i]);
    }
  g_assert_true (measured_of (training, 2)->holes); /* empty, but nobody writes on it */
  g_clear_pointer (&training, mig_training_free);
  g_clear_pointer (&analysis, mig_analysis_free);
  run_tables_clear (&t);
}

/* Where nobody knows the link, what was counted was copied, however fast: 10 Gbit/s carry 4 GB in
 * 4 s. */
static void
test_unknown_link (void)
{
  RunTables t;
  make_runs (&t, G_N_ELEMENTS (disks));
  g_autoptr (GPtrArray) rounds = g_ptr_array_new ();
  g_autoptr (MigAnalysis) analysis = NULL;
  g_autoptr (MigTraining) training = train (&t, rounds, &analysis);
  static const double copied[] = { 3e9, 0, 4e9, 0 };

  g_assert_cmpuint (training->runs->len, ==, G_N_ELEMENTS (copied));
  for (guint i = 0; i < G_N_ELEMENTS (copied); i++)
    {
      g_assert_false (measured_of (training, i)->holes);
      g_assert_cmpfloat (disk_bytes (training, i, 0), ==, copied[i]);
    }
  g_assert_cmpfloat (training->link_bytes_per_s, ==, 1250e6); /* 1 GB of memory in 6 s */
  g_clear_pointer (&training, mig_training_free);
  g_clear_pointer (&analysis, mig_analysis_free);
  run_tables_clear (&t);
}

/* Of the usual links the slowest that memory was not too fast for. */
static void
test_guessed_link (void)
{
  static const double sent[] = { 1e9, 1.25e9, 5e9, 13e9, 1e12 };
  static const double links[] = { 125e6, 125e6, 1250e6, 3125e6, 12.5e9 };

  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    {
      const MadeRun made = { .sent_bytes = sent[i] };
      RunTables t;
      run_tables_init (&t);
      run_tables_add_run (&t, 1, &made); /* its migration takes 10 s */
      g_autoptr (GPtrArray) rounds = g_ptr_array_new ();
      g_autoptr (MigAnalysis) analysis = NULL;
      g_autoptr (MigTraining) training = train (&t, rounds, &analysis);
      g_assert_cmpfloat (training->link_bytes_per_s, ==, links[i]);
      g_clear_pointer (&training, mig_training_free);
      g_clear_pointer (&analysis, mig_analysis_free);
      run_tables_clear (&t);
    }
}

/* The destination, which has the last word on memory, knows nothing of disks. */
static void
test_row (void)
{
  MigJobStatistics running, completed;
  MigMigrationRecord row;
  MigMigrationOutcome outcome = { .run = 1, .sent = &running, .completed = &completed };

  mig_job_statistics_init (&running);
  mig_job_statistics_init (&completed);
  running.sent_bytes = 100;
  completed.sent_bytes = 200;
  completed.disk_total_bytes = completed.disk_sent_bytes = running.disk_total_bytes = 0;
  outcome.disk_ns = 7;
  mig_migration_row_fill (&row, &outcome); /* none was copied */
  g_assert_cmpint (row.sent_bytes, ==, 200);
  g_assert_true (MIG_IS_MISSING (row.disk_total_bytes) && MIG_IS_MISSING (row.disk_sent_bytes) &&
                 MIG_IS_MISSING (row.disk_ns));
  running.disk_total_bytes = 4096;
  running.disk_sent_bytes = 2048;
  mig_migration_row_fill (&row, &outcome);
  g_assert_cmpint (row.disk_total_bytes, ==, 4096);
  g_assert_cmpint (row.disk_sent_bytes, ==, 2048);
  g_assert_cmpint (row.disk_ns, ==, 7);
  g_assert_cmpint (row.sent_bytes, ==, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/copied-disks/summary", test_summary);
  g_test_add_func ("/copied-disks/training", test_training);
  g_test_add_func ("/copied-disks/scales", test_scales);
  g_test_add_func ("/copied-disks/unknown-link", test_unknown_link);
  g_test_add_func ("/copied-disks/guessed-link", test_guessed_link);
  g_test_add_func ("/copied-disks/row", test_row);
  return g_test_run ();
}
