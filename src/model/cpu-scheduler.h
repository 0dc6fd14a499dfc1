/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A host's CPUs are shared twice, each time max-min fairly: among entities, and what an entity gets
 * among its members. An entity is what the scheduler treats as one: a guest's process, with its
 * vCPUs and the thread that sends it, or either of the two where threads are all alike; a process
 * that receives; where a management domain does the work (Xen's Domain-0), that domain with all
 * threads.
 */
typedef struct {
  guint vm;     /* its vCPUs; else of no concern to the scheduler */
  guint thread; /* the same */
  guint entity; /* index */
} MigCpuMember;

typedef struct {
  GArray *entities, *entity_shares; /* of a first member and their number; of MigFairShare */
  GArray *members, *member_shares;  /* of MigCpuMember, MigFairShare */
} MigCpuScheduler;

void mig_cpu_scheduler_init (MigCpuScheduler *scheduler);
void mig_cpu_scheduler_clear (MigCpuScheduler *scheduler);

/* mig_cpu_scheduler_begin: nobody yet. _add_entity: without members. _add_member: to the last one;
 * demand: CPUs that it takes at most. */
void mig_cpu_scheduler_begin (MigCpuScheduler *scheduler);
void mig_cpu_scheduler_add_entity (MigCpuScheduler *scheduler, double weight);
void mig_cpu_scheduler_add_member (MigCpuScheduler *scheduler, guint vm, guint thread,
                                   double demand, double weight);

/* mig_cpu_scheduler_level: what each entity gets per weight of so many CPUs; INFINITY: all it
 * wants. */
double mig_cpu_scheduler_level (const MigCpuScheduler *scheduler, double cpus);

/* mig_cpu_scheduler_got: CPUs of a member. _most: were it to want so many. */
double mig_cpu_scheduler_got (const MigCpuScheduler *scheduler, guint member, double level);
double mig_cpu_scheduler_most (MigCpuScheduler *scheduler, guint member, double wanted_cpus,
                               double cpus);
