/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plan/assign.h"
#include "plan/bound.h"
#include "plan/plan.h"
#include "plan/obstacle.h"
#include "plan/search.h"
#include "plan/target-state.h"

/* Steps of a search: 16 VMs of one host one at a time are exact; fleets are to take seconds. */
#define SEARCH_STEPS 600000
#define SEARCH_STEPS_FLEET 60000

/* What people order by. */
static int
by_name (const MigFleetVm *a, const MigFleetVm *b)
{
  return strcmp (a->name, b->name);
}

static int
by_size (const MigFleetVm *a, const MigFleetVm *b)
{
  return (a->memory_bytes > b->memory_bytes) - (a->memory_bytes < b->memory_bytes);
}

static int
by_dirt (const MigFleetVm *a, const MigFleetVm *b)
{
  if (a->dirty_pages_per_s != b->dirty_pages_per_s)
    return a->dirty_pages_per_s < b->dirty_pages_per_s ? 1 : -1;
  return (a->wss_bytes < b->wss_bytes) - (a->wss_bytes > b->wss_bytes);
}

static const struct {
  const char *name;
  int (*compare) (const MigFleetVm *a, const MigFleetVm *b);
} baselines[] = { { "by name", by_name },
                  { "smallest first", by_size },
                  { "dirtiest first", by_dirt } };

typedef struct {
  const MigFleet *fleet;
  guint custom;
} Sorting;

static int
compare_vms (gconstpointer a, gconstpointer b, gpointer data)
{
  const Sorting *sorting = data;
  guint i = *(const guint *) a, j = *(const guint *) b;
  const MigFleetVm *x = mig_fleet_vm (sorting->fleet, i), *y = mig_fleet_vm (sorting->fleet, j);
  int order = baselines[sorting->custom].compare (x, y);

  return order != 0 ? order : (i > j) - (i < j);
}

/* may_leave: where a host is relieved, not one that finds no place, or cannot be moved: others may
 * suffice. */
static gboolean
may_leave (const MigFleet *fleet, const MigTask *task, guint i)
{
  const MigFleetVm *vm = mig_fleet_vm (fleet, i);

  return mig_task_moves (task, fleet, i) &&
         (isnan (task->relieve_to_cpus) || (vm->to != MIG_NO_INDEX && !vm->obstacle));
}

/* candidates_of: VMs of a source that may leave, in the fleet's order. */
static GArray *
candidates_of (const MigFleet *fleet, const MigTask *task, guint source)
{
  GArray *candidates = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < fleet->vms->len; i++)
    if (mig_fleet_vm (fleet, i)->host == source && may_leave (fleet, task, i))
      g_array_append_val (candidates, i);
  return candidates;
}

/* append_baseline: the VMs of a source in a customary order, as many at a time as may be. */
static void
append_baseline (const MigFleet *fleet, const MigTask *task, guint source, guint custom,
                 GArray *moves)
{
  g_autoptr (GArray) vms = candidates_of (fleet, task, source);
  Sorting sorting = { fleet, custom };
  double cpu = 0;

  for (guint i = 0; i < fleet->vms->len; i++)
    if (mig_fleet_vm (fleet, i)->host == source)
      cpu += mig_fleet_vm (fleet, i)->cpu;
  g_array_sort_with_data (vms, compare_vms, &sorting);
  for (guint i = 0; i < vms->len; i++)
    {
      guint vm = g_array_index (vms, guint, i);
      MigMove move = { vm, mig_fleet_vm (fleet, vm)->to, i / task->parallel };
      if (mig_task_is_relieved (task, cpu))
        break;
      cpu -= mig_fleet_vm (fleet, vm)->cpu;
      g_array_append_val (moves, move);
    }
}

/* custom_order: NULL: VMs would wait for each other for ever. */
static MigOrder *
custom_order (const MigModel *model, const MigFleet *fleet, const MigTask *task, guint custom)
{
  MigOrder *order = g_new0 (MigOrder, 1);

  order->name = baselines[custom].name;
  order->moves = g_array_new (FALSE, FALSE, sizeof (MigMove));
  gboolean scheduled = mig_task_is_scheduled (task, fleet);
  if (scheduled &&
      !mig_target_state_custom (model, fleet, task, baselines[custom].compare, order, NULL))
    {
      mig_order_free (order);
      return NULL;
    }
  for (guint i = 0; i < task->sources->len && !scheduled; i++)
    append_baseline (fleet, task, g_array_index (task->sources, guint, i), custom, order->moves);
  mig_order_evaluate (order, model, fleet);
  return order;
}

static void
add_custom (MigPlan *plan, const MigModel *model, const MigFleet *fleet, const MigTask *task)
{
  for (guint i = 0; i < G_N_ELEMENTS (baselines); i++)
    {
      MigOrder *order = custom_order (model, fleet, task, i);
      if (order)
        g_ptr_array_add (plan->others, order);
    }
}

static gboolean
has_obstacle (const GPtrArray *obstacles, guint vm)
{
  for (guint i = 0; i < obstacles->len; i++)
    if (((const MigObstacle *) obstacles->pdata[i])->vm == vm)
      return TRUE;
  return FALSE;
}

/* check_relief: the VMs that have to stay on a host that is relieved use few enough CPUs. Obstacles
 * of others do not matter then, and are an error of their own else: they are cleared. */
static gboolean
check_relief (const MigFleet *fleet, const MigTask *task, GPtrArray *obstacles, GError **error)
{
  double left = 0;

  if (isnan (task->relieve_to_cpus))
    return TRUE;
  guint host = g_array_index (task->sources, guint, 0);
  for (guint i = 0; i < fleet->vms->len; i++)
    if (mig_fleet_vm (fleet, i)->host == host &&
        (!may_leave (fleet, task, i) || has_obstacle (obstacles, i)))
      left += mig_fleet_vm (fleet, i)->cpu;
  gboolean relieved = mig_task_is_relieved (task, left);
  g_autofree char *why = mig_obstacles_text (obstacles, fleet);
  if (!relieved)
    g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                 "host '%s' cannot be relieved to %.4g CPUs: the VMs that have to stay on it use "
                 "%.4g%s%s",
                 mig_fleet_host (fleet, host)->name, task->relieve_to_cpus, left, why ? ". " : "",
                 why ? why : "");
  g_ptr_array_set_size (obstacles, 0);
  return relieved;
}

/* search_all: each source by itself. */
static gboolean
search_all (const MigModel *model, const MigFleet *fleet, const MigTask *task, MigPlan *plan,
            GPtrArray *obstacles, GError **error)
{
  guint64 most = task->effort             ? task->effort
                 : task->sources->len > 1 ? SEARCH_STEPS_FLEET
                                          : SEARCH_STEPS;
  guint64 effort = most / task->sources->len;

  plan->exact = task->sources->len == 1;
  for (guint i = 0; i < task->sources->len; i++)
    {
      guint source = g_array_index (task->sources, guint, i);
      g_autoptr (GArray) candidates = candidates_of (fleet, task, source);
      gboolean exact;
      if (candidates->len == 0 ||
          mig_plan_search (model, fleet, task, candidates, effort, plan->best.moves, &exact))
        {
          plan->exact = plan->exact && (candidates->len == 0 || exact);
          continue;
        }
      mig_obstacles_find (model, fleet, candidates, obstacles);
      if (check_relief (fleet, task, obstacles, error) && obstacles->len == 0)
        g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                     "no order of the VMs on '%s' converges within every VM's downtime limit; "
                     "allow more downtime, or give the migrations a stop rule",
                     mig_fleet_host (fleet, source)->name);
      return FALSE;
    }
  return TRUE;
}

/* schedule_all: all sources together. */
static gboolean
schedule_all (const MigModel *model, const MigFleet *fleet, const MigTask *task, MigPlan *plan,
              GPtrArray *obstacles, GError **error)
{
  if (!mig_target_state_find (model, fleet, task, task->effort, &plan->best, obstacles, error))
    return FALSE;
  mig_order_evaluate (&plan->best, model, fleet);
  for (guint i = 0; i < task->sources->len && !plan->best.allowed; i++)
    {
      g_autoptr (GArray)
          candidates = candidates_of (fleet, task, g_array_index (task->sources, guint, i));
      if (candidates->len > 0)
        mig_obstacles_find (model, fleet, candidates, obstacles);
    }
  if (!plan->best.allowed && obstacles->len == 0)
    g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                 "each VM converges within its downtime limit on its own, but no order was found "
                 "in which all do; move fewer at a time, or allow more downtime");
  return plan->best.allowed;
}

/* take_better: a customary order, where the search has not looked at all and it is better. */
static void
take_better (MigPlan *plan, const MigTask *task, const MigModel *model, const MigFleet *fleet)
{
  for (guint i = 0; i < plan->others->len; i++)
    {
      const MigOrder *other = plan->others->pdata[i];
      const MigPlanValue value = mig_plan_value (&task->objective, &other->cost);
      const MigPlanValue best = mig_plan_value (&task->objective, &plan->best.cost);
      if (!other->allowed || mig_plan_value_compare (&value, &best) >= 0)
        continue;
      /* some move twice; where a host is relieved, others may go, and more or fewer of them */
      g_assert (!isnan (task->relieve_to_cpus) ||
                other->moves->len - other->parked == plan->best.moves->len - plan->best.parked);
      g_array_set_size (plan->best.moves, 0);
      g_array_append_vals (plan->best.moves, other->moves->data, other->moves->len);
      g_clear_pointer (&plan->best.waits, g_array_unref);
      plan->best.waits = other->waits ? g_array_ref (other->waits) : NULL;
      plan->best.parked = other->parked;
      mig_order_evaluate (&plan->best, model, fleet);
    }
}

/* lost_after: when all VMs that leave have left; 0 where which ones do is not known before. */
static double
lost_after (const MigModel *model, const MigFleet *fleet, const MigTask *task)
{
  g_autofree guint *places = g_new (guint, fleet->vms->len);
  MigPlanCost cost;

  if (!isnan (task->relieve_to_cpus) || task->objective.lost <= 0)
    return 0;
  for (guint i = 0; i < fleet->vms->len; i++)
    places[i] = mig_task_moves (task, fleet, i) ? mig_fleet_vm (fleet, i)->to
                                                : mig_fleet_vm (fleet, i)->host;
  g_autoptr (MigSimulation) simulation = mig_simulation_new (model, fleet);
  mig_simulation_run (simulation, places, NULL, 0, NULL, &cost);
  return mig_simulation_lost_rate (simulation);
}

/* bound_of: a VM that moves twice need not: its move is what it is there for. */
static double
bound_of (const MigModel *model, const MigFleet *fleet, const MigTask *task, const MigOrder *order)
{
  g_autoptr (GArray) moves = g_array_new (FALSE, FALSE, sizeof (MigMove));

  for (guint i = 0; i < order->moves->len; i++)
    {
      const MigMove *move = &g_array_index (order->moves, MigMove, i);
      if (!task->target_state || move->to == mig_fleet_vm (fleet, move->vm)->to)
        g_array_append_val (moves, *move);
    }
  return mig_plan_bound (model, fleet, task, moves, order->parked > 0);
}

/* add_known: VMs that are to leave and cannot, by what their hosts say, or not for where they must
 * go. */
static void
add_known (const MigFleet *fleet, const MigTask *task, GPtrArray *obstacles)
{
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (fleet, i);
      if (!mig_task_moves (task, fleet, i))
        continue;
      const MigFleetHost *to = task->target_state ? mig_fleet_host (fleet, vm->to) : NULL;
      const char *closed = to ? mig_fleet_vm_closed (vm, to) : NULL;
      if (vm->obstacle)
        mig_obstacles_add (obstacles, i, "%s", vm->obstacle);
      else if (closed)
        mig_obstacles_add (obstacles, i, "host '%s': %s", to->name, closed);
    }
}

/* attempt: the VMs' targets and their order. */
static gboolean
attempt (const MigModel *model, MigFleet *fleet, MigTask *task, MigPlan *plan, GPtrArray *obstacles,
         GError **error)
{
  g_array_set_size (plan->best.moves, 0);
  g_clear_pointer (&plan->best.waits, g_array_unref);
  g_clear_pointer (&plan->best.costs, g_array_unref);
  add_known (fleet, task, obstacles);
  if (obstacles->len > 0 && isnan (task->relieve_to_cpus))
    return FALSE;
  if (!task->target_state)
    mig_plan_assign (fleet, task, obstacles);
  if (!check_relief (fleet, task, obstacles, error) || obstacles->len > 0)
    return FALSE;
  task->objective.lost_after = lost_after (model, fleet, task);
  return mig_task_is_scheduled (task, fleet)
             ? schedule_all (model, fleet, task, plan, obstacles, error)
             : search_all (model, fleet, task, plan, obstacles, error);
}

/* skip: the VMs that cannot be moved stay. */
static void
skip (MigPlan *plan, MigFleet *fleet, GPtrArray *obstacles)
{
  for (guint i = 0; i < obstacles->len; i++)
    {
      const MigObstacle *obstacle = obstacles->pdata[i];
      g_array_index (fleet->vms, MigFleetVm, obstacle->vm).stays = TRUE;
    }
  g_ptr_array_extend_and_steal (plan->skipped, g_ptr_array_ref (obstacles));
}

/* find_plan: with those left out that cannot be moved, where that is asked for. */
static gboolean
find_plan (const MigModel *model, MigFleet *fleet, MigTask *task, MigPlan *plan, GError **error)
{
  g_autofree guint *targets = g_new (guint, fleet->vms->len);

  for (guint i = 0; i < fleet->vms->len; i++)
    targets[i] = mig_fleet_vm (fleet, i)->to;
  for (;;)
    {
      g_autoptr (GPtrArray) obstacles = mig_obstacles_new ();
      g_autoptr (GError) cause = NULL;
      if (attempt (model, fleet, task, plan, obstacles, &cause))
        return TRUE;
      if (!cause)
        mig_obstacles_fail (obstacles, fleet, &cause);
      if (!task->skip_impossible || obstacles->len == 0)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      skip (plan, fleet, obstacles);
      for (guint i = 0; i < fleet->vms->len; i++)
        g_array_index (fleet->vms, MigFleetVm, i).to = targets[i];
    }
}

MigPlan *
mig_plan_make (const MigModel *model, MigFleet *fleet, const MigTask *asked, GError **error)
{
  g_autoptr (MigPlan) plan = g_new0 (MigPlan, 1);
  MigTask own = *asked, *task = &own;

  plan->best.name = "plan";
  plan->best.moves = g_array_new (FALSE, FALSE, sizeof (MigMove));
  plan->others = g_ptr_array_new_with_free_func (mig_order_free);
  plan->skipped = mig_obstacles_new ();
  if (!find_plan (model, fleet, task, plan, error))
    return NULL;
  plan->objective = task->objective;
  if (!plan->best.costs)
    mig_order_evaluate (&plan->best, model, fleet);
  if (plan->best.moves->len == 0)
    {
      plan->exact = TRUE;
      return g_steal_pointer (&plan);
    }
  add_custom (plan, model, fleet, task);
  take_better (plan, task, model, fleet);
  plan->bound = plan->exact ? mig_objective_value (&task->objective, &plan->best.cost)
                            : bound_of (model, fleet, task, &plan->best);
  return g_steal_pointer (&plan);
}

void
mig_plan_free (MigPlan *self)
{
  mig_order_clear (&self->best);
  g_ptr_array_unref (self->others);
  g_ptr_array_unref (self->skipped);
  g_free (self);
}
