/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "probe/probe-address.h"
#include "probe/probe-log.h"

/* New connections to a guest, one a period, whatever became of those before; each is reset once it
 * is made, or its request is answered. One that fails because no way to the guest is known is tried
 * again with each period, as clients do. Inside the prober only. */
#define MIG_PROBE_PENDING 64

typedef struct {
  MigProbeKind kind;        /* MIG_PROBE_CONNECT or MIG_PROBE_HTTP */
  gint64 period_ns;         /* 0: they tell of no outage, but how long a client takes */
  gboolean refusal_answers; /* one that is refused shows that the guest is there */
  const char *host, *path;  /* for the request of HTTP; its own must outlive it */
} MigProbeConnectsOptions;

typedef struct {
  MigProbeConnectsOptions options;
  int epoll_fd;
  guint guest, first_channel; /* of its events (mig_probe_event) */
  MigProbeAddress address;
  MigProbeLog log;
  gint64 last_ns; /* the latest answer; missing: none came */
  struct {
    int fd;          /* -1: none */
    gboolean used;   /* without a descriptor: to be tried again */
    gboolean asked;  /* it is made, and its request sent */
    gint64 sequence; /* of its probe */
    gint64 sent_ns;
  } pending[MIG_PROBE_PENDING];
} MigProbeConnects;

void mig_probe_connects_init (MigProbeConnects *connects, const MigProbeConnectsOptions *options,
                              int epoll_fd, guint guest, guint first_channel,
                              const MigProbeAddress *address);
void mig_probe_connects_clear (MigProbeConnects *connects);

/* mig_probe_connects_start: the next one. Where as many are pending as may be, one of those that
 * have waited for MIG_PROBE_LOST_NS is given up; none: the next one is left out. */
void mig_probe_connects_start (MigProbeConnects *connects, gint64 due_ns);

/* mig_probe_connects_ready: the one whose channel is that many behind the first is made, fails or
 * is answered. */
void mig_probe_connects_ready (MigProbeConnects *connects, guint index);

/* mig_probe_connects_oldest: when the oldest that is pending was begun; missing: none is. */
gint64 mig_probe_connects_oldest (const MigProbeConnects *connects);
