/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/log.h"
#include "tests/unit/watch-world.h"
#include "virt/loop.h"

/* The file of metrics. */

#define PLENTY (100 * 1000 * 1000)

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
  g_test_add_func ("/watch-hosts/metrics-file", test_metrics_file);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
