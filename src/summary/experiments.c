/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "summary/experiments.h"
#include "summary/race.h"
#include "summary/summary.h"

#define EXPERIMENT "experiment" /* the parameter that the study writes for each case */

gboolean
mig_parameter_is_experiment (const MigParameterRecord *parameter)
{
  return g_strcmp0 (parameter->parameter, EXPERIMENT) == 0;
}

void
mig_experiments_read (const GPtrArray *parameters, GHashTable *experiments)
{
  g_hash_table_remove_all (experiments);
  for (guint i = parameters->len; i > 0; i--) /* the first of a case counts */
    {
      MigParameterRecord *record = parameters->pdata[i - 1];
      if (mig_parameter_is_experiment (record) && record->case_label && record->value)
        g_hash_table_insert (experiments, record->case_label, record->value);
    }
}

/* find_part: of an experiment, which may be NULL; NULL: there is none yet. */
static MigSummary *
find_part (const GPtrArray *parts, const char *experiment)
{
  for (guint i = 0; i < parts->len; i++)
    if (g_strcmp0 (((MigSummary *) parts->pdata[i])->experiment, experiment) == 0)
      return parts->pdata[i];
  return NULL;
}

static MigSummary *
add_part (GPtrArray *parts, const MigSummary *summary, const char *experiment)
{
  MigSummary *part = mig_summary_new ();
  GPtrArray **const borrowed[] = { &part->cases, &part->runs, &part->migrations, &part->classes,
                                   &part->damaged };

  for (guint i = 0; i < G_N_ELEMENTS (borrowed); i++)
    {
      g_ptr_array_unref (*borrowed[i]);
      *borrowed[i] = g_ptr_array_new ();
    }
  part->experiment = experiment;
  part->number = parts->len + 1;
  part->downtime_metric = summary->downtime_metric;
  part->race = summary->race ? mig_race_ref (summary->race) : NULL;
  g_ptr_array_add (parts, part);
  return part;
}

static void
add_case (MigSummary *part, MigCaseSummary *study_case)
{
  gint64 window = study_case->common_window_ns;

  g_ptr_array_add (part->cases, study_case);
  g_hash_table_insert (part->case_labelled, study_case->label, study_case);
  if (!MIG_IS_MISSING (window) &&
      (MIG_IS_MISSING (part->common_window_ns) || window < part->common_window_ns))
    part->common_window_ns = window;
}

/* add_classes: of the guests of the part's cases, in the summary's order. */
static void
add_classes (MigSummary *part, const MigSummary *summary)
{
  for (guint i = 0; i < summary->classes->len; i++)
    {
      const MigClassInfo *info = summary->classes->pdata[i];
      gboolean has = FALSE;
      for (guint j = 0; j < part->cases->len && !has; j++)
        has = mig_case_find_class (part->cases->pdata[j], info->name) != NULL;
      if (has)
        g_ptr_array_add (part->classes, (gpointer) info);
    }
}

/* add_runs: with their migrations. */
static void
add_runs (MigSummary *part, const MigSummary *summary)
{
  for (guint i = 0; i < summary->runs->len; i++)
    {
      const MigRunSummary *run = summary->runs->pdata[i];
      if (mig_summary_find_case (part, run->case_label))
        g_ptr_array_add (part->runs, (gpointer) run);
    }
  for (guint i = 0; i < summary->migrations->len; i++)
    {
      const MigMigrationSummary *m = summary->migrations->pdata[i];
      if (mig_summary_find_case (part, m->run->case_label))
        g_ptr_array_add (part->migrations, (gpointer) m);
    }
}

GPtrArray *
mig_summary_by_experiment (const MigSummary *summary)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_summary_free);

  /* the rows of parameters are in the study's order, the cases in that of their labels */
  for (guint i = 0; summary->parameters && i < summary->parameters->len; i++)
    {
      const MigParameterRecord *record = summary->parameters->pdata[i];
      const MigCaseSummary *of = mig_summary_find_case (summary, record->case_label);
      if (of && of->experiment && !find_part (parts, of->experiment))
        add_part (parts, summary, of->experiment);
    }
  for (guint i = 0; i < summary->cases->len; i++)
    {
      MigCaseSummary *study_case = summary->cases->pdata[i];
      MigSummary *part = find_part (parts, study_case->experiment);
      add_case (part ? part : add_part (parts, summary, study_case->experiment), study_case);
    }
  for (guint i = 0; i < parts->len; i++)
    {
      add_classes (parts->pdata[i], summary);
      add_runs (parts->pdata[i], summary);
    }
  return parts;
}
