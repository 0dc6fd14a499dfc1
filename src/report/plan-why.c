/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/number.h"
#include "report/plan.h"

/* Differences below this share are none, by a model. */
#define SAME 0.01

static const MigOrder *
worst_custom (const MigPlanReport *report)
{
  const MigOrder *worst = NULL;

  for (guint i = 0; i < report->plan->others->len; i++)
    {
      const MigOrder *other = report->plan->others->pdata[i];
      if (!worst || mig_objective_value (&report->plan->objective, &other->cost) >
                        mig_objective_value (&report->plan->objective, &worst->cost))
        worst = other;
    }
  return worst;
}

static double
cost_of (const MigOrder *order, guint vm)
{
  for (guint i = 0; i < order->moves->len; i++)
    if (g_array_index (order->moves, MigMove, i).vm == vm)
      {
        const MigMoveCost *cost = &g_array_index (order->costs, MigMoveCost, i);
        return cost->end_s - cost->start_s;
      }
  return NAN;
}

/* add_gain: the VM whose own migration gains most. */
static void
add_gain (const MigPlanReport *report, const MigOrder *worst, GString *out)
{
  const MigOrder *best = &report->plan->best;
  guint most = MIG_NO_INDEX;
  double gain = 0, here = 0, there = 0;

  for (guint i = 0; i < best->moves->len; i++)
    {
      guint vm = g_array_index (best->moves, MigMove, i).vm;
      double now = cost_of (best, vm), then = cost_of (worst, vm);
      if (then - now > gain)
        {
          most = vm;
          gain = then - now;
          here = now;
          there = then;
        }
    }
  if (most == MIG_NO_INDEX)
    {
      g_string_append (out,
                       "No single migration becomes shorter; what is gained is how they follow "
                       "each other.");
      return;
    }
  g_autofree char *now = mig_number (here, mig_number_decimals (here));
  g_autofree char *then = mig_number (there, mig_number_decimals (there));
  g_string_append_printf (out,
                          "Most of all '%s' gains: in its place here it takes %s s, there %s s, "
                          "because it meets less competition for CPU and link.",
                          mig_fleet_vm (report->fleet, most)->name, now, then);
}

char *
mig_plan_why (const MigPlanReport *report)
{
  const MigOrder *worst = worst_custom (report);
  const MigObjective *objective = &report->plan->objective;
  GString *out = g_string_new (NULL);
  double here = mig_objective_value (objective, &report->plan->best.cost);
  double there = worst ? mig_objective_value (objective, &worst->cost) : here;

  if (!worst || there - here <= SAME * fabs (there))
    {
      g_string_append (out, "By the model the order makes no difference worth speaking of here. "
                            "Take any.");
      return g_string_free (out, FALSE);
    }
  g_autofree char *now = mig_number (here, mig_number_decimals (here));
  g_autofree char *then = mig_number (there, mig_number_decimals (there));
  g_string_append_printf (out, "This order's %s is %s s, that of moving %s %s s. ",
                          report->objective, now, worst->name, then);
  add_gain (report, worst, out);
  return g_string_free (out, FALSE);
}
