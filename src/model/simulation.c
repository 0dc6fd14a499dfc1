/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "model/internal.h"
#include "base/units.h"

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
  mig_heap_move (self, m - self->migrations);
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
remove_index (GArray *array, guint index)
{
  for (guint i = 0; i < array->len; i++)
    if (g_array_index (array, guint, i) == index)
      {
        g_array_remove_index (array, i);
        return;
      }
}

static void
resume (MigSimulation *self, MigSimMigration *m)
{
  static const double no_work[MIG_N_LIMITS] = { 0 };
  guint vm = m->move->vm;

  m->downtime_s = self->now_s - m->stopped_s;
  remove_index (self->hosts[m->source].vms, vm);
  g_array_append_val (self->hosts[m->move->to].vms, vm);
  self->vms[vm].host = m->move->to;
  self->vms[vm].paused = FALSE;
  enter (self, m, MIG_PHASE_END, self->model->end_s, no_work);
}

static gboolean
has_slot (const MigSimulation *self, guint host)
{
  return self->hosts[host].migrations->len < mig_fleet_host (self->fleet, host)->max_parallel;
}

/* join_path: the migration passes its uplinks from now on. */
static void
join_path (MigSimulation *self, MigSimMigration *m)
{
  if (self->fleet->groups->len == 0)
    return;
  m->n_uplinks = mig_fleet_path (self->fleet, m->source, m->move->to, m->uplinks);
  for (guint i = 0; i < m->n_uplinks; i++)
    {
      guint index = m - self->migrations;
      m->uplink_limits[i] = INFINITY;
      g_array_append_val (self->uplinks[m->uplinks[i]].migrations, index);
    }
}

static void remove_index (GArray *array, guint index);

static void
leave_path (MigSimulation *self, MigSimMigration *m)
{
  for (guint i = 0; i < m->n_uplinks; i++)
    {
      remove_index (self->uplinks[m->uplinks[i]].migrations, m - self->migrations);
      mig_rates_queue_uplink (self, m->uplinks[i]);
    }
  m->n_uplinks = 0;
}

/* start: now, or as soon as the host that has no slot for it has one. */
static void
start (MigSimulation *self, guint index)
{
  MigSimMigration *m = &self->migrations[index];
  guint full = !has_slot (self, m->source)     ? m->source
               : !has_slot (self, m->move->to) ? m->move->to
                                               : MIG_NO_INDEX;

  if (full != MIG_NO_INDEX)
    {
      g_queue_push_tail (&self->hosts[full].waiting, GUINT_TO_POINTER (index));
      return;
    }
  touch_both (self, m);
  g_array_append_val (self->hosts[m->source].migrations, index);
  g_array_append_val (self->hosts[m->move->to].migrations, index);
  m->start_s = self->now_s;
  self->vms[m->move->vm].migration = index;
  join_path (self, m);
  mig_heap_add (self, index);
  begin_work (self, m, MIG_PHASE_SETUP, self->model->setup_s);
}

static void
start_waiting (MigSimulation *self, guint host)
{
  guint n = g_queue_get_length (&self->hosts[host].waiting);

  for (guint i = 0; i < n && has_slot (self, host); i++)
    start (self, GPOINTER_TO_UINT (g_queue_pop_head (&self->hosts[host].waiting)));
}

/* start_group: the source's next group. */
static void
start_group (MigSimulation *self, MigSimHost *source)
{
  guint first = source->next;

  while (source->next < source->moves->len)
    {
      guint index = g_array_index (source->moves, guint, source->next);
      if (source->next > first && self->migrations[index].move->group != source->group)
        break;
      source->group = self->migrations[index].move->group;
      source->left++;
      source->next++;
    }
  for (guint i = first; i < source->next; i++)
    start (self, g_array_index (source->moves, guint, i));
}

/* end_waits: of those that wait for it. */
static void
end_waits (MigSimulation *self, guint ended)
{
  guint low = 0, high = self->waits->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (g_array_index (self->waits, MigWait, middle).before < ended)
        low = middle + 1;
      else
        high = middle;
    }
  for (; low < self->waits->len && g_array_index (self->waits, MigWait, low).before == ended; low++)
    {
      guint move = g_array_index (self->waits, MigWait, low).move;
      if (--self->migrations[move].waits == 0)
        start (self, move);
    }
}

/* start_next: what the end of a migration allows. */
static void
start_next (MigSimulation *self, guint ended)
{
  if (self->chooser.choose)
    self->chooser.choose (self, ended, self->chooser.data);
  else if (self->waits)
    end_waits (self, ended);
  else if (--self->hosts[self->migrations[ended].source].left == 0)
    start_group (self, &self->hosts[self->migrations[ended].source]);
}

static void
finish (MigSimulation *self, MigSimMigration *m)
{
  guint index = m - self->migrations;
  MigSimHost *source = &self->hosts[m->source];

  m->phase = MIG_PHASE_OVER;
  m->end_s = self->now_s;
  mig_heap_remove (self, index);
  remove_index (source->migrations, index);
  remove_index (self->hosts[m->move->to].migrations, index);
  leave_path (self, m);
  start_next (self, index);
  start_waiting (self, m->source);
  start_waiting (self, m->move->to);
}

/* step: one migration's phase has ended. */
static void
step (MigSimulation *self, MigSimMigration *m)
{
  touch_both (self, m);
  switch (m->phase)
    {
    case MIG_PHASE_SETUP:
      begin_first_round (self, m);
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

/* start_first: what may start at once. */
static void
start_first (MigSimulation *self)
{
  if (self->chooser.choose)
    self->chooser.choose (self, MIG_NO_INDEX, self->chooser.data);
  for (guint i = 0; i < self->n && self->waits && !self->chooser.choose; i++)
    if (self->migrations[i].waits == 0)
      start (self, i);
  for (guint i = 0; i < self->fleet->hosts->len && !self->waits && !self->chooser.choose; i++)
    if (self->hosts[i].moves->len > 0)
      start_group (self, &self->hosts[i]);
}

static void
prepare (MigSimulation *self, const guint *places)
{
  self->now_s = 0;
  g_array_set_size (self->heap, 0);
  for (guint i = 0; i < 2 * self->fleet->groups->len; i++)
    g_array_set_size (self->uplinks[i].migrations, 0);
  for (guint i = 0; i < self->fleet->hosts->len; i++)
    {
      MigSimHost *host = &self->hosts[i];
      g_array_set_size (host->vms, 0);
      g_array_set_size (host->migrations, 0);
      g_array_set_size (host->moves, 0);
      g_queue_clear (&host->waiting);
      host->group = host->left = host->next = 0;
    }
  for (guint i = 0; i < self->fleet->vms->len; i++)
    {
      MigSimVm *vm = &self->vms[i];
      vm->host = places ? places[i] : mig_fleet_vm (self->fleet, i)->host;
      vm->migration = MIG_NO_INDEX;
      vm->paused = FALSE;
      vm->lost_s = vm->last_s = 0;
      g_array_append_val (self->hosts[vm->host].vms, i);
    }
  for (guint i = 0; i < self->fleet->hosts->len; i++)
    mig_rates_invalidate (self, i);
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
  self->heap = g_array_new (FALSE, FALSE, sizeof (guint));
  self->shares = g_array_new (FALSE, FALSE, sizeof (MigFairShare));
  self->members = g_array_new (FALSE, FALSE, sizeof (MigSimMember));
  self->parties = g_array_new (FALSE, FALSE, sizeof (MigSimEntity));
  self->party_shares = g_array_new (FALSE, FALSE, sizeof (MigFairShare));
  g_queue_init (&self->queue);
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
  start (self, move);
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

static void
sum_up (MigSimulation *self, MigMoveCost *costs, MigPlanCost *sum)
{
  *sum = (MigPlanCost){ .time_s = self->now_s };
  for (guint i = 0; i < self->fleet->hosts->len; i++)
    mig_rates_invalidate (self, i);
  for (guint i = 0; i < self->fleet->hosts->len; i++)
    self->hosts[i].touched = FALSE;
  g_array_set_size (self->touched, 0);
  for (guint i = 0; i < self->fleet->vms->len; i++)
    sum->lost_s += self->vms[i].lost_s;
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
                                  lost,       m->rounds, m->converges };
    }
}

void
mig_simulation_run (MigSimulation *self, const guint *places, const MigMove *moves, guint n,
                    MigMoveCost *costs, MigPlanCost *sum)
{
  prepare (self, places);
  prepare_migrations (self, moves, n);
  prepare_waits (self);
  start_first (self);
  mig_rates_recompute (self);
  while (self->heap->len > 0)
    {
      MigSimMigration *m = &self->migrations[g_array_index (self->heap, guint, 0)];
      self->now_s = m->next_s;
      step (self, m);
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
  g_array_unref (self->heap);
  g_array_unref (self->shares);
  g_array_unref (self->members);
  g_array_unref (self->parties);
  g_array_unref (self->party_shares);
  g_free (self->hosts);
  g_free (self->vms);
  g_free (self->migrations);
  g_free (self);
}
