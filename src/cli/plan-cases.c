/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "cli/plan-cases.h"
#include "plan/orders.h"

static void
free_case (gpointer data)
{
  MigPlanCase *self = data;
  g_string_free (self->name, TRUE);
  g_free (self);
}

static gboolean
add_none (const MigPlanStudy *self, GPtrArray *orders, GPtrArray **made, GError **error)
{
  return TRUE;
}

static gboolean
add_customary (const MigPlanStudy *self, GPtrArray *orders, GPtrArray **made, GError **error)
{
  g_ptr_array_extend (orders, self->plan->others, NULL, NULL);
  return TRUE;
}

static gboolean
add_all (const MigPlanStudy *self, GPtrArray *orders, GPtrArray **made, GError **error)
{
  g_ptr_array_extend (orders, self->plan->others, NULL, NULL);
  *made = mig_plan_orders (self->model, self->fleet, self->task, self->plan, error);
  if (*made)
    g_ptr_array_extend (orders, *made, NULL, NULL);
  return *made != NULL;
}

static const struct {
  const char *name;
  gboolean (*add) (const MigPlanStudy *self, GPtrArray *orders, GPtrArray **made, GError **error);
} alternatives[] = { { "customary", add_customary }, { "none", add_none }, { "all", add_all } };

const char *
mig_plan_alternatives (guint index)
{
  return index < G_N_ELEMENTS (alternatives) ? alternatives[index].name : NULL;
}

/* find_orders: the plan, then the others. made: what has to be freed behind them; may become NULL.
 */
static GPtrArray *
find_orders (const MigPlanStudy *self, GPtrArray **made, GError **error)
{
  g_autoptr (GPtrArray) orders = g_ptr_array_new ();

  g_ptr_array_add (orders, (gpointer) &self->plan->best);
  for (guint i = 0; i < G_N_ELEMENTS (alternatives); i++)
    if (g_strcmp0 (self->alternatives ? self->alternatives : alternatives[0].name,
                   alternatives[i].name) == 0)
      return alternatives[i].add (self, orders, made, error) ? g_steal_pointer (&orders) : NULL;
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
               "--alternatives: unknown value '%s'; expected customary, none or all",
               self->alternatives);
  return NULL;
}

/* to_cases: each order once. */
static GPtrArray *
to_cases (const MigPlanStudy *self, const GPtrArray *orders)
{
  GPtrArray *cases = g_ptr_array_new_with_free_func (free_case);

  for (guint i = 0; i < orders->len; i++)
    {
      const MigOrder *order = orders->pdata[i];
      MigPlanCase *known = NULL;
      for (guint j = 0; j < cases->len && !known; j++)
        if (mig_order_same (self->fleet, ((MigPlanCase *) cases->pdata[j])->order, order))
          known = cases->pdata[j];
      if (known && i <= self->plan->others->len) /* the plan and what people do; a number adds
                                                    nothing to them */
        g_string_append_printf (known->name, ", %s", order->name);
      if (known)
        continue;
      known = g_new0 (MigPlanCase, 1);
      *known = (MigPlanCase){ order, g_string_new (order->name) };
      g_ptr_array_add (cases, known);
    }
  return cases;
}

GPtrArray *
mig_plan_cases (const MigPlanStudy *self, GPtrArray **made, GError **error)
{
  g_autoptr (GPtrArray) orders = find_orders (self, made, error);

  return orders ? to_cases (self, orders) : NULL;
}
