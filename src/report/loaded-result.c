/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/claims.h"
#include "summary/analysis.h"
#include "report/loaded-result.h"
#include "results/facts.h"

/* What is read beside the summary. */
typedef enum {
  PART_FULL_SIZE = 1 << 0,
  PART_TIMELINES = 1 << 1,
} Parts;

/* Where rows of the big tables go while they stream by. */
typedef struct {
  MigAnalysis *analysis;
  GPtrArray *timelines; /* NULL: nowhere else */
} Stream;

static gboolean
add_heartbeat (gconstpointer record, gpointer data, GError **error)
{
  Stream *stream = data;

  if (mig_analysis_add_heartbeat (stream->analysis, record) && stream->timelines)
    mig_timelines_heartbeat (stream->timelines, record);
  return TRUE;
}

static gboolean
add_sample (gconstpointer record, gpointer data, GError **error)
{
  Stream *stream = data;

  if (mig_analysis_add_sample (stream->analysis, record) && stream->timelines)
    mig_timelines_sample (stream->timelines, record);
  return TRUE;
}

static gboolean
add_probe (gconstpointer record, gpointer data, GError **error)
{
  mig_analysis_add_probe (((Stream *) data)->analysis, record);
  return TRUE;
}

static gboolean
add_announcement (gconstpointer record, gpointer data, GError **error)
{
  mig_analysis_add_announcement (((Stream *) data)->analysis, record);
  return TRUE;
}

static gboolean
add_request (gconstpointer record, gpointer data, GError **error)
{
  mig_analysis_add_request (((Stream *) data)->analysis, record);
  return TRUE;
}

/* prepare_timelines: rows: as in analyse(). */
static gboolean
prepare_timelines (MigLoadedResult *self, MigResult *result, GPtrArray **rows, GError **error)
{
  GPtrArray *rounds = mig_result_load (result, MIG_TABLE_ROUNDS, error);

  if (!rounds)
    return FALSE;
  self->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  for (guint i = 1; i < 4; i++)
    g_ptr_array_add (self->tables, g_ptr_array_ref (rows[i]));
  g_ptr_array_add (self->tables, rounds);
  self->timelines = mig_timelines_new (rows[1], rows[2], rows[3], rounds);
  return TRUE;
}

/* rule_of: that all migrations were stopped by; NULL: there are several, or none. */
static const char *
rule_of (const GPtrArray *migrations)
{
  const char *rule = NULL;

  for (guint i = 0; i < migrations->len; i++)
    {
      const MigMigrationRecord *migration = migrations->pdata[i];
      if (rule && g_strcmp0 (rule, migration->stop_rule) != 0)
        return NULL;
      rule = migration->stop_rule;
    }
  return rule;
}

/* predict_full_size: of a scaled study; rows: as in analyse(). */
static gboolean
predict_full_size (MigLoadedResult *self, MigResult *result, MigAnalysis *analysis,
                   GPtrArray **rows, const MigSettings *settings, GError **error)
{
  double scale = mig_manifest_scale (&self->manifest);
  g_autoptr (GPtrArray) rounds = NULL;

  if (scale >= 1)
    return TRUE;
  if (!(rounds = mig_result_load (result, MIG_TABLE_ROUNDS, error)))
    return FALSE;
  g_autoptr (MigTraining) training = mig_training_new (mig_analysis_runs (analysis), rounds,
                                                       self->environment, rows[4], settings);
  self->full_size = mig_full_size_new (training, scale, rule_of (rows[3]));
  return TRUE;
}

/* set_dirty_rates: after the finish, which says what counts; rows: as in analyse(). */
static gboolean
set_dirty_rates (MigLoadedResult *self, MigResult *result, MigAnalysis *analysis, GPtrArray **rows,
                 GError **error)
{
  g_autoptr (GPtrArray) rounds = mig_dirty_rate_wanted (rows[2])
                                     ? mig_result_load (result, MIG_TABLE_ROUNDS, error)
                                     : g_ptr_array_new ();

  if (!rounds)
    return FALSE;
  self->dirty_rates = mig_dirty_rates_new (mig_analysis_runs (analysis), rounds);
  return TRUE;
}

/* set_extent: rows: as in analyse(). */
static gboolean
set_extent (MigLoadedResult *self, MigResult *result, const MigSummary *summary, GPtrArray **rows,
            GError **error)
{
  g_autoptr (GPtrArray) decisions = mig_result_load (result, MIG_TABLE_DECISIONS, error);

  if (!decisions)
    return FALSE;
  self->extent = mig_extent_of (rows[0], rows[1], summary->race ? decisions : NULL);
  return TRUE;
}

static MigSummary *
analyse (MigLoadedResult *self, MigResult *result, Parts parts, GError **error)
{
  static const MigTable small[] = { MIG_TABLE_SCHEDULE,   MIG_TABLE_RUNS,
                                    MIG_TABLE_GUESTS,     MIG_TABLE_MIGRATIONS,
                                    MIG_TABLE_PARAMETERS, MIG_TABLE_ROUND_TRIPS };
  GPtrArray *rows[G_N_ELEMENTS (small)] = { NULL };
  g_autoptr (MigAnalysis) analysis = NULL;
  g_autoptr (MigSettings) settings = NULL;
  gboolean ok = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (small) && ok; i++)
    ok = (rows[i] = mig_result_load (result, small[i], error)) != NULL;
  if (ok)
    {
      analysis = mig_analysis_new (rows[0], rows[1], rows[2], rows[3]);
      mig_analysis_set_parameters (analysis, rows[4]);
      mig_analysis_set_environment (analysis, self->environment);
      mig_analysis_set_round_trips (analysis, rows[5]);
      settings = mig_settings_new (result, rows[4]);
      mig_analysis_set_settings (analysis, settings);
    }
  if (ok && (parts & PART_TIMELINES))
    ok = prepare_timelines (self, result, rows, error);
  Stream stream = { analysis, self->timelines };
  ok = ok && mig_result_foreach (result, MIG_TABLE_SAMPLES, add_sample, &stream, error) &&
       mig_result_foreach (result, MIG_TABLE_HEARTBEATS, add_heartbeat, &stream, error) &&
       mig_result_foreach (result, MIG_TABLE_PROBES, add_probe, &stream, error) &&
       mig_result_foreach (result, MIG_TABLE_ANNOUNCEMENTS, add_announcement, &stream, error) &&
       mig_result_foreach (result, MIG_TABLE_REQUESTS, add_request, &stream, error);
  if (ok && (parts & PART_FULL_SIZE))
    ok = predict_full_size (self, result, analysis, rows, settings, error);
  g_autoptr (MigSummary) summary = ok ? mig_analysis_finish (analysis) : NULL;
  ok = ok && set_dirty_rates (self, result, analysis, rows, error) &&
       set_extent (self, result, summary, rows, error);
  for (guint i = 0; i < G_N_ELEMENTS (small); i++)
    g_clear_pointer (&rows[i], g_ptr_array_unref);
  if (!ok)
    return NULL;
  if (self->timelines)
    mig_timelines_finish (self->timelines);
  return g_steal_pointer (&summary);
}

static MigLoadedResult *
load (const char *path, Parts parts, GError **error)
{
  g_autoptr (MigResult) result = mig_result_open (path, error);
  g_autoptr (MigLoadedResult) self = g_new0 (MigLoadedResult, 1);

  if (!result)
    return NULL;
  const MigManifest *manifest = mig_result_manifest (result);
  self->path = g_strdup (path);
  self->complete = mig_result_is_complete (result);
  self->can_grow = mig_result_can_grow (result, NULL);
  self->manifest = *manifest;
  self->manifest.study_name = g_strdup (manifest->study_name);
  self->manifest.study_title = g_strdup (manifest->study_title);
  self->manifest.claims = g_strdup (manifest->claims);
  self->manifest.scale = g_strdup (manifest->scale);
  self->manifest.tool_version = g_strdup (manifest->tool_version);
  self->environment = mig_result_load (result, MIG_TABLE_ENVIRONMENT, error);
  if (!self->environment)
    return NULL;
  mig_facts_drop_superseded (self->environment);
  self->limits = mig_result_load (result, MIG_TABLE_LIMITS, error);
  if (!self->limits)
    return NULL;
  self->predictions = mig_result_load (result, MIG_TABLE_PREDICTIONS, error);
  if (!self->predictions || !(self->summary = analyse (self, result, parts, error)))
    return NULL;
  self->answers = mig_answers_new (self->summary);
  self->order_map = mig_order_map_new (self->summary);
  self->tests_paper = g_strcmp0 (manifest->claims, MIG_CLAIMS_PAPER) == 0;
  self->conclusions = self->tests_paper ? mig_paper_test (self->summary) : g_ptr_array_new ();
  self->accuracy = mig_accuracy_new (self->summary, self->predictions);
  return g_steal_pointer (&self);
}

MigLoadedResult *
mig_loaded_result_read (const char *path, GError **error)
{
  return load (path, PART_FULL_SIZE, error);
}

MigLoadedResult *
mig_loaded_result_read_summary (const char *path, GError **error)
{
  return load (path, 0, error);
}

MigLoadedResult *
mig_loaded_result_read_whole (const char *path, GError **error)
{
  return load (path, PART_FULL_SIZE | PART_TIMELINES, error);
}

void
mig_loaded_result_free (MigLoadedResult *self)
{
  if (!self)
    return;
  g_clear_pointer (&self->environment, g_ptr_array_unref);
  g_clear_pointer (&self->limits, g_ptr_array_unref);
  mig_accuracy_free (self->accuracy);
  mig_full_size_free (self->full_size);
  g_clear_pointer (&self->conclusions, g_ptr_array_unref);
  g_clear_pointer (&self->predictions, g_ptr_array_unref);
  g_clear_pointer (&self->answers, g_ptr_array_unref);
  g_clear_pointer (&self->order_map, g_ptr_array_unref);
  g_clear_pointer (&self->dirty_rates, g_ptr_array_unref);
  mig_summary_free (self->summary);
  g_clear_pointer (&self->timelines, g_ptr_array_unref);
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  mig_manifest_clear (&self->manifest);
  g_free (self->path);
  g_free (self);
}
