/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The prober asks guests what a client would, and keeps when. In a lab it is a process on the
 * guests' network, which listens to a socket and serves one after the other who connects; else a
 * thread of migcost's with a socket of its own (prober-client.h). It is sent lines:
 *   guest SPEC PERIOD  one to be probed (probe-spec.h); they are counted from 0. PERIOD: ns, how
 *                      often it is asked, of migcost's own by packets (the requests'
 *                      period grows with theirs); 0: as its method has it
 *   streams GUEST      it has a stream each way, too
 *   go                 from now on
 *   load GUEST PROGRAM CLIENTS RATE SPEC
 *                      a load generator (load-generator.h) asks the guest's server, from now on;
 *                      SPEC: by HTTP
 *   forget TIME        what was due before
 *   heard              until when has all been answered? Answered by a line: a time
 *   unheard            who has not answered yet? Answered by a line: their numbers
 *   tell               answered by a line for each probe that is kept, but for the last ones that
 *                      may still be answered, and `done CPU`
 *   end                nothing more is asked; answered as `tell` when nothing more is on its way
 * A probe's line: GUEST KIND CONNECTION SEQUENCE DUE SENT ANSWERED COVERS; times are
 * CLOCK_MONOTONIC in ns, `-` where there is none. Kinds are the names of mig_probe_kind_name().
 * `request GUEST SENT ANSWERED STATUS GIVEN-UP`: of a load generator, in the end (request.h).
 * `announced KIND TIME MAC`: a guest showed where it is (announcement.h).
 * `limited GUEST ANSWERED ASKED`: the guest's network limits how often it answers, so that it is
 * asked no more; of its first probes so many were answered. CPU: ns that the session has taken. */
#define MIG_PROBER_DONE "done "
#define MIG_PROBER_LIMITED "limited "

/* mig_prober_run: with a socket that listens; returns where that ends. announcements: a socket of
 * mig_announcements_open(); -1: there is none. */
int mig_prober_run (int listener, int announcements);

/* mig_prober_serve: one who is connected, until he has been told the end, or hangs up. */
void mig_prober_serve (int client, int announcements);
