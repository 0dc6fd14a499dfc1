/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "model/calibrate.h"
#include "model/outage-model.h"
#include "base/error.h"

/* Fewer say nothing about four parameters. */
#define MIGRATIONS_MIN 6

/* Sums on the way to the errors of one predictor. */
typedef struct {
  double time, downtime, lost, disk;
  guint n_time, n_downtime, n_lost, n_disk;
} Sum;

/* Squares of the model's errors: logarithmic, of lost work as shares of the time. */
typedef struct {
  double time, downtime, lost, lost_mean;
  guint n_time, n_downtime, n_lost, n_lost_mean;
} Squares;

static void
add_error (double predicted, double measured, double *sum, guint *n)
{
  if (!(predicted >= 0) || !(measured > 0))
    return;
  *sum += fabs (predicted - measured) / measured;
  ++*n;
}

static void
add_square (double predicted, double measured, double *sum, guint *n)
{
  if (!(predicted > 0) || !(measured > 0))
    return;
  *sum += pow (log (predicted / measured), 2);
  ++*n;
}

/* add_lost: squares: NULL but for the model itself. */
static void
add_lost (const MigTrainingRun *run, const double *lost, Sum *sum, Squares *squares)
{
  double whole = 0;
  guint n = 0;

  for (guint i = 0; i < run->lost->len; i++)
    {
      double difference = (lost[i] - g_array_index (run->lost, double, i)) / run->time_s;
      if (!isfinite (difference))
        continue;
      sum->lost += fabs (difference);
      sum->n_lost++;
      whole += difference;
      n++;
      if (squares)
        squares->lost += difference * difference;
    }
  if (!squares || n == 0)
    return;
  squares->n_lost += n;
  squares->lost_mean += pow (whole / n, 2);
  squares->n_lost_mean++;
}

static void
add_run (const MigTraining *training, const MigModel *fitted, const MigTrainingRun *run,
         MigCasePrediction *prediction, Sum sums[MIG_N_PREDICTORS], Squares *squares)
{
  g_autofree MigMoveCost *costs = g_new (MigMoveCost, run->moves->len);
  g_autofree double *lost = g_new (double, run->fleet->vms->len);

  prediction->n_runs++;
  for (guint p = 0; p < MIG_N_PREDICTORS; p++)
    {
      mig_predict_run (training, run->case_label, p, fitted, run, costs, lost);
      add_lost (run, lost, &sums[p], p == MIG_PREDICTOR_MODEL ? squares : NULL);
      for (guint i = 0; i < run->moves->len; i++)
        {
          const MigMeasured *measured = &g_array_index (run->measured, MigMeasured, i);
          prediction->time_s[p] += costs[i].end_s;
          prediction->downtime_s[p] += costs[i].downtime_s;
          add_error (costs[i].end_s, measured->time_s, &sums[p].time, &sums[p].n_time);
          add_error (costs[i].downtime_s, measured->downtime_s, &sums[p].downtime,
                     &sums[p].n_downtime);
          if (mig_training_run_tells_disks (run, i))
            add_error (costs[i].disk_s, measured->disk_s, &sums[p].disk, &sums[p].n_disk);
          if (p != MIG_PREDICTOR_MODEL)
            continue;
          prediction->measured_time_s += measured->time_s;
          prediction->measured_downtime_s += measured->downtime_s;
          add_square (costs[i].end_s, measured->time_s, &squares->time, &squares->n_time);
          add_square (costs[i].downtime_s, measured->downtime_s, &squares->downtime,
                      &squares->n_downtime);
        }
    }
}

static void
free_case (gpointer data)
{
  g_free (((MigCasePrediction *) data)->label);
  g_free (data);
}

/* predict_case: leaves it out, fits the rest, predicts it. */
static gboolean
predict_case (const MigTraining *training, const MigModel *start, const char *label,
              MigCalibration *self, Sum sums[MIG_N_PREDICTORS], Squares *squares)
{
  MigCasePrediction *prediction = g_new0 (MigCasePrediction, 1);
  MigModel model = *start;

  prediction->label = g_strdup (label);
  g_ptr_array_add (self->cases, prediction);
  if (!mig_fit (training, label, &model, NULL))
    return FALSE;
  for (guint i = 0; i < training->runs->len; i++)
    {
      const MigTrainingRun *run = training->runs->pdata[i];
      if (g_strcmp0 (run->case_label, label) == 0)
        add_run (training, &model, run, prediction, sums, squares);
    }
  prediction->measured_time_s /= prediction->n_runs;
  prediction->measured_downtime_s /= prediction->n_runs;
  for (guint p = 0; p < MIG_N_PREDICTORS; p++)
    {
      prediction->time_s[p] /= prediction->n_runs;
      prediction->downtime_s[p] /= prediction->n_runs;
    }
  return TRUE;
}

/* rank: Spearman's correlation of predicted and measured times of the cases. */
static double
rank (const MigCalibration *self, guint predictor)
{
  guint n = self->cases->len;
  g_autofree double *values = g_new (double, 4 * n);

  for (guint i = 0; i < n; i++)
    {
      const MigCasePrediction *prediction = self->cases->pdata[i];
      values[i] = prediction->time_s[predictor];
      values[n + i] = prediction->measured_time_s;
      if (isnan (values[i]))
        return NAN;
    }
  return n > 2 ? gsl_stats_spearman (values, 1, values + n, 1, n, values + 2 * n) : NAN;
}

static double
mean (double sum, guint n)
{
  return n > 0 ? sum / n : NAN;
}

static void
set_errors (MigCalibration *self, const Sum sums[MIG_N_PREDICTORS])
{
  for (guint p = 0; p < MIG_N_PREDICTORS; p++)
    {
      Sum cases = { 0 };
      for (guint i = 0; i < self->cases->len; i++)
        {
          const MigCasePrediction *prediction = self->cases->pdata[i];
          add_error (prediction->time_s[p], prediction->measured_time_s, &cases.time,
                     &cases.n_time);
          add_error (prediction->downtime_s[p], prediction->measured_downtime_s, &cases.downtime,
                     &cases.n_downtime);
        }
      /* a case's mean over its runs is the mean of their means: no error to speak of */
      gboolean repeat = p == MIG_PREDICTOR_REPEAT;
      self->errors[p] = (MigErrors){
        mean (sums[p].time, sums[p].n_time),
        mean (sums[p].downtime, sums[p].n_downtime),
        repeat ? NAN : mean (cases.time, cases.n_time),
        repeat ? NAN : mean (cases.downtime, cases.n_downtime),
        repeat ? NAN : rank (self, p),
        mean (sums[p].lost, sums[p].n_lost),
        sums[p].n_time,
        sums[p].n_downtime,
        sums[p].n_lost,
        mean (sums[p].disk, sums[p].n_disk),
        sums[p].n_disk,
      };
    }
}

/* degrees: of freedom of that many errors of what is fitted. */
static guint
degrees (const MigCalibration *self, guint n)
{
  return n > self->n_parameters ? n - self->n_parameters : 0;
}

static gboolean
leave_out (MigCalibration *self, const MigTraining *training, const MigModel *start)
{
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);
  Sum sums[MIG_N_PREDICTORS] = { 0 };
  Squares squares = { 0 };

  for (guint i = 0; i < training->runs->len; i++)
    {
      const MigTrainingRun *run = training->runs->pdata[i];
      if (g_hash_table_add (labels, run->case_label) &&
          !predict_case (training, start, run->case_label, self, sums, &squares))
        return FALSE;
    }
  set_errors (self, sums);
  self->model.time_error = sqrt (mean (squares.time, squares.n_time));
  self->model.downtime_error = sqrt (mean (squares.downtime, squares.n_downtime));
  self->model.lost_error = sqrt (mean (squares.lost, squares.n_lost));
  self->model.lost_mean_error = sqrt (mean (squares.lost_mean, squares.n_lost_mean));
  self->model.time_degrees = degrees (self, squares.n_time);
  self->model.downtime_degrees = degrees (self, squares.n_downtime);
  self->model.lost_degrees = squares.n_lost_mean;
  return TRUE;
}

MigCalibration *
mig_calibrate (const MigTraining *training, const MigModel *rule, GError **error)
{
  g_autoptr (MigCalibration) self = g_new0 (MigCalibration, 1);
  MigModel start = *rule;

  self->cases = g_ptr_array_new_with_free_func (free_case);
  self->n_runs = training->runs->len;
  self->n_migrations = training->n_migrations;
  start.sched_entity = training->sched_entity;
  start.end_s = training->end_s;
  mig_outage_learn (&start, training);
  self->model = start;
  if (training->n_migrations < MIGRATIONS_MIN)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "%u sound migrations are too few to calibrate with; expected %d or more, of two "
                   "or more cases",
                   training->n_migrations, MIGRATIONS_MIN);
      return NULL;
    }
  self->n_parameters = mig_fit (training, NULL, &self->model, self->parameters);
  if (self->n_parameters == 0 || !leave_out (self, training, &start))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "the measured migrations determine no parameters; expected two or more cases, "
                   "with %d or more migrations besides those of any one",
                   MIGRATIONS_MIN);
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
mig_calibration_free (MigCalibration *self)
{
  g_ptr_array_unref (self->cases);
  g_free (self->technique);
  g_free (self);
}

char *
mig_calibration_source (const MigCalibration *calibration, const char *directory)
{
  const char *technique = calibration->technique;

  return g_strdup_printf ("%s: %u migrations%s%s%s in %u sound runs of %u cases", directory,
                          calibration->n_migrations, technique ? " (" : "",
                          technique ? technique : "", technique ? ")" : "", calibration->n_runs,
                          calibration->cases->len);
}
