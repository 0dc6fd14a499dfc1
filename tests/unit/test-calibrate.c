/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "model/calibrate.h"
#include "base/error.h"
#include "tests/unit/trainings.h"

/* Measurements that the model itself makes, with some noise: the calibration must find its
 * parameters again. */
static MigTraining *
make_training (double noise)
{
  static const char *const cases[] = { "cc", "cm", "mc", "mm", "ccm" };

  return training_of (cases, G_N_ELEMENTS (cases), 0, noise);
}

static void
test_recovers (void)
{
  g_autoptr (MigTraining) training = make_training (0.02);
  g_autoptr (GError) error = NULL;
  MigModel model = training_truth (), rule = training_rule ();

  g_autoptr (MigCalibration) calibration = mig_calibrate (training, &rule, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (calibration->n_parameters, ==, MIG_N_MEMORY_PARAMETERS);
  for (guint i = 0; i < calibration->n_parameters; i++)
    {
      const MigParameterInfo *info = mig_parameter_info (i);
      double want = G_STRUCT_MEMBER (double, &model, info->offset);
      const MigEstimate *found = &calibration->parameters[i];
      g_test_message ("%s: %g, found %g (%g to %g)", info->id, want, found->value, found->low,
                      found->high);
      g_assert_cmpfloat (fabs (log (found->value / want)), <, 0.3);
      g_assert_cmpfloat (found->low, <=, found->value);
      g_assert_cmpfloat (found->high, >=, found->value);
    }
  const MigErrors *errors = calibration->errors;
  g_assert_cmpfloat (errors[MIG_PREDICTOR_MODEL].time, <, 0.05);
  g_assert_cmpfloat (errors[MIG_PREDICTOR_MODEL].rank, >, 0.99);
  g_assert_cmpuint (errors[MIG_PREDICTOR_MODEL].n_time, ==, training->n_migrations);
  for (guint p = MIG_PREDICTOR_LIM; p <= MIG_PREDICTOR_LINK; p++)
    g_assert_cmpfloat (errors[p].time, >, errors[MIG_PREDICTOR_MODEL].time);
  g_assert_cmpfloat (fabs (errors[MIG_PREDICTOR_REPEAT].time - 0.04), <, 0.005);
  g_assert_true (isnan (errors[MIG_PREDICTOR_LINK].downtime));
  double factor = mig_model_time_factor (&calibration->model);
  g_assert_true (factor > 1 && factor < 1.2);
  g_assert_cmpuint (calibration->cases->len, ==, 5);
  g_assert_cmpfloat (errors[MIG_PREDICTOR_MODEL].lost, <, 0.02);
  g_assert_cmpuint (errors[MIG_PREDICTOR_MODEL].n_lost, ==, 4 * training->runs->len);
  g_assert_true (isnan (errors[MIG_PREDICTOR_LIM].lost));
  double half = mig_model_lost_half (&calibration->model, 100);
  g_assert_true (half > 0 && half < 10);
}

/* Each error has its own degrees of freedom: of 22 migrations eight have a downtime, so that two
 * are left beside the six parameters (t of 95 %: 4.3027), and sixteen of the times (2.1199); the
 * ten runs of lost work (2.2281). */
static void
test_degrees (void)
{
  g_autoptr (MigTraining) all = make_training (0.02), few = make_training (0.02);
  MigModel rule = training_truth ();
  guint n = 0;

  for (guint i = 0; i < few->runs->len; i++)
    {
      const MigTrainingRun *run = few->runs->pdata[i];
      for (guint k = 0; k < run->measured->len; k++)
        if (n++ >= 8)
          g_array_index (run->measured, MigMeasured, k).downtime_s = NAN;
    }
  g_autoptr (MigCalibration) whole = mig_calibrate (all, &rule, NULL);
  g_autoptr (MigCalibration) part = mig_calibrate (few, &rule, NULL);
  const MigModel *model = &part->model;
  g_assert_cmpuint (part->errors[MIG_PREDICTOR_MODEL].n_downtime, ==, 8);
  g_assert_cmpfloat_with_epsilon (log (mig_model_downtime_factor (model)) / model->downtime_error,
                                  4.3027, 1e-3);
  g_assert_cmpfloat_with_epsilon (log (mig_model_time_factor (model)) / model->time_error, 2.1199,
                                  1e-3);
  g_assert_cmpfloat_with_epsilon (mig_model_lost_half (model, 1) / model->lost_error, 2.2281, 1e-3);
  g_assert_cmpfloat (mig_model_downtime_factor (model), >,
                     mig_model_downtime_factor (&whole->model));
}

/* Two as one: all runs, and the mean of what is a median in each; not where CPUs are shared in
 * different ways. */
static void
test_join (void)
{
  g_autoptr (MigTraining) one = make_training (0), other = make_training (0);
  g_autoptr (GPtrArray) both = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (both, one);
  g_ptr_array_add (both, other);
  one->end_s = 0.2;
  other->end_s = 0.4;
  {
    g_autoptr (MigTraining) joined = mig_training_join (both, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (joined->runs->len, ==, one->runs->len + other->runs->len);
    g_assert_true (joined->runs->pdata[one->runs->len] == other->runs->pdata[0]);
    g_assert_cmpuint (joined->n_migrations, ==, 2 * one->n_migrations);
    g_assert_cmpfloat_with_epsilon (joined->end_s, 0.3, 1e-12);
  }
  other->sched_entity = MIG_SCHED_ENTITY_THREADS;
  g_assert_null (mig_training_join (both, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
}

static void
test_too_few (void)
{
  g_autoptr (MigTraining) training = make_training (0);
  g_autoptr (GError) error = NULL;
  MigModel rule = training_truth ();

  g_ptr_array_set_size (training->runs, 1);
  training->n_migrations = 2;
  g_assert_null (mig_calibrate (training, &rule, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
}

static void
test_one_case (void)
{
  g_autoptr (MigTraining) training = make_training (0);
  g_autoptr (GError) error = NULL;
  MigModel rule = training_truth ();

  for (guint i = 0; i < training->runs->len; i++)
    {
      MigTrainingRun *run = training->runs->pdata[i];
      g_free (run->case_label);
      run->case_label = g_strdup ("all");
    }
  g_assert_null (mig_calibrate (training, &rule, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calibrate/recovers", test_recovers);
  g_test_add_func ("/calibrate/degrees", test_degrees);
  g_test_add_func ("/calibrate/join", test_join);
  g_test_add_func ("/calibrate/too-few", test_too_few);
  g_test_add_func ("/calibrate/one-case", test_one_case);
  return g_test_run ();
}
