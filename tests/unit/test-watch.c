/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <malloc.h>
#include <string.h>

#include "base/clock.h"
#include "tests/unit/watch-world.h"
#include "virt/loop.h"

/* What becomes of events: migrations, their rows, and how much is kept. */

#define PLENTY (100 * 1000 * 1000)

static const MigMigrationRecord *
only_migration (const GPtrArray *rows)
{
  g_assert_cmpuint (rows->len, ==, 1);
  return rows->pdata[0];
}

/* The source says what the job took behind "stopped". */
static void
test_completed (void)
{
  WatchWorld world = { 0 };
  MigJobStatistics job;

  watch_world_set_up_one (&world);
  watch_world_send (&world, 0, "g", MIG_EVENT_ITERATION);
  watch_world_send (&world, 0, "g", MIG_EVENT_SUSPENDED);
  watch_world_send (&world, 0, "g", MIG_EVENT_STOPPED);
  mig_job_statistics_init (&job);
  job.operation = MIG_OPERATION_MIGRATION_OUT;
  job.downtime_ns = 120 * MIG_NS_PER_MS;
  job.sent_bytes = 5000;
  watch_world_job (&world, 0, "g", &job);
  g_assert_true (mig_watch_end_episode (world.watch, NULL));
  g_autoptr (GPtrArray) rows = watch_world_rows (&world, MIG_TABLE_MIGRATIONS);
  const MigMigrationRecord *row = only_migration (rows);
  g_assert_cmpint (row->downtime_reported_ns, ==, 120 * MIG_NS_PER_MS);
  g_assert_cmpint (row->sent_bytes, ==, 5000);
  watch_world_tear_down (&world);
}

/* The guest has gone when the hosts are asked, and what tells where to waits. */
static void
test_queued (void)
{
  WatchWorld world = { 0 };
  const gint64 age_ns = 20 * MIG_NS_PER_S;

  watch_world_set_up (&world, PLENTY, 2);
  watch_world_queue (&world, 1, "g", MIG_EVENT_STARTED, age_ns);
  watch_world_queue (&world, 0, "g", MIG_EVENT_ITERATION, age_ns);
  mig_watch_take_one (world.watch, mig_clock_now ());
  mig_watch_take_one (world.watch, mig_clock_now ());
  g_assert_true (mig_watch_tick (world.watch, NULL)); /* on neither host, for once */
  watch_world_queue (&world, 0, "g", MIG_EVENT_SUSPENDED, 0);
  watch_world_queue (&world, 1, "g", MIG_EVENT_RESUMED, 0);
  watch_world_queue (&world, 0, "g", MIG_EVENT_STOPPED, 0);
  g_assert_true (mig_watch_tick (world.watch, NULL));
  g_assert_true (mig_watch_end_episode (world.watch, NULL));
  g_autoptr (GPtrArray) rows = watch_world_rows (&world, MIG_TABLE_MIGRATIONS);
  g_assert_cmpstr (only_migration (rows)->status, ==, "ok");
  g_assert_cmpuint (world.watch->counts.seen, ==, 1);
  g_assert_cmpuint (world.watch->counts.failed, ==, 0);
  watch_world_tear_down (&world);
}

/* What is compared with a migration is known, however soon it comes behind the one before. */
static void
test_samples (void)
{
  WatchWorld world = { 0 };
  gint64 last[3] = { 0 };

  watch_world_set_up (&world, PLENTY, 2);
  for (guint run = 1; run <= 2; run++)
    {
      watch_world_move (&world, "g");
      for (guint i = 0; i < 2; i++)
        mig_watch_sample (world.watch);
      g_assert_true (mig_watch_end_episode (world.watch, NULL));
      g_assert_cmpuint (g_queue_get_length (&world.watch->recent), ==, 1);
    }
  g_autoptr (GPtrArray) rows = watch_world_rows (&world, MIG_TABLE_SAMPLES);
  for (guint i = 0; i < rows->len; i++)
    {
      const MigSampleRecord *row = rows->pdata[i];
      if (row->run == 2 && last[2] == 0)
        g_assert_cmpint (row->time_ns, <=, last[1]);
      last[row->run] = row->time_ns;
    }
  g_assert_cmpint (last[2], >, last[1]);
  watch_world_tear_down (&world);
}

static void
end_watch (WatchWorld *world, MigWatchCounts *counts)
{
  mig_watch_stop (world->watch);
  g_assert_true (mig_watch_run (world->watch, counts, NULL));
}

/* What goes on when the watch ends has not failed; what goes on at the destination has moved. */
static void
test_interrupted (void)
{
  WatchWorld world = { 0 };
  MigWatchCounts counts;

  watch_world_set_up (&world, PLENTY, 2);
  g_autofree char *dir = g_path_get_dirname (world.metrics);
  g_assert_cmpint (g_mkdir (dir, 0700), ==, 0);
  watch_world_send (&world, 1, "a", MIG_EVENT_STARTED);
  watch_world_send (&world, 0, "a", MIG_EVENT_SUSPENDED);
  watch_world_send (&world, 1, "b", MIG_EVENT_STARTED);
  watch_world_send (&world, 0, "b", MIG_EVENT_SUSPENDED);
  watch_world_queue (&world, 1, "b", MIG_EVENT_RESUMED, 0);
  end_watch (&world, &counts);
  g_autoptr (GPtrArray) rows = watch_world_rows (&world, MIG_TABLE_MIGRATIONS);
  g_autoptr (GPtrArray) runs = watch_world_rows (&world, MIG_TABLE_RUNS);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (((MigMigrationRecord *) rows->pdata[0])->status, ==, "interrupted");
  g_assert_cmpstr (((MigMigrationRecord *) rows->pdata[1])->status, ==, "ok");
  g_assert_cmpstr (((MigRunRecord *) runs->pdata[0])->status, ==, "interrupted");
  g_assert_cmpuint (counts.seen, ==, 2);
  g_assert_cmpuint (counts.failed, ==, 0);
  g_assert_cmpuint (counts.unseen, ==, 1);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (world.metrics, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "result=\"ok\"} 1"));
  g_assert_null (strstr (text, "result=\"failed\""));
  watch_world_tear_down (&world);
}

/* ---- what is kept ---- */

#define MIGRATIONS 10000
#define FULL_BYTES (400 * 1000)
#define KEEP 3
#define TICK 50 /* migrations to one */

static gsize
allocated (void)
{
#if defined __GLIBC__ && __GLIBC_PREREQ(2, 33)
  return mallinfo2 ().uordblks; /* under a sanitizer, which has an allocator of its own: 0 */
#else
  return 0;
#endif
}

static guint64
bytes_below (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint64 bytes = 0;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      GStatBuf st;
      if (g_lstat (child, &st) == 0)
        bytes += S_ISDIR (st.st_mode) ? bytes_below (child) : (guint64) st.st_size;
    }
  return bytes;
}

/* Ten thousand migrations of as many guests, one right behind the other: memory and disk stay what
 * they were. */
static void
test_long (void)
{
  WatchWorld world = { 0 };
  gsize peaks[2] = { 0 }; /* of the two halves: names are forgotten with a result */
  guint most = 0;

  watch_world_set_up (&world, FULL_BYTES, KEEP);
  for (guint i = 1; i <= MIGRATIONS; i++)
    {
      g_autofree char *guest = g_strdup_printf ("guest-%u", i);
      watch_world_move (&world, guest);
      if (i % TICK > 0)
        continue;
      g_assert_true (mig_watch_tick (world.watch, NULL));
      guint waiting = mig_migration_tracker_all (world.watch->tracker)->len;
      most = MAX (most, waiting);
      gsize *peak = &peaks[i > MIGRATIONS / 2];
      *peak = MAX (*peak, allocated ());
    }
  g_assert_cmpuint (peaks[1], <=, peaks[0] + 64 * 1024);
  g_assert_cmpuint (most, >, 0);
  g_assert_cmpuint (most, <=, MIG_WATCH_EPISODE_MOST);
  g_assert_cmpuint (world.watch->counts.seen + MIG_WATCH_EPISODE_MOST, >, MIGRATIONS);
  g_assert_cmpuint (world.watch->counts.failed, ==, 0);
  g_assert_cmpuint (bytes_below (world.path), <=, (KEEP + 1) * FULL_BYTES);
  watch_world_tear_down (&world);
}

static const MigMigrationRecord *
row_of (const GPtrArray *rows, const char *guest)
{
  for (guint i = 0; i < rows->len; i++)
    if (strcmp (((MigMigrationRecord *) rows->pdata[i])->guest, guest) == 0)
      return rows->pdata[i];
  g_error ("no row of %s", guest);
}

/* One that goes on while an episode is full belongs to the next run, with all that was heard of it.
 */
static void
test_full (void)
{
  WatchWorld world = { 0 };

  watch_world_set_up (&world, PLENTY, 2);
  watch_world_send (&world, 1, "long", MIG_EVENT_STARTED);
  watch_world_send (&world, 0, "long", MIG_EVENT_ITERATION);
  for (guint i = 0; i < MIG_WATCH_EPISODE_MOST; i++)
    {
      g_autofree char *guest = g_strdup_printf ("short-%u", i);
      watch_world_move (&world, guest);
    }
  g_assert_true (mig_watch_tick (world.watch, NULL));
  g_assert_cmpuint (world.watch->counts.seen, ==, MIG_WATCH_EPISODE_MOST);
  g_assert_true (world.watch->in_episode);
  watch_world_send (&world, 0, "long", MIG_EVENT_SUSPENDED);
  watch_world_send (&world, 1, "long", MIG_EVENT_RESUMED);
  watch_world_send (&world, 0, "long", MIG_EVENT_STOPPED);
  g_assert_true (mig_watch_end_episode (world.watch, NULL));
  g_assert_false (world.watch->in_episode);
  g_autoptr (GPtrArray) rows = watch_world_rows (&world, MIG_TABLE_MIGRATIONS);
  g_autoptr (GPtrArray) events = watch_world_rows (&world, MIG_TABLE_EVENTS);
  g_autoptr (GPtrArray) rounds = watch_world_rows (&world, MIG_TABLE_ROUNDS);
  g_assert_cmpint (row_of (rows, "short-0")->run, ==, 1);
  g_assert_cmpint (row_of (rows, "long")->run, ==, 2);
  for (guint i = 0; i < events->len; i++)
    {
      const MigEventRecord *event = events->pdata[i];
      g_assert_cmpint (event->run, ==, strcmp (event->guest, "long") == 0 ? 2 : 1);
    }
  g_assert_cmpuint (rounds->len, ==, 1);
  g_assert_cmpint (((MigRoundRecord *) rounds->pdata[0])->run, ==, 2);
  watch_world_tear_down (&world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (NULL));
  g_test_add_func ("/watch/completed", test_completed);
  g_test_add_func ("/watch/queued", test_queued);
  g_test_add_func ("/watch/samples", test_samples);
  g_test_add_func ("/watch/interrupted", test_interrupted);
  g_test_add_func ("/watch/long", test_long);
  g_test_add_func ("/watch/full", test_full);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
