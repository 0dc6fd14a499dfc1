/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/number.h"
#include "report/plan.h"

/* Orders whose objectives differ by less than this share are alike, by a model. */
#define ALIKE_SHARE 0.01

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

/* find_move: index of a VM's move; MIG_NO_INDEX: it has none. */
static guint
find_move (const MigOrder *order, guint vm)
{
  for (guint i = 0; i < order->moves->len; i++)
    if (g_array_index (order->moves, MigMove, i).vm == vm)
      return i;
  return MIG_NO_INDEX;
}

static double
time_of (const MigMoveCost *cost)
{
  return cost->end_s - cost->start_s;
}

static char *
three_digits (double value)
{
  return mig_number (value, mig_number_decimals (value));
}

/* add_difference: what differs between a VM's migration in two orders, by the model. */
static void
add_difference (const MigPlanReport *report, guint vm, const MigOrder *worst, GString *out)
{
  const MigOrder *best = &report->plan->best;
  guint b = find_move (best, vm), w = find_move (worst, vm);
  const MigMoveCost *here = &g_array_index (best->costs, MigMoveCost, b);
  const MigMoveCost *there = &g_array_index (worst->costs, MigMoveCost, w);
  guint to_here = g_array_index (best->moves, MigMove, b).to;
  guint to_there = g_array_index (worst->moves, MigMove, w).to;
  g_autofree char *now = three_digits (time_of (here)), *then = three_digits (time_of (there));
  double mb_here = mig_plan_sent_bytes (report, best, b) / 1e6;
  double mb_there = mig_plan_sent_bytes (report, worst, w) / 1e6;
  g_autofree char *sent_now = three_digits (mb_here), *sent_then = three_digits (mb_there);
  g_autofree char *rate_now = three_digits (mb_here / time_of (here));
  g_autofree char *rate_then = three_digits (mb_there / time_of (there));

  g_string_append_printf (out, "Most of all '%s' gains: its migration takes %s s instead of %s s",
                          mig_fleet_vm (report->fleet, vm)->name, now, then);
  if (strcmp (sent_now, sent_then) != 0)
    g_string_append_printf (out, ", sends %s MB instead of %s MB", sent_now, sent_then);
  g_string_append_printf (out, ", at %s MB/s instead of %s MB/s", rate_now, rate_then);
  if (to_here != to_there)
    g_string_append_printf (out, ", and goes to '%s' instead of '%s'",
                            mig_fleet_host (report->fleet, to_here)->name,
                            mig_fleet_host (report->fleet, to_there)->name);
  g_string_append (out, ".");
}

/* add_gain: the VM whose own migration gains most. */
static void
add_gain (const MigPlanReport *report, const MigOrder *worst, GString *out)
{
  const MigOrder *best = &report->plan->best;
  guint most = MIG_NO_INDEX;
  double largest = 0;

  for (guint i = 0; i < best->moves->len; i++)
    {
      guint vm = g_array_index (best->moves, MigMove, i).vm, j = find_move (worst, vm);
      if (j == MIG_NO_INDEX)
        continue;
      double there = time_of (&g_array_index (worst->costs, MigMoveCost, j));
      double gain = there - time_of (&g_array_index (best->costs, MigMoveCost, i));
      if (gain > largest && gain > ALIKE_SHARE * there)
        {
          most = vm;
          largest = gain;
        }
    }
  if (most == MIG_NO_INDEX)
    g_string_append (out,
                     "No single migration becomes shorter; the gain comes from their sequence.");
  else
    add_difference (report, most, worst, out);
}

char *
mig_plan_why (const MigPlanReport *report)
{
  const MigOrder *worst = worst_custom (report);
  const MigObjective *objective = &report->plan->objective;
  GString *out = g_string_new (NULL);
  double here = mig_objective_value (objective, &report->plan->best.cost);
  double there = worst ? mig_objective_value (objective, &worst->cost) : NAN;

  if (mig_plan_nothing (report))
    {
      g_string_append_printf (out, "Nothing is ordered: %s.", mig_plan_nothing (report));
      return g_string_free (out, FALSE);
    }
  if (!worst)
    {
      g_string_append (out,
                       "No common order comes to its end here: VMs would wait for each other's "
                       "memory.");
      return g_string_free (out, FALSE);
    }
  if (there - here <= ALIKE_SHARE * fabs (there))
    {
      g_string_append (out, "By the model the order hardly matters here: any will do.");
      return g_string_free (out, FALSE);
    }
  g_autofree char *now = mig_number (here, mig_number_decimals (here));
  g_autofree char *then = mig_number (there, mig_number_decimals (there));
  g_string_append_printf (out, "This order's %s is %s s, that of moving %s %s s. ",
                          report->objective, now, worst->name, then);
  add_gain (report, worst, out);
  return g_string_free (out, FALSE);
}
