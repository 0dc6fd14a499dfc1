/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/units.h"
#include "summary/outage.h"

/* Probes of one guest around a migration that starts here. Answers come after so many ms; -1:
 * never.
 */
#define PROBE_SERIES_START (10000 * MIG_NS_PER_MS)

/* probe_series_of: of a migration between others, in a window that ends then. */
MigProbeSeries *probe_series_of (gint64 from_ns, gint64 next_ns, gint64 end_ns);

/* probe_series_new: of the only one, in a window that ends 5 s after its start. */
MigProbeSeries *probe_series_new (void);

/* probe_series_packet: number n is due 10 ms after the one before; number 0 a second before the
 * start. probe_series_packets: from, up to and without. */
void probe_series_packet (MigProbeSeries *series, gint64 n, gint64 answer);
void probe_series_packets (MigProbeSeries *series, gint64 from, gint64 to, gint64 answer);

/* probe_series_request, probe_series_probe: sent so many ms after the start; kind: of another one.
 */
void probe_series_request (MigProbeSeries *series, gint64 connection, gint64 n, gint64 sent,
                           gint64 answer);
void probe_series_probe (MigProbeSeries *series, const char *kind, gint64 n, gint64 sent,
                         gint64 answer);
