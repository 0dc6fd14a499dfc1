/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/log.h"
#include "tests/unit/watch-world.h"
#include "virt/loop.h"

/* What guests are called, and the file of metrics. */

#define PLENTY (100 * 1000 * 1000)

static MigWatched *
host (const WatchWorld *world, guint n)
{
  return world->watch->hosts->pdata[n];
}

static const char *
name_of (WatchWorld *world, const char *uuid)
{
  return mig_watch_guest_name (world->watch, uuid, "web", "host1");
}

static void
keep_sample (WatchWorld *world, const char *guest)
{
  GPtrArray *tick = g_ptr_array_new_with_free_func (g_free);
  MigSampleRecord sample;

  mig_record_init (MIG_TABLE_SAMPLES, &sample);
  sample.guest = (char *) guest;
  g_ptr_array_add (tick, mig_record_copy (MIG_TABLE_SAMPLES, &sample));
  g_queue_push_tail (&world->watch->recent, tick);
}

/* A guest that is made anew has the name of the one before; two at a time have two names. */
static void
test_names (void)
{
  WatchWorld world = { 0 };

  watch_world_set_up (&world, PLENTY, 2);
  g_assert_cmpstr (name_of (&world, "1"), ==, "web");
  g_assert_cmpstr (name_of (&world, "2"), ==, "web@host1");
  keep_sample (&world, "web");
  world.watch->look++;
  g_assert_cmpstr (name_of (&world, "2"), ==, "web@host1");
  mig_watch_free_names (world.watch);
  g_assert_cmpuint (((GPtrArray *) world.watch->recent.head->data)->len, ==, 0);
  g_assert_cmpstr (name_of (&world, "3"), ==, "web");
  g_assert_cmpstr (name_of (&world, "2"), ==, "web@host1");
  g_assert_cmpstr (name_of (&world, "4"), ==, "web@host1#3");
  watch_world_tear_down (&world);
}

/* A look at a host that does not answer frees no name. */
static void
test_names_of_lost (void)
{
  WatchWorld world = { 0 };

  watch_world_set_up (&world, PLENTY, 2);
  name_of (&world, "1");
  mig_watch_sample (world.watch);
  g_assert_cmpstr (name_of (&world, "2"), ==, "web");
  mig_watched_detach (host (&world, 1));
  mig_watch_sample (world.watch);
  g_assert_cmpstr (name_of (&world, "3"), ==, "web@host1");
  watch_world_tear_down (&world);
}

static void
count_warning (MigLogLevel level, const char *message, gpointer data)
{
  *(guint *) data += level == MIG_LOG_WARNING && strstr (message, "cannot write metrics");
}

/* What could not be written is written when it can be, though nothing has changed. */
static void
test_metrics_file (void)
{
  WatchWorld world = { 0 };
  guint warnings = 0, sink = mig_log_add_sink (count_warning, &warnings);

  watch_world_set_up (&world, PLENTY, 2);
  g_autofree char *dir = g_path_get_dirname (world.metrics);
  mig_watch_write_metrics (world.watch);
  mig_watch_write_metrics (world.watch);
  g_assert_cmpuint (warnings, ==, 1);
  g_assert_cmpint (g_mkdir (dir, 0700), ==, 0);
  mig_watch_write_metrics (world.watch);
  g_assert_true (g_file_test (world.metrics, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (warnings, ==, 1);
  watch_world_tear_down (&world);
  mig_log_remove_sink (sink);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (NULL));
  g_test_add_func ("/watch-hosts/names", test_names);
  g_test_add_func ("/watch-hosts/names-of-lost", test_names_of_lost);
  g_test_add_func ("/watch-hosts/metrics-file", test_metrics_file);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
