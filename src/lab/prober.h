/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab/setup.h"

/* The prober: a process on the LAN of a lab's guests that asks them what a client would, and keeps
 * when. It listens to a socket in the lab's directory, and serves one after the other who connects.
 * He sends lines:
 *   guest ADDRESS PORT   one to be probed; they are counted from 0
 *   go                   from now on
 *   heard                what was asked up to then has been answered? Answered by a line: a time
 *   end                  no more; answered by a line for each probe, and `done`
 * A probe's line: GUEST KIND CONNECTION SEQUENCE DUE SENT ANSWERED COVERS; times are
 * CLOCK_MONOTONIC in ns, `-` where there is none. Kinds are the names of mig_probe_kind_name(). */

/* mig_prober_start: in that network namespace; fills in state->prober. */
gboolean mig_prober_start (MigSetup *setup, int netns, GError **error);

/* mig_prober_run: with the listening socket as standard input; returns where that ends. */
int mig_prober_run (void);

/* What its process is called. */
#define MIG_PROBER_NAME "migcost-prober"
