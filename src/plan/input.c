/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "plan/input.h"
#include "results/facts.h"
#include "summary/analysis.h"

static gboolean
add_heartbeat (gconstpointer record, gpointer analysis, GError **error)
{
  mig_analysis_add_heartbeat (analysis, record);
  return TRUE;
}

static gboolean
add_sample (gconstpointer record, gpointer analysis, GError **error)
{
  mig_analysis_add_sample (analysis, record);
  return TRUE;
}

static gboolean
add_probe (gconstpointer record, gpointer analysis, GError **error)
{
  mig_analysis_add_probe (analysis, record);
  return TRUE;
}

static const MigTable wanted[MIG_PLAN_INPUT_TABLES] = { MIG_TABLE_SCHEDULE,  MIG_TABLE_RUNS,
                                                        MIG_TABLE_GUESTS,    MIG_TABLE_MIGRATIONS,
                                                        MIG_TABLE_ROUNDS,    MIG_TABLE_ENVIRONMENT,
                                                        MIG_TABLE_PARAMETERS };

MigPlanInput *
mig_plan_input_load (const char *directory, GError **error)
{
  g_autoptr (MigResult) result = mig_result_open (directory, error);
  g_autoptr (MigPlanInput) self = g_new0 (MigPlanInput, 1);
  GPtrArray **rows = self->tables;

  if (!result)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (!(rows[i] = mig_result_load (result, wanted[i], error)))
      return NULL;
  self->scale = g_strdup (mig_result_manifest (result)->scale);
  mig_facts_drop_superseded (rows[5]);
  g_autoptr (MigSettings) settings = mig_settings_new (result, rows[6]);
  g_autoptr (MigAnalysis) analysis = mig_analysis_new (rows[0], rows[1], rows[2], rows[3]);
  mig_analysis_set_parameters (analysis, rows[6]);
  mig_analysis_set_environment (analysis, rows[5]);
  if (!mig_result_foreach (result, MIG_TABLE_SAMPLES, add_sample, analysis, error) ||
      !mig_result_foreach (result, MIG_TABLE_HEARTBEATS, add_heartbeat, analysis, error) ||
      !mig_result_foreach (result, MIG_TABLE_PROBES, add_probe, analysis, error))
    return NULL;
  self->training = mig_training_new (mig_analysis_runs (analysis), rows[4], rows[5], rows[6],
                                     settings);
  for (guint i = 0; i < rows[3]->len && !self->stop_rule; i++)
    self->stop_rule = g_strdup (((const MigMigrationRecord *) rows[3]->pdata[i])->stop_rule);
  return g_steal_pointer (&self);
}

void
mig_plan_input_free (MigPlanInput *self)
{
  g_clear_pointer (&self->training, mig_training_free);
  for (guint i = 0; i < G_N_ELEMENTS (self->tables); i++)
    g_clear_pointer (&self->tables[i], g_ptr_array_unref);
  g_free (self->stop_rule);
  g_free (self->scale);
  g_free (self);
}

const GPtrArray *
mig_plan_input_environment (const MigPlanInput *self)
{
  return self->tables[5];
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
