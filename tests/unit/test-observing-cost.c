/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/files.h"
#include "base/units.h"
#include "summary/observing-cost.h"

#define START_NS (100 * MIG_NS_PER_S)
#define WINDOW_NS (3 * MIG_NS_PER_S)

typedef struct {
  char *path;
  MigResultWriter *writer;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  MigManifest manifest = { .study_name = (char *) "s", .study_title = (char *) "t" };
  g_autoptr (GError) error = NULL;

  fixture->path = g_dir_make_tmp ("migcost-test-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->writer = mig_result_writer_new (fixture->path, "<study/>", 8, &manifest, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  mig_result_writer_free (fixture->writer);
  mig_files_remove_tree (fixture->path, NULL);
  g_free (fixture->path);
}

static void
append (Fixture *fixture, MigTable table, gconstpointer record)
{
  g_autoptr (GError) error = NULL;

  mig_result_writer_append (fixture->writer, table, record, &error);
  g_assert_no_error (error);
}

/* A run whose migrations are called after that many windows, and end after that many. */
static void
add_run (Fixture *fixture, guint begin, guint end)
{
  MigRunRecord run;

  mig_record_init (MIG_TABLE_RUNS, &run);
  run.run = run.repetition = 1;
  run.case_label = (char *) "m";
  run.status = (char *) "ok";
  run.window_start_ns = START_NS;
  run.migrations_start_ns = START_NS + begin * WINDOW_NS;
  run.migrations_end_ns = START_NS + end * WINDOW_NS;
  run.ended_ns = run.window_end_ns = run.migrations_end_ns;
  append (fixture, MIG_TABLE_RUNS, &run);
}

static void
add_heartbeat (Fixture *fixture, const char *guest, gint64 time_ns, gint64 work, gboolean alone)
{
  MigHeartbeatRecord heartbeat;

  mig_record_init (MIG_TABLE_HEARTBEATS, &heartbeat);
  heartbeat.run = 1;
  heartbeat.guest = (char *) guest;
  heartbeat.arrival_ns = time_ns;
  heartbeat.work_units = work;
  heartbeat.period_ns = alone ? MIG_ALONE_PERIOD_NS : MIG_NS_PER_S;
  append (fixture, MIG_TABLE_HEARTBEATS, &heartbeat);
}

/* Windows in turn, observed first. Work per second: observed, alone; a window further, drift more.
 */
static void
add_guest (Fixture *fixture, const char *guest, guint n_windows, gint64 observed, gint64 alone,
           gint64 drift)
{
  gint64 work = 0, start_ns = START_NS;

  for (guint k = 0; k <= n_windows; k++, start_ns += WINDOW_NS)
    {
      gint64 rate = (k % 2 ? alone : observed) + k * drift;
      add_heartbeat (fixture, guest, start_ns, work, k % 2);
      if (k % 2 == 0) /* one more in the middle of it */
        add_heartbeat (fixture, guest, start_ns + MIG_NS_PER_S, work + rate, FALSE);
      work += rate * (WINDOW_NS / MIG_NS_PER_S);
    }
}

/* CPU time per second, in thousandths of a second. */
static void
add_cpu (Fixture *fixture, guint n_windows, gint64 observed, gint64 alone)
{
  gint64 cpu_ns = 0, start_ns = START_NS;

  for (guint k = 0; k <= n_windows; k++, start_ns += WINDOW_NS)
    {
      g_autofree char *detail = g_strdup_printf ("%" G_GINT64_FORMAT, cpu_ns);
      MigEventRecord event;
      mig_record_init (MIG_TABLE_EVENTS, &event);
      event.run = 1;
      event.time_ns = start_ns;
      event.event = (char *) (k % 2 ? MIG_EVENT_ALONE : MIG_EVENT_OBSERVED);
      event.detail = detail;
      append (fixture, MIG_TABLE_EVENTS, &event);
      cpu_ns += (k % 2 ? alone : observed) * WINDOW_NS / 1000;
    }
}

static void
read_cost (Fixture *fixture, MigObservingCost *cost)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (mig_result_writer_commit (fixture->writer, &error));
  g_autoptr (MigResult) result = mig_result_open (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_true (mig_observing_cost_read (result, cost, &error));
  g_assert_no_error (error);
}

static void
test_drift (Fixture *fixture, gconstpointer data)
{
  MigObservingCost cost;

  add_run (fixture, 6, 6);
  add_guest (fixture, "c1", 6, 90, 100, 1);
  add_cpu (fixture, 6, 20, 15);
  read_cost (fixture, &cost);
  g_assert_cmpuint (cost.before.work.n, ==, 2);
  /* windows of 90 101 92 | 103 94 105 units/s: 91 / 101, 94 / 104 */
  g_assert_cmpfloat_with_epsilon (cost.before.work.mean, (91.0 / 101 + 94.0 / 104) / 2, 1e-9);
  g_assert_cmpfloat_with_epsilon (cost.before.cpu.mean, 0.005, 1e-9);
  g_assert_cmpuint (cost.during.work.n, ==, 0);
  mig_observing_cost_clear (&cost);
}

static void
test_guests_alike (Fixture *fixture, gconstpointer data)
{
  MigObservingCost cost;

  add_run (fixture, 6, 6);
  add_cpu (fixture, 6, 20, 20);
  add_guest (fixture, "c1", 6, 90, 100, 0);
  add_guest (fixture, "m1", 6, 1900, 2000, 0);
  read_cost (fixture, &cost);
  /* by each guest's mean, 95 and 1950: (90/95 + 1900/1950) / (100/95 + 2000/1950) */
  g_assert_cmpfloat_with_epsilon (cost.before.work.mean, 0.9246753, 1e-6);
  g_assert_cmpfloat_with_epsilon (cost.before.work.ci_high - cost.before.work.ci_low, 0, 1e-6);
  g_assert_cmpfloat_with_epsilon (cost.before.cpu.mean, 0, 1e-9);
  mig_observing_cost_clear (&cost);
}

/* Of the guest that migrates only, and not after its last heartbeat on the source. */
static void
test_during (Fixture *fixture, gconstpointer data)
{
  MigMigrationRecord migration;
  MigObservingCost cost;

  add_run (fixture, 2, 9);
  add_cpu (fixture, 9, 30, 10);
  add_guest (fixture, "c1", 9, 100, 100, 0);
  add_guest (fixture, "m1", 9, 80, 100, 0);
  mig_record_init (MIG_TABLE_MIGRATIONS, &migration);
  migration.run = 1;
  migration.guest = (char *) "m1";
  migration.status = (char *) "ok";
  migration.start_ns = START_NS + 2 * WINDOW_NS;
  migration.last_source_heartbeat_ns = START_NS + 6 * WINDOW_NS;
  migration.end_ns = START_NS + 9 * WINDOW_NS;
  append (fixture, MIG_TABLE_MIGRATIONS, &migration);
  read_cost (fixture, &cost);
  g_assert_cmpuint (cost.before.work.n, ==, 0);
  g_assert_cmpuint (cost.during.work.n, ==, 1);
  g_assert_cmpfloat_with_epsilon (cost.during.work.mean, 0.8, 1e-9);
  g_assert_cmpuint (cost.during.cpu.n, ==, 2);
  g_assert_cmpfloat_with_epsilon (cost.during.cpu.mean, 0.02, 1e-9);
  mig_observing_cost_clear (&cost);
}

static void
test_never_alone (Fixture *fixture, gconstpointer data)
{
  MigObservingCost cost;

  add_run (fixture, 2, 3);
  add_heartbeat (fixture, "c1", START_NS, 0, FALSE);
  add_heartbeat (fixture, "c1", START_NS + MIG_NS_PER_S, 10, FALSE);
  read_cost (fixture, &cost);
  g_assert_cmpuint (cost.before.work.n, ==, 0);
  g_assert_cmpuint (cost.before.cpu.n, ==, 0);
  g_assert_true (isnan (cost.before.work.mean));
  mig_observing_cost_clear (&cost);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/observing-cost/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("drift", test_drift);
  ADD ("guests-alike", test_guests_alike);
  ADD ("during", test_during);
  ADD ("never-alone", test_never_alone);
  return g_test_run ();
}
