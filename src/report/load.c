/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "analysis/analysis.h"
#include "report/load.h"

static gboolean
add_heartbeat (gconstpointer record, gpointer data, GError **error)
{
  mig_analysis_add_heartbeat (data, record);
  return TRUE;
}

static gboolean
add_sample (gconstpointer record, gpointer data, GError **error)
{
  mig_analysis_add_sample (data, record);
  return TRUE;
}

static MigSummary *
analyse (MigResult *result, GPtrArray *environment, GError **error)
{
  static const MigTable small[] = { MIG_TABLE_SCHEDULE, MIG_TABLE_RUNS, MIG_TABLE_GUESTS,
                                    MIG_TABLE_MIGRATIONS, MIG_TABLE_PARAMETERS };
  GPtrArray *rows[G_N_ELEMENTS (small)] = { NULL };
  g_autoptr (MigAnalysis) analysis = NULL;
  gboolean ok = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (small) && ok; i++)
    ok = (rows[i] = mig_result_load (result, small[i], error)) != NULL;
  if (ok)
    {
      analysis = mig_analysis_new (rows[0], rows[1], rows[2], rows[3]);
      mig_analysis_set_parameters (analysis, rows[4]);
      mig_analysis_set_environment (analysis, environment);
    }
  for (guint i = 0; i < G_N_ELEMENTS (small); i++)
    g_clear_pointer (&rows[i], g_ptr_array_unref);
  if (!ok || !mig_result_foreach (result, MIG_TABLE_SAMPLES, add_sample, analysis, error) ||
      !mig_result_foreach (result, MIG_TABLE_HEARTBEATS, add_heartbeat, analysis, error))
    return NULL;
  return mig_analysis_finish (analysis);
}

MigReport *
mig_report_load (const char *path, GError **error)
{
  g_autoptr (MigResult) result = mig_result_open (path, error);
  g_autoptr (MigReport) self = g_new0 (MigReport, 1);

  if (!result)
    return NULL;
  const MigManifest *manifest = mig_result_manifest (result);
  self->path = g_strdup (path);
  self->complete = mig_result_is_complete (result);
  self->manifest = *manifest;
  self->manifest.study_name = g_strdup (manifest->study_name);
  self->manifest.study_title = g_strdup (manifest->study_title);
  self->manifest.tool_version = g_strdup (manifest->tool_version);
  self->environment = mig_result_load (result, MIG_TABLE_ENVIRONMENT, error);
  if (!self->environment)
    return NULL;
  self->limits = mig_result_load (result, MIG_TABLE_LIMITS, error);
  if (!self->limits)
    return NULL;
  self->summary = analyse (result, self->environment, error);
  return self->summary ? g_steal_pointer (&self) : NULL;
}

void
mig_report_free (MigReport *self)
{
  if (!self)
    return;
  g_clear_pointer (&self->environment, g_ptr_array_unref);
  g_clear_pointer (&self->limits, g_ptr_array_unref);
  mig_summary_free (self->summary);
  mig_manifest_clear (&self->manifest);
  g_free (self->path);
  g_free (self);
}
