/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "plan/plan.h"
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

/* least_share: CPUs that a VM gets on its source with all guests there, each being sent too, or
 * with all migrations of a management domain. */
static double
least_share (const MigModel *model, const MigFleet *fleet, const MigTask *task,
             const MigFleetVm *vm)
{
  g_autoptr (GArray) parties = g_array_new (FALSE, FALSE, sizeof (MigFairShare));
  double thread = model->parties == MIG_SCHED_ENTITY_PROCESSES ? MIG_THREAD_CPUS : 0;
  const MigFairShare domain = { task->parallel * MIG_THREAD_CPUS, 1 },
                     alone = { MIG_THREAD_CPUS, 1 };
  const MigFairShare within[] = { { vm->cpu, vm->vcpus }, { thread, 1 } };

  for (guint i = 0; i < fleet->vms->len; i++)
    {
      const MigFleetVm *other = mig_fleet_vm (fleet, i);
      MigFairShare party = { other->cpu + thread, fmax (other->vcpus, 1) };
      if (other->host != vm->host)
        continue;
      g_array_append_val (parties, party);
      if (model->parties == MIG_SCHED_ENTITY_THREADS)
        g_array_append_val (parties, alone);
    }
  if (model->parties == MIG_SCHED_ENTITY_MANAGEMENT)
    g_array_append_val (parties, domain);
  double level = mig_fair_share_level ((const MigFairShare *) (gpointer) parties->data,
                                       parties->len, mig_fleet_host (fleet, vm->host)->cpus);
  double part = fmin (vm->cpu + thread, fmax (vm->vcpus, 1) * level);
  return fmin (vm->cpu, vm->vcpus * mig_fair_share_level (within, G_N_ELEMENTS (within), part));
}

/* fastest: no migration between the two sends more in a second. */
static double
fastest (const MigModel *model, const MigFleetHost *source, const MigFleetHost *target)
{
  double rate = fmin (model->cap_bytes_per_s,
                      fmin (source->link_bytes_per_s, target->link_bytes_per_s));

  if (model->source_s_per_byte > 0)
    rate = fmin (rate, fmin (1, source->cpus) / model->source_s_per_byte);
  if (model->destination_s_per_byte > 0)
    rate = fmin (rate, fmin (1, target->cpus) / model->destination_s_per_byte);
  return rate;
}

static void
run_alone (const MigModel *model, const MigFleet *fleet, const MigMove *move, MigMoveCost *cost)
{
  g_autoptr (MigSimulation) simulation = mig_simulation_new (model, fleet);
  MigPlanCost sum;

  mig_simulation_run (simulation, NULL, move, 1, cost, &sum);
}

static Bound
bound_move (const MigModel *model, const MigFleet *fleet, const MigTask *task, const MigMove *move)
{
  g_autoptr (MigFleet) alone = mig_fleet_new ();
  MigFleetVm vm = *mig_fleet_vm (fleet, move->vm);
  const MigFleetHost *source = mig_fleet_host (fleet, vm.host);
  const MigFleetHost *target = mig_fleet_host (fleet, move->to);
  MigMove first = { 0, mig_fleet_add_host (alone, target), 0 };
  MigMoveCost cost;

  if (vm.cpu > 0)
    vm.dirty_pages_per_s *= least_share (model, fleet, task, &vm) / vm.cpu;
  vm.host = mig_fleet_add_host (alone, source);
  mig_fleet_add_vm (alone, &vm);
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      MigFleetVm other = *mig_fleet_vm (fleet, i);
      if (other.host != move->to)
        continue;
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
      bound.time_s = fmin (bound.time_s, model->setup_s + model->switch_s + model->end_s +
                                             sent / fastest (model, source, target));
    }
  return bound;
}

double
mig_plan_bound (const MigModel *model, const MigFleet *fleet, const MigTask *task,
                const GArray *moves)
{
  const MigObjective *objective = &task->objective;
  g_autofree double *times = g_new0 (double, fleet->hosts->len);
  double longest = 0, downtime = 0, worst = 0;

  if (!isnan (task->relieve_to_cpus) || objective->lost > 0)
    return NAN;
  for (guint i = 0; i < moves->len; i++)
    {
      const MigMove *move = &g_array_index (moves, MigMove, i);
      Bound bound = bound_move (model, fleet, task, move);
      guint source = mig_fleet_vm (fleet, move->vm)->host;
      times[source] += bound.time_s / task->parallel;
      longest = fmax (longest, fmax (bound.time_s, times[source]));
      downtime += bound.downtime_s;
      worst = fmax (worst, bound.downtime_s);
    }
  return objective->worst_downtime ? worst
                                   : objective->time * longest + objective->downtime * downtime;
}
