/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/columns.h"
#include "tests/unit/probe-series.h"

#define MS MIG_NS_PER_MS

MigProbeSeries *
probe_series_of (gint64 from_ns, gint64 next_ns, gint64 end_ns)
{
  const MigProbeSpan span = {
    .from_ns = from_ns, .start_ns = PROBE_SERIES_START, .next_ns = next_ns, .end_ns = end_ns
  };
  return mig_probe_series_new (&span);
}

MigProbeSeries *
probe_series_new (void)
{
  return probe_series_of (MIG_MISSING_INT, MIG_MISSING_INT, PROBE_SERIES_START + 5000 * MS);
}

void
probe_series_packet (MigProbeSeries *series, gint64 n, gint64 answer)
{
  MigProbeRecord probe;

  mig_record_init (MIG_TABLE_PROBES, &probe);
  probe.probe = (char *) "udp";
  probe.sequence = n;
  probe.due_ns = probe.sent_ns = PROBE_SERIES_START - 1000 * MS + n * 10 * MS;
  probe.covers_ns = 10 * MS;
  if (answer >= 0)
    probe.answered_ns = probe.sent_ns + answer * MS;
  mig_probe_series_add (series, &probe);
}

void
probe_series_packets (MigProbeSeries *series, gint64 from, gint64 to, gint64 answer)
{
  for (gint64 n = from; n < to; n++)
    probe_series_packet (series, n, answer);
}

void
probe_series_request (MigProbeSeries *series, gint64 connection, gint64 n, gint64 sent,
                      gint64 answer)
{
  MigProbeRecord probe;

  mig_record_init (MIG_TABLE_PROBES, &probe);
  probe.probe = (char *) "tcp";
  probe.connection = connection;
  probe.sequence = n;
  probe.due_ns = probe.sent_ns = PROBE_SERIES_START + sent * MS;
  if (answer >= 0)
    probe.answered_ns = probe.sent_ns + answer * MS;
  mig_probe_series_add (series, &probe);
}

void
probe_series_probe (MigProbeSeries *series, const char *kind, gint64 n, gint64 sent, gint64 answer)
{
  MigProbeRecord probe;

  mig_record_init (MIG_TABLE_PROBES, &probe);
  probe.probe = (char *) kind;
  probe.sequence = n;
  probe.due_ns = probe.sent_ns = PROBE_SERIES_START + sent * MS;
  if (g_str_equal (kind, MIG_PROBE_OF_PINGS))
    probe.covers_ns = 50 * MS;
  if (answer >= 0)
    probe.answered_ns = probe.sent_ns + answer * MS;
  mig_probe_series_add (series, &probe);
}
