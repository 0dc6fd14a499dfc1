/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/execute.h"
#include "execute/skipped-guests.h"
#include "measure/repetition.h"

/* Shared by the files of an execution. */

struct _MigPlanExecutor {
  MigPlanExecutorOptions options;
  MigPlanProgress *execution;
  guint guests;        /* of the first plan */
  guint plans;         /* before it */
  GPtrArray *asked;    /* MigHost or NULL, of mig_plan_executor_locate() */
  MigRunHandle handle; /* of the plan that is performed now */
};

/* One plan as it is performed: a run. */
typedef struct {
  MigPlanExecutor *execute;
  MigStudy *study;  /* what the run is told: these hosts, and the guests that are there */
  GPtrArray *hosts; /* of MigRunHost: those that answer */
  MigRun *run;
  MigRepetition *repetition;
  GPtrArray *running; /* of Running, see moves.c */
} MigPlanExecutorRound;

/* clients.c: what clients of the guests of this plan noticed, once all its migrations are over:
 * into the moves, told, and as rows. */
void mig_plan_executor_note_clients (MigPlanExecutorRound *round);

/* mig_plan_executor_add_guest: one that is there; probe: how its clients ask it; NULL: they do not.
 */
const MigStudyGuest *mig_plan_executor_add_guest (MigStudy *study, const char *name,
                                                  const char *domain, const char *host,
                                                  const char *probe);

/* moves.c: performs the plan's migrations; until none runs and none may start. */
void mig_plan_executor_moves (MigPlanExecutorRound *round);

/* round.c: one plan. FALSE: the result cannot be written, or the hosts cannot be watched.
 */
gboolean mig_plan_executor_round (MigPlanExecutor *execute, GError **error);
