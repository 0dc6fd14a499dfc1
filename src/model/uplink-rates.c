/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/fair-share.h"
#include "model/rate-limits.h"
#include "model/uplink-rates.h"

static guint
slot_of (const MigSimMigration *m, guint uplink)
{
  guint slot = 0;

  while (m->uplinks[slot] != uplink)
    slot++;
  return slot;
}

static int
compare_demands (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *demands = data;
  double x = demands[*(const guint *) a], y = demands[*(const guint *) b];

  return (x > y) - (x < y);
}

/* set_uplink_limit: as set_limit(). */
static void
set_uplink_limit (MigSimulation *self, MigSimMigration *m, guint slot, double got)
{
  if (mig_rate_limits_are_same (m->uplink_limits[slot], got))
    return;
  m->uplink_limits[slot] = got;
  mig_rate_limits_queue_host (self, m->source);
  mig_rate_limits_queue_host (self, m->move->to);
  mig_rate_limits_queue_path (self, m, slot);
}

static MigSimMigration *
migration_through (MigSimulation *self, guint uplink, guint i)
{
  return &self->migrations[g_array_index (self->uplinks[uplink].migrations, guint, i)];
}

/* elsewhere: what a migration could get but for an uplink. */
static double
elsewhere (const MigSimulation *self, const MigSimMigration *m, guint uplink)
{
  return mig_rate_limits_without (self, m, MIG_N_LIMITS + slot_of (m, uplink));
}

/* ask_for_uplink: what all that send through it could take of it: demands, and order of them; the
 * sum of what they could get elsewhere. */
static double
ask_for_uplink (MigSimulation *self, guint uplink, double capacity)
{
  guint n = self->uplinks[uplink].migrations->len;
  double sum = 0;

  g_array_set_size (self->demands, 3 * n + 1);
  g_array_set_size (self->order, 0);
  for (guint i = 0; i < n; i++)
    {
      const MigSimMigration *m = migration_through (self, uplink, i);
      if (!mig_phase_sends (m->phase))
        continue;
      double demand = elsewhere (self, m, uplink);
      g_array_index (self->demands, double, i) = fmin (capacity, demand);
      g_array_append_val (self->order, i);
      sum += demand;
    }
  return sum;
}

void
mig_uplink_rates_share (MigSimulation *self, guint uplink)
{
  double capacity = mig_fleet_group (self->fleet, uplink / 2)->link_bytes_per_s, sum = 0;
  guint through = self->uplinks[uplink].migrations->len;
  gboolean enough = ask_for_uplink (self, uplink, capacity) <= capacity;
  double *demands = (double *) (gpointer) self->demands->data, *sorted = demands + through,
         *sums = sorted + through;

  self->uplinks[uplink].tight = FALSE;
  if (!enough)
    g_array_sort_with_data (self->order, compare_demands, demands);
  sums[0] = 0;
  for (guint i = 0; i < self->order->len; i++)
    {
      sorted[i] = demands[g_array_index (self->order, guint, i)];
      sums[i + 1] = sum += sorted[i];
    }
  for (guint i = 0; i < self->order->len; i++)
    {
      MigSimMigration *m = migration_through (self, uplink, g_array_index (self->order, guint, i));
      double most = enough ? INFINITY
                           : mig_fair_share_most (sorted, sums, self->order->len, i, capacity);
      gboolean limits = most < elsewhere (self, m, uplink);
      set_uplink_limit (self, m, slot_of (m, uplink), limits ? most : INFINITY);
      self->uplinks[uplink].tight = self->uplinks[uplink].tight || limits;
    }
}
