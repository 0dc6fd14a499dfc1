/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "model/departures.h"
#include "model/fair-share.h"
#include "model/migration-phases.h"
#include "model/cpu-rates.h"
#include "model/rates.h"

/* use: what a run changes of a host is undone before the next. */
static void
use (MigSimulation *self, guint host)
{
  guint lender = mig_fleet_host (self->fleet, host)->borrows_from;

  if (self->hosts[host].used)
    return;
  self->hosts[host].used = TRUE;
  g_array_append_val (self->used, host);
  if (lender > 0)
    use (self, lender - 1);
}

static void
prepare_migrations (MigSimulation *self, const MigMove *moves, guint n)
{
  if (n > self->n_allocated)
    {
      self->migrations = g_renew (MigSimMigration, self->migrations, n);
      self->n_allocated = n;
    }
  self->n = n;
  mig_event_heap_reset (&self->heap, n);
  if (n > 0)
    memset (self->migrations, 0, n * sizeof *self->migrations);
  for (guint i = 0; i < n; i++)
    {
      MigSimMigration *m = &self->migrations[i];
      m->move = &moves[i];
      MigSimVm *vm = &self->vms[moves[i].vm];
      /* a VM that moves twice: from where it went first */
      m->source = vm->migration == MIG_NO_INDEX ? vm->host : moves[vm->migration].to;
      m->converges = TRUE;
      vm->migration = i;
      g_array_append_val (self->hosts[m->source].moves, i);
      use (self, m->source);
      use (self, moves[i].to);
    }
}

static void
prepare_waits (MigSimulation *self)
{
  for (guint i = 0; i < self->n; i++)
    self->vms[self->migrations[i].move->vm].migration = MIG_NO_INDEX;
  for (guint i = 0; self->waits && i < self->waits->len; i++)
    self->migrations[g_array_index (self->waits, MigWait, i).move].waits++;
}

static void
reset_host (MigSimulation *self, guint index)
{
  MigSimHost *host = &self->hosts[index];

  g_array_set_size (host->vms, 0);
  g_array_set_size (host->migrations, 0);
  g_array_set_size (host->moves, 0);
  g_queue_clear (&host->waiting);
  host->group = host->left = host->next = 0;
  host->demand = NAN;
  host->changed = TRUE;
  host->used = FALSE;
  mig_rates_invalidate (self, index);
}

static void
place (MigSimulation *self, guint index, guint host)
{
  MigSimVm *vm = &self->vms[index];

  vm->host = host;
  vm->migration = MIG_NO_INDEX;
  vm->paused = FALSE;
  vm->lost_s = vm->last_s = 0;
  g_array_append_val (self->hosts[host].vms, index);
}

/* send_home: the hosts that the last run changed get their VMs back. */
static void
send_home (MigSimulation *self)
{
  for (guint i = 0; i < self->used->len; i++)
    {
      guint host = g_array_index (self->used, guint, i);
      reset_host (self, host);
      for (guint j = self->first_resident[host]; j < self->first_resident[host + 1]; j++)
        place (self, self->residents[j], host);
    }
}

static void
place_all (MigSimulation *self, const guint *places)
{
  for (guint i = 0; i < self->fleet->hosts->len; i++)
    reset_host (self, i);
  for (guint i = 0; i < self->fleet->vms->len; i++)
    place (self, i, places ? places[i] : mig_fleet_vm (self->fleet, i)->host);
}

static void
prepare (MigSimulation *self, const guint *places)
{
  self->now_s = 0;
  mig_event_heap_reset (&self->heap, 0);
  for (guint i = 0; i < 2 * self->fleet->groups->len; i++)
    {
      g_array_set_size (self->uplinks[i].migrations, 0);
      self->uplinks[i].most = 0;
      self->uplinks[i].tight = FALSE;
    }
  if (self->at_home && !places)
    send_home (self);
  else
    place_all (self, places);
  g_array_set_size (self->used, 0);
  self->at_home = places == NULL;
  mig_rates_recompute (self);
}

MigSimulation *
mig_simulation_new (const MigModel *model, const MigFleet *fleet)
{
  MigSimulation *self = g_new0 (MigSimulation, 1);

  self->model = model;
  self->fleet = fleet;
  self->hosts = g_new0 (MigSimHost, fleet->hosts->len);
  self->vms = g_new0 (MigSimVm, fleet->vms->len);
  self->uplinks = g_new0 (MigSimUplink, 2 * fleet->groups->len);
  for (guint i = 0; i < 2 * fleet->groups->len; i++)
    self->uplinks[i].migrations = g_array_new (FALSE, FALSE, sizeof (guint));
  self->demands = g_array_new (FALSE, FALSE, sizeof (double));
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
  self->touched = g_array_new (FALSE, FALSE, sizeof (guint));
  mig_event_heap_init (&self->heap);
  self->shares = g_array_new (FALSE, FALSE, sizeof (MigFairShare));
  mig_cpu_scheduler_init (&self->cpus);
  g_queue_init (&self->queue);
  self->used = g_array_new (FALSE, FALSE, sizeof (guint));
  mig_fleet_by_host (fleet, &self->first_resident, &self->residents);
  for (guint i = 0; i < fleet->hosts->len; i++)
    {
      self->hosts[i].vms = g_array_new (FALSE, FALSE, sizeof (guint));
      self->hosts[i].migrations = g_array_new (FALSE, FALSE, sizeof (guint));
      self->hosts[i].moves = g_array_new (FALSE, FALSE, sizeof (guint));
      g_queue_init (&self->hosts[i].waiting);
    }
  prepare (self, NULL);
  for (guint i = 0; i < fleet->vms->len; i++)
    self->vms[i].before_share = self->vms[i].share;
  return self;
}

void
mig_simulation_waits (MigSimulation *self, const GArray *waits)
{
  self->waits = waits;
}

void
mig_simulation_choose (MigSimulation *self, MigSimulationChooser chooser)
{
  self->chooser = chooser;
}

void
mig_simulation_start (MigSimulation *self, guint move)
{
  mig_departures_start (self, move);
}

void
mig_simulation_trace (MigSimulation *self, GArray *rounds)
{
  self->trace = rounds;
}

double
mig_simulation_lost (const MigSimulation *self, guint vm)
{
  return self->vms[vm].lost_s;
}

double
mig_simulation_lost_rate (const MigSimulation *self)
{
  double rate = 0;

  for (guint i = 0; i < self->fleet->vms->len; i++)
    if (self->vms[i].before_share > 0)
      rate += 1 - self->vms[i].share / self->vms[i].before_share;
  return rate;
}

double
mig_simulation_share (const MigSimulation *self, guint vm)
{
  return self->vms[vm].before_share;
}

static double
lost_by (MigSimulation *self, guint vm)
{
  mig_cpu_rates_advance_guest (self, vm);
  return self->vms[vm].lost_s;
}

/* lost_by_all: up to the end; those on hosts that nothing moved from or to lose nothing where they
 * are at home. */
static double
lost_by_all (MigSimulation *self)
{
  double lost_s = 0;

  for (guint i = 0; i < self->fleet->vms->len && !self->at_home; i++)
    lost_s += lost_by (self, i);
  for (guint i = 0; i < self->used->len && self->at_home; i++)
    {
      const GArray *vms = self->hosts[g_array_index (self->used, guint, i)].vms;
      for (guint j = 0; j < vms->len; j++)
        lost_s += lost_by (self, g_array_index (vms, guint, j));
    }
  return lost_s;
}

static void
sum_up (MigSimulation *self, MigMoveCost *costs, MigPlanCost *sum)
{
  *sum = (MigPlanCost){ .time_s = self->now_s, .lost_s = lost_by_all (self) };
  sum->lost_staying_s = sum->lost_s;
  for (guint i = 0; i < self->n; i++)
    {
      const MigSimMigration *m = &self->migrations[i];
      double lost = self->vms[m->move->vm].lost_s;
      sum->migration_s += m->end_s - m->start_s;
      sum->downtime_s += m->downtime_s;
      sum->worst_downtime_s = fmax (sum->worst_downtime_s, m->downtime_s);
      sum->lost_staying_s -= lost;
      sum->not_converging += !m->converges;
      if (costs)
        costs[i] = (MigMoveCost){ m->start_s, m->end_s,  m->downtime_s, m->sent_bytes,
                                  lost,       m->rounds, m->converges,  m->disk_s };
    }
}

void
mig_simulation_run (MigSimulation *self, const guint *places, const MigMove *moves, guint n,
                    MigMoveCost *costs, MigPlanCost *sum)
{
  prepare (self, places);
  prepare_migrations (self, moves, n);
  prepare_waits (self);
  mig_departures_first (self);
  mig_rates_recompute (self);
  while (!mig_event_heap_is_empty (&self->heap))
    {
      guint index = mig_event_heap_first (&self->heap);
      MigSimMigration *m = &self->migrations[index];
      self->now_s = m->next_s;
      if (mig_migration_phases_step (self, m))
        mig_departures_ended (self, index);
      mig_rates_recompute (self);
    }
  sum_up (self, costs, sum);
}

void
mig_simulation_free (MigSimulation *self)
{
  for (guint i = 0; i < self->fleet->hosts->len; i++)
    {
      g_array_unref (self->hosts[i].vms);
      g_array_unref (self->hosts[i].migrations);
      g_array_unref (self->hosts[i].moves);
      g_queue_clear (&self->hosts[i].waiting);
    }
  for (guint i = 0; i < 2 * self->fleet->groups->len; i++)
    g_array_unref (self->uplinks[i].migrations);
  g_free (self->uplinks);
  g_array_unref (self->demands);
  g_array_unref (self->order);
  g_queue_clear (&self->queue);
  g_array_unref (self->touched);
  g_array_unref (self->used);
  g_free (self->first_resident);
  g_free (self->residents);
  mig_event_heap_clear (&self->heap);
  g_array_unref (self->shares);
  mig_cpu_scheduler_clear (&self->cpus);
  g_free (self->hosts);
  g_free (self->vms);
  g_free (self->migrations);
  g_free (self);
}
