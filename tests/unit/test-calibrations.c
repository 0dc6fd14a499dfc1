/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/calibrations.h"
#include "tests/unit/trainings.h"

/* Migrations whose receiving side takes ten times as much of its CPU where they are encrypted. */

static const char *const cases[] = { "cc", "cm", "mc", "mm" };

#define PLAIN "pre-copy"
#define ENCRYPTED "pre-copy, TLS"
#define DECRYPTING 10

/* add_encrypted: the first so many cases. */
static void
add_encrypted (MigTraining *training, guint n_cases)
{
  MigModel model = training_truth ();
  guint before = training->runs->len;

  model.destination_s_per_byte *= DECRYPTING;
  training_add (training, &model, cases, n_cases, 0, 0.02);
  for (guint i = before; i < training->runs->len; i++)
    {
      MigTrainingRun *run = training->runs->pdata[i];
      g_free (run->technique);
      run->technique = mig_training_technique (PLAIN, TRUE);
    }
}

static const MigCalibration *
find (MigCalibrations *calibrations, const char *technique)
{
  g_autoptr (GError) error = NULL;
  const MigCalibration *found = mig_calibrations_find (calibrations, technique, &error);

  g_assert_no_error (error);
  g_assert_true (found == mig_calibrations_find (calibrations, technique, NULL));
  return found;
}

/* assert_sum: CPU time per byte of both sides, which is known better than either. */
static void
assert_sum (const MigCalibration *calibration, double want)
{
  const MigModel *model = &calibration->model;
  double found = model->source_s_per_byte + model->destination_s_per_byte;

  g_test_message ("%g, expected %g", found, want);
  g_assert_cmpfloat (fabs (found / want - 1), <, 0.1);
}

static void
test_apart (void)
{
  MigModel truth = training_truth (), rule = training_rule ();
  g_autoptr (MigTraining) training = training_of (cases, G_N_ELEMENTS (cases), 0, 0.02);
  guint n_plain = training->n_migrations;
  add_encrypted (training, G_N_ELEMENTS (cases));
  g_autoptr (MigCalibrations) calibrations = mig_calibrations_new (training, &rule);
  const MigCalibration *plain = find (calibrations, PLAIN),
                       *encrypted = find (calibrations, ENCRYPTED);

  g_assert_cmpstr (plain->technique, ==, PLAIN);
  g_assert_cmpuint (plain->n_migrations, ==, n_plain);
  assert_sum (plain, truth.source_s_per_byte + truth.destination_s_per_byte);
  g_assert_cmpstr (encrypted->technique, ==, ENCRYPTED);
  g_assert_cmpuint (encrypted->n_migrations, ==, training->n_migrations - n_plain);
  assert_sum (encrypted, truth.source_s_per_byte + DECRYPTING * truth.destination_s_per_byte);
  g_autofree char *source = mig_calibration_source (encrypted, "there");
  g_assert_cmpstr (source, ==, "there: 16 migrations (pre-copy, TLS) in 8 sound runs of 4 cases");
  /* a technique that nobody has used: as all did */
  const MigCalibration *unknown = find (calibrations, "multifd");
  g_assert_null (unknown->technique);
  g_assert_true (unknown == find (calibrations, NULL));
  g_assert_cmpuint (unknown->n_migrations, ==, training->n_migrations);
}

/* Two runs of one case do not say what encryption costs. */
static void
test_too_few (void)
{
  MigModel rule = training_rule ();
  g_autoptr (MigTraining) training = training_of (cases, G_N_ELEMENTS (cases), 0, 0.02);
  add_encrypted (training, 1);
  g_autoptr (MigCalibrations) calibrations = mig_calibrations_new (training, &rule);

  g_assert_null (find (calibrations, ENCRYPTED)->technique);
  g_assert_cmpuint (find (calibrations, ENCRYPTED)->n_migrations, ==, training->n_migrations);
  g_assert_cmpstr (find (calibrations, PLAIN)->technique, ==, PLAIN);
}

static void
test_one (void)
{
  MigModel rule = training_rule ();
  g_autoptr (MigTraining) training = training_of (cases, G_N_ELEMENTS (cases), 0, 0.02);
  g_autoptr (MigCalibrations) calibrations = mig_calibrations_new (training, &rule);

  g_assert_null (find (calibrations, PLAIN)->technique);
  g_assert_true (find (calibrations, PLAIN) == find (calibrations, ENCRYPTED));
}

static void
test_none (void)
{
  MigModel rule = training_rule ();
  g_autoptr (MigTraining) training = training_new (&rule);
  g_autoptr (MigCalibrations) calibrations = mig_calibrations_new (training, &rule);
  g_autoptr (GError) error = NULL;

  g_assert_null (mig_calibrations_find (calibrations, PLAIN, &error));
  g_assert_nonnull (error);
  g_assert_null (mig_calibrations_find (calibrations, PLAIN, NULL));
}

static void
test_names (void)
{
  g_autofree char *old = mig_training_technique (NULL, FALSE),
                  *encrypted = mig_training_technique ("multifd", TRUE);

  g_assert_cmpstr (old, ==, PLAIN);
  g_assert_cmpstr (encrypted, ==, "multifd, TLS");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calibrations/apart", test_apart);
  g_test_add_func ("/calibrations/too-few", test_too_few);
  g_test_add_func ("/calibrations/one", test_one);
  g_test_add_func ("/calibrations/none", test_none);
  g_test_add_func ("/calibrations/names", test_names);
  return g_test_run ();
}
