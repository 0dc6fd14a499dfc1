/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/migration-phases.h"
#include "model/rate-limits.h"
#include "model/rates.h"

/* Live rounds after which a migration that its stop rule does not end is cut off. */
#define ROUNDS_MAX 500

/* enter: the next phase, of a known length; INFINITY: mig_rates_recompute() will say, by what it
 * takes of each CPU and of the link for each unit of what is left. */
static void
enter (MigSimulation *self, MigSimMigration *m, MigPhase phase, double length_s,
       const double work[MIG_N_LIMITS])
{
  gboolean same = phase == m->phase;

  for (guint i = 0; i < MIG_N_LIMITS; i++)
    same = same && work[i] == m->work[i];
  for (guint i = 0; i < MIG_N_LIMITS; i++)
    {
      m->work[i] = work[i];
      if (!same)
        m->limits[i] = INFINITY;
    }
  m->phase = phase;
  m->last_s = self->now_s;
  m->next_s = self->now_s + length_s;
  mig_event_heap_move (&self->heap, m - self->migrations, m->next_s);
}

static void
touch_both (MigSimulation *self, const MigSimMigration *m)
{
  mig_rates_invalidate (self, m->source);
  mig_rates_invalidate (self, m->move->to);
}

/* begin_sending: pages, and constant pages spread among them, which take CPUs only. */
static void
begin_sending (MigSimulation *self, MigSimMigration *m, MigPhase phase, double pages,
               double constant)
{
  const MigModel *model = self->model;

  m->round_s = self->now_s;
  m->round_pages = pages + constant;
  m->left = pages * MIG_PAGE_BYTES;
  m->dirtied_pages = 0;
  double share = constant > 0 ? constant / m->left : 0;
  const double work[MIG_N_LIMITS] = {
    [MIG_LIMIT_SOURCE] = model->source_s_per_byte + share * model->source_s_per_constant,
    [MIG_LIMIT_DESTINATION] = model->destination_s_per_byte +
                              share * model->destination_s_per_constant,
    [MIG_LIMIT_OUT] = 1,
    [MIG_LIMIT_IN] = 1,
  };
  enter (self, m, phase, INFINITY, work);
}

/* begin_disks: their bytes, once. */
static void
begin_disks (MigSimulation *self, MigSimMigration *m, double bytes)
{
  const double work[MIG_N_LIMITS] = {
    [MIG_LIMIT_SOURCE] = self->model->source_s_per_disk_byte,
    [MIG_LIMIT_DESTINATION] = self->model->destination_s_per_disk_byte,
    [MIG_LIMIT_OUT] = 1,
    [MIG_LIMIT_IN] = 1,
  };

  m->round_s = self->now_s;
  m->left = bytes;
  enter (self, m, MIG_PHASE_DISKS, INFINITY, work);
}

/* begin_first_round: all memory; one page at least is not constant. */
static void
begin_first_round (MigSimulation *self, MigSimMigration *m)
{
  const MigFleetVm *vm = mig_fleet_vm (self->fleet, m->move->vm);
  double used = fmax (1, vm->used_bytes / MIG_PAGE_BYTES);

  begin_sending (self, m, MIG_PHASE_ROUND, used,
                 fmax (0, vm->memory_bytes / MIG_PAGE_BYTES - used));
  m->sent_bytes = vm->used_bytes - vm->memory_bytes;
}

/* begin_copying: what is sent first. */
static void
begin_copying (MigSimulation *self, MigSimMigration *m)
{
  double disks = mig_model_disk_bytes (self->model, mig_fleet_vm (self->fleet, m->move->vm));

  if (disks > 0)
    begin_disks (self, m, disks);
  else
    begin_first_round (self, m);
}

static void
end_disks (MigSimulation *self, MigSimMigration *m)
{
  m->disk_s = self->now_s - m->round_s;
  begin_first_round (self, m);
}

/* begin_work: of so many seconds of a CPU of the destination. */
static void
begin_work (MigSimulation *self, MigSimMigration *m, MigPhase phase, double cpu_s)
{
  static const double work[MIG_N_LIMITS] = { [MIG_LIMIT_DESTINATION] = 1 };

  m->left = cpu_s;
  enter (self, m, phase, INFINITY, work);
}

/* trace_round: it is over; asked before it is counted. */
static void
trace_round (const MigSimulation *self, const MigSimMigration *m)
{
  gboolean stopped = m->phase == MIG_PHASE_STOPPED;
  double bytes = m->rounds == 0 ? mig_fleet_vm (self->fleet, m->move->vm)->used_bytes
                                : m->round_pages * MIG_PAGE_BYTES;
  MigRoundCost cost = {
    (guint) (m - self->migrations), m->rounds + 1, m->round_s, self->now_s, bytes, stopped
  };

  if (self->trace)
    g_array_append_val (self->trace, cost);
}

/* stop_now: the stop rule, asked when a round is over and pages are left. */
static gboolean
stop_now (const MigSimulation *self, const MigSimMigration *m, double pages)
{
  const MigModel *model = self->model;
  const MigFleetVm *vm = mig_fleet_vm (self->fleet, m->move->vm);

  return pages < fmax (model->min_pages, 1) ||
         (model->max_rounds > 0 && m->rounds >= model->max_rounds) ||
         (model->max_ram > 0 &&
          m->sent_pages > model->max_ram * vm->memory_bytes / MIG_PAGE_BYTES) ||
         (model->downtime_limit_s > 0 &&
          pages * MIG_PAGE_BYTES <= model->downtime_limit_s * m->rate);
}

static void
end_round (MigSimulation *self, MigSimMigration *m)
{
  const MigFleetVm *vm = mig_fleet_vm (self->fleet, m->move->vm);
  double pages = fmin (m->dirtied_pages, vm->wss_bytes / MIG_PAGE_BYTES);

  trace_round (self, m);
  m->rounds++;
  m->sent_pages += m->round_pages;
  m->sent_bytes += m->round_pages * MIG_PAGE_BYTES;
  m->converges = m->rounds < ROUNDS_MAX;
  if (m->converges && !stop_now (self, m, pages))
    {
      begin_sending (self, m, MIG_PHASE_ROUND, pages, 0);
      return;
    }
  mig_rates_change_guest (self, m->move->vm);
  self->vms[m->move->vm].paused = TRUE;
  m->stopped_s = self->now_s;
  begin_sending (self, m, MIG_PHASE_STOPPED, pages, 0);
}

static void
switch_over (MigSimulation *self, MigSimMigration *m)
{
  trace_round (self, m);
  m->sent_bytes += m->round_pages * MIG_PAGE_BYTES;
  begin_work (self, m, MIG_PHASE_SWITCH, self->model->switch_s);
}

static void
resume (MigSimulation *self, MigSimMigration *m)
{
  static const double no_work[MIG_N_LIMITS] = { 0 };
  guint vm = m->move->vm;

  m->downtime_s = self->now_s - m->stopped_s;
  mig_rates_change_guest (self, vm);
  mig_sim_remove_index (self->hosts[m->source].vms, vm);
  g_array_append_val (self->hosts[m->move->to].vms, vm);
  self->vms[vm].host = m->move->to;
  self->vms[vm].paused = FALSE;
  mig_rates_change_guest (self, vm);
  enter (self, m, MIG_PHASE_END, self->model->end_s, no_work);
}

/* --- from the beginning to the end --- */

/* fastest: bytes/s that it never exceeds. */
static double
fastest (const MigSimulation *self, const MigSimMigration *m)
{
  const MigFleetHost *source = mig_fleet_host (self->fleet, m->source),
                     *target = mig_fleet_host (self->fleet, m->move->to);
  double memory = mig_model_fastest (self->model, source, target);

  return mig_model_disk_bytes (self->model, mig_fleet_vm (self->fleet, m->move->vm)) > 0
             ? fmax (memory, mig_model_fastest_disk (self->model, source, target))
             : memory;
}

/* join_path: the migration passes its uplinks from now on. */
static void
join_path (MigSimulation *self, MigSimMigration *m)
{
  if (self->fleet->groups->len == 0)
    return;
  m->n_uplinks = mig_fleet_path (self->fleet, m->source, m->move->to, m->uplinks);
  m->fastest = fastest (self, m);
  for (guint i = 0; i < m->n_uplinks; i++)
    {
      guint index = m - self->migrations;
      m->uplink_limits[i] = INFINITY;
      g_array_append_val (self->uplinks[m->uplinks[i]].migrations, index);
      self->uplinks[m->uplinks[i]].most += m->fastest;
    }
}

static void
leave_path (MigSimulation *self, MigSimMigration *m)
{
  for (guint i = 0; i < m->n_uplinks; i++)
    {
      MigSimUplink *uplink = &self->uplinks[m->uplinks[i]];
      mig_sim_remove_index (uplink->migrations, m - self->migrations);
      uplink->most = uplink->migrations->len > 0 ? uplink->most - m->fastest : 0;
      mig_rate_limits_queue_uplink (self, m->uplinks[i]);
    }
  m->n_uplinks = 0;
}

void
mig_migration_phases_begin (MigSimulation *self, MigSimMigration *m)
{
  guint index = m - self->migrations;

  touch_both (self, m);
  g_array_append_val (self->hosts[m->source].migrations, index);
  g_array_append_val (self->hosts[m->move->to].migrations, index);
  m->start_s = self->now_s;
  self->vms[m->move->vm].migration = index;
  join_path (self, m);
  mig_event_heap_add (&self->heap, index, m->next_s);
  begin_work (self, m, MIG_PHASE_SETUP, self->model->setup_s);
}

static void
finish (MigSimulation *self, MigSimMigration *m)
{
  guint index = m - self->migrations;

  m->phase = MIG_PHASE_OVER;
  m->end_s = self->now_s;
  mig_event_heap_remove (&self->heap, index);
  mig_sim_remove_index (self->hosts[m->source].migrations, index);
  mig_sim_remove_index (self->hosts[m->move->to].migrations, index);
  leave_path (self, m);
}

gboolean
mig_migration_phases_step (MigSimulation *self, MigSimMigration *m)
{
  touch_both (self, m);
  switch (m->phase)
    {
    case MIG_PHASE_SETUP:
      begin_copying (self, m);
      break;
    case MIG_PHASE_DISKS:
      end_disks (self, m);
      break;
    case MIG_PHASE_ROUND:
      end_round (self, m);
      break;
    case MIG_PHASE_STOPPED:
      switch_over (self, m);
      break;
    case MIG_PHASE_SWITCH:
      resume (self, m);
      break;
    case MIG_PHASE_END:
      finish (self, m);
      break;
    case MIG_PHASE_WAITING:
    case MIG_PHASE_OVER:
      break;
    }
  return m->phase == MIG_PHASE_OVER;
}
