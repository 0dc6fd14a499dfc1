/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan.h"

/* Fleets for tests: what the members of a VM and a host are where a test does not care. */

/* fleet_host: memory without end, 1 Gbit/s, any number of migrations. */
guint fleet_host (MigFleet *fleet, const char *name, double cpus);

/* fleet_vm: of 512 MiB all used, one vCPU, no limit of downtime. */
guint fleet_vm (MigFleet *fleet, const char *name, guint host, double cpu, double wss_bytes,
                double dirty_pages_per_s);

/* fleet_random: one source with n guests of all kinds, two targets with some. */
MigFleet *fleet_random (GRand *rand, guint n);

/* fleet_task: empty host 0 onto all others. The caller unrefs sources and targets. */
MigTask fleet_task (const MigFleet *fleet, guint parallel);
