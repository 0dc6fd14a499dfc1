/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "plan/list-schedule.h"

#define FULL 0.999 /* of a link: more is none left */

guint
mig_list_schedule_source (const MigListSchedule *self, guint i)
{
  guint leg = mig_list_schedule_first_leg (self, i);

  return leg != MIG_NO_INDEX ? mig_list_schedule_move (self, leg)->to
                             : mig_list_schedule_vm (self, i)->host;
}

static double
memory_of (const MigListSchedule *self, guint i)
{
  return mig_fleet_vm_claim (mig_list_schedule_vm (self, i));
}

double
mig_list_schedule_rate (const MigListSchedule *self, guint i)
{
  guint uplinks[MIG_UPLINKS_MAX], from = mig_list_schedule_source (self, i),
                                  to = mig_list_schedule_move (self, i)->to;
  guint n = mig_fleet_path (self->fleet, from, to, uplinks);
  double rate = fmin (self->model->cap_bytes_per_s,
                      fmin (mig_fleet_host (self->fleet, from)->link_bytes_per_s,
                            mig_fleet_host (self->fleet, to)->link_bytes_per_s));

  for (guint u = 0; u < n; u++)
    rate = fmin (rate, mig_fleet_group (self->fleet, uplinks[u] / 2)->link_bytes_per_s);
  return rate;
}

/* promise: takes the links that it uses (sign 1), or gives them back (-1). */
static void
promise (MigListSchedule *self, guint i, double sign)
{
  guint uplinks[MIG_UPLINKS_MAX], from = mig_list_schedule_source (self, i),
                                  to = mig_list_schedule_move (self, i)->to;
  guint n = mig_fleet_path (self->fleet, from, to, uplinks);
  double rate = sign * mig_list_schedule_rate (self, i);

  self->link_out[from] += rate;
  self->link_in[to] += rate;
  for (guint u = 0; u < n; u++)
    self->uplinks[uplinks[u]] += rate;
}

static gboolean
links_free (const MigListSchedule *self, guint i)
{
  guint uplinks[MIG_UPLINKS_MAX], from = mig_list_schedule_source (self, i),
                                  to = mig_list_schedule_move (self, i)->to;
  guint n = mig_fleet_path (self->fleet, from, to, uplinks);
  double rate = FULL * mig_list_schedule_rate (self, i);
  gboolean free = self->link_out[from] + rate <=
                      mig_fleet_host (self->fleet, from)->link_bytes_per_s &&
                  self->link_in[to] + rate <= mig_fleet_host (self->fleet, to)->link_bytes_per_s;

  for (guint u = 0; u < n && free; u++)
    free = self->uplinks[uplinks[u]] + rate <=
           mig_fleet_group (self->fleet, uplinks[u] / 2)->link_bytes_per_s;
  return free;
}

static gboolean
within (guint have, guint most)
{
  return most == 0 || have < most;
}

static gboolean
has_slots (const MigListSchedule *self, guint from, guint to)
{
  const MigFleetHost *source = mig_fleet_host (self->fleet, from),
                     *target = mig_fleet_host (self->fleet, to);

  return within (self->running, self->task->cluster) &&
         within (self->out[from], self->task->parallel) &&
         within (self->out[from], source->max_out) && within (self->in[to], target->max_in) &&
         self->out[from] + self->in[from] < source->max_parallel &&
         self->out[to] + self->in[to] < target->max_parallel;
}

static gboolean
has_memory (const MigListSchedule *self, guint i)
{
  guint to = mig_list_schedule_move (self, i)->to;

  return self->memory_now[to] + memory_of (self, i) <=
         mig_fleet_host_room (mig_fleet_host (self->fleet, to));
}

/* is_waiting: and nothing but memory, limits and links is in its way. */
static gboolean
is_waiting (const MigListSchedule *self, guint i)
{
  guint leg = mig_list_schedule_first_leg (self, i);

  return self->state[i] == MIG_LIST_SCHEDULE_WAITING &&
         (leg == MIG_NO_INDEX || self->state[leg] == MIG_LIST_SCHEDULE_OVER);
}

static gboolean
may_start (const MigListSchedule *self, guint i)
{
  return is_waiting (self, i) && has_memory (self, i) &&
         has_slots (self, mig_list_schedule_source (self, i),
                    mig_list_schedule_move (self, i)->to) &&
         (!self->dedicated || links_free (self, i));
}

static void
begin_move (MigListSchedule *self, guint i, guint ended)
{
  self->state[i] = MIG_LIST_SCHEDULE_RUNNING;
  self->trigger[i] = ended;
  self->memory_now[mig_list_schedule_move (self, i)->to] += memory_of (self, i);
  self->out[mig_list_schedule_source (self, i)]++;
  self->in[mig_list_schedule_move (self, i)->to]++;
  self->running++;
  if (self->dedicated)
    promise (self, i, 1);
  mig_simulation_start (self->simulation, i);
}

static void
end_move (MigListSchedule *self, guint i)
{
  self->state[i] = MIG_LIST_SCHEDULE_OVER;
  self->memory_now[mig_list_schedule_source (self, i)] -= memory_of (self, i);
  self->out[mig_list_schedule_source (self, i)]--;
  self->in[mig_list_schedule_move (self, i)->to]--;
  self->running--;
  self->over++;
  if (self->dedicated)
    promise (self, i, -1);
}

static void
choose (MigSimulation *simulation, guint ended, gpointer data)
{
  MigListSchedule *self = data;

  if (ended != MIG_NO_INDEX)
    end_move (self, ended);
  self->pass++;
  for (guint i = 0; i < self->moves->len; i++)
    {
      guint next = self->succession[i], to = mig_list_schedule_move (self, next)->to;
      guint from = mig_list_schedule_source (self, next);
      if (!is_waiting (self, next))
        continue;
      gboolean behind = self->held[to] == self->pass || self->held[from] == self->pass;
      if (!(self->orderly && behind) && may_start (self, next))
        begin_move (self, next, ended);
      else
        self->held[to] = self->held[from] = self->pass;
    }
}

gboolean
mig_list_schedule_run (MigListSchedule *self, const guint *succession, MigPlanCost *cost)
{
  gsize hosts = self->fleet->hosts->len, n = self->moves->len;

  self->succession = succession;
  memset (self->state, 0, n);
  memcpy (self->memory_now, self->memory, hosts * sizeof (double));
  memset (self->out, 0, hosts * sizeof (guint));
  memset (self->in, 0, hosts * sizeof (guint));
  memset (self->link_out, 0, hosts * sizeof (double));
  memset (self->link_in, 0, hosts * sizeof (double));
  memset (self->uplinks, 0, 2 * self->fleet->groups->len * sizeof (double));
  self->running = self->over = 0;
  mig_simulation_run (self->simulation, NULL, (const MigMove *) (gpointer) self->moves->data, n,
                      self->costs, cost);
  return self->over == n;
}

static void
resize (MigListSchedule *self)
{
  guint n = self->moves->len;

  self->trigger = g_renew (guint, self->trigger, n);
  self->state = g_renew (guchar, self->state, n);
  self->costs = g_renew (MigMoveCost, self->costs, n);
}

MigListSchedule *
mig_list_schedule_new (const MigModel *model, const MigFleet *fleet, const MigTask *task)
{
  MigListSchedule *self = g_new0 (MigListSchedule, 1);
  guint hosts = fleet->hosts->len;
  const guint none = MIG_NO_INDEX;

  self->model = model;
  self->fleet = fleet;
  self->task = task;
  self->simulation = mig_simulation_new (model, fleet);
  self->moves = g_array_new (FALSE, FALSE, sizeof (MigMove));
  self->first_leg = g_array_new (FALSE, FALSE, sizeof (guint));
  self->memory = g_new0 (double, 6 * hosts + 2 * fleet->groups->len);
  self->memory_now = self->memory + hosts;
  self->link_out = self->memory + 2 * hosts;
  self->link_in = self->memory + 3 * hosts;
  self->uplinks = self->memory + 4 * hosts;
  self->out = g_new0 (guint, 3 * hosts);
  self->in = self->out + hosts;
  self->held = self->out + 2 * hosts;
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (fleet, i);
      const MigMove move = { i, vm->to, 0 };
      self->memory[vm->host] += mig_fleet_vm_claim (vm);
      if (!mig_task_moves (task, fleet, i))
        continue;
      g_array_append_val (self->moves, move);
      g_array_append_val (self->first_leg, none);
    }
  self->n = self->moves->len;
  resize (self);
  mig_simulation_choose (self->simulation, (MigSimulationChooser){ choose, self });
  return self;
}

void
mig_list_schedule_park (MigListSchedule *self, guint i, guint host)
{
  MigMove *first = &g_array_index (self->moves, MigMove, i);
  MigMove second = *first;

  first->to = host;
  g_array_append_val (self->moves, second);
  g_array_append_val (self->first_leg, i);
  self->parked++;
  resize (self);
}

void
mig_list_schedule_free (MigListSchedule *self)
{
  mig_simulation_free (self->simulation);
  g_array_unref (self->moves);
  g_array_unref (self->first_leg);
  g_free (self->memory);
  g_free (self->out);
  g_free (self->trigger);
  g_free (self->state);
  g_free (self->costs);
  g_free (self);
}
