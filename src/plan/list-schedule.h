/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/task.h"

/* List scheduling: whenever a migration has ended, those that may start do, in a given succession.
 * One may start when its target has memory for it, when neither host nor the fleet has as many
 * migrations as it may have, when the one that it lets go before has ended and, where the schedule
 * is dedicated, when no other has the links that it could use. Where it is orderly, none overtakes
 * one that waits and shares a host with it, so that small ones do not keep a large one waiting for
 * ever. */

typedef enum {
  MIG_LIST_SCHEDULE_WAITING,
  MIG_LIST_SCHEDULE_RUNNING,
  MIG_LIST_SCHEDULE_OVER,
} MigListScheduleState;

/* Where a move goes along, and how fast where it shares nothing. */
typedef struct {
  guint from, to, n_uplinks, uplinks[MIG_UPLINKS_MAX];
  double bytes_per_s;
} MigListSchedulePath;

typedef struct {
  const MigModel *model;
  const MigFleet *fleet;
  const MigTask *task;
  MigSimulation *simulation;
  GArray *moves;     /* of MigMove: those asked for, then second legs of parked VMs */
  GArray *first_leg; /* of guint: of each: the move that has to end before; MIG_NO_INDEX: none */
  MigListSchedulePath *paths; /* of each */
  guint *after;               /* of each: a move that it lets go before; MIG_NO_INDEX: none */
  guint n;                    /* that were asked for */
  guint parked;
  gboolean dedicated; /* start only where links are free */
  gboolean orderly;   /* none overtakes one that waits and shares a host with it */
  /* one run */
  guint *waiting, n_waiting;   /* those that have not started, in the succession */
  guint *trigger;              /* of each: whose end let it start; MIG_NO_INDEX: it started first */
  guchar *state;               /* of each: MigListScheduleState */
  double *memory, *memory_now; /* of each host: in use at the beginning, and now */
  guint *out, *in;             /* of each host: migrations now */
  guchar *full;                /* of each host, out and in, then of each uplink: none can start */
  double *least;               /* of each uplink: rate of the slowest move through it */
  guint *held, pass;           /* of each host: the last pass in which one of its moves waited */
  double *link_out, *link_in, *uplinks; /* rates that are promised */
  guint running, over;
  MigMoveCost *costs;
} MigListSchedule;

MigListSchedule *mig_list_schedule_new (const MigModel *model, const MigFleet *fleet,
                                        const MigTask *task);
void mig_list_schedule_free (MigListSchedule *schedule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigListSchedule, mig_list_schedule_free)

/* mig_list_schedule_run: one succession (of indices of all moves; borrowed). FALSE: some can never
 * start; state says which. */
gboolean mig_list_schedule_run (MigListSchedule *schedule, const guint *succession,
                                MigPlanCost *cost);

/* mig_list_schedule_park: a move that was asked for goes to this host first, and then, as one more
 * move, to its target. */
void mig_list_schedule_park (MigListSchedule *schedule, guint move, guint host);

static inline const MigMove *
mig_list_schedule_move (const MigListSchedule *self, guint i)
{
  return &g_array_index (self->moves, MigMove, i);
}

static inline const MigFleetVm *
mig_list_schedule_vm (const MigListSchedule *self, guint i)
{
  return mig_fleet_vm (self->fleet, mig_list_schedule_move (self, i)->vm);
}

/* mig_list_schedule_source: host that a move leaves. */
static inline guint
mig_list_schedule_source (const MigListSchedule *self, guint i)
{
  return self->paths[i].from;
}

/* mig_list_schedule_rate: bytes/s of a move that shares nothing. */
static inline double
mig_list_schedule_rate (const MigListSchedule *self, guint i)
{
  return self->paths[i].bytes_per_s;
}

static inline guint
mig_list_schedule_first_leg (const MigListSchedule *self, guint i)
{
  return g_array_index (self->first_leg, guint, i);
}
