/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/execute.h"
#include "measure/internal.h"

/* Shared by the files of an execution. */

struct _MigExecute {
  MigExecuteOptions options;
  MigExecution *execution;
  GPtrArray *asked;        /* MigHost or NULL, of mig_execute_locate() */
  GMutex lock;
  gboolean cancelled;      /* (L) */
  MigRunner *runner;       /* (L) of the plan that is performed now */
};

/* One plan as it is performed: a run. */
typedef struct {
  MigExecute *execute;
  MigStudy *study;         /* what the runner is told: these hosts, and the guests that are there */
  GPtrArray *hosts;        /* of MigRunHost: those that answer */
  MigRunner *runner;
  GArray *schedule;
  GPtrArray *running;      /* of Running, see execute-moves.c */
} MigExecuteRound;

/* execute-study.c: a study without guests, for hosts and migrations as the options have them. mig_execute_add_guest:
 * one that is there. */
MigStudy *mig_execute_study (const MigExecute *execute, const char *label, GError **error);
const MigStudyGuest *mig_execute_add_guest (MigStudy *study, const char *name, const char *domain, const char *host);

/* execute-moves.c: performs the plan's migrations; until none runs and none may start. */
void mig_execute_moves (MigExecuteRound *round);

/* execute-round.c: one plan. FALSE: the result cannot be written, or the hosts cannot be watched. */
gboolean mig_execute_round (MigExecute *execute, GError **error);
