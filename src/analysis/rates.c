/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "analysis/shares.h"
#include "analysis/simulation-private.h"

/* Relative change of a limit that the other host need not hear of. */
#define TOLERANCE 1e-9
/* Each host is shared at most so often for one event: far more than it ever took. */
#define VISITS_MAX 64
/* One thread sends, one receives. */
#define THREAD_CPUS 1

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

  if (mig_phase_sends (m->phase))
    m->left_bytes = fmax (0, m->left_bytes - m->rate * passed);
  if (m->phase == MIG_PHASE_ROUND && info->cpu > 0)
    m->dirtied_pages += passed * info->dirty_pages_per_s * vm->share / info->cpu;
  else if (m->phase == MIG_PHASE_ROUND)
    m->dirtied_pages += passed * info->dirty_pages_per_s;
  m->last_s = self->now_s;
}

void
mig_rates_touch (MigSimulation *self, guint index)
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

/* limit_without: what all but one resource would give. */
static double
limit_without (const MigSimulation *self, const MigSimMigration *m, guint without)
{
  double limit = self->model->cap_bytes_per_s;

  for (guint i = 0; i < MIG_N_LIMITS; i++)
    if (i != without)
      limit = fmin (limit, m->limits[i]);
  return limit;
}

static double
work_per_byte (const MigSimulation *self, guint limit)
{
  return limit == MIG_LIMIT_SOURCE        ? self->model->source_s_per_byte
         : limit == MIG_LIMIT_DESTINATION ? self->model->destination_s_per_byte
                                          : 1;
}

/* add_vms: the guests' part in the host's CPU. */
static void
add_vms (MigSimulation *self, const MigSimHost *host)
{
  for (guint i = 0; i < host->vms->len; i++)
    {
      guint index = g_array_index (host->vms, guint, i);
      const MigFleetVm *info = mig_fleet_vm (self->fleet, index);
      MigShare share = { info->cpu, info->vcpus };
      if (!self->vms[index].paused && info->cpu > 0)
        g_array_append_val (self->shares, share);
    }
}

/* add_migrations: those that use one of the host's resources; which: their indexes. */
static guint
add_migrations (MigSimulation *self, guint host_index, const guint *limits, guint n_limits,
                guint *which)
{
  const MigSimHost *host = &self->hosts[host_index];
  guint n = 0;

  for (guint i = 0; i < host->migrations->len; i++)
    {
      guint index = g_array_index (host->migrations, guint, i);
      const MigSimMigration *m = &self->migrations[index];
      for (guint j = 0; j < n_limits && mig_phase_sends (m->phase); j++)
        {
          gboolean out = limits[j] == MIG_LIMIT_SOURCE || limits[j] == MIG_LIMIT_OUT;
          double work = work_per_byte (self, limits[j]);
          if ((out ? m->source : m->move->to) != host_index || work <= 0)
            continue;
          MigShare share = { work * limit_without (self, m, limits[j]), 1 };
          if (n_limits == 2) /* the CPU, both ways */
            share.demand = fmin (share.demand, THREAD_CPUS);
          g_array_append_val (self->shares, share);
          which[n++] = index * MIG_N_LIMITS + limits[j];
        }
    }
  return n;
}

/* set_limit: of one migration, were it to take all it can get; the other host hears of it where it
 * has changed. */
static void
set_limit (MigSimulation *self, guint at, guint which, double most, double capacity)
{
  MigShare *share = &g_array_index (self->shares, MigShare, at);
  MigSimMigration *m = &self->migrations[which / MIG_N_LIMITS];
  guint limit = which % MIG_N_LIMITS;
  double demand = share->demand;

  share->demand = most;
  double level = mig_shares_level ((const MigShare *) (gpointer) self->shares->data,
                                   self->shares->len, capacity);
  double got = fmin (most, level) / work_per_byte (self, limit);
  share->demand = demand;
  if (fabs (got - m->limits[limit]) <= TOLERANCE * got)
    return;
  gboolean out = limit == MIG_LIMIT_SOURCE || limit == MIG_LIMIT_OUT;
  guint ends[] = { out ? m->move->to : m->source, out ? m->source : m->move->to };
  m->limits[limit] = got;
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (!self->hosts[ends[i]].queued)
      {
        self->hosts[ends[i]].queued = TRUE;
        g_queue_push_tail (&self->queue, GUINT_TO_POINTER (ends[i]));
      }
}

/* share_resource: limits of all migrations that use one resource of a host. */
static void
share_resource (MigSimulation *self, guint host, const guint *limits, guint n_limits,
                double capacity, double most)
{
  guint n_migrations = self->hosts[host].migrations->len;

  if (n_migrations == 0)
    return;
  g_autofree guint *which = g_new (guint, 2 * n_migrations);
  g_array_set_size (self->shares, 0);
  if (n_limits == 2)
    add_vms (self, &self->hosts[host]);
  guint first = self->shares->len;
  guint n = add_migrations (self, host, limits, n_limits, which);
  for (guint i = 0; i < n; i++)
    set_limit (self, first + i, which[i], most, capacity);
}

/* share_cpu: among guests and what the migrations really take. */
static void
share_cpu (MigSimulation *self, guint index)
{
  MigSimHost *host = &self->hosts[index];
  const MigFleetHost *info = mig_fleet_host (self->fleet, index);

  g_array_set_size (self->shares, 0);
  add_vms (self, host);
  for (guint i = 0; i < host->migrations->len; i++)
    {
      const MigSimMigration *m =
          &self->migrations[g_array_index (host->migrations, guint, i)];
      guint limit = m->source == index ? MIG_LIMIT_SOURCE : MIG_LIMIT_DESTINATION;
      MigShare share = { m->rate * work_per_byte (self, limit), 1 };
      if (mig_phase_sends (m->phase))
        g_array_append_val (self->shares, share);
    }
  double level = mig_shares_level ((const MigShare *) (gpointer) self->shares->data,
                                   self->shares->len, info->cpus);
  for (guint i = 0; i < host->vms->len; i++)
    {
      guint vm = g_array_index (host->vms, guint, i);
      const MigFleetVm *demand = mig_fleet_vm (self->fleet, vm);
      self->vms[vm].share =
          self->vms[vm].paused ? 0 : fmin (demand->cpu, demand->vcpus * level);
    }
}

static void
set_rate (MigSimulation *self, guint index)
{
  MigSimMigration *m = &self->migrations[index];
  double work;

  if (!mig_phase_sends (m->phase))
    return;
  /* either thread waits for the other: a byte takes the sum of their times */
  work = 1 / (1 / m->limits[MIG_LIMIT_SOURCE] + 1 / m->limits[MIG_LIMIT_DESTINATION]);
  m->rate = fmin (limit_without (self, m, MIG_N_LIMITS), work);
  m->next_s = self->now_s + m->left_bytes / m->rate;
  mig_heap_move (self, index);
}

void
mig_rates_settle (MigSimulation *self)
{
  static const guint cpu[] = { MIG_LIMIT_SOURCE, MIG_LIMIT_DESTINATION };
  static const guint out[] = { MIG_LIMIT_OUT }, in[] = { MIG_LIMIT_IN };
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
      const MigFleetHost *info = mig_fleet_host (self->fleet, host);
      mig_rates_touch (self, host);
      self->hosts[host].queued = FALSE;
      if (visits++ >= VISITS_MAX * self->touched->len)
        continue;
      share_resource (self, host, cpu, 2, info->cpus, THREAD_CPUS);
      share_resource (self, host, out, 1, info->link_bytes_per_s, info->link_bytes_per_s);
      share_resource (self, host, in, 1, info->link_bytes_per_s, info->link_bytes_per_s);
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
      share_cpu (self, host);
      self->hosts[host].touched = FALSE;
    }
  g_array_set_size (self->touched, 0);
}
