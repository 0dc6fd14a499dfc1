/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/stop-rule.h"
#include "model/fleet.h"

/* What migrations cost, predicted: doc/model.md has the formulas and their sources. Pure. */

/* CPUs that a migration can use on either host: one thread sends, one receives. */
#define MIG_THREAD_CPUS 1

/* Whom a host's scheduler shares its CPUs among, beside the guests' vCPUs. */
typedef enum {
  MIG_SCHED_ENTITY_PROCESSES,  /* each guest's process is one, with the thread that sends it:
                                  cgroups, autogroups */
  MIG_SCHED_ENTITY_THREADS,    /* each thread is one: neither */
  MIG_SCHED_ENTITY_MANAGEMENT, /* one domain does all of a host's migrations: Xen's Domain-0 */
} MigSchedEntity;

/* The parameters. CPU work per byte is what makes a migration slow on a busy host. */
typedef struct {
  double source_s_per_byte;      /* CPU time of the sending side per byte */
  double destination_s_per_byte; /* of the receiving side */
  double source_s_per_constant;  /* CPU time of the sending side per page of one repeated byte */
  double destination_s_per_constant;  /* of the receiving side */
  double source_s_per_disk_byte;      /* CPU time of the sending side per byte of a copied disk */
  double destination_s_per_disk_byte; /* of the receiving side */
  gboolean copies_disks;              /* of VMs that have any */
  double setup_s; /* CPU time on the destination before the first byte is sent */
  MigSchedEntity sched_entity;
  double switch_s;        /* CPU time on the destination while the guest stands: besides the pages
                             that are left */
  double end_s;           /* from the guest's resumption to the migration's end */
  double cap_bytes_per_s; /* limit of one migration; infinite: none */
  /* the stop rule; 0: no such limit */
  guint max_rounds;
  double min_pages;
  double max_ram;          /* times the guest's memory */
  double downtime_limit_s; /* hypervisor: stop when the rest takes no longer */
  /* relative standard error of a prediction (of its logarithm); NaN: unknown */
  double time_error, downtime_error;
  /* standard error of a VM's lost work, and of the mean over all VMs, as shares of the plan's time
   */
  double lost_error, lost_mean_error;
  /* of freedom: of either error, less what is fitted; of both of lost work, to which nothing is
   * fitted: the runs, since guests of a run err together; 0: unknown */
  guint time_degrees, downtime_degrees, lost_degrees;
  /* an outage beyond the downtime by events: mean, standard deviation and number of the measured
   * ones; NaN: none was */
  double outage_surplus_s, outage_surplus_sd_s;
  guint n_outages;
} MigModel;

/* mig_model_default: order of magnitude for QEMU on one CPU per host without a calibration: no
 * figures of their own errors. */
MigModel mig_model_default (void);

/* mig_model_set_stop_rule: what ends the rounds from now on. */
void mig_model_set_stop_rule (MigModel *model, const MigStopLimits *limits);

/* mig_model_interval: 95 % prediction interval of a predicted value: value / factor to value *
 * factor; NaN where the model's error is unknown. */
double mig_model_time_factor (const MigModel *model);
double mig_model_downtime_factor (const MigModel *model);

/* mig_model_lost_half: half the 95 % prediction interval of lost work in a plan that takes so long:
 * of one VM, and of the sum over n VMs; NaN where the model's error is unknown. */
double mig_model_lost_half (const MigModel *model, double time_s);
double mig_model_lost_sum_half (const MigModel *model, double time_s, guint n);

/* mig_model_fastest: bytes/s that no migration between two hosts exceeds: its limit, their links,
 * and the CPUs of the thread on either side, which wait for each other.
 * mig_model_fastest_disk: the same while it copies a disk. */
double mig_model_fastest (const MigModel *model, const MigFleetHost *source,
                          const MigFleetHost *target);
double mig_model_fastest_disk (const MigModel *model, const MigFleetHost *source,
                               const MigFleetHost *target);

/* mig_model_disk_bytes: what a migration copies of the VM's disks. */
static inline double
mig_model_disk_bytes (const MigModel *model, const MigFleetVm *vm)
{
  return model->copies_disks ? vm->disk_bytes : 0;
}

/* mig_model_vm_bytes: what a migration sends at least: disks, and the first round. */
static inline double
mig_model_vm_bytes (const MigModel *model, const MigFleetVm *vm)
{
  return mig_model_disk_bytes (model, vm) + vm->used_bytes;
}

/* One migration of a plan. */
typedef struct {
  guint vm, to;
  guint group; /* per source: migrations of a group start together, when the group before has ended
                */
} MigMove;

typedef struct {
  double start_s, end_s; /* from the plan's start */
  double downtime_s;
  double sent_bytes;  /* of memory */
  double lost_s;      /* work of this VM, over the whole plan */
  guint rounds;       /* live ones */
  gboolean converges; /* FALSE: the stop rule alone would never end it; cut off */
  double disk_s;      /* of its time: while disks were copied */
} MigMoveCost;

/* mig_move_cost_memory_s: its time without what copying disks takes of it. */
static inline double
mig_move_cost_memory_s (const MigMoveCost *cost)
{
  return cost->end_s - cost->start_s - cost->disk_s;
}

/* What one live round took, or the stopped phase. */
typedef struct {
  guint move, round; /* index of the move; from 1 */
  double start_s, end_s;
  double sent_bytes;
  gboolean stopped; /* the guest stood */
} MigRoundCost;

typedef struct {
  double time_s;           /* from the first start to the last end */
  double migration_s;      /* sum over the migrations */
  double downtime_s;       /* sum */
  double worst_downtime_s; /* of one VM */
  double lost_s;           /* work of all VMs: integral of 1 - rate / rate before */
  double lost_staying_s;   /* of it: of those that do not migrate */
  guint not_converging;
} MigPlanCost;

/* The event-driven simulation of migrations in a fleet. Made once for a fleet, run as often as
 * wanted; not thread-safe. The fleet must not change and outlives it. */
typedef struct _MigSimulation MigSimulation;

MigSimulation *mig_simulation_new (const MigModel *model, const MigFleet *fleet);

/* mig_simulation_waits: in later runs a migration starts when all have ended that it waits for, and
 * groups count for nothing; the array (of MigWait, by what ends) is borrowed; NULL: groups count.
 */
typedef struct {
  guint move, before; /* indices of moves */
  gboolean memory;    /* for memory on the host that it goes to; else for a place or a link */
} MigWait;
void mig_simulation_waits (MigSimulation *self, const GArray *waits);

/* mig_simulation_choose: in later runs migrations start when the callback starts them, which is
 * called at the beginning and when one has ended (ended: its index, or MIG_NO_INDEX). */
typedef struct {
  void (*choose) (MigSimulation *simulation, guint ended, gpointer data);
  gpointer data;
} MigSimulationChooser;
void mig_simulation_choose (MigSimulation *self, MigSimulationChooser chooser);
void mig_simulation_start (MigSimulation *self, guint move);

/* mig_simulation_run: places: host of each VM at the start; NULL: as in the fleet. Lost work is
 * relative to each VM's rate in the fleet as it is, in every case. moves: those of one source in
 * the order of their groups. costs: one per move, or NULL. */
void mig_simulation_run (MigSimulation *self, const guint *places, const MigMove *moves, guint n,
                         MigMoveCost *costs, MigPlanCost *sum);

/* mig_simulation_trace: rounds that later runs go through are appended to it (of MigRoundCost),
 * which stays the caller's; NULL: to none. */
void mig_simulation_trace (MigSimulation *self, GArray *rounds);

/* mig_simulation_lost: work that a VM lost in the last run. */
double mig_simulation_lost (const MigSimulation *self, guint vm);

/* mig_simulation_lost_rate: work of all VMs that is lost in a second, as things are after the last
 * run; negative: they gain. */
double mig_simulation_lost_rate (const MigSimulation *self);

/* mig_simulation_share: CPUs that a VM gets in the fleet as it is, with no migration. */
double mig_simulation_share (const MigSimulation *self, guint vm);

void mig_simulation_free (MigSimulation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigSimulation, mig_simulation_free)
