/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "model/copied-disks.h"
#include "model/link-rate.h"
#include "model/round-index.h"
#include "model/training.h"
#include "results/facts.h"
#include "results/given-cpus.h"
#include "summary/summary.h"
#include "summary/values.h"

/* A round that sends less tells more about latencies than about a rate. */
#define ROUND_BYTES_MIN ((gint64) (4 * MIG_MIB))

typedef struct {
  double bytes;
  guint n;
} Mean;

/* What the runs are read with. */
typedef struct {
  const GPtrArray *environment;
  MigCpuTable *cpus;
  MigRoundIndex *rounds;
  const MigSettings *settings;
  GHashTable *used;  /* class -> Mean: what the first rounds of its migrations sent */
  GHashTable *links; /* case's label -> const MigParameterRecord *, where the link is swept */
  double link_bytes_per_s;
  double carried_bytes_per_s; /* at most, where no link is swept; infinite: nobody knows */
} Trainer;

/* --- tables, by what they are looked up by --- */

/* add_used: the second round begins with what the first one sent. */
static void
add_used (Trainer *self, const MigRunState *run)
{
  for (guint i = 0; i < run->guests->len; i++)
    {
      const MigGuestRecord *guest = ((MigGuestState *) run->guests->pdata[i])->record;
      const GPtrArray *rounds = mig_round_index_find (self->rounds, guest->run, guest->guest);
      for (guint j = 0; rounds && j < rounds->len; j++)
        {
          const MigRoundRecord *round = rounds->pdata[j];
          if (round->round != 2 || MIG_IS_MISSING (round->sent_bytes))
            continue;
          const char *name = mig_class_name (guest);
          Mean *mean = g_hash_table_lookup (self->used, name);
          if (!mean)
            g_hash_table_insert (self->used, (gpointer) name, mean = g_new0 (Mean, 1));
          mean->bytes += round->sent_bytes;
          mean->n++;
        }
    }
}

static double
used_bytes (const Trainer *self, const MigGuestRecord *guest)
{
  const Mean *mean = g_hash_table_lookup (self->used, mig_class_name (guest));
  return mean ? fmin (mean->bytes / mean->n, guest->memory_bytes) : guest->memory_bytes;
}

static void
add_parameters (Trainer *self, const GPtrArray *parameters)
{
  for (guint i = parameters->len; i > 0; i--) /* the first of a case counts */
    {
      MigParameterRecord *record = parameters->pdata[i - 1];
      if (record->case_label && g_strcmp0 (record->parameter, "link") == 0 &&
          record->value_number > 0)
        g_hash_table_insert (self->links, record->case_label, record);
    }
}

/* --- one run --- */

static MigGivenCpus
given_cpus (const Trainer *self, const MigTrainingRun *run, const char *host)
{
  return mig_cpu_table_find (self->cpus, run->case_label, host);
}

static guint
get_host (const Trainer *self, const MigTrainingRun *run, const char *name, double link_bytes_per_s)
{
  guint index = mig_fleet_find_host (run->fleet, name);
  MigFleetHost host = { (char *) name, INFINITY, 1, link_bytes_per_s, G_MAXUINT };

  if (index != MIG_NO_INDEX)
    return index;
  MigGivenCpus given = given_cpus (self, run, name);
  if (given.guests > 0)
    host.cpus = given.guests;
  if (!given.lender)
    host.management_cpus = given.management;
  return mig_fleet_add_host (run->fleet, &host);
}

/* lend_cpus: where a host's management uses those of another host's guests. */
static void
lend_cpus (const Trainer *self, const MigTrainingRun *run)
{
  for (guint i = 0; i < run->fleet->hosts->len; i++)
    {
      const char *lender = given_cpus (self, run, mig_fleet_host (run->fleet, i)->name).lender;
      guint from = mig_fleet_find_host (run->fleet, lender);
      if (from != MIG_NO_INDEX)
        mig_fleet_lend (run->fleet, from, i);
    }
}

static void
add_guest (const Trainer *self, MigTrainingRun *run, const MigRunState *state,
           const MigGuestState *guest, double link)
{
  const MigGuestRecord *record = guest->record;
  gboolean memory = g_strcmp0 (record->workload, "memory") == 0;
  gboolean paced = !MIG_IS_MISSING (record->rate_pages_per_s);
  double cpu = mig_run_cpu_before (state, guest);
  double vcpus = MIG_IS_MISSING (record->vcpus) ? 1 : (double) record->vcpus;
  MigFleetVm vm = {
    .name = record->guest,
    .to = MIG_NO_INDEX,
    .memory_bytes = record->memory_bytes,
    .used_bytes = used_bytes (self, record),
    .vcpus = vcpus,
    .cpu = g_strcmp0 (record->workload, "idle") == 0 ? 0 : vcpus,
    .max_downtime_s = INFINITY,
  };

  if (paced && cpu > 0)
    vm.cpu = fmin (cpu, vcpus);
  if (memory && !MIG_IS_MISSING (record->wss_bytes))
    vm.wss_bytes = record->wss_bytes;
  if (memory)
    vm.dirty_pages_per_s = paced ? (double) record->rate_pages_per_s : NAN;
  vm.host = get_host (self, run, record->host_before, link);
  mig_fleet_add_vm (run->fleet, &vm);
}

/* set_dirty_rates: of guests that update as fast as they can: their rate before by their share of
 * the CPU then; all of it where that was not measured. */
static void
set_dirty_rates (MigTrainingRun *run, const MigRunState *state)
{
  MigModel model = mig_model_default ();
  g_autoptr (MigSimulation) simulation = mig_simulation_new (&model, run->fleet);

  for (guint i = 0; i < run->fleet->vms->len; i++)
    {
      MigFleetVm *vm = &g_array_index (run->fleet->vms, MigFleetVm, i);
      if (!isnan (vm->dirty_pages_per_s))
        continue;
      double rate = mig_run_work_rate_before (state, state->guests->pdata[i]) /
                    mig_simulation_share (simulation, i);
      vm->dirty_pages_per_s = rate > 0 ? rate : vm->memory_bytes / MIG_PAGE_BYTES;
    }
}

/* set_lost: by VM of the run's fleet. */
static void
set_lost (MigTrainingRun *run, const MigRunState *state)
{
  const MigRunRecord *record = state->record;

  run->time_s = mig_units_seconds_between (record->migrations_start_ns, record->migrations_end_ns);
  for (guint i = 0; i < state->guests->len; i++)
    {
      const MigGuestState *guest = state->guests->pdata[i];
      double lost = mig_run_work_rate_before (state, guest) > 0
                        ? mig_run_lost_work (state, guest, record->migrations_end_ns)
                        : NAN;
      g_array_append_val (run->lost, lost);
    }
}

/* add_live_rounds: those that ended before the guest was stopped. Returns when the first began. */
static gint64
add_live_rounds (const Trainer *self, MigTrainingRun *run, const MigMigrationRecord *m)
{
  const GPtrArray *rounds = mig_round_index_find (self->rounds, m->run, m->guest);
  gint64 end_ns = !MIG_IS_MISSING (m->stop_ns) ? m->stop_ns : m->suspended_ns;
  gint64 first_ns = MIG_MISSING_INT;
  const MigRoundRecord *before = NULL;

  for (guint i = 0; rounds && i < rounds->len; i++)
    {
      const MigRoundRecord *record = rounds->pdata[i];
      if (record->round == 1)
        first_ns = record->start_ns;
      if (before && record->round == before->round + 1 && record->start_ns <= end_ns &&
          record->sent_bytes - before->sent_bytes >= ROUND_BYTES_MIN &&
          record->start_ns > before->start_ns)
        {
          MigMeasuredRound round = { run->moves->len, (guint) before->round,
                                     mig_units_seconds_between (before->start_ns, record->start_ns),
                                     (double) (record->sent_bytes - before->sent_bytes) };
          g_array_append_val (run->rounds, round);
        }
      before = record;
    }
  return first_ns;
}

static double
outage_of (const MigGuestState *guest, const MigMigrationRecord *m)
{
  MigOutage outage;

  return mig_run_find_outage (guest, m, &outage) ? mig_units_seconds (outage.outage_ns) : NAN;
}

static gboolean
add_migration (const Trainer *self, MigTrainingRun *run, const MigRunState *state,
               const MigMigrationRecord *m, double link, double carried)
{
  const MigGuestState *guest = mig_run_find_guest (state, m->guest);
  double disks = mig_copied_disks_s (m);
  double time = mig_units_seconds_between (m->start_ns, m->end_ns);

  if (!guest || !m->destination || !(time > disks))
    return FALSE;
  MigMove move = { mig_fleet_find_vm (run->fleet, m->guest),
                   get_host (self, run, m->destination, link), (guint) m->step };
  MigMeasured measured = {
    guest->record->class_name,
    (guint) m->step,
    time,
    mig_units_seconds (mig_downtime_best (m, guest->record->period_ns)),
    MIG_IS_MISSING (m->sent_bytes) ? NAN : (double) m->sent_bytes,
    mig_units_seconds_between (m->start_ns, add_live_rounds (self, run, m)) - disks,
    outage_of (guest, m),
    disks,
    mig_copied_disks_have_holes (m, carried),
  };
  MigFleetVm *vm = &g_array_index (run->fleet->vms, MigFleetVm, move.vm);
  vm->disk_bytes = fmax (vm->disk_bytes, mig_copied_disks_bytes (m, carried));
  vm->disk_scales = measured.holes && g_strcmp0 (guest->record->workload, "io") == 0;
  g_array_append_val (run->moves, move);
  g_array_append_val (run->measured, measured);
  return TRUE;
}

static gboolean
is_whole (const MigRunState *state)
{
  gboolean whole = state->sound && state->record->case_label;

  for (guint i = 0; i < state->guests->len && whole; i++)
    {
      const MigGuestRecord *guest = ((MigGuestState *) state->guests->pdata[i])->record;
      whole = guest->host_before && guest->memory_bytes > 0;
    }
  return whole;
}

static void
free_run (gpointer data)
{
  mig_training_run_free (data);
}

/* set_technique: a case has one. */
static void
set_technique (const Trainer *self, MigTrainingRun *run, const MigRunState *state)
{
  const MigMigrationRecord *first = state->migrations->len > 0 ? state->migrations->pdata[0] : NULL;
  const char *tls = mig_settings_find (self->settings, run->case_label, MIG_SETTING_TLS);

  g_free (run->technique);
  run->technique = mig_training_technique (first ? first->technique : NULL,
                                           g_strcmp0 (tls, MIG_SETTING_YES) == 0);
}

/* make_run: NULL where it is not sound, or lacks what a model needs. */
static MigTrainingRun *
make_run (const Trainer *self, const MigRunState *state)
{
  if (!is_whole (state))
    return NULL;
  const MigParameterRecord *swept = g_hash_table_lookup (self->links, state->record->case_label);
  double link = swept ? swept->value_number : self->link_bytes_per_s;
  double carried = swept ? swept->value_number : self->carried_bytes_per_s;
  MigTrainingRun *run = mig_training_run_new (state->record->run, state->record->case_label);
  gboolean whole = TRUE;

  for (guint i = 0; i < state->guests->len; i++)
    add_guest (self, run, state, state->guests->pdata[i], link);
  for (guint i = 0; i < state->migrations->len && whole; i++)
    whole = add_migration (self, run, state, state->migrations->pdata[i], link, carried);
  if (!whole)
    {
      mig_training_run_free (run);
      return NULL;
    }
  set_technique (self, run, state);
  lend_cpus (self, run);
  set_dirty_rates (run, state);
  set_lost (run, state);
  return run;
}

/* --- all of them --- */

/* end_time: what follows the guest's resumption, which neither memory nor contention explains: the
 * median. */
static double
end_time (const GPtrArray *runs)
{
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < runs->len; i++)
    {
      const GPtrArray *migrations = ((const MigRunState *) runs->pdata[i])->migrations;
      for (guint j = 0; j < migrations->len; j++)
        {
          const MigMigrationRecord *m = migrations->pdata[j];
          double end = mig_units_seconds_between (m->resumed_ns, m->end_ns);
          if (g_strcmp0 (m->status, "ok") == 0 && end >= 0)
            g_array_append_val (ends, end);
        }
    }
  double *data = (double *) (gpointer) ends->data;
  if (ends->len == 0)
    return mig_model_default ().end_s;
  gsl_sort (data, 1, ends->len);
  return gsl_stats_median_from_sorted_data (data, 1, ends->len);
}

static MigSchedEntity
find_sched_entity (const GPtrArray *environment)
{
  const char *driver = mig_fact_find (environment, MIG_FACT_DRIVER, NULL);
  const char *sharing = mig_fact_find (environment, MIG_FACT_LAB_CPU_SHARING, NULL);

  if (g_strcmp0 (driver, MIG_FACT_DRIVER_XEN) == 0)
    return MIG_SCHED_ENTITY_MANAGEMENT;
  return sharing && g_str_has_prefix (sharing, MIG_FACT_SHARING_THREADS)
             ? MIG_SCHED_ENTITY_THREADS
             : MIG_SCHED_ENTITY_PROCESSES;
}

MigTraining *
mig_training_new (const GPtrArray *runs, const GPtrArray *rounds, const GPtrArray *environment,
                  const GPtrArray *parameters, const MigSettings *settings)
{
  MigTraining *training = g_new0 (MigTraining, 1);
  Trainer self = {
    .environment = environment,
    .cpus = mig_cpu_table_new (environment, parameters),
    .rounds = mig_round_index_new (rounds),
    .settings = settings,
    .used = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free),
    .links = g_hash_table_new (g_str_hash, g_str_equal),
    .carried_bytes_per_s = mig_link_rate_known (environment),
  };

  self.link_bytes_per_s = isfinite (self.carried_bytes_per_s) ? self.carried_bytes_per_s
                                                              : mig_link_rate_guess (runs);
  add_parameters (&self, parameters);
  for (guint i = 0; i < runs->len; i++)
    add_used (&self, runs->pdata[i]);
  training->runs = g_ptr_array_new_with_free_func (free_run);
  training->link_bytes_per_s = self.link_bytes_per_s;
  for (guint i = 0; i < runs->len; i++)
    {
      MigTrainingRun *run = make_run (&self, runs->pdata[i]);
      if (!run)
        continue;
      g_ptr_array_add (training->runs, run);
      training->n_migrations += run->moves->len;
    }
  mig_copied_disks_spread (training->runs);
  training->end_s = end_time (runs);
  training->sched_entity = find_sched_entity (environment);
  mig_round_index_free (self.rounds);
  g_hash_table_unref (self.used);
  g_hash_table_unref (self.links);
  mig_cpu_table_free (self.cpus);
  return training;
}
