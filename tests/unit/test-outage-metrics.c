/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/probe-kind.h"
#include "summary/outage.h"
#include "tests/unit/run-tables.h"

/* What clients notice, in the summary of a result: of each migration, of its guests and of those
 * that stay, as metrics. */

#define MS MIG_NS_PER_MS

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

static void
announce (MigAnalysis *analysis, const char *packet, gint64 time_ns)
{
  const MigAnnouncementRecord row = {
    .run = 1, .guest = (char *) "g", .packet = (char *) packet, .time_ns = time_ns
  };
  mig_analysis_add_announcement (analysis, &row);
}

/* announce_both: before and after it went on, from 6 s to 6.2 s, and again from 11 s to 11.3 s. */
static void
announce_both (MigAnalysis *analysis, gint64 window_ns)
{
  announce (analysis, MIG_ANNOUNCED_BY_ARP, window_ns + 5990 * MS); /* of something else */
  announce (analysis, MIG_ANNOUNCED_BY_RARP, window_ns + 6190 * MS);
  announce (analysis, MIG_ANNOUNCED_BY_RARP, window_ns + 6240 * MS);
  announce (analysis, MIG_ANNOUNCED_BY_ARP, window_ns + 6500 * MS);
  announce (analysis, MIG_ANNOUNCED_BY_RARP, window_ns + 11305 * MS);
  announce (analysis, MIG_ANNOUNCED_BY_ARP, window_ns + 11400 * MS);
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
  first->suspended_ns = window_ns + 6000 * MS;
  first->resumed_ns = window_ns + 6200 * MS;
  second.suspended_ns = window_ns + 11000 * MS;
  second.resumed_ns = window_ns + 11300 * MS;
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
  announce_both (analysis, window_ns);
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
  g_assert_cmpfloat_with_epsilon (away->rarp_s, -0.01, 1e-9);
  g_assert_cmpfloat_with_epsilon (away->arp_s, 0.3, 1e-9);
  g_assert_cmpfloat_with_epsilon (back->rarp_s, 0.005, 1e-9);
  const MigStat *stats = ((const MigCaseSummary *) summary->cases->pdata[0])->stats;
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_RARP].mean, 0.005, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats[MIG_METRIC_ARP].mean, 0.3, 1e-9);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outage-metrics/each-migration", test_each_migration);
  g_test_add_func ("/outage-metrics/metrics", test_metrics);
  g_test_add_func ("/outage-metrics/none", test_none);
  return g_test_run ();
}
