/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/scale.h"
#include "model/calibrations.h"
#include "model/full-size.h"

/* Sums over the migrations of a run, in seconds. */
typedef struct {
  double time, downtime;
} Sums;

/* What is known of a case while its runs are gone through: sums over the runs. */
typedef struct {
  MigFullSizeCase *of;
  const MigModel *model;    /* of its technique */
  guint n_time, n_downtime; /* runs with a measured value */
  Sums full;                /* as the model predicts it at full size */
  Sums log_ratio;           /* of what was measured to what the model says of it */
} Tally;

/* set_vm: what is not the working set, nor constant pages, is the kernel's: it does not grow. A
 * disk has the same size at every scale; of one with holes only what is written is sent, which
 * does. */
static void
set_vm (MigFleetVm *vm, double scale)
{
  double memory = mig_scale_full_memory (scale, vm->memory_bytes);
  double wss = vm->wss_bytes / scale;
  double used = vm->used_bytes < vm->memory_bytes ? vm->used_bytes + wss - vm->wss_bytes : memory;

  vm->memory_bytes = memory;
  vm->used_bytes = fmin (used, memory);
  vm->wss_bytes = fmin (wss, vm->used_bytes);
  if (vm->disk_scales)
    vm->disk_bytes /= scale;
}

MigFleet *
mig_full_size_fleet (const MigFleet *fleet, double scale)
{
  MigFleet *full = mig_fleet_copy (fleet);

  for (guint i = 0; i < full->vms->len; i++)
    set_vm (&g_array_index (full->vms, MigFleetVm, i), scale);
  return full;
}

static Sums
simulate (const MigModel *model, const MigFleet *fleet, const MigTrainingRun *run)
{
  g_autofree MigMoveCost *costs = g_new (MigMoveCost, run->moves->len);
  Sums sums = { 0 };

  mig_simulation_free (mig_training_run_simulate (run, model, fleet, NULL, costs));
  for (guint i = 0; i < run->moves->len; i++)
    {
      sums.time += costs[i].end_s - costs[i].start_s;
      sums.downtime += costs[i].downtime_s;
    }
  return sums;
}

static Sums
measured_sums (const MigTrainingRun *run)
{
  Sums sums = { 0 };

  for (guint i = 0; i < run->measured->len; i++)
    {
      const MigMeasured *measured = &g_array_index (run->measured, MigMeasured, i);
      sums.time += measured->time_s;
      sums.downtime += measured->downtime_s;
    }
  return sums;
}

static void
add_run (Tally *tally, const MigTrainingRun *run, double scale)
{
  const MigModel *model = tally->model;
  g_autoptr (MigFleet) fleet = mig_full_size_fleet (run->fleet, scale);
  Sums full = simulate (model, fleet, run), small = simulate (model, run->fleet, run);
  Sums measured = measured_sums (run);

  tally->of->n_runs++;
  tally->full.time += full.time;
  tally->full.downtime += full.downtime;
  if (measured.time > 0 && small.time > 0)
    {
      tally->n_time++;
      tally->of->measured_time_s += measured.time;
      tally->log_ratio.time += log (measured.time / small.time);
    }
  if (measured.downtime > 0 && small.downtime > 0)
    {
      tally->n_downtime++;
      tally->of->measured_downtime_s += measured.downtime;
      tally->log_ratio.downtime += log (measured.downtime / small.downtime);
    }
}

/* predicted: the model's mean, corrected by what it is off in this case, with the model's own
 * error. */
static MigPredicted
predicted (double full, guint n_runs, double log_ratio, guint n, double factor)
{
  double value = n > 0 ? full / n_runs * exp (log_ratio / n) : NAN;

  return (MigPredicted){ value, value / factor, value * factor };
}

static void
finish (Tally *tally)
{
  MigFullSizeCase *of = tally->of;
  const MigModel *model = tally->model;

  of->measured_time_s = tally->n_time > 0 ? of->measured_time_s / tally->n_time : NAN;
  of->measured_downtime_s = tally->n_downtime > 0 ? of->measured_downtime_s / tally->n_downtime
                                                  : NAN;
  of->time = predicted (tally->full.time, of->n_runs, tally->log_ratio.time, tally->n_time,
                        mig_model_time_factor (model));
  of->downtime = predicted (tally->full.downtime, of->n_runs, tally->log_ratio.downtime,
                            tally->n_downtime, mig_model_downtime_factor (model));
}

/* compare_cases: as a summary's: numbers in labels by what they are worth. */
static int
compare_cases (gconstpointer a, gconstpointer b)
{
  return strverscmp ((*(MigFullSizeCase *const *) a)->label,
                     (*(MigFullSizeCase *const *) b)->label);
}

static void
free_case (gpointer data)
{
  g_free (((MigFullSizeCase *) data)->label);
  g_free (data);
}

static Tally *
new_tally (MigFullSize *self, const char *label, const MigModel *model)
{
  Tally *tally = g_new0 (Tally, 1);

  tally->of = g_new0 (MigFullSizeCase, 1);
  tally->of->label = g_strdup (label);
  tally->model = model;
  g_ptr_array_add (self->cases, tally->of);
  return tally;
}

/* predict: the runs of a case may stand apart. */
static gboolean
predict (MigFullSize *self, const MigTraining *training, MigCalibrations *calibrations,
         double scale, GError **error)
{
  g_autoptr (GHashTable) by_label = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (GPtrArray) tallies = g_ptr_array_new ();

  if (training->runs->len == 0)
    return mig_calibrations_find (calibrations, NULL, error) != NULL;
  for (guint i = 0; i < training->runs->len; i++)
    {
      const MigTrainingRun *run = training->runs->pdata[i];
      const MigCalibration *calibration = mig_calibrations_find (calibrations, run->technique,
                                                                 error);
      Tally *tally = g_hash_table_lookup (by_label, run->case_label);
      if (!calibration)
        return FALSE;
      if (!tally)
        {
          tally = new_tally (self, run->case_label, &calibration->model);
          self->by_technique |= calibration->technique != NULL;
          g_hash_table_insert (by_label, run->case_label, tally);
          g_ptr_array_add (tallies, tally);
        }
      add_run (tally, run, scale);
    }
  for (guint i = 0; i < tallies->len; i++)
    finish (tallies->pdata[i]);
  g_ptr_array_sort (self->cases, compare_cases);
  return TRUE;
}

MigFullSize *
mig_full_size_new (const MigTraining *training, double scale, const char *rule)
{
  MigFullSize *self = g_new0 (MigFullSize, 1);
  MigStopRule stop_rule;
  MigModel start = mig_model_default ();
  g_autoptr (GError) error = NULL;

  self->cases = g_ptr_array_new_with_free_func (free_case);
  self->n_migrations = training->n_migrations;
  gboolean known = rule && mig_stop_rule_from_name (rule, &stop_rule, NULL);
  if (!known && training->n_migrations > 0) /* where there are none, that is what is said */
    {
      self->why_not = g_strdup ("the migrations were stopped by different rules");
      return self;
    }
  if (known)
    mig_model_set_stop_rule (&start, mig_stop_rule_limits (stop_rule));
  g_autoptr (MigCalibrations) calibrations = mig_calibrations_new (training, &start);
  if (predict (self, training, calibrations, scale, &error))
    return self;
  g_ptr_array_set_size (self->cases, 0);
  self->why_not = g_strdup (error->message);
  return self;
}

void
mig_full_size_free (MigFullSize *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->cases);
  g_free (self->why_not);
  g_free (self);
}
