/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/cpu-rates.h"
#include "model/fair-share.h"
#include "model/rate-limits.h"
#include "model/rates.h"
#include "model/uplink-rates.h"

/* Each host is shared at most so often for one event: far more than it ever took. */
#define VISITS_MAX 64

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

  mig_cpu_rates_advance_guest (self, vm);
  host->changed = TRUE;
  host->demand = NAN;
}

/* queue_paths: an event changed what passes the uplinks of a host's migrations. */
static void
queue_paths (MigSimulation *self, guint host)
{
  const GArray *migrations = self->hosts[host].migrations;

  for (guint i = 0; i < migrations->len && self->fleet->groups->len > 0; i++)
    mig_rate_limits_queue_path (self, &self->migrations[g_array_index (migrations, guint, i)],
                                MIG_UPLINKS_MAX);
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
      MigFairShare share = { mig_rate_limits_without (self, m, limit), 1 };
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
      mig_rate_limits_set (self, &self->migrations[senders[i]], limit, fmin (capacity, level));
      share->demand = demand;
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
  m->rate = fmin (mig_rate_limits_without (self, m, MIG_LIMIT_NONE), work);
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
      mig_rate_limits_queue_host (self, host);
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
      mig_cpu_rates_share (self, host);
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
      mig_cpu_rates_share_guests (self, host);
      self->hosts[host].touched = FALSE;
    }
  g_array_set_size (self->touched, 0);
}
