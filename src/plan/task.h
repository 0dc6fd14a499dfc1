/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

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
} MigTask;

/* From the options' texts to a task. */
typedef struct {
  char **empty, **relieve, **to; /* names of hosts, or NULL */
  char *below;                   /* "0.8": share of the CPUs */
  const char *objective;
  const char *parallel;
  const char *cluster; /* migrations in the whole fleet; NULL: any number */
  gboolean measured;   /* the fleet is of a result: its first host is left if nothing is asked */
} MigTaskOptions;

/* mig_task_parse: the caller unrefs sources and targets. Errors: USAGE with the option. */
gboolean mig_task_parse (const MigTaskOptions *options, const MigFleet *fleet, MigTask *task,
                         GError **error);
