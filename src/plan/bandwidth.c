/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "plan/bandwidth.h"

/* The bandwidth with which migrations cost least, after Breitgand, Kutiel, Raz (Hot-ICE 2011): a
 * slow migration takes less from its neighbours, but goes on longer and leaves more pages.
 *
 * Lost work is counted here as the migrations' own doing: against how the VMs would run where they
 * are at that moment. Against how they ran before (as in the tables), or run when all is over (as
 * between orders), a plan that lingers where the VMs happen to fare well gains by each second that
 * it takes: then the slowest limit is always the best one, though it only puts off what is asked
 * for. */

/* Limits that are tried: each so much of the one before. */
#define LIMIT_STEP_RATIO 0.8
#define LIMITS_TRIED 20
/* A slower one has to be better by this share: what makes a plan longer for nothing is no gain. */
#define WORTHWHILE_RATIO 0.01

/* fastest: what a migration could reach between the best of all hosts. */
static double
fastest (const MigModel *model, const MigFleet *fleet)
{
  MigFleetHost best = { 0 };

  for (guint i = 0; i < fleet->hosts->len; i++)
    {
      best.link_bytes_per_s = fmax (best.link_bytes_per_s,
                                    mig_fleet_host (fleet, i)->link_bytes_per_s);
      best.cpus = fmax (best.cpus, mig_fleet_host (fleet, i)->cpus);
    }
  return mig_model_fastest (model, &best, &best);
}

/* A VM that goes on at its new host. */
typedef struct {
  double at_s;
  guint vm, to;
} Arrival;

static int
compare_arrivals (gconstpointer a, gconstpointer b)
{
  double x = ((const Arrival *) a)->at_s, y = ((const Arrival *) b)->at_s;
  return (x > y) - (x < y);
}

/* arrivals_of: in the order of time. */
static GArray *
arrivals_of (const MigOrder *order, const MigModel *model)
{
  GArray *arrivals = g_array_new (FALSE, FALSE, sizeof (Arrival));

  for (guint i = 0; i < order->moves->len; i++)
    {
      const MigMove *move = &g_array_index (order->moves, MigMove, i);
      const MigMoveCost *cost = &g_array_index (order->costs, MigMoveCost, i);
      Arrival arrival = { fmax (cost->start_s, cost->end_s - model->end_s), move->vm, move->to };
      g_array_append_val (arrivals, arrival);
    }
  g_array_sort (arrivals, compare_arrivals);
  return arrivals;
}

double
mig_order_placement_lost (const MigOrder *order, const MigModel *model, const MigFleet *fleet)
{
  g_autoptr (MigSimulation) simulation = mig_simulation_new (model, fleet);
  g_autoptr (GArray) arrivals = arrivals_of (order, model);
  g_autofree guint *places = g_new (guint, fleet->vms->len);
  double lost = 0, now_s = 0;
  MigPlanCost none;

  for (guint i = 0; i < fleet->vms->len; i++)
    places[i] = mig_fleet_vm (fleet, i)->host;
  for (guint i = 0; i <= arrivals->len; i++)
    {
      const Arrival *next = i < arrivals->len ? &g_array_index (arrivals, Arrival, i) : NULL;
      double until_s = next ? next->at_s : order->cost.time_s;
      mig_simulation_run (simulation, places, NULL, 0, NULL, &none);
      lost += (until_s - now_s) * mig_simulation_lost_rate (simulation);
      now_s = until_s;
      if (next)
        places[next->vm] = next->to;
    }
  return lost;
}

/* value_of: the objective, with lost work as the migrations' own doing. */
static double
value_of (const MigObjective *objective, const MigOrder *order, const MigModel *model,
          const MigFleet *fleet)
{
  MigObjective own = *objective;
  MigPlanCost cost = order->cost;

  own.lost_after = 0;
  if (own.lost > 0)
    cost.lost_s -= mig_order_placement_lost (order, model, fleet);
  return mig_objective_value (&own, &cost);
}

/* value_with: the order's, with that limit; NaN: it is not allowed. */
static double
value_with (const MigModel *model, const MigFleet *fleet, const MigPlan *plan, double cap)
{
  MigModel capped = *model;
  MigOrder order = { .moves = g_array_ref (plan->best.moves),
                     .waits = plan->best.waits ? g_array_ref (plan->best.waits) : NULL,
                     .parked = plan->best.parked };

  capped.cap_bytes_per_s = cap;
  mig_order_evaluate (&order, &capped, fleet);
  double value = order.allowed ? value_of (&plan->objective, &order, &capped, fleet) : NAN;
  mig_order_clear (&order);
  return value;
}

/* try_limits: none, then LIMITS_TRIED of them, with one order; the index of the best. */
static guint
try_limits (const MigModel *model, const MigFleet *fleet, const MigPlan *plan, GArray *tried)
{
  MigBandwidth next = { model->cap_bytes_per_s,
                        value_of (&plan->objective, &plan->best, model, fleet) };
  double cap = fastest (model, fleet), least = next.value;
  guint best = 0;

  g_array_append_val (tried, next);
  for (guint i = 1; i <= LIMITS_TRIED; i++)
    {
      cap *= LIMIT_STEP_RATIO;
      next = (MigBandwidth){ cap, value_with (model, fleet, plan, cap) };
      g_array_append_val (tried, next);
      if (next.value < least - WORTHWHILE_RATIO * fabs (least))
        {
          best = i;
          least = next.value;
        }
    }
  return best;
}

MigPlan *
mig_plan_make_capped (MigModel *model, MigFleet *fleet, const MigTask *task, GArray **tried,
                      GError **error)
{
  g_autoptr (MigPlan) plan = mig_plan_make (model, fleet, task, error);

  if (!plan)
    return NULL;
  *tried = g_array_new (FALSE, FALSE, sizeof (MigBandwidth));
  guint index = try_limits (model, fleet, plan, *tried);
  MigBandwidth *best = &g_array_index (*tried, MigBandwidth, index);
  MigModel capped = *model;
  capped.cap_bytes_per_s = best->cap_bytes_per_s;
  MigTask rest = *task;
  rest.skip_impossible = FALSE; /* those that cannot be moved stay already; all others move */
  /* that limit's own best order */
  g_autoptr (MigPlan) other = index > 0 ? mig_plan_make (&capped, fleet, &rest, NULL) : NULL;
  if (!other)
    return g_steal_pointer (&plan);
  GPtrArray *skipped = other->skipped;
  other->skipped = plan->skipped;
  plan->skipped = skipped;
  double value = value_of (&other->objective, &other->best, &capped, fleet);
  if (value > best->value)
    {
      g_array_set_size (other->best.moves, 0);
      g_array_append_vals (other->best.moves, plan->best.moves->data, plan->best.moves->len);
      g_clear_pointer (&other->best.waits, g_array_unref);
      other->best.waits = plan->best.waits ? g_array_ref (plan->best.waits) : NULL;
      other->best.parked = plan->best.parked;
      mig_order_evaluate (&other->best, &capped, fleet);
      other->exact = FALSE;
    }
  best->value = fmin (value, best->value);
  *model = capped;
  return g_steal_pointer (&other);
}
