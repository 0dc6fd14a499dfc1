/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/model.h"
#include "model/fair-share.h"

/* The simulation's state: simulation.c moves time and phases, rates.c shares hosts among VMs and
 * migrations, cpu.c their CPUs. */

typedef enum {
  MIG_PHASE_WAITING, /* for its group, or for a slot */
  MIG_PHASE_SETUP,   /* works on the destination */
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
  gboolean touched, queued;
} MigSimHost;

typedef struct {
  guint host;
  guint migration; /* that moves it, or MIG_NO_INDEX */
  gboolean paused;
  double share, before_share; /* CPUs */
  double lost_s, last_s;
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
  guint waits;                           /* migrations that have to end before it starts */
  double rate, left;                     /* bytes; where the phase only works, seconds of a CPU */
  double next_s, last_s;                 /* when the phase ends; up to when the state is known */
  double dirtied_pages;                  /* updates since the round began */
  double round_s;                        /* when it began */
  double round_pages, sent_pages, sent_bytes;
  double start_s, stopped_s, downtime_s, end_s;
  guint rounds;
  gboolean converges;
  guint slot; /* in the heap */
} MigSimMigration;

/* What shares a host's CPUs: cpu.c. */
typedef struct {
  guint first, n; /* its members */
} MigSimEntity;

typedef struct {
  guint vm;     /* its vCPUs; MIG_NO_INDEX: a thread */
  guint thread; /* of a migration: its index * MIG_N_LIMITS + limit */
  guint party;
} MigSimMember;

/* An uplink in one direction. */
typedef struct {
  GArray *migrations; /* of guint: under way, through it */
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
  MigSimMigration *migrations;
  guint n, n_allocated;
  double now_s;
  GArray *touched; /* of guint: hosts whose guests and migrations are known up to now */
  GQueue queue;    /* of hosts whose shares are to be computed */
  GArray *shares;  /* of MigFairShare: scratch; of the CPUs: each member's */
  GArray *members, *parties, *party_shares; /* of MigSimMember, MigSimEntity, MigFairShare: scratch
                                             */
  GArray *trace;                            /* of MigRoundCost, or NULL */
  GArray *heap;                             /* of guint: migrations by next_s */
};

static inline gboolean
mig_phase_sends (MigPhase phase)
{
  return phase == MIG_PHASE_ROUND || phase == MIG_PHASE_STOPPED;
}

/* mig_phase_works: it ends when its work is done, not at a known time. */
static inline gboolean
mig_phase_works (MigPhase phase)
{
  return phase == MIG_PHASE_SETUP || phase == MIG_PHASE_SWITCH || mig_phase_sends (phase);
}

/* mig_rates_invalidate: brings a host's guests and migrations up to now, before anything on it
 * changes. */
void mig_rates_invalidate (MigSimulation *self, guint host);

/* mig_rates_recompute: shares the touched hosts, and those that this changes, anew. */
void mig_rates_recompute (MigSimulation *self);

/* mig_rates_limit_without: bytes/s that all but one resource would give; MIG_N_LIMITS and more: but
 * one of its uplinks; MIG_LIMIT_NONE: all of them. */
#define MIG_LIMIT_NONE G_MAXUINT
double mig_rates_limit_without (const MigSimulation *self, const MigSimMigration *m, guint without);

/* mig_cpu_collect: the parties that share a host's CPUs now and their members. really: threads with
 * what they take; else with what everything but this CPU would let them take. */
void mig_cpu_collect (MigSimulation *self, guint host, gboolean really);

/* mig_cpu_level: what each party gets per weight; INFINITY: all it wants. */
double mig_cpu_level (const MigSimulation *self, double cpus);

/* mig_cpu_got: CPUs of a member. mig_cpu_most: of a thread, were it to want all it can get. */
double mig_cpu_got (const MigSimulation *self, guint member, double level);
double mig_cpu_most (MigSimulation *self, guint member, double cpus);

/* mig_rates_queue_uplink: it is shared anew with what has changed. */
void mig_rates_queue_uplink (MigSimulation *self, guint uplink);

/* A heap of migrations by next_s. */
void mig_heap_add (MigSimulation *self, guint migration);
void mig_heap_move (MigSimulation *self, guint migration); /* its next_s has changed */
void mig_heap_remove (MigSimulation *self, guint migration);
