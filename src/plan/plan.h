/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/model.h"

/* Which VM when, how many at a time: the plan that costs least by the model. Pure. doc/model.md. */

/* What is to be small: a weighted sum of seconds; the worst downtime stands alone. */
typedef struct {
  double time, downtime, lost; /* weights */
  gboolean worst_downtime;     /* this instead */
  double lost_after; /* work lost (negative: gained) per second after the last migration; the
                        same for every plan, so the objective leaves it out; set by
                        mig_plan_make() */
} MigObjective;

/* mig_objective_value: of a plan's cost. */
double mig_objective_value (const MigObjective *objective, const MigPlanCost *cost);

typedef struct {
  const GArray *sources;  /* of guint: hosts that VMs are to leave */
  const GArray *targets;  /* of guint: where they may go */
  double relieve_to_cpus; /* NaN: all VMs leave; else so many that the rest uses no more CPUs */
  guint parallel;         /* migrations of one source at the same time, at most */
  MigObjective objective;
  guint64 effort;        /* simulated steps of the search, at most; 0: the default */
  gboolean target_state; /* instead: every VM with a target goes there, whatever host that leaves */
  guint cluster;         /* migrations at the same time in the whole fleet; 0: any number */
} MigTask;

/* An order and what it would cost. */
typedef struct {
  const char *name; /* "name order"; a literal */
  GArray *moves;    /* of MigMove, by source and group */
  GArray *costs;    /* of MigMoveCost, one each */
  GArray *lost;     /* of double: lost work of each VM of the fleet */
  GArray *waits;    /* of MigWait: who starts when whose migration has ended; NULL: groups do */
  guint parked;     /* VMs that move twice: over a third host */
  MigPlanCost cost;
  gboolean allowed; /* keeps the VMs' limits of downtime, and all converge */
} MigOrder;

typedef struct {
  MigObjective objective; /* the task's, complete */
  MigOrder best;
  gboolean exact;    /* no order is better by the model (groups of one source's migrations) */
  double bound;      /* no order's objective is below it; NaN: no bound is known */
  GPtrArray *others; /* of MigOrder: what people do: by name, smallest first, dirtiest first */
} MigPlan;

/* mig_plan_make: the VMs' destinations, then their order. Errors: INVALID with the VM and the
 * reason where there is no plan. */
MigPlan *mig_plan_make (const MigModel *model, MigFleet *fleet, const MigTask *task,
                        GError **error);
void mig_plan_free (MigPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigPlan, mig_plan_free)

/* What a limit of bandwidth would do. */
typedef struct {
  double cap_bytes_per_s; /* of each migration; infinite: none */
  double value;           /* the objective, in which lost work is the migrations' own doing:
                             mig_order_placement_lost() less; NaN: no order with it is allowed */
} MigBandwidth;

/* mig_plan_make_capped: as mig_plan_make(), with the limit of bandwidth of which the plan costs
 * least, after Breitgand et al.; the model gets it. tried: of MigBandwidth, the fastest first; the
 * caller frees it. */
MigPlan *mig_plan_make_capped (MigModel *model, MigFleet *fleet, const MigTask *task,
                               GArray **tried, GError **error);

/* mig_order_placement_lost: of the work that the VMs lose in an evaluated order, what they would
 * lose without any migration, each being where the order has it at that moment; negative: they gain
 * by where they are. */
double mig_order_placement_lost (const MigOrder *order, const MigModel *model,
                                 const MigFleet *fleet);

/* mig_plan_assign: chooses where each VM that leaves goes: those that have a target, then those
 * that must stay apart from others, the largest first, to the target whose CPUs are used least:
 * sets their 'to'. Errors: INVALID where one fits nowhere. */
gboolean mig_plan_assign (MigFleet *fleet, const MigTask *task, GError **error);

/* mig_order_evaluate: fills costs, lost, cost and allowed from the moves. */
void mig_order_evaluate (MigOrder *order, const MigModel *model, const MigFleet *fleet);
void mig_order_clear (MigOrder *order);
void mig_order_free (gpointer order); /* of one on the heap */

/* mig_order_same: no difference but that VMs which cost the same have changed places. */
gboolean mig_order_same (const MigFleet *fleet, const MigOrder *a, const MigOrder *b);

/* mig_plan_orders: every order of the VMs that the plan moves, task->parallel of them at a time;
 * orders that are the same stand for each other. GPtrArray of MigOrder that frees them. Errors:
 * INVALID where they leave more than one host, or there are more than MIG_PLAN_ORDERS_MAX. */
#define MIG_PLAN_ORDERS_MAX 120
GPtrArray *mig_plan_orders (const MigModel *model, const MigFleet *fleet, const MigTask *task,
                            const MigPlan *plan, GError **error);

/* mig_plan_search: the order of the VMs that leave one source, by dynamic programming over the sets
 * of those that are gone, or beam search where there are too many; appends its moves. candidates:
 * of guint, VMs with a destination. Returns FALSE where no order keeps the limits. */
gboolean mig_plan_search (const MigModel *model, const MigFleet *fleet, const MigTask *task,
                          const GArray *candidates, guint64 effort, GArray *moves, gboolean *exact);

/* mig_order_source: host that the i-th move leaves. */
guint mig_order_source (const MigOrder *order, const MigFleet *fleet, guint i);

/* mig_plan_bound: no order of these moves (in groups of at most task->parallel per source) has an
 * objective below it; NaN: unknown. */
double mig_plan_bound (const MigModel *model, const MigFleet *fleet, const MigTask *task,
                       const GArray *moves);
