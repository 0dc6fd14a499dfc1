/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "probe/probe-address.h"
#include "probe/probe-log.h"

/* A stream each way between a client and a guest of migcost's: MIG_PROBE_STREAM_BYTES every point
 * of the grid, whatever became of those before. To the guest, each is answered when its kernel has
 * acknowledged it, to the grid's point; from it, when it is there, and it is awaited since the one
 * before was. Inside the prober only. */
typedef struct {
  MigProbeKind kind;
  int fd;              /* -1: closed */
  gboolean open;       /* it is made */
  guint64 bytes;       /* that were sent, or came, over this connection */
  gint64 base, marked; /* to the guest: its first number, and the first not acknowledged */
  gint64 last_ns;      /* from the guest: the last one; missing: none */
  MigProbeLog log;
} MigProbeStream;

typedef enum { MIG_PROBE_TO, MIG_PROBE_FROM, MIG_N_PROBE_STREAMS } MigProbeDirection;

typedef struct {
  gboolean wanted;
  int epoll_fd;
  guint guest, first_channel; /* of its events (mig_probe_event) */
  MigProbeAddress address;
  MigProbeStream streams[MIG_N_PROBE_STREAMS];
} MigProbeStreams;

#define MIG_PROBE_STREAM_BYTES 512

/* mig_probe_streams_init: of those that are never wanted; mig_probe_streams_want: they are. */
void mig_probe_streams_init (MigProbeStreams *streams, int epoll_fd, guint guest,
                             guint first_channel);
void mig_probe_streams_want (MigProbeStreams *streams, const MigProbeAddress *address);
void mig_probe_streams_clear (MigProbeStreams *streams);

/* mig_probe_streams_tick: that point of the grid. */
void mig_probe_streams_tick (MigProbeStreams *streams, gint64 due_ns, guint64 index);

/* mig_probe_streams_ready: the one whose channel is that many behind the first. */
void mig_probe_streams_ready (MigProbeStreams *streams, guint index);

void mig_probe_streams_forget (MigProbeStreams *streams, gint64 before_ns);
void mig_probe_streams_tell (const MigProbeStreams *streams, gint64 since_ns, GString *text);
