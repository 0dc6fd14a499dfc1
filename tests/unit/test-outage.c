/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "results/columns.h"
#include "tests/unit/probe-series.h"

/* What clients notice of one migration. */

#define MS MIG_NS_PER_MS
#define START PROBE_SERIES_START

/* 200 answered after 2 ms, of which one before the start after 52 ms; 25 lost; the next waited in
 * the guest for 150 ms. */
static void
test_packets (void)
{
  MigProbeSeries *series = probe_series_new ();

  probe_series_packets (series, 0, 50, 2);
  probe_series_packet (series, 50, 52); /* those behind it are answered before */
  probe_series_packets (series, 51, 200, 2);
  probe_series_packets (series, 200, 225, -1);
  probe_series_packet (series, 225, 150);
  probe_series_packets (series, 226, 400, 2);
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

/* A part of a stream to the guest every 10 ms is acknowledged after 5 ms, of one from it one comes
 * every 10 ms; one that was sent at 300 ms waits for 400 ms, and those behind it with it. */
static void
test_streams (void)
{
  MigProbeSeries *series = probe_series_new ();
  MigProbeRecord to, from;
  gint64 last_ns = MIG_MISSING_INT;

  mig_record_init (MIG_TABLE_PROBES, &to);
  mig_record_init (MIG_TABLE_PROBES, &from);
  to.probe = (char *) MIG_PROBE_OF_STREAM_TO;
  from.probe = (char *) MIG_PROBE_OF_STREAM_FROM;
  for (gint64 i = 0; i < 100; i++)
    {
      gint64 at_ns = START + (i - 50) * 10 * MS, stops_ns = START + 300 * MS;
      to.sequence = from.sequence = i;
      to.due_ns = to.sent_ns = at_ns;
      to.answered_ns = MAX (at_ns, at_ns >= stops_ns ? stops_ns + 395 * MS : 0) + 5 * MS;
      mig_probe_series_add (series, &to);
      from.answered_ns = at_ns + (at_ns >= stops_ns ? 200 * MS : 0);
      from.due_ns = from.sent_ns = MIG_IS_MISSING (last_ns) ? from.answered_ns : last_ns;
      last_ns = from.answered_ns;
      mig_probe_series_add (series, &from);
    }
  MigOutage outage = mig_probe_series_outage (series);
  /* acknowledged at 295 ms after the start, then at 700 */
  g_assert_cmpint (outage.stream_to_ns, ==, 405 * MS);
  g_assert_cmpint (outage.stream_to_floor_ns, ==, 10 * MS);
  g_assert_cmpint (outage.stream_from_ns, ==, 210 * MS);
  g_assert_cmpint (outage.stream_from_floor_ns, ==, 10 * MS);
  g_assert_nonnull (outage.why); /* streams tell of no outage */
  mig_probe_series_free (series);
  series = probe_series_new ();
  probe_series_packets (series, 0, 200, 2);
  outage = mig_probe_series_outage (series);
  g_assert_true (MIG_IS_MISSING (outage.stream_to_ns) && MIG_IS_MISSING (outage.stream_from_ns));
  mig_probe_series_free (series);
}

/* A stream that ends 300 ms after the start, and is sent for another 1.2 s, has no longest silence:
 * it did not go on. */
static void
test_stream_ends (void)
{
  MigProbeSeries *series = probe_series_new ();
  MigProbeRecord to;

  mig_record_init (MIG_TABLE_PROBES, &to);
  to.probe = (char *) MIG_PROBE_OF_STREAM_TO;
  for (gint64 i = 0; i < 200; i++)
    {
      to.sequence = i;
      to.due_ns = to.sent_ns = START + (i - 50) * 10 * MS;
      to.answered_ns = i < 80 ? to.sent_ns + 5 * MS : MIG_MISSING_INT;
      mig_probe_series_add (series, &to);
    }
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_true (MIG_IS_MISSING (outage.stream_to_ns));
  g_assert_cmpint (outage.stream_to_floor_ns, ==, 10 * MS);
  mig_probe_series_free (series);
}

/* What lies between rows that are not kept is not silence; losses long before are not the
 * migration's. */
static void
test_gaps (void)
{
  MigProbeSeries *series = probe_series_new ();

  probe_series_packets (series, 0, 20, 2);
  probe_series_packets (series, 20, 30, -1); /* before the start */
  probe_series_packets (series, 30, 100, 2);
  probe_series_packets (series, 400, 500, 2);
  probe_series_packets (series, 500, 501, -1);
  probe_series_packets (series, 501, 600, 2);
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
  MigProbeSeries *series = probe_series_new ();
  MigProbeRecord probe;

  probe_series_packets (series, 0, 110, 2);
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
  MigProbeSeries *none = probe_series_new (), *dead = probe_series_new (),
                 *deaf = probe_series_new ();

  MigOutage outage = mig_probe_series_outage (none);
  g_assert_nonnull (outage.why);
  g_assert_nonnull (outage.stall_why);
  g_assert_cmpint (outage.outage_ns, ==, MIG_MISSING_INT);
  probe_series_packets (dead, 0, 200, 2);
  probe_series_packets (dead, 200, 400, -1);
  probe_series_request (dead, 1, 0, 0, -1);
  outage = mig_probe_series_outage (dead);
  g_assert_nonnull (outage.why);
  g_assert_cmpint (outage.outage_ns, ==, MIG_MISSING_INT);
  g_assert_cmpint (outage.silence_ns, ==, MIG_MISSING_INT);
  g_assert_nonnull (outage.stall_why);
  g_assert_cmpint (outage.stall_ns, ==, MIG_MISSING_INT);
  probe_series_packets (deaf, 0, 100, -1);
  probe_series_packets (deaf, 100, 200, 2);
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
  MigProbeSeries *series = probe_series_new ();

  probe_series_packets (series, 0, 200, 2);
  for (gint64 c = 1; c <= 3; c++)
    probe_series_request (series, c, 0, -500, c == 2 ? 30 : 3);
  probe_series_request (series, 1, 1, 200, 5);
  probe_series_request (series, 2, 1, 200, 420);
  probe_series_request (series, 3, 1, 200, 830);
  probe_series_request (series, 3, 2, 1100, 3);
  probe_series_request (series, 4, 0, 200, -1);
  probe_series_request (series, 4, 1, 500, 100);
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
  MigProbeSeries *series = probe_series_new (),
                 *endless = probe_series_of (MIG_MISSING_INT, MIG_MISSING_INT, MIG_MISSING_INT);

  for (gint64 c = 1; c <= 2; c++)
    probe_series_request (series, c, 0, -500, 3);
  probe_series_request (series, 1, 1, 200, -1);
  probe_series_request (series, 2, 1, 200, 830);
  probe_series_request (series, 2, 2, 5600, -1);
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_null (outage.stall_why);
  g_assert_cmpuint (outage.open_requests, ==, 1);
  g_assert_cmpint (outage.stall_ns, ==, 4800 * MS);
  g_assert_cmpint (outage.stall_median_ns, ==, 2815 * MS); /* of 830 and 4800 */
  g_assert_cmpint (outage.stall_floor_ns, ==, 3 * MS);
  /* where the window's end is not known, until the last that is known of */
  probe_series_request (endless, 1, 0, -500, 3);
  probe_series_request (endless, 1, 1, 200, -1);
  probe_series_request (endless, 2, 0, 1000, 200);
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
  MigProbeSeries *series = probe_series_of (START - 500 * MS, START + 2000 * MS, START + 5000 * MS),
                 *dead = probe_series_of (MIG_MISSING_INT, START + 1000 * MS, START + 5000 * MS);

  probe_series_packets (series, 0, 10, 2);
  probe_series_packets (series, 10, 50, -1); /* the last one is due 510 ms before the start */
  probe_series_packets (series, 50, 200, 2);
  probe_series_packets (series, 200, 220, -1);
  probe_series_packets (series, 220, 300, 2);
  probe_series_packets (series, 300, 400, -1); /* the first one is due 2000 ms after the start */
  probe_series_request (series, 1, 0, -600, 550);
  probe_series_request (series, 1, 1, -40, 3);
  probe_series_request (series, 1, 2, 1000, -1);
  probe_series_request (series, 1, 3, 2100, 100);
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_null (outage.why);
  g_assert_cmpint (outage.outage_ns, ==, 200 * MS);
  g_assert_cmpint (outage.silence_ns, ==, 210 * MS);
  g_assert_cmpint (outage.silence_floor_ns, ==, 10 * MS);
  g_assert_cmpuint (outage.open_requests, ==, 1);
  g_assert_cmpint (outage.stall_ns, ==, 1000 * MS);
  g_assert_cmpint (outage.stall_floor_ns, ==, 3 * MS);
  probe_series_packets (dead, 0, 150, 2);
  probe_series_packets (dead, 150, 200, -1);
  probe_series_packets (dead, 200, 300, 2);
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
  MigProbeSeries *series = probe_series_of (START - 5 * MS, MIG_MISSING_INT, START + 5000 * MS);

  probe_series_packets (series, 0, 110, 2);
  probe_series_packets (series, 110, 120, -1);
  probe_series_packets (series, 120, 200, 2);
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_null (outage.why);
  g_assert_cmpint (outage.outage_ns, ==, 100 * MS);
  g_assert_cmpint (outage.silence_ns, ==, 110 * MS);
  g_assert_cmpint (outage.silence_floor_ns, ==, MIG_MISSING_INT);
  mig_probe_series_free (series);
}

/* Values of a file of whatever origin. */
static void
test_impossible (void)
{
  MigProbeSeries *series = probe_series_new ();
  MigProbeRecord probe;

  probe_series_packets (series, 0, 200, 2);
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

/* Six pings are lost since the start, of which the first one covers it. */
static void
test_pings (void)
{
  MigProbeSeries *series = probe_series_new (), *deaf = probe_series_new ();

  for (gint64 n = 0; n < 60; n++)
    probe_series_probe (series, MIG_PROBE_OF_PINGS, n, -1020 + n * 50, n >= 20 && n < 26 ? -1 : 3);
  g_assert_cmpint (mig_probe_series_outage (series).outage_icmp_ns, ==, 300 * MS);
  for (gint64 n = 0; n < 60; n++)
    probe_series_probe (deaf, MIG_PROBE_OF_PINGS, n, -1020 + n * 50, -1);
  g_assert_cmpint (mig_probe_series_outage (deaf).outage_icmp_ns, ==, MIG_MISSING_INT);
  mig_probe_series_free (series);
  mig_probe_series_free (deaf);
}

/* A connect that is sent into the outage takes a second; one that was never made, since 3 s after
 * the start, has taken 2 s at the window's end. */
static void
test_connects (void)
{
  MigProbeSeries *series = probe_series_new (), *none = probe_series_new ();

  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 0, -1000, 4);
  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 1, -3, 4);
  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 2, 1000, 1031);
  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 3, 2000, 5);
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_cmpint (outage.connect_ns, ==, 1031 * MS);
  g_assert_cmpint (outage.connect_floor_ns, ==, 4 * MS);
  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 4, 3000, -1);
  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 5, 4000, -1);
  outage = mig_probe_series_outage (series);
  g_assert_cmpint (outage.connect_ns, ==, 2000 * MS);
  probe_series_probe (none, MIG_PROBE_OF_CONNECTS, 0, -1000, -1);
  g_assert_cmpint (mig_probe_series_outage (none).connect_ns, ==, MIG_MISSING_INT);
  mig_probe_series_free (series);
  mig_probe_series_free (none);
}

/* One request that is refused 500 ms before the start, and one that is reset 500 ms after it: the
 * next one is answered, and others all the while. */
static void
test_refused (void)
{
  MigProbeSeries *series = probe_series_new ();

  for (gint64 n = 0; n < 40; n++)
    probe_series_probe (series, MIG_PROBE_OF_HTTP, n, -1000 + n * 100, n == 5 || n == 15 ? -1 : 4);
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_cmpint (outage.connect_ns, ==, 104 * MS);
  g_assert_cmpint (outage.connect_floor_ns, ==, 104 * MS);
  mig_probe_series_free (series);
}

/* What is answered overtakes: the first answer to a later attempt counts. What was refused before
 * the migration and answered behind its start is the migration's. */
static void
test_overtaken (void)
{
  MigProbeSeries *series = probe_series_new ();

  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 0, -800, 3);
  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 1, -100, -1);
  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 2, -50, 1030);
  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 3, 1100, -1);
  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 4, 1150, 3020);
  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 5, 1200, 2);
  MigOutage outage = mig_probe_series_outage (series);
  g_assert_cmpint (outage.connect_ns, ==, 3020 * MS);
  g_assert_cmpint (outage.connect_floor_ns, ==, 3 * MS);
  mig_probe_series_free (series);
  series = probe_series_new ();
  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 0, -800, 3);
  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 1, -100, -1);
  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 2, -50, 80);
  probe_series_probe (series, MIG_PROBE_OF_CONNECTS, 3, -30, 40);
  outage = mig_probe_series_outage (series);
  g_assert_cmpint (outage.connect_ns, ==, 110 * MS);
  mig_probe_series_free (series);
}

/* asked: of a guest that is asked by this kind alone, every 50 ms from a second before the start:
 * the probes from the 22nd up to the 30th are answered after lost ms. */
static MigOutage
asked (const char *kind, gint64 lost)
{
  MigProbeSeries *series = probe_series_new ();

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
  g_assert_cmpint (outage.period_ns, ==, 50 * MS);
  g_assert_cmpstr (text, ==, "outage 400 ms, silence 450 ms");
  outage = asked (MIG_PROBE_OF_CONNECTS, 1010);
  g_assert_cmpint (outage.outage_ns, ==, 400 * MS);
  g_assert_cmpint (outage.connect_ns, ==, 1010 * MS);
  g_assert_cmpint (outage.outage_icmp_ns, ==, MIG_MISSING_INT);
  outage = asked (MIG_PROBE_OF_CONNECTS, -1); /* given up: to the answer to the 31st */
  g_assert_cmpint (outage.outage_ns, ==, 400 * MS);
  g_assert_cmpint (outage.connect_ns, ==, 402 * MS);
  g_assert_cmpint (outage.connect_floor_ns, ==, 2 * MS);
  outage = asked (MIG_PROBE_OF_HTTP, 970); /* slow, but not lost */
  g_assert_cmpint (outage.outage_ns, ==, 0);
  g_assert_cmpint (outage.connect_ns, ==, 970 * MS);
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

/* A migration that nobody saw begin may have let its clients wait before its end. */
static void
test_unseen_start (void)
{
  g_assert_cmpint (mig_outage_start_ns (START, START + 60000 * MS), ==, START);
  g_assert_cmpint (mig_outage_start_ns (MIG_MISSING_INT, START + 60000 * MS), ==,
                   START + 50000 * MS);
  g_assert_cmpint (mig_outage_start_ns (MIG_MISSING_INT, MIG_MISSING_INT), ==, MIG_MISSING_INT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outage/packets", test_packets);
  g_test_add_func ("/outage/gaps", test_gaps);
  g_test_add_func ("/outage/streams", test_streams);
  g_test_add_func ("/outage/stream-ends", test_stream_ends);
  g_test_add_func ("/outage/late", test_late);
  g_test_add_func ("/outage/unknown", test_unknown);
  g_test_add_func ("/outage/requests", test_requests);
  g_test_add_func ("/outage/pings", test_pings);
  g_test_add_func ("/outage/connects", test_connects);
  g_test_add_func ("/outage/connects/refused", test_refused);
  g_test_add_func ("/outage/connects/overtaken", test_overtaken);
  g_test_add_func ("/outage/existing", test_existing);
  g_test_add_func ("/outage/rows", test_rows);
  g_test_add_func ("/outage/unseen-start", test_unseen_start);
  g_test_add_func ("/outage/open-requests", test_open_requests);
  g_test_add_func ("/outage/spans", test_spans);
  g_test_add_func ("/outage/close", test_close);
  g_test_add_func ("/outage/impossible", test_impossible);
  return g_test_run ();
}
