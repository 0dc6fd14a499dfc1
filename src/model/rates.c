/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/internal.h"

/* A relative change below this is not propagated to the other host. */
#define TOLERANCE 1e-9
/* Each host is shared at most so often for one event: far more than it ever took. */
#define VISITS_MAX 64

static void
advance_vm (MigSimulation *self, MigSimVm *vm)
{
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
  for (guint i = 0; i < host->vms->len; i++)
    advance_vm (self, &self->vms[g_array_index (host->vms, guint, i)]);
}

double
mig_rates_limit_without (const MigSimulation *self, const MigSimMigration *m, guint without)
{
  double limit = mig_phase_sends (m->phase) ? self->model->cap_bytes_per_s : INFINITY;

  for (guint i = 0; i < MIG_N_LIMITS; i++)
    if (i != without)
      limit = fmin (limit, m->limits[i]);
  return limit;
}

/* set_limit: what a resource gives a migration, were it to take all it can get; the other host
 * hears of it where it has changed. */
static void
set_limit (MigSimulation *self, MigSimMigration *m, guint limit, double got)
{
  gboolean out = limit == MIG_LIMIT_SOURCE || limit == MIG_LIMIT_OUT;
  guint ends[] = { out ? m->move->to : m->source, out ? m->source : m->move->to };

  if (fabs (got - m->limits[limit]) <= TOLERANCE * got)
    return;
  m->limits[limit] = got;
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (!self->hosts[ends[i]].queued)
      {
        self->hosts[ends[i]].queued = TRUE;
        g_queue_push_tail (&self->queue, GUINT_TO_POINTER (ends[i]));
      }
}

/* share_cpu: the threads' limits. */
static void
share_cpu (MigSimulation *self, guint host)
{
  double cpus = mig_fleet_host (self->fleet, host)->cpus;

  if (self->hosts[host].migrations->len == 0)
    return;
  mig_cpu_collect (self, host, FALSE);
  for (guint i = 0; i < self->members->len; i++)
    {
      const MigSimMember *member = &g_array_index (self->members, MigSimMember, i);
      if (member->vm != MIG_NO_INDEX)
        continue;
      MigSimMigration *m = &self->migrations[member->thread / MIG_N_LIMITS];
      guint limit = member->thread % MIG_N_LIMITS;
      set_limit (self, m, limit, mig_cpu_most (self, i, cpus) / m->work[limit]);
    }
}

/* share_link: the limits of all migrations in one direction. */
static void
share_link (MigSimulation *self, guint index, guint limit)
{
  const MigSimHost *host = &self->hosts[index];
  double capacity = mig_fleet_host (self->fleet, index)->link_bytes_per_s;
  g_autofree guint *which = g_new (guint, host->migrations->len);
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
      which[n++] = migration;
    }
  for (guint i = 0; i < n; i++)
    {
      MigFairShare *share = &g_array_index (self->shares, MigFairShare, i);
      double demand = share->demand;
      share->demand = capacity;
      double level = mig_fair_share_level ((const MigFairShare *) (gpointer) self->shares->data, n,
                                           capacity);
      set_limit (self, &self->migrations[which[i]], limit, fmin (capacity, level));
      share->demand = demand;
    }
}

/* share_guests: the guests' CPUs, beside what the threads really take. */
static void
share_guests (MigSimulation *self, guint index)
{
  const MigSimHost *host = &self->hosts[index];

  for (guint i = 0; i < host->vms->len; i++)
    self->vms[g_array_index (host->vms, guint, i)].share = 0;
  mig_cpu_collect (self, index, TRUE);
  double level = mig_cpu_level (self, mig_fleet_host (self->fleet, index)->cpus);
  for (guint i = 0; i < self->members->len; i++)
    {
      guint vm = g_array_index (self->members, MigSimMember, i).vm;
      if (vm != MIG_NO_INDEX)
        self->vms[vm].share = mig_cpu_got (self, i, level);
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
  m->rate = fmin (mig_rates_limit_without (self, m, MIG_N_LIMITS), work);
  m->next_s = self->now_s + m->left / m->rate;
  mig_heap_move (self, index);
}

void
mig_rates_recompute (MigSimulation *self)
{
  guint visits = 0;

  for (guint i = 0; i < self->touched->len; i++)
    {
      guint host = g_array_index (self->touched, guint, i);
      self->hosts[host].queued = TRUE;
      g_queue_push_tail (&self->queue, GUINT_TO_POINTER (host));
    }
  while (!g_queue_is_empty (&self->queue))
    {
      guint host = GPOINTER_TO_UINT (g_queue_pop_head (&self->queue));
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
