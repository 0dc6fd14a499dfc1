/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#include "summary/downtime.h"
#include "model/training.h"

/* Links of hosts of which nobody said anything. */
#define LINK_BYTES_PER_S 125e6

/* A round that sends less tells more about latencies than about a rate. */
#define ROUND_BYTES_MIN ((gint64) (4 * MIG_MIB))

/* Growth of a counter in a span of time: before the first migration, or during all. */
typedef struct {
  gint64 first_ns, last_ns;
  double first, last;
} Growth;

struct _MigTrainer {
  MigTrainingTables tables;
  /* "RUN GUEST" -> Growth: before: work units, vCPU nanoseconds; during: work units */
  GHashTable *work, *cpu, *work_during;
};

static double
seconds (gint64 from_ns, gint64 to_ns)
{
  if (MIG_IS_MISSING (from_ns) || MIG_IS_MISSING (to_ns))
    return NAN;
  return (double) (to_ns - from_ns) / MIG_NS_PER_S;
}

MigTrainer *
mig_trainer_new (const MigTrainingTables *tables)
{
  MigTrainer *self = g_new0 (MigTrainer, 1);

  self->tables = *tables;
  self->work = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->cpu = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->work_during = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

static const MigRunRecord *
find_run (const MigTrainer *self, gint64 run)
{
  for (guint i = 0; i < self->tables.runs->len; i++)
    if (((const MigRunRecord *) self->tables.runs->pdata[i])->run == run)
      return self->tables.runs->pdata[i];
  return NULL;
}

/* add_point: if it lies in the span. */
static void
add_point (GHashTable *table, gint64 run, const char *guest, gint64 from_ns, gint64 to_ns,
           gint64 time_ns, gint64 value)
{
  if (!guest || MIG_IS_MISSING (time_ns) || MIG_IS_MISSING (value) || MIG_IS_MISSING (from_ns) ||
      MIG_IS_MISSING (to_ns) || time_ns < from_ns || time_ns > to_ns)
    return;
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT " %s", run, guest);
  Growth *growth = g_hash_table_lookup (table, key);
  if (!growth)
    {
      growth = g_new (Growth, 1);
      *growth = (Growth){ time_ns, time_ns, value, value };
      g_hash_table_insert (table, g_steal_pointer (&key), growth);
    }
  growth->last_ns = time_ns;
  growth->last = value;
}

void
mig_trainer_add_heartbeat (MigTrainer *self, const MigHeartbeatRecord *heartbeat)
{
  const MigRunRecord *run = find_run (self, heartbeat->run);

  if (!run)
    return;
  add_point (self->work, run->run, heartbeat->guest, run->window_start_ns, run->migrations_start_ns,
             heartbeat->arrival_ns, heartbeat->work_units);
  add_point (self->work_during, run->run, heartbeat->guest, run->migrations_start_ns,
             run->migrations_end_ns, heartbeat->arrival_ns, heartbeat->work_units);
}

void
mig_trainer_add_sample (MigTrainer *self, const MigSampleRecord *sample)
{
  const MigRunRecord *run = find_run (self, sample->run);

  if (run)
    add_point (self->cpu, run->run, sample->guest, run->window_start_ns, run->migrations_start_ns,
               sample->time_ns, sample->vcpu_ns);
}

static const Growth *
find_growth (GHashTable *table, const MigGuestRecord *guest)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT " %s", guest->run, guest->guest);
  return g_hash_table_lookup (table, key);
}

/* rate_before: per second; NaN where it was not measured. */
static double
rate_before (GHashTable *table, const MigGuestRecord *guest)
{
  const Growth *growth = find_growth (table, guest);

  if (!growth || growth->last_ns <= growth->first_ns)
    return NAN;
  return (growth->last - growth->first) / seconds (growth->first_ns, growth->last_ns);
}

static const char *
fact (const MigTrainer *self, const char *scope, const char *name)
{
  for (guint i = 0; i < self->tables.environment->len; i++)
    {
      const MigEnvironmentRecord *record = self->tables.environment->pdata[i];
      if (g_strcmp0 (record->scope, scope) == 0 && g_strcmp0 (record->name, name) == 0)
        return record->value;
    }
  return NULL;
}

static double
number_fact (const MigTrainer *self, const char *scope, const char *name, double otherwise)
{
  const char *text = fact (self, scope, name);
  double value = text ? g_ascii_strtod (text, NULL) : 0;
  return value > 0 ? value : otherwise;
}

static guint
get_host (const MigTrainer *self, MigFleet *fleet, const char *name, double link_bytes_per_s)
{
  guint index = mig_fleet_find_host (fleet, name);
  MigFleetHost host = { (char *) name, INFINITY, 1, link_bytes_per_s, G_MAXUINT };

  if (index != MIG_NO_INDEX)
    return index;
  if (!fact (self, name, "cpu used"))
    host.cpus = number_fact (self, name, "cpus", 1);
  return mig_fleet_add_host (fleet, &host);
}

/* used_bytes: what the first round of a class's migrations sends: the mean. */
static double
used_bytes (const MigTrainer *self, const MigGuestRecord *like)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < self->tables.rounds->len; i++)
    {
      const MigRoundRecord *round = self->tables.rounds->pdata[i];
      for (guint j = 0; j < self->tables.guests->len && round->round == 2; j++)
        {
          const MigGuestRecord *guest = self->tables.guests->pdata[j];
          if (guest->run != round->run || g_strcmp0 (guest->guest, round->guest) != 0 ||
              g_strcmp0 (guest->class_name, like->class_name) != 0 ||
              MIG_IS_MISSING (round->sent_bytes))
            continue;
          sum += round->sent_bytes;
          n++;
        }
    }
  return n > 0 ? fmin (sum / n, like->memory_bytes) : like->memory_bytes;
}

static void
add_guest (const MigTrainer *self, MigTrainingRun *run, const MigGuestRecord *guest, double link)
{
  gboolean memory = g_strcmp0 (guest->workload, "memory") == 0;
  gboolean idle = g_strcmp0 (guest->workload, "idle") == 0;
  gboolean paced = !MIG_IS_MISSING (guest->rate_pages_per_s);
  double cpu = rate_before (self->cpu, guest) / MIG_NS_PER_S;
  MigFleetVm vm = {
    .name = guest->guest,
    .to = MIG_NO_INDEX,
    .memory_bytes = guest->memory_bytes,
    .used_bytes = used_bytes (self, guest),
    .vcpus = 1,
    .cpu = idle ? 0 : 1,
    .max_downtime_s = INFINITY,
  };

  if (paced && cpu > 0)
    vm.cpu = fmin (cpu, 1);
  if (memory && !MIG_IS_MISSING (guest->wss_bytes))
    vm.wss_bytes = guest->wss_bytes;
  if (memory)
    vm.dirty_pages_per_s = paced ? (double) guest->rate_pages_per_s : NAN;
  vm.host = get_host (self, run->fleet, guest->host_before, link);
  mig_fleet_add_vm (run->fleet, &vm);
}

/* set_dirty_rates: of guests that update as fast as they can: their rate before by their share of
 * the CPU then; all of it where that was not measured. */
static void
set_dirty_rates (const MigTrainer *self, MigTrainingRun *run)
{
  MigModel model = mig_model_default ();
  g_autoptr (MigSimulation) simulation = mig_simulation_new (&model, run->fleet);

  for (guint i = 0; i < self->tables.guests->len; i++)
    {
      const MigGuestRecord *guest = self->tables.guests->pdata[i];
      guint index = mig_fleet_find_vm (run->fleet, guest->guest);
      if (guest->run != run->run || index == MIG_NO_INDEX)
        continue;
      MigFleetVm *vm = &g_array_index (run->fleet->vms, MigFleetVm, index);
      if (!isnan (vm->dirty_pages_per_s))
        continue;
      double rate = rate_before (self->work, guest) / mig_simulation_share (simulation, index);
      vm->dirty_pages_per_s = rate > 0 ? rate : vm->memory_bytes / MIG_PAGE_BYTES;
    }
}

static const MigGuestRecord *
find_guest (const MigTrainer *self, gint64 run, const char *name)
{
  for (guint i = 0; i < self->tables.guests->len; i++)
    {
      const MigGuestRecord *guest = self->tables.guests->pdata[i];
      if (guest->run == run && g_strcmp0 (guest->guest, name) == 0)
        return guest;
    }
  return NULL;
}

/* set_lost: by VM of the run's fleet. */
static void
set_lost (const MigTrainer *self, MigTrainingRun *run, const MigRunRecord *record)
{
  run->time_s = seconds (record->migrations_start_ns, record->migrations_end_ns);
  for (guint i = 0; i < run->fleet->vms->len; i++)
    {
      const MigGuestRecord *guest = find_guest (self, run->run, mig_fleet_vm (run->fleet, i)->name);
      const Growth *during = find_growth (self->work_during, guest);
      double rate = rate_before (self->work, guest);
      double lost = during && rate > 0 ? run->time_s - (during->last - during->first) / rate : NAN;
      g_array_append_val (run->lost, lost);
    }
}

/* add_rounds: those that ended before the guest was stopped. Returns when the first began. */
static gint64
add_rounds (const MigTrainer *self, MigTrainingRun *run, const MigMigrationRecord *m)
{
  gint64 end_ns = !MIG_IS_MISSING (m->stop_ns) ? m->stop_ns : m->suspended_ns;
  gint64 first_ns = MIG_MISSING_INT;
  const MigRoundRecord *before = NULL;

  for (guint i = 0; i < self->tables.rounds->len; i++)
    {
      const MigRoundRecord *record = self->tables.rounds->pdata[i];
      if (record->run != m->run || g_strcmp0 (record->guest, m->guest) != 0)
        continue;
      if (record->round == 1)
        first_ns = record->start_ns;
      if (before && record->round == before->round + 1 && record->start_ns <= end_ns &&
          record->sent_bytes - before->sent_bytes >= ROUND_BYTES_MIN &&
          record->start_ns > before->start_ns)
        {
          MigMeasuredRound round = { run->moves->len, (guint) before->round,
                                     seconds (before->start_ns, record->start_ns),
                                     (double) (record->sent_bytes - before->sent_bytes) };
          g_array_append_val (run->rounds, round);
        }
      before = record;
    }
  return first_ns;
}

static gboolean
add_migration (const MigTrainer *self, MigTrainingRun *run, const MigMigrationRecord *m,
               double link)
{
  const MigGuestRecord *guest = find_guest (self, run->run, m->guest);
  guint vm = mig_fleet_find_vm (run->fleet, m->guest);
  double time = seconds (m->start_ns, m->end_ns);

  if (!guest || vm == MIG_NO_INDEX || !m->destination || g_strcmp0 (m->status, "ok") != 0 ||
      !(time > 0))
    return FALSE;
  MigMove move = { vm, get_host (self, run->fleet, m->destination, link), (guint) m->step };
  MigMeasured measured = {
    guest->class_name,
    (guint) m->step,
    time,
    seconds (0, mig_downtime_best (m, guest->period_ns)),
    MIG_IS_MISSING (m->sent_bytes) ? NAN : (double) m->sent_bytes,
    seconds (m->start_ns, add_rounds (self, run, m)),
  };
  g_array_append_val (run->moves, move);
  g_array_append_val (run->measured, measured);
  return TRUE;
}

static void
free_run (gpointer data)
{
  mig_training_run_free (data);
}

/* link_of: of a case that sweeps the link its own, else everybody's. */
static double
link_of (const MigTrainer *self, const char *label, double otherwise)
{
  for (guint i = 0; i < self->tables.parameters->len; i++)
    {
      const MigParameterRecord *record = self->tables.parameters->pdata[i];
      if (g_strcmp0 (record->case_label, label) == 0 &&
          g_strcmp0 (record->parameter, "link") == 0 && record->value_number > 0)
        return record->value_number;
    }
  return otherwise;
}

/* make_run: NULL where it is not sound. */
static MigTrainingRun *
make_run (const MigTrainer *self, const MigRunRecord *record, double link)
{
  MigTrainingRun *run = mig_training_run_new (record->run, record->case_label);
  gboolean sound = g_strcmp0 (record->status, "ok") == 0 && record->case_label;

  for (guint i = 0; i < self->tables.guests->len; i++)
    {
      const MigGuestRecord *guest = self->tables.guests->pdata[i];
      if (guest->run != run->run)
        continue;
      sound = sound && guest->guest && guest->host_before && !guest->alarm &&
              guest->memory_bytes > 0;
      if (sound)
        add_guest (self, run, guest, link);
    }
  for (guint i = 0; i < self->tables.migrations->len && sound; i++)
    {
      const MigMigrationRecord *m = self->tables.migrations->pdata[i];
      if (m->run == run->run)
        sound = add_migration (self, run, m, link);
    }
  if (!sound || run->moves->len == 0)
    {
      mig_training_run_free (run);
      return NULL;
    }
  set_dirty_rates (self, run);
  set_lost (self, run, record);
  return run;
}

static double
median (GArray *values, double otherwise)
{
  double *data = (double *) (gpointer) values->data;

  if (values->len == 0)
    return otherwise;
  gsl_sort (data, 1, values->len);
  return gsl_stats_median_from_sorted_data (data, 1, values->len);
}

/* end_time: what follows the guest's resumption, which neither memory nor contention explains. */
static double
end_time (const MigTrainer *self)
{
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < self->tables.migrations->len; i++)
    {
      const MigMigrationRecord *m = self->tables.migrations->pdata[i];
      double end = seconds (m->resumed_ns, m->end_ns);
      if (g_strcmp0 (m->status, "ok") == 0 && end >= 0)
        g_array_append_val (ends, end);
    }
  return median (ends, mig_model_default ().end_s);
}

static MigSchedEntity
find_parties (const MigTrainer *self)
{
  const char *sharing = fact (self, "lab", "cpu sharing");

  if (g_strcmp0 (fact (self, "source", "driver"), "Xen") == 0)
    return MIG_SCHED_ENTITY_MANAGEMENT;
  return sharing && g_str_has_prefix (sharing, "threads alike") ? MIG_SCHED_ENTITY_THREADS
                                                                : MIG_SCHED_ENTITY_PROCESSES;
}

MigTraining *
mig_trainer_finish (MigTrainer *self)
{
  MigTraining *training = g_new0 (MigTraining, 1);

  training->runs = g_ptr_array_new_with_free_func (free_run);
  training->link_bytes_per_s = number_fact (
      self, "link", "rate measured",
      number_fact (self, "link", "rate configured", LINK_BYTES_PER_S));
  for (guint i = 0; i < self->tables.runs->len; i++)
    {
      const MigRunRecord *record = self->tables.runs->pdata[i];
      MigTrainingRun *run = make_run (
          self, record, link_of (self, record->case_label, training->link_bytes_per_s));
      if (!run)
        continue;
      g_ptr_array_add (training->runs, run);
      training->n_migrations += run->moves->len;
    }
  training->end_s = end_time (self);
  training->parties = find_parties (self);
  g_hash_table_unref (self->work);
  g_hash_table_unref (self->cpu);
  g_hash_table_unref (self->work_during);
  g_free (self);
  return training;
}
