/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan.h"

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
