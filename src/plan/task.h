/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/balance.h"
#include "plan/objective.h"

/* What is asked. */
typedef struct {
  const GArray *sources;  /* of guint: hosts that VMs are to leave */
  const GArray *targets;  /* of guint: where they may go */
  double relieve_to_cpus; /* NaN: all VMs leave; else so many that the rest uses no more CPUs */
  guint parallel;         /* migrations of one source at the same time, at most */
  MigObjective objective;
  guint64 effort;        /* simulated steps of the search, at most; 0: the default */
  gboolean target_state; /* instead: every VM with a target goes there, whatever host that leaves */
  guint cluster;         /* migrations at the same time in the whole fleet; 0: any number */
  gboolean skip_impossible; /* VMs that cannot be moved stay; else there is no plan */
  MigBalance balance;       /* that the target state is for; resource NULL: none */
  const char *returning_to; /* host that the target state fills again; NULL: none */
} MigTask;

/* mig_task_asks: whether a VM is to leave its host, or may where one is relieved, whatever keeps it
 * there. mig_task_moves: and nothing does. */
gboolean mig_task_asks (const MigTask *task, const MigFleet *fleet, guint vm);
gboolean mig_task_moves (const MigTask *task, const MigFleet *fleet, guint vm);

/* Below it is no use of a CPU. */
#define MIG_TASK_CPU_NOISE 1e-9

/* mig_task_is_relieved: whether VMs that use so many CPUs may stay on the host; of a task that
 * relieves none they may not. */
static inline gboolean
mig_task_is_relieved (const MigTask *task, double cpus)
{
  return cpus <= task->relieve_to_cpus + MIG_TASK_CPU_NOISE;
}

/* mig_task_is_scheduled: hosts depend on each other, by memory, uplinks or limits: their migrations
 * are scheduled together, and each starts when something has ended. Else each source has groups. */
gboolean mig_task_is_scheduled (const MigTask *task, const MigFleet *fleet);

/* From the options' texts to a task. */
typedef struct {
  char **empty, **relieve, **to; /* names of hosts, or NULL */
  char *below;                   /* "0.8": share of the CPUs */
  const char *objective;
  const char *parallel;
  const char *cluster; /* migrations in the whole fleet; NULL: any number */
  gboolean measured;   /* the fleet is of a result: its first host is left if nothing is asked */
  gboolean skip_impossible;
  char **moves; /* "VM=HOST": where VMs are to be, beside the column 'to'; or NULL */
  const char *balance, *within; /* what hosts are to have alike, and how nearly; or NULL */
  gboolean goes_on; /* asked before: since then VMs may have ended, and hosts not answer */
} MigTaskOptions;

/* mig_task_parse: the caller clears the task. Where hosts are to be balanced, the fleet's VMs get
 * targets, by what the model has them send. Errors: USAGE with the option; INVALID where hosts
 * cannot be balanced.
 */
gboolean mig_task_parse (const MigTaskOptions *options, const MigModel *model, MigFleet *fleet,
                         MigTask *task, GError **error);
void mig_task_clear (MigTask *task); /* of all zeros too */
