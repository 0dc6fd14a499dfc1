/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#include "analysis/downtime.h"
#include "analysis/training.h"

/* Links of hosts of which nobody said anything. */
#define LINK_BYTES_PER_S 125e6

/* Growth of a counter before the first migration. */
typedef struct {
  gint64 first_ns, last_ns;
  double first, last;
} Growth;

struct _MigTrainer {
  MigTrainingTables tables;
  GHashTable *work, *cpu; /* "RUN GUEST" -> Growth: work units; vCPU nanoseconds */
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

static void
add_point (MigTrainer *self, GHashTable *table, gint64 run_number, const char *guest,
           gint64 time_ns, gint64 value)
{
  const MigRunRecord *run = find_run (self, run_number);

  if (!run || !guest || MIG_IS_MISSING (time_ns) || MIG_IS_MISSING (value) ||
      MIG_IS_MISSING (run->migrations_start_ns) || time_ns < run->window_start_ns ||
      time_ns > run->migrations_start_ns)
    return;
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT " %s", run_number, guest);
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
  add_point (self, self->work, heartbeat->run, heartbeat->guest, heartbeat->arrival_ns,
             heartbeat->work_units);
}

void
mig_trainer_add_sample (MigTrainer *self, const MigSampleRecord *sample)
{
  add_point (self, self->cpu, sample->run, sample->guest, sample->time_ns, sample->vcpu_ns);
}

/* rate_before: per second; NaN where it was not measured. */
static double
rate_before (GHashTable *table, const MigGuestRecord *guest)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT " %s", guest->run, guest->guest);
  const Growth *growth = g_hash_table_lookup (table, key);

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

  if (index != MIG_NOWHERE)
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
    .name = guest->guest, .to = MIG_NOWHERE, .memory_bytes = guest->memory_bytes,
    .used_bytes = used_bytes (self, guest), .vcpus = 1, .cpu = idle ? 0 : 1,
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
      if (guest->run != run->run || index == MIG_NOWHERE)
        continue;
      MigFleetVm *vm = &g_array_index (run->fleet->vms, MigFleetVm, index);
      if (!isnan (vm->dirty_pages_per_s))
        continue;
      double rate = rate_before (self->work, guest) / mig_simulation_share (simulation, index);
      vm->dirty_pages_per_s = rate > 0 ? rate : vm->memory_bytes / MIG_PAGE_BYTES;
    }
}

static double
downtime_of (const MigTrainer *self, const MigMigrationRecord *m, const MigGuestRecord *guest)
{
  MigGuestDowntime down = mig_downtime_guest (m, guest->period_ns, MIG_MISSING_INT);
  gint64 events = mig_downtime_events (m);
  gint64 best = !MIG_IS_MISSING (down.value_ns) ? down.value_ns
                : !MIG_IS_MISSING (events)      ? events
                                                : m->downtime_reported_ns;
  return seconds (0, best);
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

static gboolean
add_migration (const MigTrainer *self, MigTrainingRun *run, const MigMigrationRecord *m,
               double link)
{
  const MigGuestRecord *guest = find_guest (self, run->run, m->guest);
  guint vm = mig_fleet_find_vm (run->fleet, m->guest);
  double time = seconds (m->start_ns, m->end_ns);

  if (!guest || vm == MIG_NOWHERE || !m->destination || g_strcmp0 (m->status, "ok") != 0 ||
      !(time > 0))
    return FALSE;
  MigMove move = { vm, get_host (self, run->fleet, m->destination, link), (guint) m->step };
  MigMeasured measured = {
    guest->class_name, (guint) m->step, time, downtime_of (self, m, guest),
    MIG_IS_MISSING (m->sent_bytes) ? NAN : (double) m->sent_bytes,
  };
  g_array_append_val (run->moves, move);
  g_array_append_val (run->measured, measured);
  return TRUE;
}

static void
free_run (gpointer data)
{
  MigTrainingRun *run = data;

  mig_fleet_free (run->fleet);
  g_array_unref (run->moves);
  g_array_unref (run->measured);
  g_free (run->case_label);
  g_free (run);
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
  MigTrainingRun *run = g_new0 (MigTrainingRun, 1);
  gboolean sound = g_strcmp0 (record->status, "ok") == 0 && record->case_label;

  run->run = record->run;
  run->case_label = g_strdup (record->case_label);
  run->fleet = mig_fleet_new ();
  run->moves = g_array_new (FALSE, FALSE, sizeof (MigMove));
  run->measured = g_array_new (FALSE, FALSE, sizeof (MigMeasured));
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
      free_run (run);
      return NULL;
    }
  set_dirty_rates (self, run);
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

/* set_fixed: what neither memory nor contention explains. */
static void
set_fixed (const MigTrainer *self, MigTraining *training)
{
  g_autoptr (GArray) setups = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (double));
  const MigModel otherwise = mig_model_default ();

  for (guint i = 0; i < self->tables.migrations->len; i++)
    {
      const MigMigrationRecord *m = self->tables.migrations->pdata[i];
      double end = seconds (m->resumed_ns, m->end_ns);
      if (g_strcmp0 (m->status, "ok") != 0)
        continue;
      if (end >= 0)
        g_array_append_val (ends, end);
      for (guint j = 0; j < self->tables.rounds->len; j++)
        {
          const MigRoundRecord *round = self->tables.rounds->pdata[j];
          double setup = seconds (m->start_ns, round->start_ns);
          if (round->run == m->run && round->round == 1 && setup >= 0 &&
              g_strcmp0 (round->guest, m->guest) == 0)
            g_array_append_val (setups, setup);
        }
    }
  training->setup_s = median (setups, otherwise.setup_s);
  training->end_s = median (ends, otherwise.end_s);
}

MigTraining *
mig_trainer_finish (MigTrainer *self)
{
  MigTraining *training = g_new0 (MigTraining, 1);

  training->runs = g_ptr_array_new_with_free_func (free_run);
  training->link_bytes_per_s =
      number_fact (self, "link", "rate measured",
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
  set_fixed (self, training);
  g_hash_table_unref (self->work);
  g_hash_table_unref (self->cpu);
  g_free (self);
  return training;
}

void
mig_training_free (MigTraining *self)
{
  g_ptr_array_unref (self->runs);
  g_free (self);
}
