/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The prober asks guests what a client would, and keeps when. It listens to a socket and serves one
 * after the other who connects.
 * He sends lines:
 *   guest ADDRESS PORT   one to be probed; they are counted from 0
 *   go                   from now on
 *   heard                what was asked up to then has been answered? Answered by a line: a time
 *   end                  no more; answered by a line for each probe, and `done`
 * A probe's line: GUEST KIND CONNECTION SEQUENCE DUE SENT ANSWERED COVERS; times are
 * CLOCK_MONOTONIC in ns, `-` where there is none. Kinds are the names of mig_probe_kind_name(). */

/* mig_prober_run: with a socket that listens; returns where that ends. */
int mig_prober_run (int listener);
