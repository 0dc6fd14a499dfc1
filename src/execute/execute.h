/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/interrupted.h"
#include "execute/outcome.h"
#include "execute/plan-progress.h"
#include "measure/progress.h"
#include "measure/run-handle.h"
#include "results/result.h"
#include "study/study.h"
#include "execute/survey.h"

/* Performs a plan on guests that are somebody's: they are migrated and looked at, nothing else, and
 * known by their UUIDs. Each plan becomes a run in the result: case "plan-1", "plan-2" ... */

typedef struct {
  const char *name, *uri;
  const char *migrate_uri; /* NULL: the hypervisor's choice */
  const char *peer_uri;    /* by which the other hosts' daemons reach it; NULL: uri */
} MigPlanExecutorHost;

typedef struct _MigPlanExecutor MigPlanExecutor;

/* mig_plan_executor_case: "plan-2". The caller frees it. */
char *mig_plan_executor_case (guint plan);

typedef struct {
  /* Migrations for the rest (of MigPlannedMove), or FALSE with error: there is no way. survey: the
   * hosts that answer, as they are now (taken); NULL: nothing failed, and they are as they were,
   * but for what has been moved since. */
  gboolean (*plan) (const MigPlanProgress *execution, MigSurvey *survey, GPtrArray **moves,
                    gpointer data, GError **error);
  gpointer data;
} MigPlanExecutorPlanner;

typedef struct {
  const GArray *hosts; /* of MigPlanExecutorHost */
  MigResultWriter *writer;
  MigInterrupted *interrupted; /* settled; what was before, whose moves are taken; NULL: nothing */
  MigStopRule stop_rule;
  gboolean direct; /* no migration is peer-to-peer */
  MigTechnique technique;
  MigMigrationFlags flags;
  gint64 timeout_ns; /* of one migration; 0: from what is predicted */
  gboolean keep_definitions;
  guint64 bandwidth_bytes_per_s; /* limit of one migration; 0: none */
  const char *link;              /* rate of the hosts' links, as given; NULL: not known */
  char **leaves; /* hosts that guests are to leave, for whichever others; NULL: each guest is
                    to be where it was planned to go */
  const char *one_guest; /* options that a guest is moved with alone, as a shell reads them */
  gint64 sampling_ns;
  GHashTable *probes; /* guest -> how its clients ask it (probe-spec.h); NULL: none */
  MigPlanExecutorPlanner planner;
  MigRunObserver observer; /* its progress and may_stop are called */
} MigPlanExecutorOptions;

/* mig_plan_executor_timeout: of any of these migrations, from the first on (of MigPlannedMove):
 * what is asked for or, where that is 0, by what is predicted. */
gint64 mig_plan_executor_timeout (gint64 asked_ns, const GPtrArray *moves, guint first);

/* mig_plan_executor_study: what the machinery of runs is told of a plan: a study without guests,
 * for hosts and migrations as the options have them. moves: of MigPlannedMove; those of this plan
 * begin with the first. The caller frees it. */
MigStudy *mig_plan_executor_study (const MigPlanExecutorOptions *options, const GPtrArray *moves,
                                   guint first, const char *label, GError **error);

/* mig_plan_executor_plans_before: how many plans the result has of before. */
guint mig_plan_executor_plans_before (const MigPlanExecutorOptions *options);

/* mig_plan_executor_new: options are copied, what they point to must outlive it. moves: of the
 * first plan; taken. The event loop must run. */
MigPlanExecutor *mig_plan_executor_new (const MigPlanExecutorOptions *options, GPtrArray *moves);

/* mig_plan_executor_run: until nothing is left to do. A migration that fails is no error but a row.
 * Errors: INTERRUPTED where it is cancelled; what the planner says where there is no way
 * on; the result cannot be written. Whatever happens, what was begun has ended, and what became of
 * it is known. */
gboolean mig_plan_executor_run (MigPlanExecutor *execute, GError **error);

/* mig_plan_executor_handle: by which it is cancelled (migrations that go on are aborted, and none
 * begins) and held, whichever plan is performed. */
MigRunHandle *mig_plan_executor_handle (MigPlanExecutor *execute);

const MigPlanProgress *mig_plan_executor_progress (const MigPlanExecutor *execute);

#define MIG_PLAN_NOWHERE "nowhere"

/* mig_plan_executor_locate: asks all hosts, over new connections, where a guest is: "b"; "b (no
 * answer: c)"; "a and b"; MIG_PLAN_NOWHERE. *on: the host that says it has it, where no other that
 * answers does, else NULL. The caller frees the text. */
char *mig_plan_executor_locate (MigPlanExecutor *execute, const char *uuid, const char **on);

/* mig_plan_executor_outcome: what has become of all guests, asking the hosts where each is;
 * skipped: of MigSkippedGuest. It must outlive neither. */
void mig_plan_executor_outcome (MigPlanExecutor *execute, const GPtrArray *skipped,
                                MigPlanOutcome *outcome);

void mig_plan_executor_free (MigPlanExecutor *execute);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigPlanExecutor, mig_plan_executor_free)
