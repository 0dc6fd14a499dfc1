/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/cpu-rates.h"
#include "model/rate-limits.h"

/* Of a host's CPUs: where no more is wanted, everybody gets what he wants, whatever rounding does.
 */
#define ENOUGH (1 - 1e-9)

void
mig_cpu_rates_advance_guest (MigSimulation *self, guint index)
{
  MigSimVm *vm = &self->vms[index];
  double passed = self->now_s - vm->last_s;

  if (vm->before_share > 0)
    vm->lost_s += passed * (1 - (vm->paused ? 0 : vm->share) / vm->before_share);
  vm->last_s = self->now_s;
}

/* add_thread: of a migration, if it works on this host now. */
static void
add_thread (MigSimulation *self, guint index, guint limit, gboolean really)
{
  const MigSimMigration *m = &self->migrations[index];
  double rate = really ? m->rate : mig_rate_limits_without (self, m, limit);

  if (m->work[limit] > 0)
    mig_cpu_scheduler_add_member (&self->cpus, MIG_NO_INDEX, index * MIG_N_LIMITS + limit,
                                  fmin (m->work[limit] * rate, MIG_THREAD_CPUS), 1);
}

static void
add_guest (MigSimulation *self, guint host, guint index, gboolean really)
{
  const MigSimVm *vm = &self->vms[index];
  const MigFleetVm *info = mig_fleet_vm (self->fleet, index);

  mig_cpu_scheduler_add_entity (&self->cpus, fmax (info->vcpus, 1));
  if (!vm->paused && info->cpu > 0)
    mig_cpu_scheduler_add_member (&self->cpus, index, 0, info->cpu, info->vcpus);
  if (self->model->sched_entity == MIG_SCHED_ENTITY_MANAGEMENT || vm->migration == MIG_NO_INDEX ||
      self->migrations[vm->migration].source != host)
    return;
  if (self->model->sched_entity == MIG_SCHED_ENTITY_THREADS)
    mig_cpu_scheduler_add_entity (&self->cpus, 1);
  add_thread (self, vm->migration, MIG_LIMIT_SOURCE, really);
}

/* collect_entities: whom the host's CPUs are shared among now. really: threads with what they take;
 * else with what everything but this CPU would let them take. */
static void
collect_entities (MigSimulation *self, guint index, gboolean really)
{
  const MigSimHost *host = &self->hosts[index];
  gboolean domain = self->model->sched_entity == MIG_SCHED_ENTITY_MANAGEMENT;

  mig_cpu_scheduler_begin (&self->cpus);
  for (guint i = 0; i < host->vms->len; i++)
    add_guest (self, index, g_array_index (host->vms, guint, i), really);
  if (domain && host->migrations->len > 0)
    mig_cpu_scheduler_add_entity (&self->cpus, 1);
  for (guint i = 0; i < host->migrations->len; i++)
    {
      guint migration = g_array_index (host->migrations, guint, i);
      gboolean sends = self->migrations[migration].source == index;
      if (sends && !domain)
        continue; /* with its guest */
      if (!domain)
        mig_cpu_scheduler_add_entity (&self->cpus, 1);
      add_thread (self, migration, sends ? MIG_LIMIT_SOURCE : MIG_LIMIT_DESTINATION, really);
    }
}

/* demand_of: CPUs that a host's guests want. */
static double
demand_of (MigSimulation *self, guint index)
{
  MigSimHost *host = &self->hosts[index];

  if (!isnan (host->demand))
    return host->demand;
  host->demand = 0;
  for (guint i = 0; i < host->vms->len; i++)
    {
      guint vm = g_array_index (host->vms, guint, i);
      host->demand += self->vms[vm].paused ? 0 : fmax (0, mig_fleet_vm (self->fleet, vm)->cpu);
    }
  return host->demand;
}

/* give_threads_all: where a host has CPUs for all. */
static void
give_threads_all (MigSimulation *self, guint host)
{
  const GArray *migrations = self->hosts[host].migrations;

  for (guint i = 0; i < migrations->len; i++)
    {
      MigSimMigration *m = &self->migrations[g_array_index (migrations, guint, i)];
      guint limit = m->source == host ? MIG_LIMIT_SOURCE : MIG_LIMIT_DESTINATION;
      if (m->work[limit] > 0)
        mig_rate_limits_set (self, m, limit, MIG_THREAD_CPUS / m->work[limit]);
    }
}

void
mig_cpu_rates_share (MigSimulation *self, guint host)
{
  double cpus = mig_fleet_host (self->fleet, host)->cpus;
  guint threads = self->hosts[host].migrations->len;

  if (threads == 0)
    return;
  if (demand_of (self, host) + threads * MIG_THREAD_CPUS <= ENOUGH * cpus)
    {
      give_threads_all (self, host);
      return;
    }
  collect_entities (self, host, FALSE);
  for (guint i = 0; i < self->cpus.members->len; i++)
    {
      const MigCpuMember *member = &g_array_index (self->cpus.members, MigCpuMember, i);
      if (member->vm != MIG_NO_INDEX)
        continue;
      MigSimMigration *m = &self->migrations[member->thread / MIG_N_LIMITS];
      guint limit = member->thread % MIG_N_LIMITS;
      mig_rate_limits_set (self, m, limit,
                           mig_cpu_scheduler_most (&self->cpus, i, MIG_THREAD_CPUS, cpus) /
                               m->work[limit]);
    }
}

/* taken_by_threads: CPUs of a host that its migrations really take. */
static double
taken_by_threads (const MigSimulation *self, guint host)
{
  const GArray *migrations = self->hosts[host].migrations;
  double sum = 0;

  for (guint i = 0; i < migrations->len; i++)
    {
      const MigSimMigration *m = &self->migrations[g_array_index (migrations, guint, i)];
      guint limit = m->source == host ? MIG_LIMIT_SOURCE : MIG_LIMIT_DESTINATION;
      sum += m->work[limit] > 0 ? fmin (m->work[limit] * m->rate, MIG_THREAD_CPUS) : 0;
    }
  return sum;
}

void
mig_cpu_rates_share_guests (MigSimulation *self, guint index)
{
  MigSimHost *host = &self->hosts[index];
  gboolean satisfied = demand_of (self, index) + taken_by_threads (self, index) <=
                       ENOUGH * mig_fleet_host (self->fleet, index)->cpus;
  gboolean same = satisfied && host->satisfied && !host->changed;

  host->satisfied = satisfied;
  host->changed = FALSE;
  if (same)
    return;
  for (guint i = 0; i < host->vms->len; i++)
    {
      guint vm = g_array_index (host->vms, guint, i);
      mig_cpu_rates_advance_guest (self, vm);
      self->vms[vm].share = satisfied && !self->vms[vm].paused
                                ? fmax (0, mig_fleet_vm (self->fleet, vm)->cpu)
                                : 0;
    }
  if (satisfied)
    return;
  collect_entities (self, index, TRUE);
  double level = mig_cpu_scheduler_level (&self->cpus, mig_fleet_host (self->fleet, index)->cpus);
  for (guint i = 0; i < self->cpus.members->len; i++)
    {
      guint vm = g_array_index (self->cpus.members, MigCpuMember, i).vm;
      if (vm != MIG_NO_INDEX)
        self->vms[vm].share = mig_cpu_scheduler_got (&self->cpus, i, level);
    }
}
