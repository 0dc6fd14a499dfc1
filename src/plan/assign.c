/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "plan/assign.h"
#include "base/units.h"

#define NAMED 3 /* hosts that an obstacle tells of */

/* What a host holds while VMs are given to it. */
typedef struct {
  double memory_bytes, cpu;
  GHashTable *apart; /* words of VMs on it; NULL: none */
} Room;

static gboolean
contains (const GArray *hosts, guint host)
{
  for (guint i = 0; i < hosts->len; i++)
    if (g_array_index (hosts, guint, i) == host)
      return TRUE;
  return FALSE;
}

static void
take (Room *room, const MigFleetVm *vm)
{
  room->memory_bytes += mig_fleet_vm_claim (vm);
  room->cpu += vm->cpu;
  if (!vm->apart)
    return;
  if (!room->apart)
    room->apart = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_add (room->apart, vm->apart);
}

static gboolean
fits (const Room *room, const MigFleetHost *host, const MigFleetVm *vm)
{
  return !mig_fleet_vm_closed (vm, host) &&
         room->memory_bytes + mig_fleet_vm_claim (vm) <= mig_fleet_host_room (host) &&
         (!vm->apart || !room->apart || !g_hash_table_contains (room->apart, vm->apart));
}

/* constraint_level: how little freedom a VM leaves. */
static guint
constraint_level (const MigFleetVm *vm)
{
  return vm->to != MIG_NO_INDEX ? 2 : vm->apart ? 1 : 0;
}

static int
compare_needs (gconstpointer a, gconstpointer b, gpointer data)
{
  const MigFleet *fleet = data;
  guint i = *(const guint *) a, j = *(const guint *) b;
  const MigFleetVm *x = mig_fleet_vm (fleet, i), *y = mig_fleet_vm (fleet, j);

  if (constraint_level (x) != constraint_level (y))
    return constraint_level (x) < constraint_level (y) ? 1 : -1;
  if (x->memory_bytes != y->memory_bytes)
    return x->memory_bytes < y->memory_bytes ? 1 : -1;
  return (i > j) - (i < j);
}

static int
compare_values (double x, double y, guint i, guint j)
{
  return x != y ? (x < y ? 1 : -1) : (i > j) - (i < j);
}

/* compare_cpu: most CPUs first. */
static int
compare_cpu (gconstpointer a, gconstpointer b, gpointer data)
{
  guint i = *(const guint *) a, j = *(const guint *) b;

  return compare_values (mig_fleet_vm (data, i)->cpu, mig_fleet_vm (data, j)->cpu, i, j);
}

/* compare_density: most CPUs for their memory first. */
static int
compare_density (gconstpointer a, gconstpointer b, gpointer data)
{
  guint i = *(const guint *) a, j = *(const guint *) b;
  const MigFleetVm *x = mig_fleet_vm (data, i), *y = mig_fleet_vm (data, j);

  return compare_values (x->cpu / mig_fleet_vm_claim (x), y->cpu / mig_fleet_vm_claim (y), i, j);
}

/* choose: the host whose CPUs are used least, of those where it fits; avoiding: not the one that it
 * is to avoid. */
static guint
choose (const MigFleet *fleet, const MigTask *task, const Room *rooms, const MigFleetVm *vm,
        gboolean avoiding)
{
  guint best = MIG_NO_INDEX;
  double best_load = 0;

  for (guint i = 0; i < task->targets->len; i++)
    {
      guint target = g_array_index (task->targets, guint, i);
      const MigFleetHost *host = mig_fleet_host (fleet, target);
      double load = (rooms[target].cpu + vm->cpu) / host->cpus;
      if (avoiding && g_strcmp0 (host->name, vm->avoid) == 0)
        continue;
      if (target != vm->host && fits (&rooms[target], host, vm) &&
          (best == MIG_NO_INDEX || load < best_load))
        {
          best = target;
          best_load = load;
        }
    }
  return best;
}

/* append_closed: of targets that would refuse the VM, why; their number. */
static guint
append_closed (const MigFleet *fleet, const MigTask *task, const MigFleetVm *vm, GString *text)
{
  guint n = 0;

  for (guint i = 0; i < task->targets->len; i++)
    {
      const MigFleetHost *host = mig_fleet_host (fleet, g_array_index (task->targets, guint, i));
      const char *reason = mig_fleet_vm_closed (vm, host);
      if (reason && n++ < NAMED)
        g_string_append_printf (text, "; host '%s': %s", host->name, reason);
    }
  return n;
}

/* most_room: memory that is left on one of the targets that would take the VM. */
static double
most_room (const MigFleet *fleet, const MigTask *task, const Room *rooms, const MigFleetVm *vm)
{
  double most = 0;

  for (guint i = 0; i < task->targets->len; i++)
    {
      guint target = g_array_index (task->targets, guint, i);
      const MigFleetHost *host = mig_fleet_host (fleet, target);
      if (!mig_fleet_vm_closed (vm, host))
        most = fmax (most, mig_fleet_host_room (host) - rooms[target].memory_bytes);
    }
  return most;
}

/* fits_nowhere: among so many hosts. The caller frees it. */
static char *
fits_nowhere (guint n)
{
  return n == 1 ? g_strdup ("it does not fit on its only possible host")
                : g_strdup_printf ("it fits on none of its %u possible hosts", n);
}

/* refuse: where a VM fits nowhere. */
static void
refuse (const MigFleet *fleet, const MigTask *task, const Room *rooms, guint index,
        GPtrArray *obstacles)
{
  const MigFleetVm *vm = mig_fleet_vm (fleet, index);
  g_autoptr (GString) closed = g_string_new (NULL);
  guint open = task->targets->len - append_closed (fleet, task, vm, closed);
  double most = most_room (fleet, task, rooms, vm);
  g_autofree char *memory = mig_units_format_bytes ((gint64) mig_fleet_vm_claim (vm));
  g_autofree char *left = mig_units_format_bytes ((gint64) fmin (most, 1e18));
  g_autofree char *nowhere = fits_nowhere (open);

  if (open == 0 && task->targets->len == 1)
    mig_obstacles_add (obstacles, index, "its only possible host does not take it%s", closed->str);
  else if (open == 0)
    mig_obstacles_add (obstacles, index, "none of its %u possible hosts takes it%s",
                       task->targets->len, closed->str);
  else if (most < mig_fleet_vm_claim (vm))
    mig_obstacles_add (
        obstacles, index,
        "%s: it has %s of memory, and no more than %s is left on one; name more hosts "
        "with --to, or let them be over-committed with --overcommit%s",
        nowhere, memory, left, closed->str);
  else
    mig_obstacles_add (
        obstacles, index,
        "%s: %s of memory%s; name more with --to, or set its 'to' cell in the fleet%s", nowhere,
        memory, vm->apart ? ", and apart from some VMs" : "", closed->str);
}

/* refuse_target: where a VM cannot go where it must. */
static void
refuse_target (const MigFleet *fleet, guint index, GPtrArray *obstacles)
{
  const MigFleetVm *vm = mig_fleet_vm (fleet, index);
  const MigFleetHost *host = mig_fleet_host (fleet, vm->to);
  const char *closed = mig_fleet_vm_closed (vm, host);

  mig_obstacles_add (
      obstacles, index,
      "it cannot go to host '%s': %s; leave its 'to' cell empty to let the plan choose", host->name,
      vm->to == vm->host ? "it runs there already"
      : closed           ? closed
                         : "that host lacks memory, or has a VM to stay apart from");
}

static void
assign_vm (MigFleet *fleet, const MigTask *task, Room *rooms, guint index, GPtrArray *obstacles)
{
  MigFleetVm *vm = &g_array_index (fleet->vms, MigFleetVm, index);

  if (vm->to == MIG_NO_INDEX)
    {
      vm->to = choose (fleet, task, rooms, vm, TRUE);
      if (vm->to == MIG_NO_INDEX && vm->avoid)
        vm->to = choose (fleet, task, rooms, vm, FALSE);
    }
  else if (vm->to == vm->host || !fits (&rooms[vm->to], mig_fleet_host (fleet, vm->to), vm))
    {
      refuse_target (fleet, index, obstacles);
      vm->to = MIG_NO_INDEX;
      return;
    }
  if (vm->to != MIG_NO_INDEX)
    take (&rooms[vm->to], vm);
  else
    refuse (fleet, task, rooms, index, obstacles);
}

/* leaves: where a host is relieved, VMs that cannot be moved do not. */
static gboolean
leaves (const MigTask *task, const MigFleetVm *vm)
{
  return contains (task->sources, vm->host) && !vm->stays &&
         (isnan (task->relieve_to_cpus) || !vm->obstacle);
}

/* assign_all: in that order; the CPUs that those without a place use. */
static double
assign_all (MigFleet *fleet, const MigTask *task, GCompareDataFunc order, GPtrArray *obstacles)
{
  g_autofree Room *rooms = g_new0 (Room, fleet->hosts->len);
  g_autoptr (GArray) leaving = g_array_new (FALSE, FALSE, sizeof (guint));
  double cpu = 0;

  for (guint i = 0; i < fleet->vms->len; i++)
    if (leaves (task, mig_fleet_vm (fleet, i)))
      g_array_append_val (leaving, i);
    else
      take (&rooms[mig_fleet_vm (fleet, i)->host], mig_fleet_vm (fleet, i));
  g_array_sort_with_data (leaving, order, fleet);
  for (guint i = 0; i < leaving->len; i++)
    {
      guint vm = g_array_index (leaving, guint, i);
      assign_vm (fleet, task, rooms, vm, obstacles);
      cpu += mig_fleet_vm (fleet, vm)->to == MIG_NO_INDEX ? mig_fleet_vm (fleet, vm)->cpu : 0;
    }
  for (guint i = 0; i < fleet->hosts->len; i++)
    g_clear_pointer (&rooms[i].apart, g_hash_table_unref);
  return cpu;
}

/* find_order: by which most CPUs leave. */
static GCompareDataFunc
find_order (MigFleet *fleet, const MigTask *task)
{
  static const GCompareDataFunc orders[] = { compare_needs, compare_density, compare_cpu };
  g_autofree guint *targets = g_new (guint, fleet->vms->len);
  double least = INFINITY;
  guint best = 0;

  for (guint i = 0; i < fleet->vms->len; i++)
    targets[i] = mig_fleet_vm (fleet, i)->to;
  for (guint i = 0; i < G_N_ELEMENTS (orders) && least > 0; i++)
    {
      g_autoptr (GPtrArray) obstacles = mig_obstacles_new ();
      double left = assign_all (fleet, task, orders[i], obstacles);
      best = left < least ? i : best;
      least = fmin (left, least);
      for (guint vm = 0; vm < fleet->vms->len; vm++)
        g_array_index (fleet->vms, MigFleetVm, vm).to = targets[vm];
    }
  return orders[best];
}

void
mig_plan_assign (MigFleet *fleet, const MigTask *task, GPtrArray *obstacles)
{
  assign_all (fleet, task, isnan (task->relieve_to_cpus) ? compare_needs : find_order (fleet, task),
              obstacles);
}
