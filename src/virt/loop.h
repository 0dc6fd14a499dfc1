/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The event loop: one thread that owns all event and stream callbacks of all connections. */

/* mig_loop_start: registers libvirt's default implementation and starts the thread; before the
 * first connection is opened; a second call does nothing. */
gboolean mig_loop_start (GError **error);

/* mig_loop_waited_ns: for how long the thread has been ready to run and had no CPU, since it began:
 * so much later than they came were events and heartbeats taken. Missing: the kernel does not tell
 * (no CONFIG_SCHED_INFO). */
gint64 mig_loop_waited_ns (void);

/* mig_loop_stop: ends the thread; after the last connection is closed. */
void mig_loop_stop (void);
