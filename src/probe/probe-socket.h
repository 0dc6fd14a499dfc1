/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "probe/probe-address.h"

/* Sockets of the prober's loop, TCP connections to guests above all. Inside the prober only. */

/* mig_probe_socket_watch: events carry guest and channel (mig_probe_event()). operation: of
 * epoll_ctl(). FALSE with errno. */
gboolean mig_probe_socket_watch (int fd, int epoll_fd, guint guest, guint channel, guint32 events,
                                 int operation);

/* mig_probe_socket_new: of a connection that does not wait; -1 with errno.
 * mig_probe_socket_connect: it is made, or begun; FALSE with errno. */
int mig_probe_socket_new (const MigProbeAddress *address);
gboolean mig_probe_socket_connect (int fd, const MigProbeAddress *address);

/* mig_probe_socket_open: one that stays: begun, and watched for being made; -1: it cannot be.
 * mig_probe_socket_is_made: as far as it is known when that event comes. */
int mig_probe_socket_open (const MigProbeAddress *address, int epoll_fd, guint guest,
                           guint channel);
gboolean mig_probe_socket_is_made (int fd);

/* mig_probe_socket_reset: closed without a farewell: else many would wait for their end, here and
 * in the guest. fd -1: nothing. */
void mig_probe_socket_reset (int fd);
