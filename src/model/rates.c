/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/fair-share.h"
#include "model/rates.h"
#include "model/uplink-rates.h"

/* A relative change below this is not propagated to the other host. */
#define LIMIT_TOLERANCE_RATIO 1e-9
/* Each host is shared at most so often for one event: far more than it ever took. */
#define VISITS_MAX 64
/* Of a host's CPUs: where no more is wanted, everybody gets what he wants, whatever rounding does.
 */
#define ENOUGH (1 - 1e-9)

void
mig_rates_advance_guest (MigSimulation *self, guint index)
{
  MigSimVm *vm = &self->vms[index];
  double passed = self->now_s - vm->last_s;

  if (vm->before_share > 0)
    vm->lost_s += passed * (1 - (vm->paused ? 0 : vm->share) / vm->before_share);
  vm->last_s = self->now_s;
}

static void
advance_migration (MigSimulation *self, MigSimMigration *m)
{
  const MigFleetVm *info = mig_fleet_vm (self->fleet, m->move->vm);
  const MigSimVm *vm = &self->vms[m->move->vm];
  double passed = self->now_s - m->last_s;

  if (mig_phase_works (m->phase))
    m->left = fmax (0, m->left - m->rate * passed);
  if (m->phase == MIG_PHASE_ROUND && info->cpu > 0)
    m->dirtied_pages += passed * info->dirty_pages_per_s * vm->share / info->cpu;
  else if (m->phase == MIG_PHASE_ROUND)
    m->dirtied_pages += passed * info->dirty_pages_per_s;
  m->last_s = self->now_s;
}

void
mig_rates_invalidate (MigSimulation *self, guint index)
{
  MigSimHost *host = &self->hosts[index];

  if (host->touched)
    return;
  host->touched = TRUE;
  g_array_append_val (self->touched, index);
  for (guint i = 0; i < host->migrations->len; i++)
    advance_migration (self, &self->migrations[g_array_index (host->migrations, guint, i)]);
}

void
mig_rates_change_guest (MigSimulation *self, guint vm)
{
  MigSimHost *host = &self->hosts[self->vms[vm].host];

  mig_rates_advance_guest (self, vm);
  host->changed = TRUE;
  host->demand = NAN;
}

double
mig_rates_limit_without (const MigSimulation *self, const MigSimMigration *m, guint without)
{
  double limit = mig_phase_sends (m->phase) ? self->model->cap_bytes_per_s : INFINITY;

  for (guint i = 0; i < MIG_N_LIMITS; i++)
    if (i != without)
      limit = fmin (limit, m->limits[i]);
  for (guint i = 0; i < m->n_uplinks && mig_phase_sends (m->phase); i++)
    if (i + MIG_N_LIMITS != without)
      limit = fmin (limit, m->uplink_limits[i]);
  return limit;
}

void
mig_rates_queue_host (MigSimulation *self, guint host)
{
  if (!self->hosts[host].queued)
    {
      self->hosts[host].queued = TRUE;
      g_queue_push_tail (&self->queue, GUINT_TO_POINTER (host));
    }
}

/* Uplinks stand in the queue behind all hosts. One with room for whatever may come need not be
 * shared. */
void
mig_rates_queue_uplink (MigSimulation *self, guint uplink)
{
  double capacity = mig_fleet_group (self->fleet, uplink / 2)->link_bytes_per_s;
  gboolean roomy = self->uplinks[uplink].most <= capacity * (1 + LIMIT_TOLERANCE_RATIO);

  if (!self->uplinks[uplink].queued && (!roomy || self->uplinks[uplink].tight))
    {
      self->uplinks[uplink].queued = TRUE;
      g_queue_push_tail (&self->queue, GUINT_TO_POINTER (self->fleet->hosts->len + uplink));
    }
}

void
mig_rates_queue_path (MigSimulation *self, const MigSimMigration *m, guint but)
{
  for (guint i = 0; i < m->n_uplinks; i++)
    if (i != but)
      mig_rates_queue_uplink (self, m->uplinks[i]);
}

gboolean
mig_rates_are_same (double before, double now)
{
  return before == now || (isfinite (now) && fabs (now - before) <= LIMIT_TOLERANCE_RATIO * now);
}

/* set_limit: what a resource gives a migration, were it to take all it can get; the other host
 * hears of it where it has changed. */
static void
set_limit (MigSimulation *self, MigSimMigration *m, guint limit, double got)
{
  gboolean out = limit == MIG_LIMIT_SOURCE || limit == MIG_LIMIT_OUT;
  guint ends[] = { out ? m->move->to : m->source, out ? m->source : m->move->to };

  if (mig_rates_are_same (m->limits[limit], got))
    return;
  m->limits[limit] = got;
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    mig_rates_queue_host (self, ends[i]);
  mig_rates_queue_path (self, m, MIG_UPLINKS_MAX);
}

/* queue_paths: an event changed what passes the uplinks of a host's migrations. */
static void
queue_paths (MigSimulation *self, guint host)
{
  const GArray *migrations = self->hosts[host].migrations;

  for (guint i = 0; i < migrations->len && self->fleet->groups->len > 0; i++)
    mig_rates_queue_path (self, &self->migrations[g_array_index (migrations, guint, i)],
                          MIG_UPLINKS_MAX);
}

/* --- CPUs and links --- */

/* add_thread: of a migration, if it works on this host now. */
static void
add_thread (MigSimulation *self, guint index, guint limit, gboolean really)
{
  const MigSimMigration *m = &self->migrations[index];
  double rate = really ? m->rate : mig_rates_limit_without (self, m, limit);

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
        set_limit (self, m, limit, MIG_THREAD_CPUS / m->work[limit]);
    }
}

/* share_cpu: the threads' limits. */
static void
share_cpu (MigSimulation *self, guint host)
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
      set_limit (self, m, limit,
                 mig_cpu_scheduler_most (&self->cpus, i, MIG_THREAD_CPUS, cpus) / m->work[limit]);
    }
}

/* share_link: the limits of all migrations in one direction. */
static void
share_link (MigSimulation *self, guint index, guint limit)
{
  const MigSimHost *host = &self->hosts[index];
  double capacity = mig_fleet_host (self->fleet, index)->link_bytes_per_s;
  g_autofree guint *senders = g_new (guint, host->migrations->len);
  guint n = 0;

  g_array_set_size (self->shares, 0);
  for (guint i = 0; i < host->migrations->len; i++)
    {
      guint migration = g_array_index (host->migrations, guint, i);
      const MigSimMigration *m = &self->migrations[migration];
      MigFairShare share = { mig_rates_limit_without (self, m, limit), 1 };
      if ((limit == MIG_LIMIT_OUT ? m->source : m->move->to) != index ||
          !mig_phase_sends (m->phase))
        continue;
      g_array_append_val (self->shares, share);
      senders[n++] = migration;
    }
  for (guint i = 0; i < n; i++)
    {
      MigFairShare *share = &g_array_index (self->shares, MigFairShare, i);
      double demand = share->demand;
      share->demand = capacity;
      double level = mig_fair_share_level ((const MigFairShare *) (gpointer) self->shares->data, n,
                                           capacity);
      set_limit (self, &self->migrations[senders[i]], limit, fmin (capacity, level));
      share->demand = demand;
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

/* share_guests: the guests' CPUs, beside what the threads really take. Where everybody had enough
 * and still has, nothing changes. */
static void
share_guests (MigSimulation *self, guint index)
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
      mig_rates_advance_guest (self, vm);
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

static void
set_rate (MigSimulation *self, guint index)
{
  MigSimMigration *m = &self->migrations[index];
  double work;

  if (!mig_phase_works (m->phase))
    return;
  /* either thread waits for the other: a byte takes the sum of their times */
  work = 1 / (1 / m->limits[MIG_LIMIT_SOURCE] + 1 / m->limits[MIG_LIMIT_DESTINATION]);
  m->rate = fmin (mig_rates_limit_without (self, m, MIG_LIMIT_NONE), work);
  m->next_s = self->now_s + m->left / m->rate;
  mig_event_heap_move (&self->heap, index, m->next_s);
}

void
mig_rates_recompute (MigSimulation *self)
{
  guint visits = 0;

  for (guint i = 0; i < self->touched->len; i++)
    {
      guint host = g_array_index (self->touched, guint, i);
      mig_rates_queue_host (self, host);
      queue_paths (self, host);
    }
  while (!g_queue_is_empty (&self->queue))
    {
      guint host = GPOINTER_TO_UINT (g_queue_pop_head (&self->queue));
      if (host >= self->fleet->hosts->len)
        {
          self->uplinks[host - self->fleet->hosts->len].queued = FALSE;
          if (visits++ < VISITS_MAX * (self->touched->len + 1))
            mig_uplink_rates_share (self, host - self->fleet->hosts->len);
          continue;
        }
      mig_rates_invalidate (self, host);
      self->hosts[host].queued = FALSE;
      if (visits++ >= VISITS_MAX * self->touched->len)
        continue;
      share_cpu (self, host);
      share_link (self, host, MIG_LIMIT_OUT);
      share_link (self, host, MIG_LIMIT_IN);
    }
  for (guint i = 0; i < self->touched->len; i++)
    {
      const MigSimHost *host = &self->hosts[g_array_index (self->touched, guint, i)];
      for (guint j = 0; j < host->migrations->len; j++)
        set_rate (self, g_array_index (host->migrations, guint, j));
    }
  for (guint i = 0; i < self->touched->len; i++)
    {
      guint host = g_array_index (self->touched, guint, i);
      share_guests (self, host);
      self->hosts[host].touched = FALSE;
    }
  g_array_set_size (self->touched, 0);
}
