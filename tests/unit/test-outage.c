/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "summary/outage.h"
#include "tests/unit/run-tables.h"

#define MS MIG_NS_PER_MS
#define START (10000 * MS)

static MigMigrationRecord migration;

static MigProbeSeries *
series_new (void)
{
  mig_record_init (MIG_TABLE_MIGRATIONS, &migration);
  migration.start_ns = START;
  return mig_probe_series_new (&migration);
}

/* packet: number n is due 10 ms after the one before; number 0 a second before the start. answer:
 * after so many ms; -1: never. */
static void
packet (MigProbeSeries *series, gint64 n, gint64 answer)
{
  MigProbeRecord probe;

  mig_record_init (MIG_TABLE_PROBES, &probe);
  probe.probe = (char *) "udp";
  probe.sequence = n;
  probe.due_ns = probe.sent_ns = START - 1000 * MS + n * 10 * MS;
  probe.covers_ns = 10 * MS;
  if (answer >= 0)
    probe.answered_ns = probe.sent_ns + answer * MS;
  mig_probe_series_add (series, &probe);
}

/* packets: from, up to and without. */
static void
packets (MigProbeSeries *series, gint64 from, gint64 to, gint64 answer)
{
  for (gint64 n = from; n < to; n++)
    packet (series, n, answer);
}

/* request: sent so long after the start, answered as above. */
static void
request (MigProbeSeries *series, gint64 connection, gint64 n, gint64 sent, gint64 answer)
{
  MigProbeRecord probe;

  mig_record_init (MIG_TABLE_PROBES, &probe);
  probe.probe = (char *) "tcp";
  probe.connection = connection;
  probe.sequence = n;
  probe.due_ns = probe.sent_ns = START + sent * MS;
  if (answer >= 0)
    probe.answered_ns = probe.sent_ns + answer * MS;
  mig_probe_series_add (series, &probe);
}

/* 200 answered after 2 ms, of which one before the start after 52 ms; 25 lost; the next waited in
 * the guest for 150 ms. */
static void
test_packets (void)
{
  MigProbeSeries *series = series_new ();

  packets (series, 0, 50, 2);
  packet (series, 50, 52); /* those behind it are answered before */
  packets (series, 51, 200, 2);
  packets (series, 200, 225, -1);
  packet (series, 225, 150);
  packets (series, 226, 400, 2);
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_null (outage.why);
  g_assert_cmpint (outage.outage_ns, ==, 250 * MS);
  /* packet 199 is answered at 992 ms after the start, packet 226 at 1262, before 225 */
  g_assert_cmpint (outage.silence_ns, ==, 270 * MS);
  /* 49 at -508 ms, 51 at -488 */
  g_assert_cmpint (outage.silence_floor_ns, ==, 20 * MS);
  mig_probe_series_free (series);
}

/* What lies between rows that are not kept is not silence; losses long before are not the
 * migration's. */
static void
test_gaps (void)
{
  MigProbeSeries *series = series_new ();

  packets (series, 0, 20, 2);
  packets (series, 20, 30, -1); /* before the start */
  packets (series, 30, 100, 2);
  packets (series, 400, 500, 2);
  packets (series, 500, 501, -1);
  packets (series, 501, 600, 2);
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_cmpint (outage.outage_ns, ==, 10 * MS);
  g_assert_cmpint (outage.silence_ns, ==, 20 * MS);
  g_assert_cmpint (outage.silence_floor_ns, ==, 110 * MS);
  mig_probe_series_free (series);
}

/* Where the prober was late, an unanswered packet covers the points that were missed. */
static void
test_late (void)
{
  MigProbeSeries *series = series_new ();
  MigProbeRecord probe;

  packets (series, 0, 110, 2);
  mig_record_init (MIG_TABLE_PROBES, &probe);
  probe.probe = (char *) "udp";
  probe.sequence = 110;
  probe.due_ns = START + 100 * MS;
  probe.sent_ns = START + 104 * MS;
  probe.covers_ns = 40 * MS;
  mig_probe_series_add (series, &probe);
  probe.sequence = 111;
  probe.due_ns = probe.sent_ns = START + 140 * MS;
  probe.answered_ns = START + 141 * MS;
  mig_probe_series_add (series, &probe);
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_cmpint (outage.outage_ns, ==, 40 * MS);
  mig_probe_series_free (series);
}

static void
test_unknown (void)
{
  MigProbeSeries *none = series_new (), *dead = series_new (), *deaf = series_new ();

  MigOutage outage = mig_probe_series_outage (none);
  g_assert_nonnull (outage.why);
  g_assert_nonnull (outage.stall_why);
  g_assert_cmpint (outage.outage_ns, ==, MIG_MISSING_INT);
  packets (dead, 0, 200, 2);
  packets (dead, 200, 400, -1);
  request (dead, 1, 0, 0, -1);
  outage = mig_probe_series_outage (dead);
  g_assert_nonnull (outage.why);
  g_assert_cmpint (outage.outage_ns, ==, MIG_MISSING_INT);
  g_assert_cmpint (outage.silence_ns, ==, MIG_MISSING_INT);
  g_assert_nonnull (outage.stall_why);
  g_assert_cmpint (outage.stall_ns, ==, MIG_MISSING_INT);
  packets (deaf, 0, 100, -1);
  packets (deaf, 100, 200, 2);
  g_assert_nonnull (mig_probe_series_outage (deaf).why);
  mig_probe_series_free (none);
  mig_probe_series_free (dead);
  mig_probe_series_free (deaf);
}

/* Three connections wait for 5, 420 and 830 ms at most; that of a fourth was cut: its client asked
 * again 300 ms later. */
static void
test_requests (void)
{
  MigProbeSeries *series = series_new ();

  packets (series, 0, 200, 2);
  for (gint64 c = 1; c <= 3; c++)
    request (series, c, 0, -500, c == 2 ? 30 : 3);
  request (series, 1, 1, 200, 5);
  request (series, 2, 1, 200, 420);
  request (series, 3, 1, 200, 830);
  request (series, 3, 2, 1100, 3);
  request (series, 4, 0, 200, -1);
  request (series, 4, 1, 500, 100);
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_null (outage.stall_why);
  g_assert_cmpint (outage.stall_ns, ==, 830 * MS);
  g_assert_cmpint (outage.stall_median_ns, ==, 410 * MS); /* of 5, 400, 420, 830 */
  g_assert_cmpint (outage.stall_floor_ns, ==, 30 * MS);
  mig_probe_series_free (series);
}

/* Two runs of one guest, with outages of 200 and 300 ms; a third one's stall is not known. */
static void
test_metrics (void)
{
  static const MadeRun made = { 0 };
  static const gint64 losses[] = { 20, 30, 40 };
  RunTables t;

  run_tables_init (&t);
  for (gint64 run = 1; run <= 3; run++)
    run_tables_add_run (&t, run, &made);
  g_autoptr (MigAnalysis) analysis = mig_analysis_new (t.schedule, t.runs, t.guests, t.migrations);
  for (gint64 run = 1; run <= 3; run++)
    {
      const MigMigrationRecord *m = t.migrations->pdata[run - 1];
      MigProbeRecord probe;
      mig_record_init (MIG_TABLE_PROBES, &probe);
      probe.run = run;
      probe.guest = (char *) "g";
      probe.probe = (char *) "udp";
      probe.covers_ns = 10 * MS;
      for (probe.sequence = 0; probe.sequence < 200; probe.sequence++)
        {
          gboolean lost = probe.sequence >= 120 && probe.sequence < 120 + losses[run - 1];
          probe.due_ns = probe.sent_ns = m->start_ns + (probe.sequence - 100) * 10 * MS;
          probe.answered_ns = lost ? MIG_MISSING_INT : probe.sent_ns + MS;
          mig_analysis_add_probe (analysis, &probe);
        }
      if (run == 3)
        continue;
      probe.probe = (char *) "tcp";
      probe.connection = 1;
      probe.sequence = 0;
      probe.sent_ns = m->start_ns + 200 * MS;
      probe.answered_ns = probe.sent_ns + 400 * MS;
      mig_analysis_add_probe (analysis, &probe);
    }
  g_autoptr (MigSummary) summary = mig_analysis_finish (analysis);
  const MigCaseSummary *study_case = summary->cases->pdata[0];
  const MigStat *stats = study_case->stats;
  g_assert_cmpuint (stats[MIG_METRIC_OUTAGE].n, ==, 3);
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_OUTAGE].mean, 0.3, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_SILENCE].mean, 0.31, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_SILENCE_FLOOR].mean, 0.01, 1e-9);
  g_assert_cmpuint (stats[MIG_METRIC_STALL].n, ==, 2);
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_STALL].mean, 0.4, 1e-9);
  g_assert_nonnull (study_case->missing[MIG_METRIC_STALL]);
  g_assert_null (study_case->missing[MIG_METRIC_OUTAGE]);
  run_tables_clear (&t);
}

/* Of guests without a network nothing is missing. */
static void
test_none (void)
{
  static const MadeRun made = { 0 };
  RunTables t;

  run_tables_init (&t);
  g_autoptr (MigSummary) summary = run_tables_analyse (&t, &made, 1);
  const MigCaseSummary *study_case = summary->cases->pdata[0];
  for (guint i = MIG_METRIC_OUTAGE; i <= MIG_METRIC_STALL_FLOOR; i++)
    {
      g_assert_cmpuint (study_case->stats[i].n, ==, 0);
      g_assert_null (study_case->missing[i]);
    }
  run_tables_clear (&t);
}

/* Values of a file of whatever origin. */
static void
test_impossible (void)
{
  MigProbeSeries *series = series_new ();
  MigProbeRecord probe;

  packets (series, 0, 200, 2);
  mig_record_init (MIG_TABLE_PROBES, &probe);
  probe.probe = (char *) "udp";
  probe.sequence = 200;
  probe.due_ns = G_MAXINT64;
  probe.sent_ns = probe.covers_ns = G_MAXINT64 - 1;
  mig_probe_series_add (series, &probe);
  probe.due_ns = -G_MAXINT64;
  mig_probe_series_add (series, &probe);
  g_assert_cmpint (mig_probe_series_outage (series).outage_ns, ==, 0);
  mig_probe_series_free (series);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outage/packets", test_packets);
  g_test_add_func ("/outage/gaps", test_gaps);
  g_test_add_func ("/outage/late", test_late);
  g_test_add_func ("/outage/unknown", test_unknown);
  g_test_add_func ("/outage/requests", test_requests);
  g_test_add_func ("/outage/metrics", test_metrics);
  g_test_add_func ("/outage/none", test_none);
  g_test_add_func ("/outage/impossible", test_impossible);
  return g_test_run ();
}
