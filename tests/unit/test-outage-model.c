/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/outage-model.h"

/* TCP's steps, as they were measured with ports that are taken off for a known time: an answer came
 * with the first of 0.2, 0.4, 0.8, 1.6, 3.2, 6.4 s that is not in the outage. */
static void
test_steps (void)
{
  static const double cases[][3] = {
    /* outage, stall, connect */
    { 0, 0, 0 },      { 0.05, 0.2, 1 }, { 0.2, 0.2, 1 },  { 0.25, 0.4, 1 },  { 0.51, 0.8, 1 },
    { 1.08, 1.6, 3 }, { 2.14, 3.2, 3 }, { 3.17, 3.2, 7 }, { 4.133, 6.4, 7 }, { 7.5, 12.8, 15 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpfloat_with_epsilon (mig_tcp_stall (cases[i][0]), cases[i][1], 1e-9);
      g_assert_cmpfloat_with_epsilon (mig_tcp_connect (cases[i][0]), cases[i][2], 1e-9);
    }
  g_assert_true (isnan (mig_tcp_stall (NAN)) && isnan (mig_tcp_connect (NAN)));
  g_assert_cmpfloat (mig_tcp_stall (INFINITY), <, 1e5);
}

static void
add (MigTrainingRun *run, double downtime_s, double outage_s)
{
  const MigMeasured measured = {
    .time_s = 1, .downtime_s = downtime_s, .sent_bytes = 1, .setup_s = NAN, .outage_s = outage_s
  };

  g_array_append_val (run->measured, measured);
}

/* Three of four were asked: 20, 30 and 40 ms more than their downtimes. */
static void
test_learn (void)
{
  MigTrainingRun *run = mig_training_run_new (1, "c");
  MigTraining training = { .runs = g_ptr_array_new () };
  MigModel model = mig_model_default ();
  const MigPredicted downtime = { 0.3, 0.25, 0.4 };

  g_ptr_array_add (training.runs, run);
  mig_outage_learn (&model, &training);
  g_assert_cmpuint (model.n_outages, ==, 0);
  g_assert_true (isnan (mig_outage_predict (&model, downtime).value));
  add (run, 0.1, 0.12);
  add (run, 0.2, 0.23);
  add (run, 0.3, NAN);
  add (run, 0.4, 0.44);
  mig_outage_learn (&model, &training);
  g_assert_cmpuint (model.n_outages, ==, 3);
  g_assert_cmpfloat_with_epsilon (model.outage_surplus_s, 0.03, 1e-9);
  g_assert_cmpfloat_with_epsilon (model.outage_surplus_sd_s, 0.01, 1e-9);
  const MigPredicted outage = mig_outage_predict (&model, downtime);
  /* t of 2 degrees of freedom: 4.3027; sqrt (1 + 1/3): 1.1547 */
  g_assert_cmpfloat_with_epsilon (outage.value, 0.33, 1e-9);
  g_assert_cmpfloat_with_epsilon (outage.low, 0.28 - 0.049682, 1e-5);
  g_assert_cmpfloat_with_epsilon (outage.high, 0.43 + 0.049682, 1e-5);
  const MigPredicted stall = mig_stall_predict (outage);
  g_assert_cmpfloat_with_epsilon (stall.value, 0.4, 1e-9);
  g_assert_cmpfloat_with_epsilon (stall.low, outage.low, 1e-9);
  g_assert_cmpfloat_with_epsilon (stall.high, 0.88, 1e-9);
  mig_training_run_free (run);
  g_ptr_array_unref (training.runs);
}

/* One that was asked tells of no spread; what is below nothing is nothing. */
static void
test_one (void)
{
  MigTrainingRun *run = mig_training_run_new (1, "c");
  MigTraining training = { .runs = g_ptr_array_new () };
  MigModel model = mig_model_default ();

  g_ptr_array_add (training.runs, run);
  add (run, 0.5, 0.1);
  mig_outage_learn (&model, &training);
  const MigPredicted outage = mig_outage_predict (&model, (MigPredicted){ 0.3, 0.2, 0.4 });
  g_assert_cmpfloat (outage.value, ==, 0);
  g_assert_true (isnan (outage.low) && isnan (outage.high));
  g_assert_cmpfloat (mig_stall_predict (outage).value, ==, 0);
  mig_training_run_free (run);
  g_ptr_array_unref (training.runs);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outage-model/steps", test_steps);
  g_test_add_func ("/outage-model/learn", test_learn);
  g_test_add_func ("/outage-model/one", test_one);
  return g_test_run ();
}
