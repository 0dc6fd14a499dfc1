/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What is kept of a probe of a guest, a question to it over the network, and how the prober
 * (prober.h) tells it. */

typedef enum {
  MIG_PROBE_UDP,  /* a packet that it sends back, once a period whatever became of those before */
  MIG_PROBE_TCP,  /* a request on one of several connections, where the last one was answered */
  MIG_PROBE_ICMP, /* as UDP, answered by the guest's kernel; where the lab may send such */
  MIG_PROBE_CONNECT,     /* a new connection, once a period whatever became of those before */
  MIG_PROBE_HTTP,        /* the same, with a request on it, to the first byte of the answer */
  MIG_PROBE_STREAM_TO,   /* a part of a stream to it, acknowledged by its kernel */
  MIG_PROBE_STREAM_FROM, /* one of a stream from it, awaited since the one before */
  MIG_N_PROBE_KINDS
} MigProbeKind;

/* mig_probe_kind_name: as base/probe-kind.h has it. */
const char *mig_probe_kind_name (MigProbeKind kind);

#define MIG_PROBE_MAX_GUESTS 250
/* the grid on which all that is asked lies */
#define MIG_PROBE_TICK_NS G_GINT64_CONSTANT (10000000)
#define MIG_PROBE_UDP_PERIOD_NS MIG_PROBE_TICK_NS
#define MIG_PROBE_ICMP_PERIOD_NS (5 * MIG_PROBE_UDP_PERIOD_NS)
#define MIG_PROBE_CONNECT_PERIOD_NS (100 * MIG_PROBE_UDP_PERIOD_NS)
/* of guests that are somebody's: each is an accept there, or a request */
#define MIG_PROBE_TCP_NEW_NS (5 * MIG_PROBE_TICK_NS)
#define MIG_PROBE_HTTP_PERIOD_NS (10 * MIG_PROBE_TICK_NS)
/* an answer that takes so long is late */
#define MIG_PROBE_LATE_NS G_GINT64_CONSTANT (200000000)
/* a new connection that takes longer has lost its first packet, or the answer to that: TCP sends
 * it again after a second (RFC 6298) */
#define MIG_PROBE_LOST_NS G_GINT64_CONSTANT (1000000000)
#define MIG_PROBE_CONNECTIONS 8
/* of one connection; they take turns, so that one of them asks every 20 ms */
#define MIG_PROBE_TCP_PERIOD_NS (16 * MIG_PROBE_UDP_PERIOD_NS)

/* Times are CLOCK_MONOTONIC. */
typedef struct {
  guint guest;      /* from 0, as told to the prober */
  guint connection; /* from 0; of all but TCP 0 */
  MigProbeKind kind;
  gint64 sequence; /* from 0, of one kind and connection */
  gint64 due_ns;
  gint64 sent_ns;     /* later than due where the prober had to wait for a CPU */
  gint64 answered_ns; /* missing: not answered */
  gint64 covers_ns;   /* from its due time to that of the next; missing: it tells of no outage */
} MigProbe;

/* mig_probe_format: its line, with newline, at the end of the text. mig_probe_parse: FALSE: it is
 * none. */
void mig_probe_format (GString *text, const MigProbe *probe);
gboolean mig_probe_parse (const char *line, MigProbe *probe);

/* A number of such a line, with the space before it; `-` where it is missing. FALSE: it is none. */
void mig_probe_number_format (GString *text, gint64 value);
gboolean mig_probe_number_parse (const char *text, gint64 *value);

/* mig_probe_event: what an event of a guest's sockets carries; mig_probe_guest_of,
 * mig_probe_channel_of: of that. */
guint64 mig_probe_event (guint guest, guint channel);
guint mig_probe_guest_of (guint64 data);
guint mig_probe_channel_of (guint64 data);

/* mig_probe_due: the last point of the grid that begins at start_ns that is not behind now_ns. */
gint64 mig_probe_due (gint64 start_ns, gint64 period_ns, gint64 now_ns);
