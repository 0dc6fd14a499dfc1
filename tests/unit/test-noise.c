/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "model/training.h"
#include "summary/analysis.h"
#include "summary/noise.h"
#include "results/columns.h"

/* Runs that were disturbed or failed, and what is swept: from records made by hand. One guest moves
 * from host "a" to host "b" in a window of 20 s; it takes half of a CPU, the host's CPU is busy for
 * it alone and idle otherwise, unless a Run says more. The last sample of the guest's process there
 * is taken while it ends. */

#define S MIG_NS_PER_S
#define WINDOW_S 20
#define LEAVES_S 15

typedef struct {
  double stolen; /* share of host a's CPU */
  double others;
  double sent_bytes;
  const char *failure;
  double own_wait;  /* share of the window */
  double observing; /* share of a CPU */
} Run;

typedef struct {
  GPtrArray *schedule, *runs, *guests, *migrations, *parameters, *environment, *samples,
      *round_trips;
} Tables;

static gpointer
add (GPtrArray *table, MigTable which, gconstpointer record)
{
  gpointer copy = mig_record_copy (which, record);
  g_ptr_array_add (table, copy);
  return copy;
}

#define FREE(table)                                                                                \
  static void free_##table (gpointer record)                                                       \
  {                                                                                                \
    mig_record_free (MIG_TABLE_##table, record);                                                   \
  }
FREE (SCHEDULE)
FREE (RUNS)
FREE (GUESTS)
FREE (MIGRATIONS)
FREE (PARAMETERS)
FREE (ENVIRONMENT)
FREE (SAMPLES)
FREE (ROUND_TRIPS)

static void
tables_init (Tables *t)
{
  t->schedule = g_ptr_array_new_with_free_func (free_SCHEDULE);
  t->runs = g_ptr_array_new_with_free_func (free_RUNS);
  t->guests = g_ptr_array_new_with_free_func (free_GUESTS);
  t->migrations = g_ptr_array_new_with_free_func (free_MIGRATIONS);
  t->parameters = g_ptr_array_new_with_free_func (free_PARAMETERS);
  t->environment = g_ptr_array_new_with_free_func (free_ENVIRONMENT);
  t->samples = g_ptr_array_new_with_free_func (free_SAMPLES);
  t->round_trips = g_ptr_array_new_with_free_func (free_ROUND_TRIPS);
}

static void
tables_clear (Tables *t)
{
  GPtrArray **all[] = { &t->schedule,   &t->runs,        &t->guests,  &t->migrations,
                        &t->parameters, &t->environment, &t->samples, &t->round_trips };
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_clear_pointer (all[i], g_ptr_array_unref);
}

static void
add_fact (Tables *t, const char *scope, const char *name, const char *value)
{
  const MigEnvironmentRecord fact = { (char *) scope, (char *) name, (char *) value, NULL };
  add (t->environment, MIG_TABLE_ENVIRONMENT, &fact);
}

/* add_samples: of a run that starts at 0: cumulative counters each second. */
static void
add_samples (Tables *t, gint64 run, gint64 start_ns, const Run *what)
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
      double busy = (double) MIN (i, LEAVES_S) / 2 + (double) i * what->others;
      /* a process that ends: its counter is wrong, and it is there no more */
      guest.cpu_ns = MIN (i, LEAVES_S) * S / 2 + (i > LEAVES_S ? 15 * S : 0);
      host.cpu_ns = (gint64) (busy * S);
      host.idle_ns = (gint64) (((double) i * (1 - what->stolen) - busy) * S);
      if (i <= LEAVES_S + 1)
        add (t->samples, MIG_TABLE_SAMPLES, &guest);
      add (t->samples, MIG_TABLE_SAMPLES, &host);
    }
}

static void
add_run (Tables *t, gint64 number, const Run *what)
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
  run.own_wait_ns = (gint64) (what->own_wait * WINDOW_S * S);
  run.observing_before_ns = (gint64) (what->observing * 5 * S);
  run.observing_during_ns = 10 * S; /* the daemons' work for the migrations: no disturbance */
  run.observing_after_ns = (gint64) (what->observing * (WINDOW_S - LEAVES_S) * S);
  guest.workload = (char *) "idle";
  guest.host_before = migration.source = (char *) "a";
  guest.host_after = migration.destination = (char *) "b";
  migration.step = 1;
  migration.transfer_ns = 10 * S;
  migration.sent_bytes = (gint64) what->sent_bytes;
  if (what->failure)
    {
      migration.status = (char *) "failed";
      migration.reason = (char *) what->failure;
    }
  add (t->schedule, MIG_TABLE_SCHEDULE, &item);
  add (t->runs, MIG_TABLE_RUNS, &run);
  add (t->guests, MIG_TABLE_GUESTS, &guest);
  add (t->migrations, MIG_TABLE_MIGRATIONS, &migration);
  add_samples (t, number, start_ns, what);
}

static MigSummary *
analyse (Tables *t, const Run *runs, guint n)
{
  for (guint i = 0; i < n; i++)
    add_run (t, i + 1, &runs[i]);
  g_autoptr (MigAnalysis)
      analysis = mig_analysis_new (t->schedule, t->runs, t->guests, t->migrations);
  mig_analysis_set_parameters (analysis, t->parameters);
  mig_analysis_set_environment (analysis, t->environment);
  mig_analysis_set_round_trips (analysis, t->round_trips);
  for (guint i = 0; i < t->samples->len; i++)
    mig_analysis_add_sample (analysis, t->samples->pdata[i]);
  return mig_analysis_finish (analysis);
}

static const MigRunSummary *
run_of (const MigSummary *summary, guint index)
{
  return summary->runs->pdata[index];
}

static void
test_noise (void)
{
  static const Run runs[] = {
    { 0, 0, 1e9, NULL },      { 0.2, 0, 1e9, NULL },           { 0, 0.3, 1e9, NULL },
    { 0, 0, 0.7e9, NULL },    { 0.04, 0.24, 1e9, NULL, 0.09 }, { 0.1, 0.3, 0.5e9, NULL },
    { 0, 0, 1e9, NULL, 0.2 }, { 0, 0, 1e9, NULL, 0, 0.019 },   { 0, 0, 1e9, NULL, 0, 0.03 },
  };
  Tables t;

  tables_init (&t);
  add_fact (&t, "a", "cpus", "8");
  add_fact (&t, "a", "cpu used", "0");
  add_fact (&t, "link", "rate configured", "125000000");
  add_fact (&t, "link", "rate measured", "119000000");
  g_autoptr (MigSummary) summary = analyse (&t, runs, G_N_ELEMENTS (runs));
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      g_assert_cmpfloat_with_epsilon (run_of (summary, i)->stolen_share, runs[i].stolen, 1e-6);
      g_assert_cmpfloat_with_epsilon (run_of (summary, i)->others_share, runs[i].others, 1e-6);
      g_assert_cmpfloat_with_epsilon (run_of (summary, i)->sending_share, runs[i].sent_bytes / 1e9,
                                      1e-9);
    }
  g_assert_null (run_of (summary, 0)->noise);
  g_assert_cmpstr (run_of (summary, 1)->noise, ==,
                   "20.0 % of a CPU's time was stolen from host 'a'");
  g_assert_cmpstr (run_of (summary, 2)->noise, ==,
                   "30.0 % of a CPU's time was used by others than the guests on host 'a'");
  g_assert_cmpstr (run_of (summary, 3)->noise, ==, "it sent at 70.0 % of the case's median rate");
  g_assert_null (run_of (summary, 4)->noise);
  g_assert_nonnull (strstr (run_of (summary, 5)->noise, "'a'; 30.0 % of"));
  g_assert_nonnull (strstr (run_of (summary, 5)->noise, "; it sent at 50.0 %"));
  g_assert_cmpstr (run_of (summary, 6)->noise, ==,
                   "migcost itself waited for a CPU for 20.0 % of the window");
  g_assert_null (run_of (summary, 7)->noise);
  g_assert_cmpstr (run_of (summary, 8)->noise, ==, "observing took 3.0 % of a CPU");
  g_assert_cmpuint (summary->n_noisy, ==, 6);
  g_assert_cmpuint (summary->n_noise_known, ==, 9);
  g_assert_false (summary->link_is_slow);
  /* all of them count */
  g_assert_cmpuint (((MigCaseSummary *) summary->cases->pdata[0])->n_sound, ==, 9);
  tables_clear (&t);
}

/* All CPUs of a host are sampled where the study names none; nothing can be told without samples.
 */
static void
test_noise_unknown (void)
{
  static const Run runs[] = { { 0, 0, 1e9, NULL }, { 0, 0, 0.1e9, NULL } };
  Tables t;

  tables_init (&t);
  add_fact (&t, "a", "cpus", "2");
  add_fact (&t, "link", "rate configured", "125000000");
  add_fact (&t, "link", "rate measured", "80000000");
  g_autoptr (MigSummary) summary = analyse (&t, runs, 2);
  g_assert_cmpfloat_with_epsilon (run_of (summary, 0)->stolen_share, 1, 1e-6); /* of the second CPU
                                                                                */
  g_assert_true (summary->link_is_slow);
  /* two runs are too few to say which is the slow one */
  g_assert_null (strstr (run_of (summary, 1)->noise, "it sent"));
  tables_clear (&t);

  tables_init (&t);
  g_autoptr (MigSummary) blind = analyse (&t, runs, 2);
  g_assert_true (isnan (run_of (blind, 0)->stolen_share)); /* how many CPUs? */
  g_assert_true (isnan (blind->link_bytes_per_s) && !blind->link_is_slow);
  tables_clear (&t);
}

/* The source's sample of a guest that runs on the destination counts nowhere; where memory follows
 * the guest, the source still sends. */
static void
test_leftover (void)
{
  static const Run run = { 0, 0, 1e9, NULL };
  static const struct {
    const char *technique, *host;
    double at_s;
    gboolean counts;
  } cases[] = {
    { "pre-copy", "a", 13, TRUE },     { "pre-copy", "a", 14.5, FALSE },
    { "pre-copy", "b", 14.5, TRUE },   { "post-copy", "a", 14.5, TRUE },
    { "post-copy", "a", 15.5, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Tables t;
      tables_init (&t);
      add_run (&t, 1, &run);
      MigMigrationRecord *migration = t.migrations->pdata[0];
      const MigSampleRecord *any = t.samples->pdata[0];
      migration->technique = g_strdup (cases[i].technique);
      migration->resumed_ns = any->time_ns + 14 * S;
      g_autoptr (MigAnalysis)
          analysis = mig_analysis_new (t.schedule, t.runs, t.guests, t.migrations);
      MigSampleRecord sample = *any;
      sample.host = (char *) cases[i].host;
      sample.time_ns += (gint64) (cases[i].at_s * S);
      g_assert_true (mig_analysis_add_sample (analysis, &sample) == cases[i].counts);
      tables_clear (&t);
    }
}

static void
test_failures (void)
{
  static const Run runs[] = {
    { 0, 0, 1e9, "lost the link" },
    { 0, 0, 1e9, NULL },
    { 0, 0, 1e9, "no memory" },
    { 0, 0, 1e9, "lost the link" },
  };
  Tables t;

  tables_init (&t);
  g_autoptr (MigSummary) summary = analyse (&t, runs, G_N_ELEMENTS (runs));
  const MigCaseSummary *study_case = summary->cases->pdata[0];
  g_assert_cmpuint (study_case->n_runs, ==, 4);
  g_assert_cmpuint (study_case->n_sound, ==, 1);
  g_assert_cmpuint (study_case->failures->len, ==, 2);
  const MigFailureCount *first = study_case->failures->pdata[0],
                        *second = study_case->failures->pdata[1];
  g_assert_cmpstr (first->reason, ==, "migration of 'g' failed: lost the link");
  g_assert_cmpuint (first->n, ==, 2);
  g_assert_cmpuint (second->n, ==, 1);
  tables_clear (&t);
}

static void
test_parameters (void)
{
  static const Run runs[] = { { 0, 0, 1e9, NULL } };
  const MigParameterRecord rate = { .case_label = (char *) "g",
                                    .parameter = (char *) "workload.m.rate",
                                    .value = (char *) "15360",
                                    .value_number = 15360,
                                    .unit = (char *) "pages/s" };
  const MigParameterRecord other = { .case_label = (char *) "nowhere",
                                     .parameter = (char *) "link",
                                     .value = (char *) "1 Gbit/s",
                                     .value_number = 125e6,
                                     .unit = (char *) "bytes/s" };
  Tables t;

  tables_init (&t);
  add (t.parameters, MIG_TABLE_PARAMETERS, &rate);
  add (t.parameters, MIG_TABLE_PARAMETERS, &other);
  g_autoptr (MigSummary) summary = analyse (&t, runs, 1);
  tables_clear (&t); /* the summary has a reference of its own */
  const MigCaseSummary *study_case = summary->cases->pdata[0];
  g_assert_cmpuint (study_case->parameters->len, ==, 1);
  const MigParameterRecord *found = study_case->parameters->pdata[0];
  g_assert_cmpstr (found->parameter, ==, "workload.m.rate");
  g_assert_cmpfloat (found->value_number, ==, 15360);
}

/* Round trips of a run bound the downtimes of its migrations alone; those of all runs are summed up
 * by host. */
static void
test_round_trips (void)
{
  static const Run run = { 0, 0, 1e9, NULL };
  const MigRoundTripRecord rows[] = {
    { MIG_MISSING_INT, (char *) "a", 40, 1000, 500, 9000000 },
    { 1, (char *) "a", 40, 3000, 400, 2000000 },
    { 1, (char *) "b", 40, 2000, 700, 5000000 },
    { 3, (char *) "a", 40, 5000, 600, 4000000 },
    { 2, (char *) "b", 40, MIG_MISSING_INT, 1, 1 },
  };
  Tables t;

  tables_init (&t);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    add (t.round_trips, MIG_TABLE_ROUND_TRIPS, &rows[i]);
  for (gint64 i = 1; i <= 2; i++)
    {
      add_run (&t, i, &run);
      MigMigrationRecord *m = t.migrations->pdata[i - 1];
      m->suspended_ns = m->end_ns - S;
      m->resumed_ns = m->suspended_ns + S / 10;
    }
  g_autoptr (MigSummary) summary = analyse (&t, NULL, 0);
  tables_clear (&t);
  const MigMigrationSummary *first = summary->migrations->pdata[0],
                            *second = summary->migrations->pdata[1];
  g_assert_cmpfloat_with_epsilon (first->downtime_events_s, 0.1, 1e-9);
  g_assert_cmpfloat_with_epsilon (first->downtime_events_low_s, 0.095, 1e-9);
  g_assert_cmpfloat_with_epsilon (first->downtime_events_high_s, 0.102, 1e-9);
  g_assert_true (isnan (second->downtime_events_low_s) && isnan (second->downtime_events_high_s));

  g_assert_cmpuint (summary->round_trips->len, ==, 2);
  const MigRoundTripSummary *a = summary->round_trips->pdata[0],
                            *b = summary->round_trips->pdata[1];
  g_assert_cmpstr (a->host, ==, "a");
  g_assert_cmpint (a->calls, ==, 120);
  g_assert_cmpfloat_with_epsilon (a->median_s, 3e-6, 1e-12);
  g_assert_cmpfloat_with_epsilon (a->low_s, 0.4e-6, 1e-12);
  g_assert_cmpfloat_with_epsilon (a->high_s, 9e-3, 1e-12);
  g_assert_cmpint (b->calls, ==, 40);
}

/* Names that no table has are no series, however many there are: only what the tables know takes
 * memory. */
static void
test_foreign_names (void)
{
  static const Run runs[] = { { 0, 0, 1e9, NULL } };
  const guint n = 1000000;
  char name[32];
  Tables t;

  tables_init (&t);
  add_run (&t, 1, runs);
  add_fact (&t, "idle", "driver", "QEMU");
  g_autoptr (MigAnalysis) analysis = mig_analysis_new (t.schedule, t.runs, t.guests, t.migrations);
  mig_analysis_set_environment (analysis, t.environment);
  for (guint i = 0; i < n; i++)
    {
      MigSampleRecord sample = *(const MigSampleRecord *) t.samples->pdata[0];
      MigHeartbeatRecord beat = { .run = 1, .guest = name, .arrival_ns = 1, .work_units = 1 };
      g_snprintf (name, sizeof name, "x%u", i);
      sample.guest = i % 2 ? (char *) "g" : NULL;
      sample.host = name;
      g_assert_false (mig_analysis_add_sample (analysis, &sample));
      g_assert_false (mig_analysis_add_heartbeat (analysis, &beat));
    }
  for (guint i = 0; i < t.samples->len; i++)
    mig_analysis_add_sample (analysis, t.samples->pdata[i]);
  MigSampleRecord idle = *(const MigSampleRecord *) t.samples->pdata[1];
  idle.guest = NULL;
  idle.host = (char *) "idle";
  g_assert_true (mig_analysis_add_sample (analysis, &idle)); /* a host without a guest */
  const MigRunState *run = mig_analysis_runs (analysis)->pdata[0];
  g_assert_cmpuint (run->hosts->len, ==, 2);
  g_assert_cmpuint (((const MigGuestState *) run->guests->pdata[0])->hosts->len, ==, 1);
  g_autoptr (MigSummary) summary = mig_analysis_finish (analysis);
  g_assert_cmpint (summary->ignored_rows, ==, 2 * n);
  tables_clear (&t);
}

/* Tables of a size that no look-up from the start of a list would get through. */
static void
test_large_tables (void)
{
  static const Run what = { 0, 0, 1e9, NULL };
  const guint n = 20000;
  Tables t;

  tables_init (&t);
  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *label = g_strdup_printf ("case%u", i);
      add_run (&t, i, &what);
      MigRunRecord *run = t.runs->pdata[i - 1];
      g_free (run->case_label);
      run->case_label = g_steal_pointer (&label);
      g_ptr_array_set_size (t.samples, 0);
    }
  g_autoptr (MigAnalysis) analysis = mig_analysis_new (t.schedule, t.runs, t.guests, t.migrations);
  g_autoptr (MigTraining) training = mig_training_new (mig_analysis_runs (analysis), t.samples,
                                                       t.environment, t.parameters);
  g_assert_cmpuint (training->runs->len, ==, 0); /* of guests whose memory nobody said */
  tables_clear (&t);
}

/* Guests of which nobody said a class are of one class, which has their values. */
static void
test_no_class (void)
{
  static const Run runs[] = { { 0, 0, 1e9, NULL }, { 0, 0, 1e9, NULL } };
  Tables t;

  tables_init (&t);
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      add_run (&t, i + 1, &runs[i]);
      g_clear_pointer (&((MigGuestRecord *) t.guests->pdata[i])->class_name, g_free);
    }
  g_autoptr (MigAnalysis) analysis = mig_analysis_new (t.schedule, t.runs, t.guests, t.migrations);
  g_autoptr (MigSummary) summary = mig_analysis_finish (analysis);
  g_assert_cmpuint (summary->classes->len, ==, 1);
  const MigStat *time = mig_case_stat (mig_summary_find_case (summary, "g"), MIG_METRIC_GUEST_TIME,
                                       "?");
  g_assert_cmpuint (time->n, ==, 2);
  tables_clear (&t);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/noise/runs", test_noise);
  g_test_add_func ("/noise/unknown", test_noise_unknown);
  g_test_add_func ("/noise/leftover", test_leftover);
  g_test_add_func ("/noise/failures", test_failures);
  g_test_add_func ("/noise/parameters", test_parameters);
  g_test_add_func ("/noise/round-trips", test_round_trips);
  g_test_add_func ("/noise/foreign-names", test_foreign_names);
  g_test_add_func ("/noise/large-tables", test_large_tables);
  g_test_add_func ("/noise/no-class", test_no_class);
  return g_test_run ();
}
