/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <netinet/in.h>

#include "probe/probe.h"

/* New connections to a guest, one a period, whatever became of those before; each is reset once it
 * is made. One that fails because no way to the guest is known is tried again with each period, as
 * clients do; one that is refused is not. Inside the prober only. */
#define MIG_PROBE_PENDING 64

typedef struct {
  int epoll_fd;
  guint guest, first_channel; /* of its events (mig_probe_event) */
  struct sockaddr_in address;
  GArray *probes; /* MigProbe */
  struct {
    int fd;        /* -1: none */
    gboolean used; /* without a descriptor: to be tried again */
    guint probe;   /* its index */
  } pending[MIG_PROBE_PENDING];
} MigProbeConnects;

void mig_probe_connects_init (MigProbeConnects *connects, int epoll_fd, guint guest,
                              guint first_channel, const struct sockaddr_in *address);
void mig_probe_connects_clear (MigProbeConnects *connects);

/* mig_probe_connects_start: the next one; none where as many are pending as may be. */
void mig_probe_connects_start (MigProbeConnects *connects, gint64 due_ns);

/* mig_probe_connects_ready: the one whose channel is that many behind the first is made, or fails.
 */
void mig_probe_connects_ready (MigProbeConnects *connects, guint index);

/* mig_probe_connects_oldest: when the oldest that is pending was begun; missing: none is. */
gint64 mig_probe_connects_oldest (const MigProbeConnects *connects);
