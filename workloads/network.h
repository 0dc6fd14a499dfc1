/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workloads/guest.h"

/* What a guest is to others on a network: it sends back what comes to MIG_PROTOCOL_ECHO_PORT, by
 * UDP and over TCP connections. */

/* mig_network_set_up: for PID 1: loads the modules that the initramfs has for that, and gives the
 * first card the guest's address. Where it cannot, the console says why; a guest without a network
 * still does its work. */
void mig_network_set_up (const MigGuest *guest);

/* heartbeats have 50 */
#define MIG_NETWORK_PRIORITY 40

/* mig_network_open_port: of that type of socket, listening where it is SOCK_STREAM; -1: errno. */
int mig_network_open_port (int type, unsigned port);

/* mig_network_serve: from a thread of its own, below the heartbeat's priority and above the
 * workload's. Returns 0 or an errno. */
int mig_network_serve (void);
