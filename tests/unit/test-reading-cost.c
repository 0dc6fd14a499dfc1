/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/accuracy.h"
#include "model/training.h"
#include "summary/runs.h"
#include "tests/unit/run-tables.h"

/* What reading a large or hostile result costs, counted rather than timed. A table of twice as many
 * rows takes about twice as many comparisons of names; looked up from the start of a list it would
 * be four times as many. */

#define MORE_MAX 3.0
#define S MIG_NS_PER_S

static guint64 comparisons;

/* The linker puts these in the place of what they count (tests/unit/module.mk). */
int __real_strcmp (const char *a, const char *b);
int __real_g_strcmp0 (const char *a, const char *b);
gboolean __real_g_str_equal (gconstpointer a, gconstpointer b);
int __wrap_strcmp (const char *a, const char *b);
int __wrap_g_strcmp0 (const char *a, const char *b);
gboolean __wrap_g_str_equal (gconstpointer a, gconstpointer b);

int
__wrap_strcmp (const char *a, const char *b)
{
  comparisons++;
  return __real_strcmp (a, b);
}

int
__wrap_g_strcmp0 (const char *a, const char *b)
{
  comparisons++;
  return __real_g_strcmp0 (a, b);
}

gboolean
__wrap_g_str_equal (gconstpointer a, gconstpointer b)
{
  comparisons++;
  return __real_g_str_equal (a, b);
}

/* ---- results of a size ---- */

typedef struct {
  RunTables tables;
  GPtrArray *rounds, *beats, *predictions;
  GStringChunk *names;
} Result;

static char *
name (Result *result, const char *prefix, guint i)
{
  g_autofree char *text = g_strdup_printf ("%s%u", prefix, i);
  return g_string_chunk_insert (result->names, text);
}

/* A guest of the first run that moves between two hosts, with a class, rounds and heartbeats. */
static void
add_guest (Result *result, char *guest, char *class_name, char *from, char *to)
{
  MigGuestRecord g = *(const MigGuestRecord *) result->tables.guests->pdata[0];
  MigMigrationRecord m = *(const MigMigrationRecord *) result->tables.migrations->pdata[0];

  g.guest = m.guest = guest;
  g.class_name = class_name;
  g.workload = (char *) "cpu";
  g.host_before = m.source = from;
  g.host_after = m.destination = to;
  g.memory_bytes = 64 << 20;
  run_tables_add (result->tables.guests, MIG_TABLE_GUESTS, &g);
  run_tables_add (result->tables.migrations, MIG_TABLE_MIGRATIONS, &m);
  for (gint64 i = 1; i <= 3; i++)
    {
      MigRoundRecord round = { .run = g.run, .guest = guest, .round = i };
      MigHeartbeatRecord beat = { .run = g.run, .guest = guest, .host = from, .sequence = i };
      round.start_ns = beat.arrival_ns = m.start_ns + i * S;
      round.sent_bytes = i * 16 << 20;
      beat.work_units = i;
      run_tables_add (result->rounds, MIG_TABLE_ROUNDS, &round);
      run_tables_add (result->beats, MIG_TABLE_HEARTBEATS, &beat);
    }
}

static void
make_cases (Result *result, guint n)
{
  static const MadeRun made = { 0, 0, 1e9, NULL };

  for (guint i = 2; i < n; i++)
    {
      MigParameterRecord parameter = { .parameter = (char *) "link", .value_number = 1e8 };
      MigPredictionRecord prediction = { .quantity = (char *) "total-time", .value_ns = S };
      char *label = name (result, "case", i);
      run_tables_add_run (&result->tables, i, &made);
      ((MigRunRecord *) result->tables.runs->pdata[i - 1])->case_label = label;
      ((MigScheduleRecord *) result->tables.schedule->pdata[i - 1])->case_label = label;
      parameter.case_label = prediction.case_label = label;
      run_tables_add (result->tables.parameters, MIG_TABLE_PARAMETERS, &parameter);
      run_tables_add (result->predictions, MIG_TABLE_PREDICTIONS, &prediction);
    }
}

static void
make_guests (Result *result, guint n)
{
  for (guint i = 0; i < n; i++)
    add_guest (result, name (result, "guest", i), (char *) "class", (char *) "a", (char *) "b");
}

static void
make_classes (Result *result, guint n)
{
  for (guint i = 0; i < n; i++)
    add_guest (result, name (result, "guest", i), name (result, "class", i), (char *) "a",
               (char *) "b");
}

static void
make_hosts (Result *result, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      MigRoundTripRecord trip = { .run = 1, .calls = 1 };
      MigSampleRecord sample = *(const MigSampleRecord *) result->tables.samples->pdata[0];
      sample.guest = NULL;
      sample.host = trip.host = name (result, "from", i);
      run_tables_add (result->tables.round_trips, MIG_TABLE_ROUND_TRIPS, &trip);
      run_tables_add (result->tables.samples, MIG_TABLE_SAMPLES, &sample);
      add_guest (result, name (result, "guest", i), (char *) "class", name (result, "from", i),
                 name (result, "to", i));
    }
}

static void
make_facts (Result *result, guint n)
{
  for (guint i = 0; i < n; i++)
    run_tables_add_fact (&result->tables, name (result, "host", i), "cpus", "4");
}

static void
make_strangers (Result *result, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      MigHeartbeatRecord beat = { .run = 1, .guest = name (result, "guest", i) };
      MigRoundRecord round = { .run = 1, .guest = beat.guest, .round = 2, .sent_bytes = 1 };
      MigSampleRecord sample = *(const MigSampleRecord *) result->tables.samples->pdata[0];
      sample.host = name (result, "host", i);
      run_tables_add (result->beats, MIG_TABLE_HEARTBEATS, &beat);
      run_tables_add (result->rounds, MIG_TABLE_ROUNDS, &round);
      run_tables_add (result->tables.samples, MIG_TABLE_SAMPLES, &sample);
    }
}

/* ---- what reading them takes ---- */

static guint64
read_result (const RunTables *t, const Result *result)
{
  comparisons = 0;
  g_autoptr (MigAnalysis)
      analysis = mig_analysis_new (t->schedule, t->runs, t->guests, t->migrations);

  mig_analysis_set_parameters (analysis, t->parameters);
  mig_analysis_set_environment (analysis, t->environment);
  mig_analysis_set_round_trips (analysis, t->round_trips);
  for (guint i = 0; i < t->samples->len; i++)
    mig_analysis_add_sample (analysis, t->samples->pdata[i]);
  for (guint i = 0; i < result->beats->len; i++)
    mig_analysis_add_heartbeat (analysis, result->beats->pdata[i]);
  g_autoptr (MigTraining) training G_GNUC_UNUSED = mig_training_new (
      mig_analysis_runs (analysis), result->rounds, t->environment, t->parameters, NULL);
  g_autoptr (MigSummary) summary = mig_analysis_finish (analysis);
  g_assert_cmpuint (summary->runs->len, ==, t->runs->len);
  g_autoptr (MigAccuracy) accuracy G_GNUC_UNUSED = mig_accuracy_new (summary, result->predictions);
  return comparisons;
}

static guint64
cost (void (*make) (Result *result, guint n), guint n)
{
  static const MadeRun made = { 0, 0, 1e9, NULL };
  Result result = { .rounds = g_ptr_array_new_with_free_func (g_free),
                    .beats = g_ptr_array_new_with_free_func (g_free),
                    .predictions = g_ptr_array_new_with_free_func (g_free),
                    .names = g_string_chunk_new (1 << 16) };

  run_tables_init (&result.tables);
  run_tables_add_run (&result.tables, 1, &made);
  ((MigGuestRecord *) result.tables.guests->pdata[0])->memory_bytes = 64 << 20;
  make (&result, n);
  guint64 counted = read_result (&result.tables, &result);
  run_tables_clear (&result.tables);
  g_ptr_array_unref (result.rounds);
  g_ptr_array_unref (result.beats);
  g_ptr_array_unref (result.predictions);
  g_string_chunk_free (result.names);
  return counted;
}

static const struct {
  const char *path;
  void (*make) (Result *result, guint n);
} shapes[] = {
  { "/reading-cost/cases", make_cases },     { "/reading-cost/guests", make_guests },
  { "/reading-cost/classes", make_classes }, { "/reading-cost/hosts", make_hosts },
  { "/reading-cost/facts", make_facts },     { "/reading-cost/strangers", make_strangers },
};

static void
test_shape (gconstpointer data)
{
  const guint n = 500;
  guint index = GPOINTER_TO_UINT (data);
  guint64 once = cost (shapes[index].make, n), twice = cost (shapes[index].make, 2 * n);

  g_test_message ("%" G_GUINT64_FORMAT " comparisons of names, %" G_GUINT64_FORMAT
                  " of twice as many rows",
                  once, twice);
  g_assert_cmpuint (once, >, 0);
  g_assert_cmpfloat ((double) twice, <=, MORE_MAX * (double) once);
}

/* Names that no table has are no series, however many there are: only what the tables know takes
 * memory. */
static void
test_foreign_names (void)
{
  static const MadeRun runs[] = { { 0, 0, 1e9, NULL } };
  const guint n = 100000;
  char name[32];
  RunTables t;

  run_tables_init (&t);
  run_tables_add_run (&t, 1, runs);
  run_tables_add_fact (&t, "idle", "driver", "QEMU");
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
  run_tables_clear (&t);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    g_test_add_data_func (shapes[i].path, GUINT_TO_POINTER (i), test_shape);
  g_test_add_func ("/reading-cost/foreign-names", test_foreign_names);
  return g_test_run ();
}
