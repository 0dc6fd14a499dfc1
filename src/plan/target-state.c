/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/error.h"
#include "base/units.h"
#include "plan/bound.h"
#include "plan/parking.h"
#include "plan/succession.h"
#include "plan/target-state.h"
#include "plan/waits.h"

#define SIMULATED_MOVES_MAX 40000 /* simulated migrations of a search */
#define BYTES(x) ((gint64) (x))

/* blame: the largest that is to come to a host. */
static void
blame (const MigListSchedule *self, guint host, const char *memory, GPtrArray *obstacles)
{
  guint largest = MIG_NO_INDEX;

  for (guint i = 0; i < self->n; i++)
    if (mig_list_schedule_move (self, i)->to == host &&
        (largest == MIG_NO_INDEX || mig_fleet_vm_claim (mig_list_schedule_vm (self, i)) >
                                        mig_fleet_vm_claim (mig_list_schedule_vm (self, largest))))
      largest = i;
  if (largest != MIG_NO_INDEX)
    mig_obstacles_add (obstacles, mig_list_schedule_move (self, largest)->vm,
                       "host '%s' has %s of memory too little for all that are to be on it",
                       mig_fleet_host (self->fleet, host)->name, memory);
}

guint
mig_target_state_lacks_memory (const MigFleet *fleet, const GArray *moves, double *missing_bytes)
{
  g_autofree double *end = g_new0 (double, fleet->hosts->len);

  for (guint i = 0; i < fleet->vms->len; i++)
    end[mig_fleet_vm (fleet, i)->host] += mig_fleet_vm_claim (mig_fleet_vm (fleet, i));
  for (guint i = 0; i < moves->len; i++)
    {
      const MigMove *move = &g_array_index (moves, MigMove, i);
      const MigFleetVm *vm = mig_fleet_vm (fleet, move->vm);
      end[vm->host] -= mig_fleet_vm_claim (vm);
      end[move->to] += mig_fleet_vm_claim (vm);
    }
  for (guint i = 0; i < moves->len; i++)
    {
      guint to = g_array_index (moves, MigMove, i).to;
      *missing_bytes = end[to] - mig_fleet_host_room (mig_fleet_host (fleet, to));
      if (*missing_bytes > 0)
        return to;
    }
  return MIG_NO_INDEX;
}

/* check_end: all that is asked for has room when all is over. */
static gboolean
check_end (const MigListSchedule *self, GPtrArray *obstacles, GError **error)
{
  double missing;
  guint host = mig_target_state_lacks_memory (self->fleet, self->moves, &missing);

  if (host == MIG_NO_INDEX)
    return TRUE;
  g_autofree char *memory = mig_units_format_bytes (BYTES (missing));
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "host '%s' has %s of memory too little for the VMs that are to be on it in the end; "
               "send fewer there",
               mig_fleet_host (self->fleet, host)->name, memory);
  blame (self, host, memory, obstacles);
  return FALSE;
}

/* check_apart: VMs that are to stay apart do not share a host in the end. */
static gboolean
check_apart (const MigListSchedule *self, GPtrArray *obstacles, GError **error)
{
  const MigFleet *fleet = self->fleet;
  g_autoptr (GHashTable) first = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < fleet->vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (fleet, i);
      gboolean moves = mig_task_moves (self->task, fleet, i);
      if (!vm->apart)
        continue;
      char *key = g_strdup_printf ("%u %s", moves ? vm->to : vm->host, vm->apart);
      guint known = GPOINTER_TO_UINT (g_hash_table_lookup (first, key));
      guint other = known > 0 ? known - 1 : i;
      g_hash_table_replace (first, key, GUINT_TO_POINTER (i + 1));
      if (other == i || (!moves && !mig_task_moves (self->task, fleet, other)))
        continue;
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "'%s' and '%s' are to stay apart, but both are to be on host '%s' in the end",
                   mig_fleet_vm (fleet, other)->name, vm->name,
                   mig_fleet_host (fleet, moves ? vm->to : vm->host)->name);
      mig_obstacles_add (obstacles, moves ? i : other, "host '%s' has a VM to stay apart from",
                         mig_fleet_host (fleet, moves ? vm->to : vm->host)->name);
      return FALSE;
    }
  return TRUE;
}

typedef struct {
  const MigListSchedule *schedule;
  int (*compare) (const MigFleetVm *a, const MigFleetVm *b);
} Sorting;

static int
compare_moves (gconstpointer a, gconstpointer b, gpointer data)
{
  const Sorting *sorting = data;
  guint i = *(const guint *) a, j = *(const guint *) b;
  int order = sorting->compare (mig_list_schedule_vm (sorting->schedule, i),
                                mig_list_schedule_vm (sorting->schedule, j));

  return order != 0 ? order : (i > j) - (i < j);
}

/* find: effort 0: no search, but the succession that compare gives. */
static gboolean
find (MigListSchedule *self, int (*compare) (const MigFleetVm *a, const MigFleetVm *b),
      guint64 effort, MigOrder *order, GPtrArray *obstacles, GError **error)
{
  g_autofree guint *succession = g_new (guint, 2 * self->n + 1);
  Sorting sorting = { self, compare };
  MigPlanCost cost;

  if (!check_end (self, obstacles, error) || !check_apart (self, obstacles, error))
    return FALSE;
  if (self->n == 0)
    return TRUE;
  self->dedicated = self->n > MIG_SUCCESSION_SHARED_MAX;
  for (guint i = 0; i < self->n; i++)
    succession[i] = i;
  if (compare)
    g_qsort_with_data (succession, self->n, sizeof (guint), compare_moves, &sorting);
  g_autoptr (GArray) asked = g_array_copy (self->moves);
  if (!mig_parking_solve (self, succession, &cost, obstacles, error))
    return FALSE;
  double bound = effort > 0 ? mig_plan_bound (self->model, self->fleet, self->task, asked,
                                              self->parked > 0)
                            : NAN;
  if (effort > 0)
    {
      mig_succession_search (self, succession, effort, bound);
      mig_list_schedule_run (self, succession, &cost);
    }
  mig_waits_write (self, order);
  return TRUE;
}

gboolean
mig_target_state_find (const MigModel *model, const MigFleet *fleet, const MigTask *task,
                       guint64 effort, MigOrder *order, GPtrArray *obstacles, GError **error)
{
  g_autoptr (MigListSchedule) self = mig_list_schedule_new (model, fleet, task);

  return find (self, NULL, effort > 0 ? effort : SIMULATED_MOVES_MAX, order, obstacles, error);
}

gboolean
mig_target_state_custom (const MigModel *model, const MigFleet *fleet, const MigTask *task,
                         int (*compare) (const MigFleetVm *a, const MigFleetVm *b), MigOrder *order,
                         GError **error)
{
  g_autoptr (GPtrArray) obstacles = mig_obstacles_new ();
  g_autoptr (MigListSchedule) self = mig_list_schedule_new (model, fleet, task);

  return find (self, compare, 0, order, obstacles, error);
}
