/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/columns.h"

/* What is left of a plan while it is performed: which migration may start now, what a failure or a deviation
 * means for the rest. A state machine: no host, no clock, no thread. */

/* How long something takes by a prediction, in seconds; NaN: that end is not known. */
typedef struct {
  double value, low, high;
} MigExpected;

/* Without an interval, this many times as long (or as short) as predicted is a deviation. */
#define MIG_DEVIATION_FACTOR 2.0
/* Less is none, whatever the factor. */
#define MIG_DEVIATION_TIME_S 1.0
#define MIG_DEVIATION_DOWNTIME_S 0.1

/* mig_expected_deviates: whether what was measured (NaN: nothing was) lies outside, and more than least_s from what was
 * predicted. */
gboolean mig_expected_deviates (const MigExpected *expected, double measured_s, double least_s);

typedef enum {
  MIG_MOVE_WAITING,
  MIG_MOVE_RUNNING,
  MIG_MOVE_DONE,    /* the guest runs on the host it was to go to, and on no other */
  MIG_MOVE_FAILED,
  MIG_MOVE_DROPPED, /* not begun: another plan came instead */
} MigMoveState;

/* One migration of a plan. The texts are its own. */
typedef struct {
  char *guest;           /* its name in the plan */
  char *uuid;
  char *from, *to;       /* names of hosts */
  guint group;           /* per host that is left: begins when the one before has ended */
  MigExpected time, downtime;
  /* what became of it */
  MigMoveState state;
  guint plan;            /* which plan it is of, from 1 */
  guint attempt;         /* of this guest, from 1; 0: none */
  char *where;           /* host that it is on after it; NULL: not known */
  MigMigrationRecord *record; /* as in migrations.csv; NULL: it was not begun */
  double time_s, downtime_s;  /* measured; NaN */
  gint64 dirty_pages_per_s;   /* the hypervisor's last word while it went on; missing */
  gboolean definition_left;   /* the host that it left still has the domain's definition */
} MigPlannedMove;

MigPlannedMove *mig_planned_move_new (const char *guest, const char *uuid, const char *from, const char *to,
                                      guint group);
void mig_planned_move_free (MigPlannedMove *move);

/* mig_planned_move_deviates: whether its time, or its downtime, was not as expected. */
gboolean mig_planned_move_deviates (const MigPlannedMove *move);

typedef enum {
  MIG_EXECUTION_GOING,  /* something runs or may start */
  MIG_EXECUTION_REPLAN, /* nothing runs; the rest needs another plan */
  MIG_EXECUTION_OVER,   /* nothing runs and nothing is left to do */
} MigExecutionState;

/* A guest whose migration failed is tried once more, and then left out. */
#define MIG_EXECUTION_TRIES 2

typedef struct _MigExecution MigExecution;

MigExecution *mig_execution_new (void);
void mig_execution_free (MigExecution *execution);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigExecution, mig_execution_free)

/* mig_execution_set_plan: the migrations from now on (of MigPlannedMove; taken). Those of the plan before that
 * wait are dropped. Not while one runs. */
void mig_execution_set_plan (MigExecution *execution, GPtrArray *moves);

/* mig_execution_next: one that may start now; it runs from then on. NULL: none. */
MigPlannedMove *mig_execution_next (MigExecution *execution);

/* mig_execution_ended: one that ran is over; its members say how. */
void mig_execution_ended (MigExecution *execution, MigPlannedMove *move, gboolean done);

/* mig_execution_ask: the rest needs another plan, whatever the reason: hosts are not what they were. */
void mig_execution_ask (MigExecution *execution);

/* mig_execution_stop: nothing starts any more. */
void mig_execution_stop (MigExecution *execution);

MigExecutionState mig_execution_state (const MigExecution *execution);

/* mig_execution_wants_survey: guests and hosts are to be looked at before the next plan, since something failed;
 * else only predictions did. */
gboolean mig_execution_wants_survey (const MigExecution *execution);

/* mig_execution_left_out: this guest has failed often enough. mig_execution_avoid: where its last migration failed
 * to; NULL: none did. */
gboolean mig_execution_left_out (const MigExecution *execution, const char *uuid);
const char *mig_execution_avoid (const MigExecution *execution, const char *uuid);

/* mig_execution_moves: of all plans (of MigPlannedMove). mig_execution_first: index of the first of the last plan;
 * mig_execution_plan: its number, from 1. */
const GPtrArray *mig_execution_moves (const MigExecution *execution);
guint mig_execution_first (const MigExecution *execution);
guint mig_execution_plan (const MigExecution *execution);

/* mig_execution_last: the last that was begun of this guest; NULL: none was. */
const MigPlannedMove *mig_execution_last (const MigExecution *execution, const char *uuid);
