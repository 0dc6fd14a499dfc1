/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "tests/unit/watch-world.h"
#include "virt/loop.h"

/* Hosts that are lost and come back, what guests are called, and the file of metrics. */

#define PLENTY (100 * 1000 * 1000)
#define FOR_EVER (600 * MIG_NS_PER_S)

static MigWatched *
host (const WatchWorld *world, guint n)
{
  return world->watch->hosts->pdata[n];
}

static void
set_uri (MigWatched *watched, const char *uri)
{
  g_free (watched->study.uri);
  watched->study.uri = g_strdup (uri);
  watched->retry_ns = 0;
}

/* listen_at: a server that takes connections and never answers. */
static int
listen_at (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpuint (g_strlcpy (address.sun_path, path, sizeof address.sun_path), <,
                    sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fd, 8), ==, 0);
  return fd;
}

static guint
looks (const WatchWorld *world)
{
  return g_queue_get_length (&world->watch->recent);
}

/* While nobody answers the other host is looked at all the same. */
static void
test_silent_host (void)
{
  WatchWorld world = { 0 };

  watch_world_set_up (&world, PLENTY, 2);
  g_autofree char *path = g_build_filename (world.top, "s", NULL);
  g_autofree char *uri = g_strdup_printf ("qemu+unix:///system?socket=%s", path);
  int server = listen_at (path);
  mig_watched_detach (host (&world, 1));
  set_uri (host (&world, 1), uri);
  for (guint i = 1; i <= 3; i++)
    {
      g_assert_true (mig_watch_tick (world.watch, NULL));
      mig_watch_sample (world.watch);
      g_assert_cmpuint (looks (&world), ==, i);
      g_assert_true (host (&world, 1)->opening);
    }
  close (server);
  mig_watch_take_one (world.watch, mig_clock_now () + FOR_EVER);
  g_assert_false (host (&world, 1)->opening);
  g_assert_null (host (&world, 1)->host);
  g_assert_cmpint (host (&world, 1)->retry_ns, >, mig_clock_now ());
  set_uri (host (&world, 1), "test:///default");
  g_assert_true (mig_watch_tick (world.watch, NULL));
  mig_watch_take_one (world.watch, mig_clock_now () + FOR_EVER);
  g_assert_nonnull (host (&world, 1)->host);
  watch_world_tear_down (&world);
}

/* A watch that ends meanwhile does not wait for it, nor does the thread for the watch. */
static void
test_silent_at_the_end (void)
{
  WatchWorld world = { 0 };

  watch_world_set_up (&world, PLENTY, 2);
  g_autofree char *path = g_build_filename (world.top, "s", NULL);
  g_autofree char *uri = g_strdup_printf ("qemu+unix:///system?socket=%s", path);
  int server = listen_at (path);
  mig_watched_detach (host (&world, 1));
  set_uri (host (&world, 1), uri);
  g_assert_true (mig_watch_tick (world.watch, NULL));
  GAsyncQueue *events = g_async_queue_ref (world.watch->events);
  watch_world_tear_down (&world);
  close (server);
  g_autoptr (MigArrival) answer = g_async_queue_pop (events);
  g_assert_null (answer->opened);
  g_async_queue_unref (events);
}

/* More events than are kept: that of the loss is. */
static void
test_closed_in_a_flood (void)
{
  WatchWorld world = { 0 };

  watch_world_set_up (&world, PLENTY, 2);
  for (guint i = 0; i < 10100; i++)
    watch_world_queue (&world, 0, "g", MIG_EVENT_OTHER, 0);
  watch_world_queue (&world, 1, "g", MIG_EVENT_CLOSED, 0);
  g_assert_cmpint (g_atomic_int_get (&world.watch->dropped), ==, 100);
  g_assert_true (mig_watch_tick (world.watch, NULL));
  g_assert_null (host (&world, 1)->host);
  g_assert_cmpint (host (&world, 1)->retry_ns, >, mig_clock_now ());
  watch_world_tear_down (&world);
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
  signal (SIGPIPE, SIG_IGN); /* as in main() */
  g_assert_true (mig_loop_start (NULL));
  g_test_add_func ("/watch-hosts/silent", test_silent_host);
  g_test_add_func ("/watch-hosts/silent-at-the-end", test_silent_at_the_end);
  g_test_add_func ("/watch-hosts/closed-in-a-flood", test_closed_in_a_flood);
  g_test_add_func ("/watch-hosts/names", test_names);
  g_test_add_func ("/watch-hosts/names-of-lost", test_names_of_lost);
  g_test_add_func ("/watch-hosts/metrics-file", test_metrics_file);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
