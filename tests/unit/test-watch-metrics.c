/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "base/units.h"
#include "watch/metrics.h"

static void
add (MigWatchMetrics *metrics, const char *guest, const char *failure, gint64 total_ms,
     gint64 down_ms)
{
  MigMigrationRecord row;

  mig_record_init (MIG_TABLE_MIGRATIONS, &row);
  row.guest = (char *) guest;
  row.source = (char *) "host1";
  row.destination = failure ? NULL : (char *) "host2";
  row.status = (char *) (failure ? "failed" : "ok");
  row.reason = (char *) failure;
  row.start_ns = 5 * MIG_NS_PER_S;
  row.end_ns = row.start_ns + total_ms * MIG_NS_PER_MS;
  if (down_ms)
    {
      row.suspended_ns = row.start_ns;
      row.resumed_ns = row.start_ns + down_ms * MIG_NS_PER_MS;
    }
  row.sent_bytes = 1000;
  mig_watch_metrics_migration (metrics, &row);
}

/* sample: three migrations, one of which failed, with names that have to be escaped. */
static char *
sample (void)
{
  g_autoptr (MigWatchMetrics) metrics = mig_watch_metrics_new (1700000000 * MIG_NS_PER_S);
  const char *const hosts[] = { "host1", "host2" };
  const gboolean answers[] = { TRUE, FALSE };
  const MigWatchNow now = { 1, 2, hosts, answers };

  add (metrics, "web", NULL, 1000, 100);
  add (metrics, "a\"b\\c\nd", NULL, 7000, 0);
  add (metrics, "web", "the guest ended on the source", 4000000, 250);
  mig_watch_metrics_outage (metrics, "web", 0.12);
  mig_watch_metrics_outage (metrics, "web", 0.5);
  mig_watch_metrics_outage (metrics, "web", NAN);
  mig_watch_metrics_other (metrics);
  mig_watch_metrics_gap (metrics, 2500 * MIG_NS_PER_MS);
  return mig_watch_metrics_text (metrics, &now);
}

static void
has (const char *text, const char *line)
{
  g_autofree char *whole = g_strdup_printf ("\n%s\n", line);

  if (!strstr (text, whole))
    g_error ("no line '%s' in:\n%s", line, text);
}

static void
test_text (void)
{
  g_autofree char *text = sample ();
  static const char *const lines[] = {
    "migcost_watch_migrations_total{source=\"host1\",destination=\"host2\",result=\"ok\"} 2",
    ("migcost_watch_migrations_total{source=\"host1\",destination=\"elsewhere\","
     "result=\"failed\"} 1"),
    "migcost_watch_migration_failures_total{reason=\"the guest ended on the source\"} 1",
    "migcost_watch_guest_migrations_total{guest=\"web\"} 2",
    "migcost_watch_guest_migrations_total{guest=\"a\\\"b\\\\c\\nd\"} 1",
    "migcost_watch_migrations_running 1",
    "migcost_watch_migration_outage_seconds_bucket{le=\"0.1\"} 0",
    "migcost_watch_migration_outage_seconds_bucket{le=\"0.2\"} 1",
    "migcost_watch_migration_outage_seconds_count 2",
    "migcost_watch_guest_outage_seconds{guest=\"web\"} 0.5",
    /* 1 s is not more than 1 s; 7 s; 4,000 s is beyond all bounds */
    "migcost_watch_migration_duration_seconds_bucket{le=\"0.5\"} 0",
    "migcost_watch_migration_duration_seconds_bucket{le=\"1\"} 1",
    "migcost_watch_migration_duration_seconds_bucket{le=\"10\"} 2",
    "migcost_watch_migration_duration_seconds_bucket{le=\"3600\"} 2",
    "migcost_watch_migration_duration_seconds_bucket{le=\"+Inf\"} 3",
    "migcost_watch_migration_duration_seconds_sum 4008",
    "migcost_watch_migration_duration_seconds_count 3",
    /* of the second nobody knows, the third did not move */
    "migcost_watch_migration_downtime_seconds_sum 0.1",
    "migcost_watch_migration_downtime_seconds_count 1",
    "migcost_watch_sent_bytes_total 3000",
    "migcost_watch_other_jobs_total 1",
    "migcost_watch_standstills_total 1",
    "migcost_watch_standstill_seconds_total 2.5",
    "migcost_watch_host_up{host=\"host1\"} 1",
    "migcost_watch_host_up{host=\"host2\"} 0",
    "migcost_watch_start_time_seconds 1700000000",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    has (text, lines[i]);
}

/* However many guests there are, labels are not. */
static void
test_labels (void)
{
  g_autoptr (MigWatchMetrics) metrics = mig_watch_metrics_new (0);
  const MigWatchNow now = { 0, 0, NULL, NULL };

  for (guint i = 0; i < 3 * MIG_METRICS_LABELS_MAX; i++)
    {
      g_autofree char *guest = g_strdup_printf ("g%u", i);
      add (metrics, guest, NULL, 1, 1);
    }
  g_autofree char *text = mig_watch_metrics_text (metrics, &now);
  has (text, "migcost_watch_guest_migrations_total{guest=\"g0\"} 1");
  has (text, "migcost_watch_guest_migrations_total{guest=\"other\"} 200");
  g_assert_null (strstr (text, "\"g100\""));
}

/* Prometheus' own tool has nothing to say. */
static void
test_promtool (void)
{
  g_autofree char *tool = g_find_program_in_path ("promtool");
  g_autofree char *path = NULL, *output = NULL, *errors = NULL;
  g_autofree char *text = sample ();
  int status = -1;

  if (!tool)
    {
      g_test_skip ("no promtool");
      return;
    }
  int fd = g_file_open_tmp ("migcost-test-XXXXXX", &path, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_autofree char *command = g_strdup_printf ("sh -c '\"%s\" check metrics <\"%s\"'", tool, path);
  g_assert_true (g_spawn_command_line_sync (command, &output, &errors, &status, NULL));
  g_assert_cmpstr (output, ==, "");
  g_assert_cmpstr (errors, ==, "");
  g_assert_cmpint (status, ==, 0);
  g_unlink (path);
  g_close (fd, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/watch-metrics/text", test_text);
  g_test_add_func ("/watch-metrics/labels", test_labels);
  g_test_add_func ("/watch-metrics/promtool", test_promtool);
  return g_test_run ();
}
