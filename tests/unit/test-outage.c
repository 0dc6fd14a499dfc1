/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "summary/outage.h"
#include "tests/unit/run-tables.h"

#define MS MIG_NS_PER_MS
#define START (10000 * MS)

/* series_of: of a migration in a window that ends so long after its start. */
static MigProbeSeries *
series_of (gint64 from_ns, gint64 next_ns, gint64 end_ns)
{
  const MigProbeSpan span = {
    .from_ns = from_ns, .start_ns = START, .next_ns = next_ns, .end_ns = end_ns
  };
  return mig_probe_series_new (&span);
}

static MigProbeSeries *
series_new (void)
{
  return series_of (MIG_MISSING_INT, MIG_MISSING_INT, START + 5000 * MS);
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
  g_assert_cmpint (outage.silence_from_ns, ==, START + 992 * MS);
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

/* A request that is still not answered at the window's end has waited until then at least; one that
 * was sent behind it is none. */
static void
test_open_requests (void)
{
  MigProbeSeries *series = series_new (),
                 *endless = series_of (MIG_MISSING_INT, MIG_MISSING_INT, MIG_MISSING_INT);

  for (gint64 c = 1; c <= 2; c++)
    request (series, c, 0, -500, 3);
  request (series, 1, 1, 200, -1);
  request (series, 2, 1, 200, 830);
  request (series, 2, 2, 5600, -1);
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_null (outage.stall_why);
  g_assert_cmpuint (outage.open_requests, ==, 1);
  g_assert_cmpint (outage.stall_ns, ==, 4800 * MS);
  g_assert_cmpint (outage.stall_median_ns, ==, 2815 * MS); /* of 830 and 4800 */
  g_assert_cmpint (outage.stall_floor_ns, ==, 3 * MS);
  /* where the window's end is not known, until the last that is known of */
  request (endless, 1, 0, -500, 3);
  request (endless, 1, 1, 200, -1);
  request (endless, 2, 0, 1000, 200);
  outage = mig_probe_series_outage (endless);
  g_assert_cmpuint (outage.open_requests, ==, 1);
  g_assert_cmpint (outage.stall_ns, ==, 1000 * MS);
  mig_probe_series_free (series);
  mig_probe_series_free (endless);
}

/* What tells of the migration before or of the next one does not tell of this one. */
static void
test_spans (void)
{
  MigProbeSeries *series = series_of (START - 500 * MS, START + 2000 * MS, START + 5000 * MS),
                 *dead = series_of (MIG_MISSING_INT, START + 1000 * MS, START + 5000 * MS);

  packets (series, 0, 10, 2);
  packets (series, 10, 50, -1); /* the last one is due 510 ms before the start */
  packets (series, 50, 200, 2);
  packets (series, 200, 220, -1);
  packets (series, 220, 300, 2);
  packets (series, 300, 400, -1); /* the first one is due 2000 ms after the start */
  request (series, 1, 0, -600, 550);
  request (series, 1, 1, -40, 3);
  request (series, 1, 2, 1000, -1);
  request (series, 1, 3, 2100, 100);
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_null (outage.why);
  g_assert_cmpint (outage.outage_ns, ==, 200 * MS);
  g_assert_cmpint (outage.silence_ns, ==, 210 * MS);
  g_assert_cmpint (outage.silence_floor_ns, ==, 10 * MS);
  g_assert_cmpuint (outage.open_requests, ==, 1);
  g_assert_cmpint (outage.stall_ns, ==, 1000 * MS);
  g_assert_cmpint (outage.stall_floor_ns, ==, 3 * MS);
  packets (dead, 0, 150, 2);
  packets (dead, 150, 200, -1);
  packets (dead, 200, 300, 2);
  outage = mig_probe_series_outage (dead);
  g_assert_cmpint (outage.outage_ns, ==, MIG_MISSING_INT);
  g_assert_nonnull (strstr (outage.why, "next migration"));
  mig_probe_series_free (series);
  mig_probe_series_free (dead);
}

/* A migration that begins as the one before ends: that the guest was reached is known, a floor not.
 */
static void
test_close (void)
{
  MigProbeSeries *series = series_of (START - 5 * MS, MIG_MISSING_INT, START + 5000 * MS);

  packets (series, 0, 110, 2);
  packets (series, 110, 120, -1);
  packets (series, 120, 200, 2);
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_null (outage.why);
  g_assert_cmpint (outage.outage_ns, ==, 100 * MS);
  g_assert_cmpint (outage.silence_ns, ==, 110 * MS);
  g_assert_cmpint (outage.silence_floor_ns, ==, MIG_MISSING_INT);
  mig_probe_series_free (series);
}

/* send_packets: of a guest from 3 s to 18 s after the window's start, answered after 1 ms but for
 * so many from that second on. */
static void
send_packets (MigAnalysis *analysis, const char *guest, gint64 window_ns, const gint64 at_s[2],
              const gint64 lost[2])
{
  MigProbeRecord probe;

  mig_record_init (MIG_TABLE_PROBES, &probe);
  probe.run = 1;
  probe.guest = (char *) guest;
  probe.probe = (char *) MIG_PROBE_OF_PACKETS;
  probe.covers_ns = 10 * MS;
  for (probe.sequence = 0; probe.sequence < 1500; probe.sequence++)
    {
      gint64 at_ns = 3000 * MS + probe.sequence * 10 * MS;
      gboolean answered = TRUE;
      for (guint i = 0; i < 2; i++)
        answered &= at_ns < at_s[i] * 1000 * MS || at_ns >= at_s[i] * 1000 * MS + lost[i] * 10 * MS;
      probe.due_ns = probe.sent_ns = window_ns + at_ns;
      probe.answered_ns = answered ? probe.sent_ns + MS : MIG_MISSING_INT;
      mig_analysis_add_probe (analysis, &probe);
    }
}

static void
send_request (MigAnalysis *analysis, const char *guest, gint64 sent_ns, gint64 answered_ns,
              gint64 sequence)
{
  MigProbeRecord probe;

  mig_record_init (MIG_TABLE_PROBES, &probe);
  probe.run = 1;
  probe.guest = (char *) guest;
  probe.probe = (char *) MIG_PROBE_OF_CONNECTIONS;
  probe.connection = 1;
  probe.sequence = sequence;
  probe.due_ns = probe.sent_ns = sent_ns;
  probe.answered_ns = answered_ns;
  mig_analysis_add_probe (analysis, &probe);
}

/* One guest moves away from 5 s to 8 s after the window's start, with an outage of 200 ms, and back
 * from 10 s to 12 s, with one of 300 ms; another one, which stays, does not answer for 50 ms. */
static void
test_each_migration (void)
{
  static const MadeRun made = { 0 };
  RunTables t;

  run_tables_init (&t);
  run_tables_add_run (&t, 1, &made);
  MigMigrationRecord *first = t.migrations->pdata[0];
  MigRunRecord *run = t.runs->pdata[0];
  gint64 window_ns = run->window_start_ns;
  first->end_ns = window_ns + 8000 * MS;
  run->migrations_end_ns = window_ns + 12000 * MS;
  MigMigrationRecord second = *first;
  second.step = 2;
  second.source = first->destination;
  second.destination = first->source;
  second.start_ns = window_ns + 10000 * MS;
  second.end_ns = run->migrations_end_ns;
  run_tables_add (t.migrations, MIG_TABLE_MIGRATIONS, &second);
  MigGuestRecord stays = *(const MigGuestRecord *) t.guests->pdata[0];
  stays.guest = (char *) "s";
  stays.host_after = stays.host_before;
  run_tables_add (t.guests, MIG_TABLE_GUESTS, &stays);
  g_autoptr (MigAnalysis) analysis = mig_analysis_new (t.schedule, t.runs, t.guests, t.migrations);
  send_packets (analysis, "g", window_ns, (const gint64[]){ 6, 11 }, (const gint64[]){ 20, 30 });
  send_request (analysis, "g", window_ns + 6000 * MS, window_ns + 6400 * MS, 0);
  send_request (analysis, "g", window_ns + 9000 * MS, window_ns + 9003 * MS, 1);
  send_request (analysis, "g", window_ns + 11000 * MS, MIG_MISSING_INT, 2);
  send_request (analysis, "g", window_ns + 14000 * MS, MIG_MISSING_INT, 3);
  send_packets (analysis, "s", window_ns, (const gint64[]){ 7, 7 }, (const gint64[]){ 5, 0 });
  send_request (analysis, "s", window_ns + 4000 * MS, window_ns + 4004 * MS, 0);
  send_request (analysis, "s", window_ns + 7000 * MS, window_ns + 7210 * MS, 1);
  g_autoptr (MigSummary) summary = mig_analysis_finish (analysis);
  const MigMigrationSummary *away = summary->migrations->pdata[0],
                            *back = summary->migrations->pdata[1];
  g_assert_true (away->probed && back->probed);
  g_assert_cmpfloat_with_epsilon (away->outage_s, 0.2, 1e-9);
  g_assert_cmpfloat_with_epsilon (away->silence_s, 0.21, 1e-9);
  g_assert_cmpfloat_with_epsilon (away->stall_s, 0.4, 1e-9);
  g_assert_false (away->stall_at_least);
  g_assert_cmpfloat_with_epsilon (back->outage_s, 0.3, 1e-9);
  g_assert_cmpfloat_with_epsilon (back->silence_s, 0.31, 1e-9);
  /* from 11 s to the window's end at 20 s */
  g_assert_cmpfloat_with_epsilon (back->stall_s, 9, 1e-9);
  g_assert_true (back->stall_at_least);
  const MigStat *stats = ((const MigCaseSummary *) summary->cases->pdata[0])->stats;
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_OUTAGE].mean, 0.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_SILENCE].mean, 0.31, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_STALL].mean, 9, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_OPEN_REQUESTS].mean, 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_VMCO_OUTAGE].mean, 0.05, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_VMCO_SILENCE].mean, 0.06, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_VMCO_SILENCE_FLOOR].mean, 0.01, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_VMCO_STALL].mean, 0.21, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_VMCO_STALL_FLOOR].mean, 0.004, 1e-9);
  run_tables_clear (&t);
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
  for (guint i = MIG_METRIC_OUTAGE; i <= MIG_METRIC_VMCO_STALL_FLOOR; i++)
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

/* probe_of: of another kind; sent so long after the start, answered as above. */
static void
probe_of (MigProbeSeries *series, const char *kind, gint64 n, gint64 sent, gint64 answer)
{
  MigProbeRecord probe;

  mig_record_init (MIG_TABLE_PROBES, &probe);
  probe.probe = (char *) kind;
  probe.sequence = n;
  probe.due_ns = probe.sent_ns = START + sent * MS;
  if (g_str_equal (kind, MIG_PROBE_OF_PINGS))
    probe.covers_ns = 50 * MS;
  if (answer >= 0)
    probe.answered_ns = probe.sent_ns + answer * MS;
  mig_probe_series_add (series, &probe);
}

/* Six pings are lost since the start, of which the first one covers it. */
static void
test_pings (void)
{
  MigProbeSeries *series = series_new (), *deaf = series_new ();

  for (gint64 n = 0; n < 60; n++)
    probe_of (series, MIG_PROBE_OF_PINGS, n, -1020 + n * 50, n >= 20 && n < 26 ? -1 : 3);
  g_assert_cmpint (mig_probe_series_outage (series).outage_icmp_ns, ==, 300 * MS);
  for (gint64 n = 0; n < 60; n++)
    probe_of (deaf, MIG_PROBE_OF_PINGS, n, -1020 + n * 50, -1);
  g_assert_cmpint (mig_probe_series_outage (deaf).outage_icmp_ns, ==, MIG_MISSING_INT);
  mig_probe_series_free (series);
  mig_probe_series_free (deaf);
}

/* A connect that is sent into the outage takes a second; one that was never made, since 3 s after
 * the start, has taken 2 s at the window's end. */
static void
test_connects (void)
{
  MigProbeSeries *series = series_new (), *none = series_new ();

  probe_of (series, MIG_PROBE_OF_CONNECTS, 0, -1000, 4);
  probe_of (series, MIG_PROBE_OF_CONNECTS, 1, -3, 4);
  probe_of (series, MIG_PROBE_OF_CONNECTS, 2, 1000, 1031);
  probe_of (series, MIG_PROBE_OF_CONNECTS, 3, 2000, 5);
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_cmpint (outage.connect_ns, ==, 1031 * MS);
  g_assert_cmpint (outage.connect_floor_ns, ==, 4 * MS);
  probe_of (series, MIG_PROBE_OF_CONNECTS, 4, 3000, -1);
  probe_of (series, MIG_PROBE_OF_CONNECTS, 5, 4000, -1);
  outage = mig_probe_series_outage (series);
  g_assert_cmpint (outage.connect_ns, ==, 2000 * MS);
  probe_of (none, MIG_PROBE_OF_CONNECTS, 0, -1000, -1);
  g_assert_cmpint (mig_probe_series_outage (none).connect_ns, ==, MIG_MISSING_INT);
  mig_probe_series_free (series);
  mig_probe_series_free (none);
}

/* asked: of a guest that is asked by this kind alone, every 50 ms from a second before the start:
 * the probes from the 22nd up to the 30th are answered after lost ms. */
static MigOutage
asked (const char *kind, gint64 lost)
{
  MigProbeSeries *series = series_new ();

  for (gint64 n = 0; n < 60; n++)
    {
      MigProbeRecord probe;
      mig_record_init (MIG_TABLE_PROBES, &probe);
      probe.probe = (char *) kind;
      probe.sequence = n;
      probe.due_ns = probe.sent_ns = START - 1000 * MS + n * 50 * MS;
      probe.covers_ns = 50 * MS;
      gint64 answer = n >= 22 && n < 30 ? lost : 2;
      if (answer >= 0)
        probe.answered_ns = probe.sent_ns + answer * MS;
      mig_probe_series_add (series, &probe);
    }
  const MigOutage outage = mig_probe_series_outage (series);
  mig_probe_series_free (series);
  return outage;
}

/* Where a guest is not asked by packets, the next kind tells. A new connection that took a second
 * has lost its first packet. */
static void
test_existing (void)
{
  MigOutage outage = asked (MIG_PROBE_OF_PINGS, -1);
  g_autofree char *text = mig_outage_text (&outage);

  g_assert_cmpint (outage.outage_ns, ==, 400 * MS);
  g_assert_cmpint (outage.silence_ns, ==, 450 * MS);
  g_assert_cmpint (outage.silence_floor_ns, ==, 50 * MS);
  g_assert_cmpstr (text, ==, "outage 400 ms, silence 450 ms");
  outage = asked (MIG_PROBE_OF_CONNECTS, 1010);
  g_assert_cmpint (outage.outage_ns, ==, 400 * MS);
  g_assert_cmpint (outage.connect_ns, ==, 1010 * MS);
  g_assert_cmpint (outage.outage_icmp_ns, ==, MIG_MISSING_INT);
  outage = asked (MIG_PROBE_OF_HTTP, 990); /* slow, but not lost */
  g_assert_cmpint (outage.outage_ns, ==, 0);
  g_assert_cmpint (outage.connect_ns, ==, 990 * MS);
}

/* The rows of a guest, at once; what is not known is told with its reason. */
static void
test_rows (void)
{
  const MigProbeSpan span = { .from_ns = MIG_MISSING_INT,
                              .start_ns = START,
                              .next_ns = MIG_MISSING_INT,
                              .end_ns = START + 5000 * MS };
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (MigProbeRecord));
  MigOutage outage = mig_outage_of (rows, &span);
  g_autofree char *text = mig_outage_text (&outage);

  g_assert_cmpstr (text, ==, "outage not known: the guest answered no packet before the migration");
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
  g_test_add_func ("/outage/pings", test_pings);
  g_test_add_func ("/outage/connects", test_connects);
  g_test_add_func ("/outage/existing", test_existing);
  g_test_add_func ("/outage/rows", test_rows);
  g_test_add_func ("/outage/open-requests", test_open_requests);
  g_test_add_func ("/outage/spans", test_spans);
  g_test_add_func ("/outage/close", test_close);
  g_test_add_func ("/outage/each-migration", test_each_migration);
  g_test_add_func ("/outage/metrics", test_metrics);
  g_test_add_func ("/outage/none", test_none);
  g_test_add_func ("/outage/impossible", test_impossible);
  return g_test_run ();
}
