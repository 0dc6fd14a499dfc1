/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <netinet/in.h>

#include "probe/probe.h"

/* Packets that a guest sends back: to a UDP port of its, or ICMP echo, which its kernel answers.
 * Each carries its number. Inside the prober only. */
typedef struct {
  MigProbeKind kind;
  guint guest;
  int fd;         /* -1: packets of this kind cannot be sent here */
  GArray *probes; /* MigProbe; the index is the number */
  gint64 last_ns; /* the latest answer; missing: none came */
} MigProbeEcho;

/* mig_probe_echo_open: FALSE: the kind cannot be sent, errno says why; it is to be closed anyway.
 */
gboolean mig_probe_echo_open (MigProbeEcho *echo, MigProbeKind kind, guint guest,
                              const struct sockaddr_in *address);
void mig_probe_echo_close (MigProbeEcho *echo);

/* mig_probe_echo_send: the next one; whatever became of those before. */
void mig_probe_echo_send (MigProbeEcho *echo, gint64 due_ns);

/* mig_probe_echo_take: all answers that are there. */
void mig_probe_echo_take (MigProbeEcho *echo);

/* mig_probe_echo_is_quiet: the last one has been answered, or none ever was, or none was sent. */
gboolean mig_probe_echo_is_quiet (const MigProbeEcho *echo);
