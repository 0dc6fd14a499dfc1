/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "plan/bound.h"
#include "model/fair-share.h"
#include "base/units.h"

/* A lower bound of each migration: it alone on its source, nobody on its target but those who were
 * there before, its dirty rate that of the fullest source there can be. Every round is then no
 * longer than in any plan, and no more pages are left. So with rules of rounds, of pages and of
 * downtime the whole is no longer. A rule of memory sent may end a slower migration earlier, but
 * not before it has sent that much. A plan's migration may go on for more rounds than this one, so
 * its downtime is compared with what is left after as many as there may be. doc/model.md has the
 * argument. */

typedef struct {
  double time_s, downtime_s;
} Bound;

/* VMs by their hosts, as mig_fleet_by_host() has them. */
typedef struct {
  guint *first, *vms;
} Residents;

/* least_share: CPUs that a VM gets on its source with all guests there, each being sent too, or
 * with all migrations of a management domain; and with those of a host that uses its CPUs. */
static double
least_share (const MigModel *model, const MigFleet *fleet, const MigTask *task,
             const Residents *residents, const MigFleetVm *vm)
{
  g_autoptr (GArray) parties = g_array_new (FALSE, FALSE, sizeof (MigFairShare));
  double thread = model->sched_entity == MIG_SCHED_ENTITY_PROCESSES ? MIG_THREAD_CPUS : 0;
  const MigFairShare domain = { task->parallel * MIG_THREAD_CPUS, 1 },
                     alone = { MIG_THREAD_CPUS, 1 },
                     lent = { task->parallel * MIG_THREAD_CPUS, fmax (task->parallel, 1) };
  const MigFairShare within[] = { { vm->cpu, vm->vcpus }, { thread, 1 } };

  for (guint i = residents->first[vm->host]; i < residents->first[vm->host + 1]; i++)
    {
      const MigFleetVm *other = mig_fleet_vm (fleet, residents->vms[i]);
      MigFairShare party = { other->cpu + thread, fmax (other->vcpus, 1) };
      g_array_append_val (parties, party);
      if (model->sched_entity == MIG_SCHED_ENTITY_THREADS)
        g_array_append_val (parties, alone);
    }
  if (model->sched_entity == MIG_SCHED_ENTITY_MANAGEMENT)
    g_array_append_val (parties, domain);
  if (mig_fleet_host_borrower (fleet, vm->host) != MIG_NO_INDEX)
    g_array_append_val (parties, lent);
  double level = mig_fair_share_level ((const MigFairShare *) (gpointer) parties->data,
                                       parties->len, mig_fleet_host (fleet, vm->host)->cpus);
  double part = fmin (vm->cpu + thread, fmax (vm->vcpus, 1) * level);
  return fmin (vm->cpu, vm->vcpus * mig_fair_share_level (within, G_N_ELEMENTS (within), part));
}

static void
run_alone (const MigModel *model, const MigFleet *fleet, const MigMove *move, MigMoveCost *cost)
{
  g_autoptr (MigSimulation) simulation = mig_simulation_new (model, fleet);
  MigPlanCost sum;

  mig_simulation_run (simulation, NULL, move, 1, cost, &sum);
}

static Bound
bound_move (const MigModel *model, const MigFleet *fleet, const MigTask *task,
            const Residents *residents, const MigMove *move)
{
  g_autoptr (MigFleet) alone = mig_fleet_new ();
  MigFleetVm vm = *mig_fleet_vm (fleet, move->vm);
  const MigFleetHost *source = mig_fleet_host (fleet, vm.host);
  const MigFleetHost *target = mig_fleet_host (fleet, move->to);
  MigMove first = { 0, mig_fleet_add_host (alone, target), 0 };
  MigMoveCost cost;

  /* hosts are left and entered: any may be less busy than now, and a VM may get less of its own */
  if (task->target_state)
    vm.dirty_pages_per_s = 0;
  else if (vm.cpu > 0)
    vm.dirty_pages_per_s *= least_share (model, fleet, task, residents, &vm) / vm.cpu;
  vm.host = mig_fleet_add_host (alone, source);
  mig_fleet_add_vm (alone, &vm);
  for (guint i = residents->first[move->to];
       i < residents->first[move->to + 1] && !task->target_state; i++)
    {
      MigFleetVm other = *mig_fleet_vm (fleet, residents->vms[i]);
      other.host = first.to;
      mig_fleet_add_vm (alone, &other);
    }
  Bound bound;
  MigModel last_round = *model;
  run_alone (model, alone, &first, &cost);
  bound.time_s = cost.end_s;
  last_round.min_pages = last_round.max_ram = last_round.downtime_limit_s = 0;
  run_alone (&last_round, alone, &first, &cost);
  bound.downtime_s = cost.downtime_s;
  if (model->max_ram > 0)
    {
      double constant = (vm.memory_bytes - vm.used_bytes);
      double sent = fmax (0, model->max_ram * vm.memory_bytes - constant);
      double disks_s = mig_model_disk_bytes (model, &vm) /
                       mig_model_fastest_disk (model, source, target);
      bound.time_s = fmin (bound.time_s, model->setup_s + disks_s + model->switch_s + model->end_s +
                                             sent / mig_model_fastest (model, source, target));
    }
  return bound;
}

/* What must pass a port: of a host, an uplink, or a limit of how many migrations there may be. */
typedef struct {
  double bytes, busy_s; /* summed: what is sent at least; how long each takes at least */
} Port;

typedef struct {
  const MigModel *model;
  const MigFleet *fleet;
  const MigTask *task;
  const GArray *moves;
  gboolean parking; /* VMs may go over a third host */
  Port *out, *in, *uplinks, all;
  double *least_s; /* of each move: how long it takes at least */
  double *start_s; /* when it can start: memory has to be free */
} Bounds;

/* bytes_of: disks and the first round are sent whole. */
static double
bytes_of (const Bounds *self, const MigMove *move)
{
  return mig_model_vm_bytes (self->model, mig_fleet_vm (self->fleet, move->vm));
}

static void
pass (Port *port, double bytes, double busy_s)
{
  port->bytes += bytes;
  port->busy_s += busy_s;
}

static void
add_move (Bounds *self, const MigMove *move, double least_s)
{
  guint uplinks[MIG_UPLINKS_MAX], from = mig_fleet_vm (self->fleet, move->vm)->host;
  guint n = mig_fleet_path (self->fleet, from, move->to, uplinks);
  double bytes = bytes_of (self, move);

  pass (&self->out[from], bytes, least_s);
  pass (&self->in[move->to], bytes, least_s);
  pass (&self->all, bytes, least_s);
  for (guint i = 0; i < n; i++)
    pass (&self->uplinks[uplinks[i]], bytes, least_s);
}

/* fixed_s: before the first byte of all that pass a port and after the last. */
static double
fixed_s (const MigModel *model)
{
  return model->setup_s + model->switch_s + model->end_s;
}

static double
longer (double longest, const Bounds *self, const Port *port, double rate, guint most)
{
  if (port->bytes > 0 && rate > 0)
    longest = fmax (longest, port->bytes / rate + fixed_s (self->model));
  return most > 0 ? fmax (longest, port->busy_s / most) : longest;
}

/* leave_s: no VM has left its host earlier, wherever it goes: to a third host it may at once. */
static double
leave_s (const Bounds *self, guint i)
{
  const MigMove *move = &g_array_index (self->moves, MigMove, i);
  guint from = mig_fleet_vm (self->fleet, move->vm)->host;
  double rate = fmin (self->model->cap_bytes_per_s,
                      mig_fleet_host (self->fleet, from)->link_bytes_per_s);

  return (self->parking ? 0 : self->start_s[i]) + bytes_of (self, move) / rate +
         fixed_s (self->model);
}

/* wait_for_memory: those for which a host has no room at first start when one has left it. */
static double
wait_for_memory (Bounds *self, double longest)
{
  g_autofree double *memory = g_new0 (double, self->fleet->hosts->len),
                    *first_s = g_new (double, self->fleet->hosts->len);

  for (guint i = 0; i < self->fleet->vms->len; i++)
    memory[mig_fleet_vm (self->fleet, i)->host] += mig_fleet_vm_claim (
        mig_fleet_vm (self->fleet, i));
  for (guint pass = 0; pass < 2; pass++)
    {
      for (guint i = 0; i < self->fleet->hosts->len; i++)
        first_s[i] = INFINITY;
      for (guint i = 0; i < self->moves->len; i++)
        {
          guint from = mig_fleet_vm (self->fleet, g_array_index (self->moves, MigMove, i).vm)->host;
          first_s[from] = fmin (first_s[from], leave_s (self, i));
        }
      for (guint i = 0; i < self->moves->len; i++)
        {
          const MigMove *move = &g_array_index (self->moves, MigMove, i);
          double room = mig_fleet_host_room (mig_fleet_host (self->fleet, move->to)) -
                        memory[move->to];
          if (mig_fleet_vm_claim (mig_fleet_vm (self->fleet, move->vm)) > room &&
              isfinite (first_s[move->to]))
            self->start_s[i] = fmax (self->start_s[i], first_s[move->to]);
          longest = fmax (longest, self->start_s[i] + self->least_s[i]);
        }
    }
  return longest;
}

/* longest_of: of the ports, the memory and the limits. */
static double
longest_of (Bounds *self, double longest)
{
  const MigFleet *fleet = self->fleet;

  for (guint i = 0; i < fleet->hosts->len; i++)
    {
      const MigFleetHost *host = mig_fleet_host (fleet, i);
      Port both = { 0, self->out[i].busy_s + self->in[i].busy_s };
      longest = longer (longest, self, &self->out[i], host->link_bytes_per_s, self->task->parallel);
      longest = longer (longest, self, &self->out[i], 0, host->max_out);
      longest = longer (longest, self, &self->in[i], host->link_bytes_per_s, host->max_in);
      longest = longer (longest, self, &both, 0,
                        host->max_parallel == G_MAXUINT ? 0 : host->max_parallel);
    }
  for (guint i = 0; i < 2 * fleet->groups->len; i++)
    longest = longer (longest, self, &self->uplinks[i],
                      mig_fleet_group (fleet, i / 2)->link_bytes_per_s, 0);
  longest = longer (longest, self, &self->all, 0, self->task->cluster);
  return wait_for_memory (self, longest);
}

double
mig_plan_bound (const MigModel *model, const MigFleet *fleet, const MigTask *task,
                const GArray *moves, gboolean parking)
{
  const MigObjective *objective = &task->objective;
  guint hosts = fleet->hosts->len, groups = fleet->groups->len;
  g_autofree Port *ports = g_new0 (Port, 2 * hosts + 2 * groups);
  g_autofree double *times = g_new0 (double, 2 * moves->len);
  g_autofree guint *first = NULL, *residents = NULL;
  double longest = 0, downtime = 0, worst = 0;

  if (!isnan (task->relieve_to_cpus) || objective->lost > 0)
    return NAN;
  if (moves->len == 0)
    return 0;
  mig_fleet_by_host (fleet, &first, &residents);
  const Residents by_host = { first, residents };
  Bounds bounds = { .model = model,
                    .fleet = fleet,
                    .task = task,
                    .moves = moves,
                    .parking = parking,
                    .out = ports,
                    .in = ports + hosts,
                    .uplinks = ports + 2 * hosts,
                    .least_s = times,
                    .start_s = times + moves->len };
  for (guint i = 0; i < moves->len; i++)
    {
      const MigMove *move = &g_array_index (moves, MigMove, i);
      Bound bound = bound_move (model, fleet, task, &by_host, move);
      add_move (&bounds, move, bound.time_s);
      bounds.least_s[i] = bound.time_s;
      longest = fmax (longest, bound.time_s);
      downtime += bound.downtime_s;
      worst = fmax (worst, bound.downtime_s);
    }
  longest = longest_of (&bounds, longest);
  return objective->worst_downtime ? worst
                                   : objective->time * longest + objective->downtime * downtime;
}
