/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "execute/kept-plan.h"
#include "execute/live.h"
#include "execute/plan-progress.h"
#include "plan/target-state.h"

/* find_vm: the fleet's VM with that UUID; MIG_NO_INDEX: none. */
static guint
find_vm (const MigPlanSession *planning, const char *uuid)
{
  for (guint i = 0; i < planning->own_fleet->vms->len; i++)
    {
      const char *other = g_hash_table_lookup (planning->survey->uuids,
                                               mig_fleet_vm (planning->own_fleet, i)->name);
      if (g_strcmp0 (other, uuid) == 0)
        return i;
    }
  return MIG_NO_INDEX;
}

/* why_not: this move does not fit any more; NULL: it does, and is *out. */
static char *
why_not (const MigPlanSession *planning, const MigPlannedMove *move, MigMove *out)
{
  const MigFleet *fleet = planning->own_fleet;
  guint vm = find_vm (planning, move->uuid), to = mig_fleet_find_host (fleet, move->to);

  if (vm == MIG_NO_INDEX)
    return g_strdup_printf ("guest '%s' is gone", move->guest);
  const MigFleetVm *there = mig_fleet_vm (fleet, vm);
  if (strcmp (mig_fleet_host (fleet, there->host)->name, move->from) != 0)
    return g_strdup_printf ("guest '%s' is on host '%s', not on '%s'", move->guest,
                            mig_fleet_host (fleet, there->host)->name, move->from);
  if (there->stays || there->obstacle)
    return g_strdup_printf ("guest '%s' cannot be moved now", move->guest);
  if (to == MIG_NO_INDEX)
    return g_strdup_printf ("host '%s' is not there", move->to);
  const char *closed = mig_fleet_vm_closed (there, mig_fleet_host (fleet, to));
  if (closed)
    return g_strdup_printf ("guest '%s' cannot go to host '%s': %s", move->guest, move->to, closed);
  *out = (MigMove){ vm, to, move->group };
  return NULL;
}

static gboolean
has_vm (const GArray *moves, guint vm)
{
  for (guint i = 0; i < moves->len; i++)
    if (g_array_index (moves, MigMove, i).vm == vm)
      return TRUE;
  return FALSE;
}

static gint
compare_waits (gconstpointer a, gconstpointer b)
{
  guint one = ((const MigWait *) a)->before, other = ((const MigWait *) b)->before;
  return one < other ? -1 : one > other;
}

/* waits_of: between moves that are left; they are known by their places in the earlier plan. */
static GArray *
waits_of (const GPtrArray *left)
{
  GArray *waits = NULL;

  for (guint i = 0; i < left->len; i++)
    {
      const GArray *after = ((const MigPlannedMove *) left->pdata[i])->after;
      if (after && !waits)
        waits = g_array_new (FALSE, FALSE, sizeof (MigWait));
      for (guint a = 0; after && a < after->len; a++)
        for (guint j = 0; j < left->len; j++)
          if (((const MigPlannedMove *) left->pdata[j])->place == g_array_index (after, guint, a))
            {
              const MigWait wait = { .move = i, .before = j };
              g_array_append_val (waits, wait);
            }
    }
  if (waits)
    g_array_sort (waits, compare_waits);
  return waits;
}

/* find_moves: NULL: why not is *why. */
static GArray *
find_moves (const MigPlanSession *planning, const GPtrArray *left, char **why)
{
  g_autoptr (GArray) moves = g_array_new (FALSE, FALSE, sizeof (MigMove));
  const GArray *now = planning->plan->best.moves;
  MigMove move;

  for (guint i = 0; i < left->len; i++)
    {
      if ((*why = why_not (planning, left->pdata[i], &move)))
        return NULL;
      if (has_vm (moves, move.vm) || !has_vm (now, move.vm))
        {
          *why = g_strdup_printf ("guest '%s' has to be where it is, or to go further",
                                  ((const MigPlannedMove *) left->pdata[i])->guest);
          return NULL;
        }
      g_array_append_val (moves, move);
    }
  if (now->len != moves->len)
    {
      *why = g_strdup ("other guests are to move too");
      return NULL;
    }
  return g_steal_pointer (&moves);
}

static void
take (MigPlanSession *planning, MigOrder *order)
{
  MigPlan *plan = planning->plan;

  mig_order_clear (&plan->best);
  plan->best = *order;
  plan->exact = FALSE;
  mig_order_clear (&planning->lower_bound);
  planning->has_lower_bound = mig_plan_live_lower_bound (
      planning->survey, &planning->model, planning->own_fleet, &plan->best, &planning->lower_bound);
}

char *
mig_kept_plan_take (MigPlanSession *planning, const GPtrArray *left)
{
  char *why = NULL;
  GArray *moves = find_moves (planning, left, &why);

  if (!moves)
    return why;
  double missing;
  guint full = mig_target_state_lacks_memory (planning->own_fleet, moves, &missing);
  if (full != MIG_NO_INDEX)
    {
      g_array_unref (moves);
      return g_strdup_printf ("host '%s' has not the memory for them",
                              mig_fleet_host (planning->own_fleet, full)->name);
    }
  MigOrder order = { .name = planning->plan->best.name, .moves = moves, .waits = waits_of (left) };
  mig_order_evaluate (&order, &planning->model, planning->own_fleet);
  if (order.allowed)
    {
      take (planning, &order);
      return NULL;
    }
  mig_order_clear (&order);
  return g_strdup ("it would break a limit of downtime, or a migration would never end");
}
