/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/cpu-scheduler.h"
#include "model/event-heap.h"
#include "model/model.h"

/* For simulation.c and what it is made of: departures.c (which migration starts when),
 * migration-phases.c (what each goes through), rates.c (how fast). */

typedef enum {
  MIG_PHASE_WAITING, /* for its group, or for a slot */
  MIG_PHASE_SETUP,   /* works on the destination */
  MIG_PHASE_DISKS,   /* sends disks, guest runs */
  MIG_PHASE_ROUND,   /* sends, guest runs */
  MIG_PHASE_STOPPED, /* sends, guest stands */
  MIG_PHASE_SWITCH,  /* works on the destination, guest stands */
  MIG_PHASE_END,     /* guest runs on the destination */
  MIG_PHASE_OVER
} MigPhase;

/* What may limit a migration's rate. */
enum { MIG_LIMIT_SOURCE, MIG_LIMIT_DESTINATION, MIG_LIMIT_OUT, MIG_LIMIT_IN, MIG_N_LIMITS };

typedef struct {
  GArray *vms;        /* of guint: guests on it */
  GArray *migrations; /* of guint: under way, out of it and into it */
  GQueue waiting;     /* of moves that found no slot here */
  guint group, left;  /* as a source: the group under way, and how many of it are not over */
  guint next;         /* as a source: index into its moves */
  GArray *moves;      /* as a source: of guint */
  double demand;      /* CPUs that its guests want that do not stand still; NaN: to be counted */
  gboolean changed;   /* since its guests' shares were computed, one came, left or stood still */
  gboolean satisfied; /* they got all that they want then */
  gboolean touched, queued, used;
} MigSimHost;

typedef struct {
  guint host;
  guint migration; /* that moves it, or MIG_NO_INDEX */
  gboolean paused;
  double share, before_share; /* CPUs */
  double lost_s, last_s; /* lost up to last_s; share and paused are what they were since then */
} MigSimVm;

typedef struct {
  const MigMove *move;
  guint source;
  MigPhase phase;
  double limits[MIG_N_LIMITS]; /* bytes/s (or what the phase has to do) that each resource would
                                  give it */
  double work[MIG_N_LIMITS]; /* what it takes of each resource per unit of what is left; 0: nothing
                              */
  guint uplinks[MIG_UPLINKS_MAX], n_uplinks;
  double uplink_limits[MIG_UPLINKS_MAX]; /* as limits */
  double fastest;                        /* bytes/s that it never exceeds */
  guint waits;                           /* migrations that have to end before it starts */
  double rate, left;                     /* bytes; where the phase only works, seconds of a CPU */
  double next_s, last_s;                 /* when the phase ends; up to when the state is known */
  double dirtied_pages;                  /* updates since the round began */
  double round_s;                        /* when it began */
  double round_pages, sent_pages, sent_bytes;
  double start_s, disk_s, stopped_s, downtime_s, end_s;
  guint rounds;
  gboolean converges;
} MigSimMigration;

/* An uplink in one direction. */
typedef struct {
  GArray *migrations; /* of guint: under way, through it */
  double most;        /* bytes/s: the sum of what they never exceed */
  gboolean tight;     /* it limited one when it was last shared */
  gboolean queued;
} MigSimUplink;

struct _MigSimulation {
  MigSimUplink *uplinks;   /* two for each group */
  GArray *demands, *order; /* of double, guint: scratch; of an uplink's shares */
  const GArray *waits;     /* of MigWait, or NULL */
  MigSimulationChooser chooser;
  const MigModel *model;
  const MigFleet *fleet;
  MigSimHost *hosts;
  MigSimVm *vms;
  guint *first_resident, *residents; /* VMs by the host where the fleet has them */
  GArray *used;                      /* of guint: hosts that the last run changed ... */
  gboolean at_home;                  /* ... where its VMs began where the fleet has them */
  MigSimMigration *migrations;
  guint n, n_allocated;
  double now_s;
  GArray *touched;      /* of guint: hosts whose guests and migrations are known up to now */
  GQueue queue;         /* of hosts whose shares are to be computed */
  GArray *shares;       /* of MigFairShare: scratch; of a link */
  MigCpuScheduler cpus; /* scratch */
  GArray *trace;        /* of MigRoundCost, or NULL */
  MigEventHeap heap;    /* migrations by next_s */
};

static inline gboolean
mig_phase_sends (MigPhase phase)
{
  return phase == MIG_PHASE_DISKS || phase == MIG_PHASE_ROUND || phase == MIG_PHASE_STOPPED;
}

/* mig_phase_works: it ends when its work is done, not at a known time. */
static inline gboolean
mig_phase_works (MigPhase phase)
{
  return phase == MIG_PHASE_SETUP || phase == MIG_PHASE_SWITCH || mig_phase_sends (phase);
}

/* mig_sim_remove_index: of an array of guint; not there: nothing. */
static inline void
mig_sim_remove_index (GArray *array, guint index)
{
  for (guint i = 0; i < array->len; i++)
    if (g_array_index (array, guint, i) == index)
      {
        g_array_remove_index (array, i);
        return;
      }
}
