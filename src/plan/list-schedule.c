/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "plan/list-schedule.h"

#define FULL 0.999 /* of a link: more is none left */

static double
memory_of (const MigListSchedule *self, guint i)
{
  return mig_fleet_vm_claim (mig_list_schedule_vm (self, i));
}

static void
find_path (const MigListSchedule *self, guint i, MigListSchedulePath *path)
{
  guint leg = mig_list_schedule_first_leg (self, i);

  path->from = leg != MIG_NO_INDEX ? mig_list_schedule_move (self, leg)->to
                                   : mig_list_schedule_vm (self, i)->host;
  path->to = mig_list_schedule_move (self, i)->to;
  path->n_uplinks = mig_fleet_path (self->fleet, path->from, path->to, path->uplinks);
  path->bytes_per_s = mig_model_fastest (self->model, mig_fleet_host (self->fleet, path->from),
                                         mig_fleet_host (self->fleet, path->to));
  for (guint u = 0; u < path->n_uplinks; u++)
    path->bytes_per_s = fmin (
        path->bytes_per_s, mig_fleet_group (self->fleet, path->uplinks[u] / 2)->link_bytes_per_s);
}

/* promise: takes the links that it uses (sign 1), or gives them back (-1). */
static void
promise (MigListSchedule *self, guint i, double sign)
{
  const MigListSchedulePath *path = &self->paths[i];
  double rate = sign * path->bytes_per_s;

  self->link_out[path->from] += rate;
  self->link_in[path->to] += rate;
  for (guint u = 0; u < path->n_uplinks; u++)
    self->uplinks[path->uplinks[u]] += rate;
}

static gboolean
links_free (const MigListSchedule *self, guint i)
{
  const MigListSchedulePath *path = &self->paths[i];
  double rate = FULL * path->bytes_per_s;
  gboolean free = self->link_out[path->from] + rate <=
                      mig_fleet_host (self->fleet, path->from)->link_bytes_per_s &&
                  self->link_in[path->to] + rate <=
                      mig_fleet_host (self->fleet, path->to)->link_bytes_per_s;

  for (guint u = 0; u < path->n_uplinks && free; u++)
    free = self->uplinks[path->uplinks[u]] + rate <=
           mig_fleet_group (self->fleet, path->uplinks[u] / 2)->link_bytes_per_s;
  return free;
}

static gboolean
within (guint have, guint most)
{
  return most == 0 || have < most;
}

/* set_full: after a move has started or ended: what no other can start from, to, or through. */
static void
set_full (MigListSchedule *self, guint i)
{
  const MigListSchedulePath *path = &self->paths[i];
  guint hosts = self->fleet->hosts->len;
  const guint ends[] = { path->from, path->to };

  for (guint e = 0; e < G_N_ELEMENTS (ends); e++)
    {
      const MigFleetHost *host = mig_fleet_host (self->fleet, ends[e]);
      guint out = self->out[ends[e]], in = self->in[ends[e]];
      gboolean both = out + in >= host->max_parallel;
      self->full[ends[e]] = both || !within (out, self->task->parallel) ||
                            !within (out, host->max_out);
      self->full[hosts + ends[e]] = both || !within (in, host->max_in);
    }
  for (guint u = 0; u < path->n_uplinks; u++)
    {
      guint uplink = path->uplinks[u];
      self->full[2 * hosts + uplink] =
          self->dedicated && self->uplinks[uplink] + FULL * self->least[uplink] >
                                 mig_fleet_group (self->fleet, uplink / 2)->link_bytes_per_s;
    }
}

/* is_blocked: by what is full; whatever else may be in its way. */
static gboolean
is_blocked (const MigListSchedule *self, const MigListSchedulePath *path)
{
  guint hosts = self->fleet->hosts->len;
  gboolean blocked = self->full[path->from] || self->full[hosts + path->to];

  for (guint u = 0; u < path->n_uplinks && !blocked; u++)
    blocked = self->full[2 * hosts + path->uplinks[u]];
  return blocked;
}

static gboolean
has_memory (const MigListSchedule *self, guint i)
{
  guint to = self->paths[i].to;

  return self->memory_now[to] + memory_of (self, i) <=
         mig_fleet_host_room (mig_fleet_host (self->fleet, to));
}

static gboolean
is_over (const MigListSchedule *self, guint i)
{
  return i == MIG_NO_INDEX || self->state[i] == MIG_LIST_SCHEDULE_OVER;
}

/* is_ready: nothing but memory, limits and links is in its way. */
static gboolean
is_ready (const MigListSchedule *self, guint i)
{
  return is_over (self, mig_list_schedule_first_leg (self, i)) && is_over (self, self->after[i]);
}

static gboolean
may_start (const MigListSchedule *self, guint i)
{
  return within (self->running, self->task->cluster) && !is_blocked (self, &self->paths[i]) &&
         has_memory (self, i) && (!self->dedicated || links_free (self, i));
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
  set_full (self, i);
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
  set_full (self, i);
}

/* start_some: of those that wait, in the succession. */
static void
start_some (MigListSchedule *self, guint ended)
{
  guint kept = 0;

  self->pass++;
  for (guint i = 0; i < self->n_waiting; i++)
    {
      guint next = self->waiting[i];
      const MigListSchedulePath *path = &self->paths[next];
      if (!self->orderly && is_blocked (self, path))
        {
          self->waiting[kept++] = next;
          continue;
        }
      guint from = path->from, to = path->to;
      gboolean behind = self->held[to] == self->pass || self->held[from] == self->pass,
               ready = is_ready (self, next);
      if (ready && !(self->orderly && behind) && may_start (self, next))
        {
          begin_move (self, next, ended);
          continue;
        }
      if (ready)
        self->held[to] = self->held[from] = self->pass;
      self->waiting[kept++] = next;
    }
  self->n_waiting = kept;
}

static void
choose (MigSimulation *simulation, guint ended, gpointer data)
{
  MigListSchedule *self = data;

  if (ended != MIG_NO_INDEX)
    end_move (self, ended);
  if (within (self->running, self->task->cluster))
    start_some (self, ended);
}

gboolean
mig_list_schedule_run (MigListSchedule *self, const guint *succession, MigPlanCost *cost)
{
  gsize hosts = self->fleet->hosts->len, n = self->moves->len;

  memcpy (self->waiting, succession, n * sizeof *succession);
  self->n_waiting = n;
  memset (self->state, 0, n);
  memcpy (self->memory_now, self->memory, hosts * sizeof (double));
  memset (self->out, 0, hosts * sizeof (guint));
  memset (self->in, 0, hosts * sizeof (guint));
  memset (self->link_out, 0, hosts * sizeof (double));
  memset (self->link_in, 0, hosts * sizeof (double));
  memset (self->uplinks, 0, 2 * self->fleet->groups->len * sizeof (double));
  memset (self->full, 0, 2 * (hosts + self->fleet->groups->len));
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
  self->waiting = g_renew (guint, self->waiting, n);
  self->paths = g_renew (MigListSchedulePath, self->paths, n);
  self->after = g_renew (guint, self->after, n);
  for (guint i = 0; i < 2 * self->fleet->groups->len; i++)
    self->least[i] = INFINITY;
  for (guint i = 0; i < n; i++)
    {
      MigListSchedulePath *path = &self->paths[i];
      find_path (self, i, path);
      self->after[i] = MIG_NO_INDEX;
      for (guint u = 0; u < path->n_uplinks; u++)
        self->least[path->uplinks[u]] = fmin (self->least[path->uplinks[u]], path->bytes_per_s);
    }
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
  self->full = g_new0 (guchar, 2 * (hosts + fleet->groups->len) + 1);
  self->least = g_new0 (double, 2 * fleet->groups->len + 1);
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
  g_free (self->waiting);
  g_free (self->full);
  g_free (self->least);
  g_free (self->paths);
  g_free (self->after);
  g_free (self->state);
  g_free (self->costs);
  g_free (self);
}
