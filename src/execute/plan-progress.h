/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/quantity.h"
#include "results/columns.h"

/* What is left of a plan while it is performed: which migration may start now, what a failure or a
 * deviation means for the rest. A state machine: no host, no clock, no thread. */

/* Without an interval, this many times as long (or as short) as predicted is a deviation. */
#define MIG_DEVIATION_FACTOR 2.0
/* Less is none, whatever the factor. */
#define MIG_DEVIATION_TIME_S 1.0
#define MIG_DEVIATION_DOWNTIME_S 0.1

/* mig_expected_deviates: whether what was measured (NaN: nothing was) lies outside, and more than
 * least_s from what was predicted. */
gboolean mig_expected_deviates (const MigPredicted *expected, double measured_s, double least_s);

typedef enum {
  MIG_MOVE_WAITING,
  MIG_MOVE_RUNNING,
  MIG_MOVE_DONE, /* the guest runs on the host it was to go to, and on no other */
  MIG_MOVE_FAILED,
  MIG_MOVE_GONE,    /* the guest has ended by itself, or by its owner: nothing is left to move */
  MIG_MOVE_DROPPED, /* not begun: another plan came instead */
} MigMoveState;

/* One migration of a plan. The texts are its own. */
typedef struct {
  char *guest; /* its name in the plan */
  char *uuid;
  char *from, *to; /* names of hosts */
  guint group;     /* per host that is left: begins when the one before has ended */
  GArray *after;   /* of guint: instead: moves of this plan, from its first, that have ended before
                      it begins; NULL: groups count */
  MigPredicted time, downtime;
  MigPredicted memory; /* of the time: without what copying disks takes */
  /* what became of it */
  MigMoveState state;
  guint plan;                            /* which plan it is of, from 1 */
  guint place;                           /* among that plan's moves, from 0 */
  guint attempt;                         /* of this guest, from 1; 0: none */
  char *where;                           /* host that it is on after it; NULL: not known */
  gboolean taken;                        /* GONE, but not ended: somebody else moved it elsewhere */
  gboolean lost;                         /* FAILED, and the guest was on neither host after it */
  MigMigrationRecord *record;            /* as in migrations.csv; NULL: it was not begun */
  double time_s, downtime_s;             /* measured; NaN */
  gboolean probed;                       /* clients asked it meanwhile */
  double outage_s, silence_s, connect_s; /* what they noticed; NaN: not known */
  gint64 dirty_pages_per_s;              /* the hypervisor's last word while it went on; missing */
  gboolean autostart;   /* its source starts it by itself, and its destination is to */
  gboolean paused;      /* it was paused before, and is */
  gboolean ran;         /* it ran before */
  gboolean disks_known; /* what is predicted includes its disks */
  gboolean unmodelled;  /* its costs are not those that the model knows: disks were copied that it
                           did not know of, it was ended by post-copy, or by a standstill at its
                           timeout */
} MigPlannedMove;

MigPlannedMove *mig_planned_move_new (const char *guest, const char *uuid, const char *from,
                                      const char *to, guint group);
void mig_planned_move_free (MigPlannedMove *move);

/* mig_planned_move_measure: time and downtime of its record. */
void mig_planned_move_measure (MigPlannedMove *move);

/* mig_planned_move_memory_s: of the measured time: without what copying disks took; NaN. */
double mig_planned_move_memory_s (const MigPlannedMove *move);

/* mig_planned_move_deviates: whether its time without disks, or its downtime, was not as expected,
 * where the model has to know that. */
gboolean mig_planned_move_deviates (const MigPlannedMove *move);

typedef enum {
  MIG_PLAN_PROGRESS_GOING,  /* something runs or may start */
  MIG_PLAN_PROGRESS_REPLAN, /* nothing runs; the rest needs another plan */
  MIG_PLAN_PROGRESS_OVER,   /* nothing runs and nothing is left to do */
} MigPlanProgressState;

/* A guest whose migration failed is tried once more, and then left out. */
#define MIG_PLAN_PROGRESS_TRIES 2

typedef struct _MigPlanProgress MigPlanProgress;

MigPlanProgress *mig_plan_progress_new (void);
void mig_plan_progress_free (MigPlanProgress *execution);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigPlanProgress, mig_plan_progress_free)

/* mig_plan_progress_set_plan: the migrations from now on (of MigPlannedMove; taken). Those of the
 * plan before that wait are dropped. Not while one runs. */
void mig_plan_progress_set_plan (MigPlanProgress *execution, GPtrArray *moves);

/* mig_plan_progress_restore: plans that an earlier execution performed: their migrations (of
 * MigPlannedMove; taken), of which none runs, and the number of the last of them. Before the first
 * mig_plan_progress_set_plan(). */
void mig_plan_progress_restore (MigPlanProgress *execution, GPtrArray *moves, guint plans);

/* mig_plan_progress_next: one that may start now; it runs from then on. NULL: none. */
MigPlannedMove *mig_plan_progress_next (MigPlanProgress *execution);

/* mig_plan_progress_ended: one that ran is over; its members say how. */
void mig_plan_progress_ended (MigPlanProgress *execution, MigPlannedMove *move, gboolean done);

/* mig_plan_progress_gone: of one that ran: its guest has ended, which is no failure: the rest goes
 * on as planned. */
void mig_plan_progress_gone (MigPlanProgress *execution, MigPlannedMove *move);

/* mig_plan_progress_refused: of one that ran and failed: another try would not help. Its guest is
 * left out, and the rest goes on as planned, but where something waits for it. */
void mig_plan_progress_refused (MigPlanProgress *execution, MigPlannedMove *move);

/* mig_plan_progress_ask: the rest needs another plan, whatever the reason: hosts are not what they
 * were. */
void mig_plan_progress_ask (MigPlanProgress *execution);

/* mig_plan_progress_stop: nothing starts any more. */
void mig_plan_progress_stop (MigPlanProgress *execution);

MigPlanProgressState mig_plan_progress_state (const MigPlanProgress *execution);

/* mig_plan_progress_wants_survey: guests and hosts are to be looked at before the next plan, since
 * something failed; else only predictions did. */
gboolean mig_plan_progress_wants_survey (const MigPlanProgress *execution);

/* mig_plan_progress_left_out: this guest has failed often enough. mig_plan_progress_avoid: where
 * its last migration failed to; NULL: none did. */
gboolean mig_plan_progress_left_out (const MigPlanProgress *execution, const char *uuid);
const char *mig_plan_progress_avoid (const MigPlanProgress *execution, const char *uuid);

/* mig_plan_progress_tried: the last that was begun of its guest before this one, which ran then;
 * NULL: none was. */
const MigPlannedMove *mig_plan_progress_tried (const MigPlanProgress *execution,
                                               const MigPlannedMove *move);

/* mig_plan_progress_moves: of all plans (of MigPlannedMove). mig_plan_progress_first: index of the
 * first of the last plan; mig_plan_progress_plan: its number, from 1. */
const GPtrArray *mig_plan_progress_moves (const MigPlanProgress *execution);
guint mig_plan_progress_first (const MigPlanProgress *execution);
guint mig_plan_progress_plan (const MigPlanProgress *execution);

/* mig_plan_progress_last: the last that was begun of this guest; NULL: none was. */
const MigPlannedMove *mig_plan_progress_last (const MigPlanProgress *execution, const char *uuid);
