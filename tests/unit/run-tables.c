/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/unit/run-tables.h"

#define S MIG_NS_PER_S
#define WINDOW_S 20
#define LEAVES_S 15

gpointer
run_tables_add (GPtrArray *table, MigTable kind, gconstpointer record)
{
  gpointer copy = mig_record_copy (kind, record);
  g_ptr_array_add (table, copy);
  return copy;
}

void
run_tables_init (RunTables *t)
{
  t->schedule = g_ptr_array_new_with_free_func (g_free);
  t->runs = g_ptr_array_new_with_free_func (g_free);
  t->guests = g_ptr_array_new_with_free_func (g_free);
  t->migrations = g_ptr_array_new_with_free_func (g_free);
  t->parameters = g_ptr_array_new_with_free_func (g_free);
  t->environment = g_ptr_array_new_with_free_func (g_free);
  t->samples = g_ptr_array_new_with_free_func (g_free);
  t->round_trips = g_ptr_array_new_with_free_func (g_free);
}

void
run_tables_clear (RunTables *t)
{
  GPtrArray **all[] = { &t->schedule,   &t->runs,        &t->guests,  &t->migrations,
                        &t->parameters, &t->environment, &t->samples, &t->round_trips };
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_clear_pointer (all[i], g_ptr_array_unref);
}

void
run_tables_add_fact (RunTables *t, const char *scope, const char *name, const char *value)
{
  const MigEnvironmentRecord fact = { (char *) scope, (char *) name, (char *) value, NULL };
  run_tables_add (t->environment, MIG_TABLE_ENVIRONMENT, &fact);
}

/* add_samples: of a run that starts at 0: cumulative counters each second. */
static void
add_samples (RunTables *t, gint64 run, gint64 start_ns, const MadeRun *made)
{
  for (gint64 i = 0; i <= WINDOW_S; i++)
    {
      MigSampleRecord guest, host;
      mig_record_init (MIG_TABLE_SAMPLES, &guest);
      guest.run = run;
      guest.time_ns = start_ns + i * S;
      host = guest;
      guest.guest = (char *) "g";
      guest.host = host.host = (char *) "a";
      double busy = (double) MIN (i, LEAVES_S) / 2 + (double) i * made->others;
      /* a process that ends: its counter is wrong, and it is there no more */
      guest.cpu_ns = MIN (i, LEAVES_S) * S / 2 + (i > LEAVES_S ? 15 * S : 0);
      host.cpu_ns = (gint64) (busy * S);
      host.idle_ns = (gint64) (((double) i * (1 - made->stolen) - busy) * S);
      if (i <= LEAVES_S + 1)
        run_tables_add (t->samples, MIG_TABLE_SAMPLES, &guest);
      run_tables_add (t->samples, MIG_TABLE_SAMPLES, &host);
    }
}

void
run_tables_add_run (RunTables *t, gint64 number, const MadeRun *made)
{
  gint64 start_ns = number * 100 * S;
  MigRunRecord run;
  MigGuestRecord guest;
  MigMigrationRecord migration;
  const MigScheduleRecord item = { number, (char *) "g", number };

  mig_record_init (MIG_TABLE_RUNS, &run);
  mig_record_init (MIG_TABLE_GUESTS, &guest);
  mig_record_init (MIG_TABLE_MIGRATIONS, &migration);
  run.run = guest.run = migration.run = run.repetition = number;
  run.case_label = guest.guest = guest.class_name = migration.guest = (char *) "g";
  run.status = migration.status = (char *) "ok";
  run.started_ns = run.ready_ns = run.window_start_ns = start_ns;
  run.migrations_start_ns = migration.start_ns = start_ns + 5 * S;
  run.migrations_end_ns = migration.end_ns = start_ns + LEAVES_S * S;
  run.window_end_ns = run.ended_ns = start_ns + WINDOW_S * S;
  run.own_wait_ns = (gint64) (made->own_wait * WINDOW_S * S);
  run.observing_before_ns = (gint64) (made->observing * 5 * S);
  run.observing_during_ns = 10 * S; /* the daemons' work for the migrations: no disturbance */
  run.observing_after_ns = (gint64) (made->observing * (WINDOW_S - LEAVES_S) * S);
  guest.workload = (char *) "idle";
  guest.host_before = migration.source = (char *) "a";
  guest.host_after = migration.destination = (char *) "b";
  migration.step = 1;
  migration.transfer_ns = 10 * S;
  migration.sent_bytes = (gint64) made->sent_bytes;
  if (made->failure)
    {
      migration.status = (char *) "failed";
      migration.reason = (char *) made->failure;
    }
  run_tables_add (t->schedule, MIG_TABLE_SCHEDULE, &item);
  run_tables_add (t->runs, MIG_TABLE_RUNS, &run);
  run_tables_add (t->guests, MIG_TABLE_GUESTS, &guest);
  run_tables_add (t->migrations, MIG_TABLE_MIGRATIONS, &migration);
  add_samples (t, number, start_ns, made);
}

MigSummary *
run_tables_analyse (RunTables *t, const MadeRun *runs, guint n)
{
  for (guint i = 0; i < n; i++)
    run_tables_add_run (t, i + 1, &runs[i]);
  g_autoptr (MigAnalysis)
      analysis = mig_analysis_new (t->schedule, t->runs, t->guests, t->migrations);
  mig_analysis_set_parameters (analysis, t->parameters);
  mig_analysis_set_environment (analysis, t->environment);
  mig_analysis_set_round_trips (analysis, t->round_trips);
  for (guint i = 0; i < t->samples->len; i++)
    mig_analysis_add_sample (analysis, t->samples->pdata[i]);
  return mig_analysis_finish (analysis);
}
