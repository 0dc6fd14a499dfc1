/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "probe/probe-address.h"
#include "probe/probe-log.h"

/* Requests over connections that stay, out of phase: one over each every MIG_PROBE_TCP_PERIOD_NS,
 * where the one before has been answered. A connection that fails is reset, and opened anew when it
 * is its turn. Inside the prober only. */
typedef enum {
  MIG_PROBE_CLOSED,
  MIG_PROBE_CONNECTING,
  MIG_PROBE_IDLE,
  MIG_PROBE_WAITING
} MigProbeConnectionState;

typedef struct {
  int fd;
  MigProbeConnectionState state;
  gsize got;         /* bytes of the answer */
  gboolean answered; /* one was, of whichever connection this has been */
  MigProbeLog log;
} MigProbeConnection;

typedef struct {
  int epoll_fd;
  guint guest, first_channel; /* of its events (mig_probe_event) */
  MigProbeAddress address;
  MigProbeConnection connections[MIG_PROBE_CONNECTIONS];
} MigProbeRequests;

void mig_probe_requests_init (MigProbeRequests *requests, int epoll_fd, guint guest,
                              guint first_channel, const MigProbeAddress *address);
void mig_probe_requests_clear (MigProbeRequests *requests);

/* mig_probe_requests_start: what is due at that point of the grid. */
void mig_probe_requests_start (MigProbeRequests *requests, gint64 due_ns, guint64 index);

/* mig_probe_requests_ready: the connection whose channel is that many behind the first is made,
 * fails or has something to read. */
void mig_probe_requests_ready (MigProbeRequests *requests, guint index);

/* mig_probe_requests_oldest: when the oldest that is open was sent; missing: none is. */
gint64 mig_probe_requests_oldest (const MigProbeRequests *requests);

/* mig_probe_requests_are_answered: one at least on each of the connections. */
gboolean mig_probe_requests_are_answered (const MigProbeRequests *requests);

/* mig_probe_requests_forget: the probes that were due before. mig_probe_requests_tell: all that are
 * kept, as lines, as those of a log (probe-log.h). */
void mig_probe_requests_forget (MigProbeRequests *requests, gint64 before_ns);
void mig_probe_requests_tell (const MigProbeRequests *requests, gint64 since_ns, GString *text);
