/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/error.h"
#include "base/units.h"
#include "plan/parking.h"

#define NAMED 4 /* VMs that an error names */
#define BYTES(x) ((gint64) (x))

static double
memory_of (const MigListSchedule *self, guint i)
{
  return mig_fleet_vm_claim (mig_list_schedule_vm (self, i));
}

/* missing_memory: what its target lacked when the last run came to an end. */
static double
missing_memory (const MigListSchedule *self, guint i)
{
  guint to = mig_list_schedule_move (self, i)->to;

  return self->memory_now[to] + memory_of (self, i) -
         mig_fleet_host_room (mig_fleet_host (self->fleet, to));
}

/* place_of: where a VM is when the last run has come to an end. */
static guint
place_of (const MigListSchedule *self, guint vm)
{
  guint at = mig_fleet_vm (self->fleet, vm)->host;

  for (guint i = 0; i < self->moves->len; i++)
    if (mig_list_schedule_move (self, i)->vm == vm && self->state[i] == MIG_LIST_SCHEDULE_OVER)
      at = mig_list_schedule_move (self, i)->to;
  return at;
}

/* meets: a VM to stay apart from is on that host, or is to be there. */
static gboolean
meets (const MigListSchedule *self, guint i, guint host)
{
  const MigFleetVm *vm = mig_list_schedule_vm (self, i);

  for (guint v = 0; vm->apart && v < self->fleet->vms->len; v++)
    {
      const MigFleetVm *other = mig_fleet_vm (self->fleet, v);
      if (other == vm || g_strcmp0 (other->apart, vm->apart) != 0)
        continue;
      if (place_of (self, v) == host ||
          (mig_task_moves (self->task, self->fleet, v) && other->to == host))
        return TRUE;
    }
  return FALSE;
}

/* may_hold: a host that could take a VM in passing. */
static gboolean
may_hold (const MigListSchedule *self, guint i, guint host)
{
  const MigFleetHost *there = mig_fleet_host (self->fleet, host);

  return host != mig_list_schedule_source (self, i) &&
         host != mig_list_schedule_move (self, i)->to && !there->cordoned &&
         !mig_fleet_vm_closed (mig_list_schedule_vm (self, i), there) &&
         mig_fleet_host_room (there) - self->memory_now[host] >= memory_of (self, i);
}

/* third_host: with room for a VM that can go neither on nor stay; one with a VM to stay apart from
 * only where no other has room. MIG_NO_INDEX: none. */
static guint
third_host (const MigListSchedule *self, guint i)
{
  guint best[2] = { MIG_NO_INDEX, MIG_NO_INDEX };
  double most[2] = { 0, 0 };

  for (guint host = 0; host < self->fleet->hosts->len; host++)
    {
      double room = mig_fleet_host_room (mig_fleet_host (self->fleet, host)) -
                    self->memory_now[host];
      if (!may_hold (self, i, host))
        continue;
      guint met = meets (self, i, host);
      if (best[met] != MIG_NO_INDEX && room <= most[met])
        continue;
      best[met] = host;
      most[met] = room;
    }
  return best[0] != MIG_NO_INDEX ? best[0] : best[1];
}

/* frees: of those that wait for the host that it leaves, the bytes that would be missing less. */
static double
frees (const MigListSchedule *self, guint i)
{
  double best = 0;

  for (guint j = 0; j < self->moves->len; j++)
    if (self->state[j] == MIG_LIST_SCHEDULE_WAITING &&
        mig_list_schedule_move (self, j)->to == mig_list_schedule_source (self, i))
      best = fmax (best, fmin (memory_of (self, i), missing_memory (self, j)) /
                             fmax (1, missing_memory (self, j)));
  return best;
}

/* is_parked: it goes over a third host already. */
static gboolean
is_parked (const MigListSchedule *self, guint i)
{
  for (guint leg = self->n; leg < self->moves->len; leg++)
    if (mig_list_schedule_first_leg (self, leg) == i)
      return TRUE;
  return FALSE;
}

/* park: the smallest VM that lets another go is sent to a third host first. */
static gboolean
park (MigListSchedule *self)
{
  guint best = MIG_NO_INDEX;
  double worth = 0;

  for (guint i = 0; i < self->n; i++)
    {
      double gain = self->state[i] == MIG_LIST_SCHEDULE_WAITING && !is_parked (self, i)
                        ? frees (self, i)
                        : 0;
      if (gain <= 0 || third_host (self, i) == MIG_NO_INDEX ||
          (best != MIG_NO_INDEX &&
           (gain < worth || (gain <= worth && memory_of (self, i) >= memory_of (self, best)))))
        continue;
      best = i;
      worth = gain;
    }
  if (best == MIG_NO_INDEX)
    return FALSE;
  mig_list_schedule_park (self, best, third_host (self, best));
  return TRUE;
}

static gboolean
fail_stuck (const MigListSchedule *self, GPtrArray *obstacles, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  double least = INFINITY;
  guint stuck = 0, who = 0;

  for (guint i = 0; i < self->moves->len; i++)
    {
      if (self->state[i] != MIG_LIST_SCHEDULE_WAITING)
        continue;
      if (stuck++ < NAMED)
        g_string_append_printf (
            names, "%s'%s' to '%s'", names->len ? ", " : "", mig_list_schedule_vm (self, i)->name,
            mig_fleet_host (self->fleet, mig_list_schedule_move (self, i)->to)->name);
      if (missing_memory (self, i) > 0 && missing_memory (self, i) < least)
        {
          least = missing_memory (self, i);
          who = i;
        }
    }
  g_autofree char *memory = mig_units_format_bytes (BYTES (isfinite (least) ? least : 0));
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "%u VMs wait for each other's memory and no other host has room: %s%s; %s more on "
               "host '%s' would let '%s' go",
               stuck, names->str, stuck > NAMED ? " ..." : "", memory,
               mig_fleet_host (self->fleet, mig_list_schedule_move (self, who)->to)->name,
               mig_list_schedule_vm (self, who)->name);
  mig_obstacles_add (obstacles, mig_list_schedule_move (self, who)->vm,
                     "host '%s' never has memory for it, since VMs wait for each other; %s more "
                     "there would let it go",
                     mig_fleet_host (self->fleet, mig_list_schedule_move (self, who)->to)->name,
                     memory);
  return FALSE;
}

gboolean
mig_parking_solve (MigListSchedule *self, guint *succession, MigPlanCost *cost,
                   GPtrArray *obstacles, GError **error)
{
  while (!mig_list_schedule_run (self, succession, cost))
    {
      guint last = self->moves->len;
      if (self->parked == self->n || !park (self))
        return fail_stuck (self, obstacles, error);
      /* the first leg goes first */
      for (guint i = last; i > 0; i--)
        succession[i] = succession[i - 1];
      succession[0] = mig_list_schedule_first_leg (self, last);
      guint at = 1;
      while (succession[at] != succession[0])
        at++;
      succession[at] = last;
    }
  return TRUE;
}
