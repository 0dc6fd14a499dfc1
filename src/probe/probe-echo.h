/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "probe/probe-address.h"
#include "probe/probe-log.h"

/* Packets that a guest sends back: to a UDP port of its, or ICMP echo, which its kernel answers.
 * Each carries its number. Inside the prober only. */
typedef struct {
  MigProbeKind kind;
  guint guest;
  gint64 period_ns;
  int fd;       /* -1: packets of this kind cannot be sent here */
  gboolean raw; /* ICMP by a raw socket: where the group may not send echo requests by one of their
                   own, and this process may open those */
  guint16 id;   /* of a raw socket's packets */
  int family;   /* of the guest's address */
  MigProbeLog log; /* by the packets' numbers */
  gint64 last_ns;  /* the latest answer; missing: none came */
} MigProbeEcho;

/* mig_probe_echo_init: of those that are never sent. mig_probe_echo_clear: closed or not. */
void mig_probe_echo_init (MigProbeEcho *echo);
void mig_probe_echo_clear (MigProbeEcho *echo);

/* mig_probe_echo_open: FALSE: the kind cannot be sent, errno says why. mig_probe_echo_close: none
 * is sent any more. */
gboolean mig_probe_echo_open (MigProbeEcho *echo, MigProbeKind kind, guint guest, gint64 period_ns,
                              const MigProbeAddress *address);
void mig_probe_echo_close (MigProbeEcho *echo);

/* mig_probe_echo_send: the next one; whatever became of those before. */
void mig_probe_echo_send (MigProbeEcho *echo, gint64 due_ns);

/* mig_probe_echo_take: all answers that are there. */
void mig_probe_echo_take (MigProbeEcho *echo);

/* mig_probe_echo_is_quiet: the last one has been answered, or none ever was, or none was sent. */
gboolean mig_probe_echo_is_quiet (const MigProbeEcho *echo);
