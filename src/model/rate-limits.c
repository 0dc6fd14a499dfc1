/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/rate-limits.h"

/* A relative change below this is not propagated to the other host. */
#define LIMIT_TOLERANCE_RATIO 1e-9

double
mig_rate_limits_without (const MigSimulation *self, const MigSimMigration *m, guint without)
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

static void
queue_host (MigSimulation *self, guint host)
{
  if (!self->hosts[host].queued)
    {
      self->hosts[host].queued = TRUE;
      g_queue_push_tail (&self->queue, GUINT_TO_POINTER (host));
    }
}

void
mig_rate_limits_queue_host (MigSimulation *self, guint host)
{
  guint lender = mig_fleet_host (self->fleet, host)->borrows_from;

  queue_host (self, host);
  if (lender > 0)
    queue_host (self, lender - 1);
}

/* Uplinks stand in the queue behind all hosts. One with room for whatever may come need not be
 * shared. */
void
mig_rate_limits_queue_uplink (MigSimulation *self, guint uplink)
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
mig_rate_limits_queue_path (MigSimulation *self, const MigSimMigration *m, guint but)
{
  for (guint i = 0; i < m->n_uplinks; i++)
    if (i != but)
      mig_rate_limits_queue_uplink (self, m->uplinks[i]);
}

gboolean
mig_rate_limits_are_same (double before, double now)
{
  return before == now || (isfinite (now) && fabs (now - before) <= LIMIT_TOLERANCE_RATIO * now);
}

void
mig_rate_limits_set (MigSimulation *self, MigSimMigration *m, guint limit, double got)
{
  gboolean out = limit == MIG_LIMIT_SOURCE || limit == MIG_LIMIT_OUT;
  guint ends[] = { out ? m->move->to : m->source, out ? m->source : m->move->to };

  if (mig_rate_limits_are_same (m->limits[limit], got))
    return;
  m->limits[limit] = got;
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    mig_rate_limits_queue_host (self, ends[i]);
  mig_rate_limits_queue_path (self, m, MIG_UPLINKS_MAX);
}
