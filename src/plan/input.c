/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "plan/input.h"
#include "results/result.h"

static gboolean
add_heartbeat (gconstpointer record, gpointer data, GError **error)
{
  mig_trainer_add_heartbeat (data, record);
  return TRUE;
}

static gboolean
add_sample (gconstpointer record, gpointer data, GError **error)
{
  mig_trainer_add_sample (data, record);
  return TRUE;
}

static gboolean
load_tables (MigResult *result, MigTrainingTables *tables, GError **error)
{
  const struct {
    MigTable table;
    GPtrArray **rows;
  } wanted[] = {
    { MIG_TABLE_RUNS, &tables->runs },
    { MIG_TABLE_GUESTS, &tables->guests },
    { MIG_TABLE_MIGRATIONS, &tables->migrations },
    { MIG_TABLE_ROUNDS, &tables->rounds },
    { MIG_TABLE_ENVIRONMENT, &tables->environment },
    { MIG_TABLE_PARAMETERS, &tables->parameters },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (!(*wanted[i].rows = mig_result_load (result, wanted[i].table, error)))
      return FALSE;
  return TRUE;
}

MigPlanInput *
mig_plan_input_load (const char *directory, GError **error)
{
  g_autoptr (MigResult) result = mig_result_open (directory, error);
  g_autoptr (MigPlanInput) self = g_new0 (MigPlanInput, 1);

  if (!result || !load_tables (result, &self->tables, error))
    return NULL;
  MigTrainer *trainer = mig_trainer_new (&self->tables);
  gboolean ok = mig_result_foreach (result, MIG_TABLE_SAMPLES, add_sample, trainer, error) &&
                mig_result_foreach (result, MIG_TABLE_HEARTBEATS, add_heartbeat, trainer, error);
  self->training = mig_trainer_finish (trainer);
  if (!ok)
    return NULL;
  for (guint i = 0; i < self->tables.migrations->len && !self->stop_rule; i++)
    self->stop_rule = g_strdup (
        ((const MigMigrationRecord *) self->tables.migrations->pdata[i])->stop_rule);
  return g_steal_pointer (&self);
}

void
mig_plan_input_free (MigPlanInput *self)
{
  GPtrArray *tables[] = { self->tables.runs,   self->tables.guests,      self->tables.migrations,
                          self->tables.rounds, self->tables.environment, self->tables.parameters };

  g_clear_pointer (&self->training, mig_training_free);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    g_clear_pointer (&tables[i], g_ptr_array_unref);
  g_free (self->stop_rule);
  g_free (self);
}

const MigFleet *
mig_plan_input_fleet (const MigPlanInput *self, GError **error)
{
  if (self->training->runs->len > 0)
    return ((const MigTrainingRun *) self->training->runs->pdata[0])->fleet;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "the result directory has no sound run to take a fleet from");
  return NULL;
}
