/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"
#include "results/facts.h"
#include "results/result.h"

/* mig_environment_write: what the hosts are, what guests run on, and why which column will be empty
 * (tables environment and limits). hosts: of MigRunHost; heartbeat: NULL: there are none;
 * sampling_ns: 0: none; sampling_moving_ns: while a guest migrates; 0: the same. */
gboolean mig_environment_write (MigResultWriter *writer, const GPtrArray *hosts,
                                const MigHeartbeatPeriods *heartbeat, gint64 sampling_ns,
                                gint64 sampling_moving_ns, GError **error);

/* mig_environment_check: whether these are hosts like those of an earlier run, by the rows (of
 * MigEnvironmentRecord) that it wrote; what is not known on both sides is not compared. A warning
 * where one has another name. Errors: INVALID: another driver or hypervisor. */
gboolean mig_environment_check (const GPtrArray *rows, const GPtrArray *hosts, GError **error);

/* mig_environment_machine: what a file of the local machine's /proc or /sys says of it: model of
 * its CPUs, governor, huge pages, samepage merging, load. NULL: it does not say. The caller frees
 * it. */
char *mig_environment_machine (MigFact fact);

/* mig_environment_write_cost: what migcost itself has taken: CPU time, wall time, peak memory. */
gboolean mig_environment_write_cost (MigResultWriter *writer, gint64 started_ns, GError **error);

/* Local machine's counters around a run: time stolen by another hypervisor below this machine. */
gint64 mig_environment_steal (void); /* ns since boot, all CPUs; MIG_MISSING_INT: unknown */
