/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/calibrate.h"

/* The model and those of the literature that it is compared with; sources in doc/model.md. */

static const struct {
  const char *id, *name;
  const char *with_disks; /* its name where disks were copied; NULL: the same */
} names[MIG_N_PREDICTORS] = {
  [MIG_PREDICTOR_MODEL] = { "model", "this model" },
  [MIG_PREDICTOR_LIM] = { "lim", "two jobs that compete (after Lim)" },
  [MIG_PREDICTOR_BREITGAND] = { "breitgand", "rounds, mean bandwidth (after Breitgand)" },
  [MIG_PREDICTOR_AKOUSH] = { "akoush", "rounds, link rate (after Akoush)" },
  [MIG_PREDICTOR_LINK] = { "link", "memory / link rate", "memory and disks / link rate" },
  [MIG_PREDICTOR_REPEAT] = { "repeat", "other runs of the same case" },
};

const char *
mig_predictor_name (MigPredictor predictor, gboolean disks)
{
  g_return_val_if_fail ((guint) predictor < MIG_N_PREDICTORS, NULL);
  return disks && names[predictor].with_disks ? names[predictor].with_disks : names[predictor].name;
}

const char *
mig_predictor_id (MigPredictor predictor)
{
  g_return_val_if_fail ((guint) predictor < MIG_N_PREDICTORS, NULL);
  return names[predictor].id;
}

static void
simulate (const MigModel *model, const MigTrainingRun *run, MigMoveCost *costs, double *lost)
{
  g_autoptr (MigSimulation)
      simulation = mig_training_run_simulate (run, model, run->fleet, NULL, costs);

  for (guint i = 0; i < run->moves->len; i++)
    {
      costs[i].end_s -= costs[i].start_s;
      costs[i].start_s = 0;
    }
  for (guint i = 0; i < run->fleet->vms->len && lost; i++)
    lost[i] = mig_simulation_lost (simulation, i);
}

static gboolean
learns_from (const MigTrainingRun *run, const char *without)
{
  return g_strcmp0 (run->case_label, without) != 0;
}

/* Akoush, Breitgand: rounds at a constant rate, no contention. */
static void
predict_rounds (const MigModel *fitted, double bytes_per_s, const MigTrainingRun *run,
                MigMoveCost *costs)
{
  MigModel model = *fitted;

  model.source_s_per_byte = model.destination_s_per_byte = 0;
  model.source_s_per_constant = model.destination_s_per_constant = 0;
  model.source_s_per_disk_byte = model.destination_s_per_disk_byte = 0;
  model.cap_bytes_per_s = fmin (model.cap_bytes_per_s, bytes_per_s);
  simulate (&model, run, costs, NULL);
}

/* mean_rate: bytes of memory sent per second of migration, of all that is known. */
static double
mean_rate (const MigTraining *training, const char *without)
{
  double bytes = 0, time = 0;

  for (guint i = 0; i < training->runs->len; i++)
    {
      const MigTrainingRun *run = training->runs->pdata[i];
      for (guint j = 0; j < run->measured->len && learns_from (run, without); j++)
        {
          const MigMeasured *measured = &g_array_index (run->measured, MigMeasured, j);
          double fixed = training->end_s + (measured->setup_s > 0 ? measured->setup_s : 0) +
                         measured->disk_s;
          if (isnan (measured->sent_bytes) || measured->time_s <= fixed)
            continue;
          bytes += measured->sent_bytes;
          time += measured->time_s - fixed;
        }
    }
  return bytes > 0 ? bytes / time : training->link_bytes_per_s;
}

/* demand: CPUs that guests want on a host when a step begins. */
static double
demand (const MigTrainingRun *run, guint host, guint step)
{
  double sum = 0;

  for (guint i = 0; i < run->fleet->vms->len; i++)
    {
      guint place = mig_fleet_vm (run->fleet, i)->host;
      for (guint j = 0; j < run->moves->len; j++)
        {
          const MigMove *move = &g_array_index (run->moves, MigMove, j);
          if (move->vm == i && move->group < step)
            place = move->to;
        }
      if (place == host)
        sum += mig_fleet_vm (run->fleet, i)->cpu;
    }
  return sum;
}

/* slowdown_on: of the job on a host, beside the guests of the CPUs that it uses. */
static double
slowdown_on (const MigTrainingRun *run, guint host, guint step)
{
  const MigFleetHost *info = mig_fleet_host (run->fleet, host);

  if (info->borrows_from > 0)
    host = info->borrows_from - 1;
  else if (info->management_cpus > 0)
    return 1 / info->management_cpus;
  return (demand (run, host, step) + 1) / mig_fleet_host (run->fleet, host)->cpus;
}

/* slowdown: of the pair of jobs, one on each host, by the guests they compete with. */
static double
slowdown (const MigTrainingRun *run, guint index)
{
  const MigMove *move = &g_array_index (run->moves, MigMove, index);
  guint hosts[] = { mig_fleet_vm (run->fleet, move->vm)->host, move->to };
  double worst = 1;

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    worst = fmax (worst, slowdown_on (run, hosts[i], move->group));
  return worst;
}

/* class_base: of a class, without competition: geometric means of time and downtime. */
static void
class_base (const MigTraining *training, const char *without, const char *class_name,
            double *time_s, double *downtime_s)
{
  double times = 0, downtimes = 0;
  guint n_times = 0, n_downtimes = 0;

  for (guint i = 0; i < training->runs->len; i++)
    {
      const MigTrainingRun *run = training->runs->pdata[i];
      for (guint j = 0; j < run->measured->len && learns_from (run, without); j++)
        {
          const MigMeasured *measured = &g_array_index (run->measured, MigMeasured, j);
          if (g_strcmp0 (measured->class_name, class_name) != 0)
            continue;
          times += log (measured->time_s / slowdown (run, j));
          n_times++;
          if (!(measured->downtime_s > 0))
            continue;
          downtimes += log (measured->downtime_s / slowdown (run, j));
          n_downtimes++;
        }
    }
  *time_s = n_times > 0 ? exp (times / n_times) : NAN;
  *downtime_s = n_downtimes > 0 ? exp (downtimes / n_downtimes) : NAN;
}

static void
predict_lim (const MigTraining *training, const char *without, const MigTrainingRun *run,
             MigMoveCost *costs)
{
  for (guint i = 0; i < run->moves->len; i++)
    {
      double slow = slowdown (run, i), time, downtime;
      class_base (training, without, g_array_index (run->measured, MigMeasured, i).class_name,
                  &time, &downtime);
      costs[i] = (MigMoveCost){ .end_s = slow * time,
                                .downtime_s = slow * downtime,
                                .disk_s = NAN };
    }
}

static gboolean
repeats (const MigTrainingRun *run, const MigTrainingRun *other)
{
  return other != run && g_strcmp0 (other->case_label, run->case_label) == 0 &&
         other->moves->len == run->moves->len && other->lost->len == run->lost->len;
}

static void
predict_repeat_lost (const MigTraining *training, const MigTrainingRun *run, double *lost)
{
  for (guint i = 0; i < run->lost->len; i++)
    {
      double sum = 0;
      guint n = 0;
      for (guint j = 0; j < training->runs->len; j++)
        if (repeats (run, training->runs->pdata[j]))
          {
            const MigTrainingRun *other = training->runs->pdata[j];
            sum += g_array_index (other->lost, double, i);
            n++;
          }
      lost[i] = n ? sum / n : NAN;
    }
}

/* predict_repeat: means over the case's other runs. */
static void
predict_repeat (const MigTraining *training, const MigTrainingRun *run, MigMoveCost *costs)
{
  for (guint i = 0; i < run->moves->len; i++)
    {
      double time = 0, downtime = 0, disk = 0;
      guint n = 0;
      for (guint j = 0; j < training->runs->len; j++)
        {
          const MigTrainingRun *other = training->runs->pdata[j];
          if (!repeats (run, other))
            continue;
          const MigMeasured *measured = &g_array_index (other->measured, MigMeasured, i);
          time += measured->time_s;
          downtime += measured->downtime_s;
          disk += measured->disk_s;
          n++;
        }
      costs[i] = (MigMoveCost){ .end_s = n ? time / n : NAN,
                                .downtime_s = n ? downtime / n : NAN,
                                .disk_s = n ? disk / n : NAN };
    }
}

/* link_rate: of the slower host of a migration, which a study may sweep. */
static double
link_rate (const MigTrainingRun *run, const MigMove *move)
{
  return fmin (
      mig_fleet_host (run->fleet, mig_fleet_vm (run->fleet, move->vm)->host)->link_bytes_per_s,
      mig_fleet_host (run->fleet, move->to)->link_bytes_per_s);
}

static void
predict_link (const MigTrainingRun *run, MigMoveCost *costs)
{
  for (guint i = 0; i < run->moves->len; i++)
    {
      const MigMove *move = &g_array_index (run->moves, MigMove, i);
      const MigFleetVm *vm = mig_fleet_vm (run->fleet, move->vm);
      double rate = link_rate (run, move);
      costs[i] = (MigMoveCost){ .end_s = (vm->memory_bytes + vm->disk_bytes) / rate,
                                .downtime_s = NAN,
                                .disk_s = vm->disk_bytes / rate };
    }
}

void
mig_predict_run (const MigTraining *training, const char *without, MigPredictor predictor,
                 const MigModel *fitted, const MigTrainingRun *run, MigMoveCost *costs,
                 double *lost)
{
  for (guint i = 0; i < run->fleet->vms->len; i++)
    lost[i] = NAN;
  switch (predictor)
    {
    case MIG_PREDICTOR_MODEL:
      simulate (fitted, run, costs, lost);
      break;
    case MIG_PREDICTOR_LIM:
      predict_lim (training, without, run, costs);
      break;
    case MIG_PREDICTOR_BREITGAND:
      predict_rounds (fitted, mean_rate (training, without), run, costs);
      break;
    case MIG_PREDICTOR_AKOUSH:
      predict_rounds (fitted, INFINITY, run, costs); /* the run's own links limit it */
      break;
    case MIG_PREDICTOR_LINK:
      predict_link (run, costs);
      break;
    case MIG_PREDICTOR_REPEAT:
    case MIG_N_PREDICTORS:
      predict_repeat (training, run, costs);
      predict_repeat_lost (training, run, lost);
      break;
    }
}
