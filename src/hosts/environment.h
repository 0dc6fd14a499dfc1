/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"
#include "results/result.h"

/* mig_environment_write: what the hosts are, what guests run on, and why which column will be empty
 * (tables environment and limits). hosts: of MigRunHost; heartbeat_ns: missing: there are none;
 * sampling_ns: 0: none. */
gboolean mig_environment_write (MigResultWriter *writer, const GPtrArray *hosts,
                                gint64 heartbeat_ns, gint64 sampling_ns, GError **error);

/* mig_environment_write_cost: what migcost itself has taken: CPU time, wall time, peak memory. */
gboolean mig_environment_write_cost (MigResultWriter *writer, gint64 started_ns, GError **error);

/* Local machine's counters around a run: time stolen by another hypervisor below this machine. */
gint64 mig_environment_steal (void); /* ns since boot, all CPUs; MIG_MISSING_INT: unknown */
