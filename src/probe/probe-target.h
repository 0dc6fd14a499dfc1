/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "probe/probe-spec.h"
#include "probe/probe.h"

/* A guest that is probed: its sockets, and what was asked and answered. Inside the prober only.
 *
 * A guest that is somebody's is asked politely: where not even half of the first probes are
 * answered, in turns with those that are not, its network limits their rate, and it is asked no
 * more; one that has not answered for a minute is asked once a second until it does. */
typedef struct _MigProbeTarget MigProbeTarget;

/* mig_probe_target_new: epoll_fd: its sockets are there, with number, the guest's, and the kind and
 * connection in their data (mig_probe_target_ready). period_ns: how often it is asked, where it is
 * somebody's; 0: as its method has it. Errors: no address, no sockets. */
MigProbeTarget *mig_probe_target_new (int epoll_fd, guint number, const MigProbeSpec *spec,
                                      gint64 period_ns, GError **error);
void mig_probe_target_free (MigProbeTarget *target);

/* mig_probe_target_tick: the period that begins at due_ns, the index-th of the grid: sends. */
void mig_probe_target_tick (MigProbeTarget *target, gint64 due_ns, guint64 index);

/* mig_probe_target_stream: one of migcost's own, which has streams at the port behind. */
void mig_probe_target_stream (MigProbeTarget *target);

/* mig_probe_target_ready: one of its sockets is; data: of the event. */
void mig_probe_target_ready (MigProbeTarget *target, guint64 data);

/* mig_probe_target_heard: all that was asked before has been answered, as far as it can be: the
 * last answer to a packet or, where a request or a connect is open, when that was sent; missing:
 * nothing was ever answered. */
gint64 mig_probe_target_heard (const MigProbeTarget *target);

/* mig_probe_target_has_answered: once at least since it is asked; one of migcost's own on each
 * connection, too. */
gboolean mig_probe_target_has_answered (const MigProbeTarget *target);

/* mig_probe_target_is_quiet: what was asked last has been answered. */
gboolean mig_probe_target_is_quiet (const MigProbeTarget *target);

/* mig_probe_target_is_limited: it gave up: nothing more is asked; answers are still taken. */
gboolean mig_probe_target_is_limited (const MigProbeTarget *target);

/* mig_probe_target_forget: the probes that were due before. */
void mig_probe_target_forget (MigProbeTarget *target, gint64 before_ns);

/* mig_probe_target_tell: all its probes, as lines, as those of a log (probe-log.h); and, where it
 * gave up, a line that says so (prober.h). */
void mig_probe_target_tell (const MigProbeTarget *target, gint64 since_ns, GString *text);
