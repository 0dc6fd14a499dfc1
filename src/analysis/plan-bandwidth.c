/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "analysis/plan.h"

/* The bandwidth with which migrations cost least, after Breitgand, Kutiel, Raz (Hot-ICE 2011): a slow
 * migration takes less from its neighbours, but goes on longer and leaves more pages. */

/* Limits that are tried: each so much of the one before. */
#define STEP 0.8
#define STEPS 20

/* fastest: what a migration could reach with all of its hosts' links and threads. */
static double
fastest (const MigModel *model, const MigFleet *fleet)
{
  double link = 0, rate = model->cap_bytes_per_s;

  for (guint i = 0; i < fleet->hosts->len; i++)
    link = fmax (link, mig_fleet_host (fleet, i)->link_bytes_per_s);
  double work = model->source_s_per_byte + model->destination_s_per_byte;
  return fmin (fmin (rate, link), work > 0 ? MIG_THREAD_CPUS / work : INFINITY);
}

/* value_of: the order's, with that limit; NaN: it is not allowed. */
static double
value_of (const MigModel *model, const MigFleet *fleet, const MigPlan *plan, double cap)
{
  MigModel capped = *model;
  MigOrder order = { .moves = g_array_ref (plan->best.moves) };

  capped.cap_bytes_per_s = cap;
  mig_order_evaluate (&order, &capped, fleet);
  double value = order.allowed ? mig_objective_value (&plan->objective, &order.cost) : NAN;
  mig_order_clear (&order);
  return value;
}

MigPlan *
mig_plan_make_capped (MigModel *model, MigFleet *fleet, const MigTask *task, GArray **tried,
                      GError **error)
{
  g_autoptr (MigPlan) plan = mig_plan_make (model, fleet, task, error);

  if (!plan)
    return NULL;
  MigBandwidth best = { model->cap_bytes_per_s,
                        mig_objective_value (&plan->objective, &plan->best.cost) };
  double unlimited = best.value, cap = fastest (model, fleet);
  *tried = g_array_new (FALSE, FALSE, sizeof (MigBandwidth));
  g_array_append_val (*tried, best);
  for (guint i = 0; i < STEPS; i++)
    {
      cap *= STEP;
      MigBandwidth next = { cap, value_of (model, fleet, plan, cap) };
      g_array_append_val (*tried, next);
      if (next.value < best.value)
        best = next;
    }
  if (!(best.value < unlimited))
    return g_steal_pointer (&plan);
  /* that limit's own best order */
  MigModel capped = *model;
  capped.cap_bytes_per_s = best.cap_bytes_per_s;
  g_autoptr (MigPlan) other = mig_plan_make (&capped, fleet, task, NULL);
  if (!other || mig_objective_value (&other->objective, &other->best.cost) >= unlimited)
    return g_steal_pointer (&plan);
  *model = capped;
  return g_steal_pointer (&other);
}
