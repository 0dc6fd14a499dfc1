/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/number.h"
#include "report/plan.h"

/* Orders whose objectives differ by less than this share are alike, by a model; and so are other
 * seconds, also where they differ by less than what is printed of them. */
#define ALIKE_SHARE 0.01
#define ALIKE_S 0.005

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

/* What orders that are alike in the objective may differ in; the name is the objective's. */
typedef struct {
  const char *name, *label;
  gsize offset; /* in MigPlanCost */
} Quantity;

static const Quantity quantities[] = {
  { "lost-work", "lost work", G_STRUCT_OFFSET (MigPlanCost, lost_s) },
  { "time", "time", G_STRUCT_OFFSET (MigPlanCost, time_s) },
  { "downtime", "downtime", G_STRUCT_OFFSET (MigPlanCost, downtime_s) },
  { "worst-downtime", "worst downtime", G_STRUCT_OFFSET (MigPlanCost, worst_downtime_s) },
};

static double
value_of (const Quantity *quantity, const MigOrder *order)
{
  return G_STRUCT_MEMBER (double, &order->cost, quantity->offset);
}

/* add_quantity: "lost work: -49.53 s here, -46.15 s by name, -30.09 s dirtiest first": in this
 * order, in the best and in the worst of the common ones. FALSE: all are alike in it. */
static gboolean
add_quantity (const MigPlanReport *report, const Quantity *quantity, const char *before,
              GString *out)
{
  const GPtrArray *others = report->plan->others;
  const MigOrder *least = others->pdata[0], *most = least;
  double here = value_of (quantity, &report->plan->best);

  for (guint i = 1; i < others->len; i++)
    {
      const MigOrder *other = others->pdata[i];
      least = value_of (quantity, other) < value_of (quantity, least) ? other : least;
      most = value_of (quantity, other) > value_of (quantity, most) ? other : most;
    }
  double low = value_of (quantity, least), high = value_of (quantity, most);
  double lowest = fmin (here, low), highest = fmax (here, high);
  if (highest - lowest <= fmax (ALIKE_S, ALIKE_SHARE * fmax (fabs (lowest), fabs (highest))))
    return FALSE;
  g_autofree char *now = mig_number_measure (here), *from = mig_number_measure (low),
                  *to = mig_number_measure (high);
  g_string_append_printf (out, "%s%s: %s s here, %s s %s", before, quantity->label, now, from,
                          least->name);
  if (strcmp (from, to) != 0)
    g_string_append_printf (out, ", %s s %s", to, most->name);
  return TRUE;
}

/* add_alike: the common orders have the same objective: what they differ in. */
static void
add_alike (const MigPlanReport *report, gboolean equal, GString *out)
{
  gboolean any = FALSE;

  g_string_append_printf (out, "By the model the common orders %s%s as this one%s",
                          strcmp (report->objective, "time") == 0 ? "take the same "
                                                                  : "have the same ",
                          report->objective, equal ? "" : ", within 1 %");
  for (guint i = 0; i < G_N_ELEMENTS (quantities); i++)
    if (strcmp (quantities[i].name, report->objective) != 0)
      any |= add_quantity (report, &quantities[i], any ? "; " : ". They differ in ", out);
  g_string_append (out, any ? "." : ", and are alike in all else.");
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
      const MigPlanValue plan = { .objective = here }, other = { .objective = there };
      add_alike (report, mig_plan_value_compare (&plan, &other) == 0, out);
      return g_string_free (out, FALSE);
    }
  g_autofree char *now = mig_number (here, mig_number_decimals (here));
  g_autofree char *then = mig_number (there, mig_number_decimals (there));
  g_string_append_printf (out, "This order's %s is %s s, that of moving %s %s s. ",
                          report->objective, now, worst->name, then);
  add_gain (report, worst, out);
  return g_string_free (out, FALSE);
}
