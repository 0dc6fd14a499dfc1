/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/plan-progress.h"
#include "measure/runner.h"
#include "execute/survey.h"

/* Performs a plan on guests that are somebody's: they are migrated and looked at, nothing else, and known by their
 * UUIDs. Each plan becomes a run in the result: case "plan-1", "plan-2" ... */

typedef struct {
  const char *name, *uri;
  const char *migrate_uri; /* NULL: the hypervisor's choice */
} MigExecuteHost;

typedef struct _MigExecute MigExecute;

/* mig_execute_case: "plan-2". The caller frees it. */
char *mig_execute_case (guint plan);

typedef struct {
  /* Migrations for the rest (of MigPlannedMove), or FALSE with error: there is no way. survey: the hosts that answer,
   * as they are now (taken); NULL: nothing failed, and they are as they were, but for what has been moved since. */
  gboolean (*plan) (const MigExecution *execution, MigSurvey *survey, GPtrArray **moves, gpointer data,
                    GError **error);
  gpointer data;
} MigExecutePlanner;

typedef struct {
  const GArray *hosts;      /* of MigExecuteHost */
  MigResultWriter *writer;
  MigStopRule stop_rule;
  guint64 bandwidth_bytes_per_s; /* limit of one migration; 0: none */
  const char *link;         /* rate of the hosts' links, as given; NULL: not known */
  gint64 sampling_ns;
  MigExecutePlanner planner;
  MigRunObserver observer;  /* its progress alone is called */
} MigExecuteOptions;

/* mig_execute_new: options are copied, what they point to must outlive it. moves: of the first plan; taken. The event
 * loop must run. */
MigExecute *mig_execute_new (const MigExecuteOptions *options, GPtrArray *moves);

/* mig_execute_run: until nothing is left to do. A migration that fails is no error but a row. Errors: INTERRUPTED
 * after mig_execute_cancel(); what the planner says where there is no way on; the result cannot be written. Whatever
 * happens, what was begun has ended, and what became of it is known. */
gboolean mig_execute_run (MigExecute *execute, GError **error);

/* mig_execute_cancel: from any thread: migrations that go on are aborted, and none begins. */
void mig_execute_cancel (MigExecute *execute);

const MigExecution *mig_execute_execution (const MigExecute *execute);

/* mig_execute_locate: asks all hosts, over new connections, where a guest is: "b"; "b (no answer: c)"; "a and b";
 * "nowhere". *on: the host that says it has it, where no other that answers does, else NULL. The caller frees the text. */
char *mig_execute_locate (MigExecute *execute, const char *uuid, const char **on);
void mig_execute_free (MigExecute *execute);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigExecute, mig_execute_free)
