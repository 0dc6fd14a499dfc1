/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "plan/order.h"

void
mig_order_evaluate (MigOrder *self, const MigModel *model, const MigFleet *fleet)
{
  g_autoptr (MigSimulation) simulation = mig_simulation_new (model, fleet);

  mig_simulation_waits (simulation, self->waits);
  g_clear_pointer (&self->costs, g_array_unref);
  self->costs = g_array_new (FALSE, TRUE, sizeof (MigMoveCost));
  g_array_set_size (self->costs, self->moves->len);
  mig_simulation_run (simulation, NULL, (const MigMove *) (gpointer) self->moves->data,
                      self->moves->len, (MigMoveCost *) (gpointer) self->costs->data, &self->cost);
  g_clear_pointer (&self->lost, g_array_unref);
  self->lost = g_array_sized_new (FALSE, FALSE, sizeof (double), fleet->vms->len);
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      double lost = mig_simulation_lost (simulation, i);
      g_array_append_val (self->lost, lost);
    }
  self->allowed = self->cost.not_converging == 0;
  for (guint i = 0; i < self->moves->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (fleet, g_array_index (self->moves, MigMove, i).vm);
      if (g_array_index (self->costs, MigMoveCost, i).downtime_s > vm->max_downtime_s)
        self->allowed = FALSE;
    }
}

void
mig_order_clear (MigOrder *self)
{
  g_clear_pointer (&self->moves, g_array_unref);
  g_clear_pointer (&self->costs, g_array_unref);
  g_clear_pointer (&self->lost, g_array_unref);
  g_clear_pointer (&self->waits, g_array_unref);
}

guint
mig_order_source (const MigOrder *self, const MigFleet *fleet, guint i)
{
  guint vm = g_array_index (self->moves, MigMove, i).vm, host = mig_fleet_vm (fleet, vm)->host;

  for (guint j = 0; j < i && self->parked > 0; j++)
    if (g_array_index (self->moves, MigMove, j).vm == vm)
      host = g_array_index (self->moves, MigMove, j).to;
  return host;
}

static void
unref_waits (gpointer waits)
{
  if (waits)
    g_array_unref (waits);
}

static void
add_before (GPtrArray *before, guint move, const MigWait *wait)
{
  if (!before->pdata[move])
    before->pdata[move] = g_array_new (FALSE, FALSE, sizeof (MigWait));
  g_array_append_vals (before->pdata[move], wait, 1);
}

/* add_group_before: moves stand by their source and group. */
static void
add_group_before (const MigOrder *self, const MigFleet *fleet, guint i, GPtrArray *before)
{
  const MigMove *move = &g_array_index (self->moves, MigMove, i);
  guint source = mig_fleet_vm (fleet, move->vm)->host;

  for (guint j = i; j > 0; j--)
    {
      const MigMove *other = &g_array_index (self->moves, MigMove, j - 1);
      const MigWait wait = { i, j - 1, FALSE };
      if (mig_fleet_vm (fleet, other->vm)->host != source || other->group + 1 < move->group)
        return;
      if (other->group < move->group)
        add_before (before, i, &wait);
    }
}

GPtrArray *
mig_order_before (const MigOrder *self, const MigFleet *fleet)
{
  GPtrArray *before = g_ptr_array_new_with_free_func (unref_waits);

  g_ptr_array_set_size (before, (int) self->moves->len);
  for (guint i = 0; self->waits && i < self->waits->len; i++)
    {
      const MigWait *wait = &g_array_index (self->waits, MigWait, i);
      add_before (before, wait->move, wait);
    }
  for (guint i = 0; i < self->moves->len && !self->waits; i++)
    add_group_before (self, fleet, i, before);
  return before;
}

double
mig_order_memory_wait (const MigOrder *self, const GPtrArray *before, guint i)
{
  const GArray *waits = before->pdata[i];
  double ready[2] = { 0, 0 }; /* but for memory; and with it */

  for (guint j = 0; waits && j < waits->len; j++)
    {
      const MigWait *wait = &g_array_index (waits, MigWait, j);
      double end = g_array_index (self->costs, MigMoveCost, wait->before).end_s;
      ready[wait->memory ? 1 : 0] = MAX (ready[wait->memory ? 1 : 0], end);
    }
  return MAX (0, ready[1] - ready[0]);
}

void
mig_order_free (gpointer data)
{
  mig_order_clear (data);
  g_free (data);
}

gboolean
mig_order_same (const MigFleet *fleet, const MigOrder *a, const MigOrder *b)
{
  if (a->moves->len != b->moves->len)
    return FALSE;
  for (guint i = 0; i < a->moves->len; i++)
    {
      const MigMove *x = &g_array_index (a->moves, MigMove, i),
                    *y = &g_array_index (b->moves, MigMove, i);
      if (x->group != y->group || x->to != y->to ||
          !mig_fleet_vm_same (mig_fleet_vm (fleet, x->vm), mig_fleet_vm (fleet, y->vm)))
        return FALSE;
    }
  return TRUE;
}
