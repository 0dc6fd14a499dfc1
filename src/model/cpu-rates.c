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

/* shares_cpus: whether a host's migrations use the CPUs of its guests. */
static gboolean
shares_cpus (const MigSimulation *self, guint host)
{
  const MigFleetHost *info = mig_fleet_host (self->fleet, host);
  return info->borrows_from == 0 && !(info->management_cpus > 0);
}

/* limit_of: which of a migration's threads works for this host. */
static guint
limit_of (const MigSimulation *self, guint migration, guint host)
{
  return self->migrations[migration].source == host ? MIG_LIMIT_SOURCE : MIG_LIMIT_DESTINATION;
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
      self->migrations[vm->migration].source != host || !shares_cpus (self, host))
    return;
  if (self->model->sched_entity == MIG_SCHED_ENTITY_THREADS)
    mig_cpu_scheduler_add_entity (&self->cpus, 1);
  add_thread (self, vm->migration, MIG_LIMIT_SOURCE, really);
}

/* add_threads: of a host's migrations, those with their guests left out where guests are there too.
 */
static void
add_threads (MigSimulation *self, guint index, gboolean with_guests, gboolean really)
{
  const MigSimHost *host = &self->hosts[index];
  gboolean domain = self->model->sched_entity == MIG_SCHED_ENTITY_MANAGEMENT;

  if (domain && host->migrations->len > 0)
    mig_cpu_scheduler_add_entity (&self->cpus, 1);
  for (guint i = 0; i < host->migrations->len; i++)
    {
      guint migration = g_array_index (host->migrations, guint, i);
      guint limit = limit_of (self, migration, index);
      if (limit == MIG_LIMIT_SOURCE && with_guests && !domain)
        continue;
      if (!domain)
        mig_cpu_scheduler_add_entity (&self->cpus, 1);
      add_thread (self, migration, limit, really);
    }
}

/* collect_entities: whom the host's CPUs are shared among now. really: threads with what they take;
 * else with what everything but this CPU would let them take. */
static void
collect_entities (MigSimulation *self, guint index, gboolean really)
{
  const MigSimHost *host = &self->hosts[index];
  guint borrower = mig_fleet_host_borrower (self->fleet, index);

  mig_cpu_scheduler_begin (&self->cpus);
  for (guint i = 0; i < host->vms->len; i++)
    add_guest (self, index, g_array_index (host->vms, guint, i), really);
  if (shares_cpus (self, index))
    add_threads (self, index, TRUE, really);
  if (borrower != MIG_NO_INDEX)
    add_threads (self, borrower, FALSE, really);
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

/* give_threads_all: of a host's migrations, where there are CPUs for all. */
static void
give_threads_all (MigSimulation *self, guint host)
{
  const GArray *migrations = self->hosts[host].migrations;

  for (guint i = 0; i < migrations->len; i++)
    {
      guint migration = g_array_index (migrations, guint, i);
      MigSimMigration *m = &self->migrations[migration];
      guint limit = limit_of (self, migration, host);
      if (m->work[limit] > 0)
        mig_rate_limits_set (self, m, limit, MIG_THREAD_CPUS / m->work[limit]);
    }
}

/* limit_threads: by what the CPUs let those get that were collected. */
static void
limit_threads (MigSimulation *self, double cpus)
{
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

/* share_management: CPUs that a host has for its migrations alone. */
static void
share_management (MigSimulation *self, guint host)
{
  double cpus = mig_fleet_host (self->fleet, host)->management_cpus;

  if (self->hosts[host].migrations->len * MIG_THREAD_CPUS <= ENOUGH * cpus)
    {
      give_threads_all (self, host);
      return;
    }
  mig_cpu_scheduler_begin (&self->cpus);
  add_threads (self, host, FALSE, FALSE);
  limit_threads (self, cpus);
}

/* sharers: the hosts whose migrations use a host's CPUs beside its guests: itself and the one that
 * borrows them; their number. */
static guint
sharers (const MigSimulation *self, guint host, guint hosts[2])
{
  guint borrower = mig_fleet_host_borrower (self->fleet, host), n = 0;

  if (shares_cpus (self, host))
    hosts[n++] = host;
  if (borrower != MIG_NO_INDEX)
    hosts[n++] = borrower;
  return n;
}

void
mig_cpu_rates_share (MigSimulation *self, guint host)
{
  const MigFleetHost *info = mig_fleet_host (self->fleet, host);
  guint hosts[2], n = sharers (self, host, hosts), threads = 0;

  if (info->management_cpus > 0 && info->borrows_from == 0)
    share_management (self, host);
  for (guint i = 0; i < n; i++)
    threads += self->hosts[hosts[i]].migrations->len;
  if (threads == 0)
    return;
  if (demand_of (self, host) + threads * MIG_THREAD_CPUS <= ENOUGH * info->cpus)
    {
      for (guint i = 0; i < n; i++)
        give_threads_all (self, hosts[i]);
      return;
    }
  collect_entities (self, host, FALSE);
  limit_threads (self, info->cpus);
}

/* taken_by: CPUs that a host's migrations really take. */
static double
taken_by (const MigSimulation *self, guint host)
{
  const GArray *migrations = self->hosts[host].migrations;
  double sum = 0;

  for (guint i = 0; i < migrations->len; i++)
    {
      guint migration = g_array_index (migrations, guint, i);
      const MigSimMigration *m = &self->migrations[migration];
      guint limit = limit_of (self, migration, host);
      sum += m->work[limit] > 0 ? fmin (m->work[limit] * m->rate, MIG_THREAD_CPUS) : 0;
    }
  return sum;
}

/* taken_by_threads: the same of its CPUs. */
static double
taken_by_threads (const MigSimulation *self, guint host)
{
  guint hosts[2], n = sharers (self, host, hosts);
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += taken_by (self, hosts[i]);
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
