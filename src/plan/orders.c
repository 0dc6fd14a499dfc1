/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "plan/orders.h"
#include "base/error.h"

typedef struct {
  const MigModel *model;
  const MigFleet *fleet;
  guint parallel;
  GArray *vms;    /* of guint: that move; those that cost the same are all for the first of them */
  guint *kinds;   /* of each: index of the first that costs the same */
  gboolean *used; /* of each */
  GArray *moves;  /* of MigMove: so far */
  GPtrArray *orders;
} Search;

static const MigFleetVm *
vm_at (const Search *self, guint i)
{
  return mig_fleet_vm (self->fleet, g_array_index (self->vms, guint, i));
}

static void
find_kinds (Search *self)
{
  for (guint i = 0; i < self->vms->len; i++)
    {
      self->kinds[i] = i;
      for (guint j = 0; j < i && self->kinds[i] == i; j++)
        if (mig_fleet_vm_same (vm_at (self, i), vm_at (self, j)))
          self->kinds[i] = j;
    }
}

static gboolean
add_order (Search *self, GError **error)
{
  MigOrder *order = g_new0 (MigOrder, 1);
  g_autofree char *name = g_strdup_printf ("order %u", self->orders->len + 1);

  if (self->orders->len == MIG_PLAN_ORDERS_MAX)
    {
      g_free (order);
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "these VMs have more than %d orders; expected a smaller group (up to five that "
                   "differ), or fewer alternatives",
                   MIG_PLAN_ORDERS_MAX);
      return FALSE;
    }
  order->name = g_intern_string (name);
  order->moves = g_array_copy (self->moves);
  mig_order_evaluate (order, self->model, self->fleet);
  g_ptr_array_add (self->orders, order);
  return TRUE;
}

/* may_follow: VMs that start together stand in the order of their kinds. */
static gboolean
may_follow (const Search *self, guint i, guint last)
{
  return self->moves->len % self->parallel == 0 || self->kinds[i] >= self->kinds[last];
}

/* extend: the first unused VM of each kind takes its turn. last: the one before. */
static gboolean
extend (Search *self, guint last, GError **error)
{
  guint depth = self->moves->len;
  g_autoptr (GHashTable) tried = g_hash_table_new (NULL, NULL);

  if (depth == self->vms->len)
    return add_order (self, error);
  for (guint i = 0; i < self->vms->len; i++)
    {
      if (self->used[i] || !may_follow (self, i, last) ||
          !g_hash_table_add (tried, GUINT_TO_POINTER (self->kinds[i])))
        continue;
      MigMove move = { g_array_index (self->vms, guint, i), vm_at (self, i)->to,
                       depth / self->parallel };
      self->used[i] = TRUE;
      g_array_append_val (self->moves, move);
      if (!extend (self, i, error))
        return FALSE;
      g_array_set_size (self->moves, depth);
      self->used[i] = FALSE;
    }
  return TRUE;
}

GPtrArray *
mig_plan_orders (const MigModel *model, const MigFleet *fleet, const MigTask *task,
                 const MigPlan *plan, GError **error)
{
  guint n = plan->best.moves->len;
  g_autoptr (GArray) vms = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) moves = g_array_new (FALSE, FALSE, sizeof (MigMove));
  g_autofree guint *kinds = g_new0 (guint, n);
  g_autofree gboolean *used = g_new0 (gboolean, n);
  g_autoptr (GPtrArray) orders = g_ptr_array_new_with_free_func (mig_order_free);
  Search search = { model, fleet, task->parallel, vms, kinds, used, moves, orders };

  if (task->sources->len > 1)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "--alternatives=all covers one source host, not %u", task->sources->len);
      return NULL;
    }
  for (guint i = 0; i < fleet->vms->len; i++)
    for (guint j = 0; j < n; j++)
      if (g_array_index (plan->best.moves, MigMove, j).vm == i)
        g_array_append_val (vms, i);
  find_kinds (&search);
  return extend (&search, 0, error) ? g_steal_pointer (&orders) : NULL;
}
