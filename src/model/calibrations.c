/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/calibrations.h"

struct _MigCalibrations {
  const MigTraining *training;
  MigModel rule;
  GHashTable *of_technique; /* -> MigCalibration; NULL: it has too few migrations */
  MigCalibration *of_all;   /* NULL: nobody has asked for it */
};

static void
free_calibration (gpointer calibration)
{
  if (calibration)
    mig_calibration_free (calibration);
}

MigCalibrations *
mig_calibrations_new (const MigTraining *training, const MigModel *rule)
{
  MigCalibrations *self = g_new0 (MigCalibrations, 1);

  self->training = training;
  self->rule = *rule;
  self->of_technique = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_calibration);
  return self;
}

/* calibrate_technique: NULL: it has too few migrations, or there is no other one. */
static MigCalibration *
calibrate_technique (const MigCalibrations *self, const char *technique)
{
  g_autoptr (MigTraining) own = mig_training_of_technique (self->training, technique);

  if (own->runs->len == self->training->runs->len)
    return NULL;
  MigCalibration *calibration = mig_calibrate (own, &self->rule, NULL);
  if (calibration)
    calibration->technique = g_strdup (technique);
  return calibration;
}

const MigCalibration *
mig_calibrations_find (MigCalibrations *self, const char *technique, GError **error)
{
  gpointer found = NULL;

  if (technique && !g_hash_table_lookup_extended (self->of_technique, technique, NULL, &found))
    {
      found = calibrate_technique (self, technique);
      g_hash_table_insert (self->of_technique, g_strdup (technique), found);
    }
  if (found)
    return found;
  if (!self->of_all)
    self->of_all = mig_calibrate (self->training, &self->rule, error);
  return self->of_all;
}

void
mig_calibrations_free (MigCalibrations *self)
{
  g_hash_table_unref (self->of_technique);
  free_calibration (self->of_all);
  g_free (self);
}
