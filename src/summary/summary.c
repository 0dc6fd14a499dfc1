/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/race.h"
#include "summary/summary.h"

static void
stats_init (MigStat *stats)
{
  for (guint i = 0; i < MIG_N_METRICS; i++)
    mig_stat_init (&stats[i]);
}

static void
stats_clear (MigStat *stats)
{
  for (guint i = 0; i < MIG_N_METRICS; i++)
    mig_stat_clear (&stats[i]);
}

static void
class_summary_free (gpointer data)
{
  MigClassSummary *class_summary = data;
  stats_clear (class_summary->stats);
  g_free (class_summary);
}

static void
failure_count_free (gpointer data)
{
  MigFailureCount *failure = data;
  g_free (failure->reason);
  g_free (failure);
}

static void
case_summary_free (gpointer data)
{
  MigCaseSummary *self = data;
  g_free (self->label);
  for (guint i = 0; i < MIG_N_SETTINGS; i++)
    g_free (self->settings[i]);
  g_ptr_array_unref (self->failures);
  g_ptr_array_unref (self->parameters);
  stats_clear (self->stats);
  g_ptr_array_unref (self->classes_moved);
  g_hash_table_unref (self->class_named);
  g_ptr_array_unref (self->classes);
  g_free (self);
}

static void
run_summary_free (gpointer data)
{
  MigRunSummary *run = data;
  g_free (run->case_label);
  g_free (run->status);
  g_free (run->reason);
  g_free (run->stolen_host);
  g_free (run->others_host);
  g_free (run->noise);
  g_free (run);
}

static void
migration_summary_free (gpointer data)
{
  MigMigrationSummary *m = data;
  g_free (m->record);
  g_free (m->class_name);
  g_free (m);
}

static void
class_info_free (gpointer data)
{
  MigClassInfo *info = data;
  g_free ((char *) info->name);
  g_free ((char *) info->workload);
  g_free (info);
}

static void
recommendation_free (gpointer data)
{
  MigRecommendation *recommendation = data;
  mig_stat_clear (&recommendation->time);
  mig_stat_clear (&recommendation->downtime);
  g_free (recommendation);
}

static void
round_trip_summary_free (gpointer data)
{
  MigRoundTripSummary *self = data;
  g_free (self->host);
  g_free (self);
}

MigSummary *
mig_summary_new (void)
{
  MigSummary *self = g_new0 (MigSummary, 1);

  self->cases = g_ptr_array_new_with_free_func (case_summary_free);
  self->case_labelled = g_hash_table_new (g_str_hash, g_str_equal);
  self->class_named = g_hash_table_new (g_str_hash, g_str_equal);
  self->runs = g_ptr_array_new_with_free_func (run_summary_free);
  self->migrations = g_ptr_array_new_with_free_func (migration_summary_free);
  self->classes = g_ptr_array_new_with_free_func (class_info_free);
  self->damaged = g_ptr_array_new_with_free_func (g_free);
  self->impossible = g_ptr_array_new_with_free_func (g_free);
  self->recommendations = g_ptr_array_new_with_free_func (recommendation_free);
  self->round_trips = g_ptr_array_new_with_free_func (round_trip_summary_free);
  self->guests.least_bytes = self->guests.most_bytes = MIG_MISSING_INT;
  self->common_window_ns = MIG_MISSING_INT;
  self->downtime_metric = MIG_METRIC_DOWNTIME_GUEST;
  return self;
}

gint64
mig_summary_last_repetition (const MigSummary *summary)
{
  gint64 last = 0;

  for (guint i = 0; i < summary->runs->len; i++)
    last = MAX (last, ((MigRunSummary *) summary->runs->pdata[i])->repetition);
  return last;
}

void
mig_summary_free (MigSummary *self)
{
  if (!self)
    return;
  g_clear_pointer (&self->race, mig_race_unref);
  g_ptr_array_unref (self->recommendations);
  g_ptr_array_unref (self->round_trips);
  g_hash_table_unref (self->case_labelled);
  g_hash_table_unref (self->class_named);
  g_ptr_array_unref (self->cases);
  g_ptr_array_unref (self->runs);
  g_ptr_array_unref (self->migrations);
  g_ptr_array_unref (self->classes);
  g_ptr_array_unref (self->damaged);
  g_ptr_array_unref (self->impossible);
  g_clear_pointer (&self->parameters, g_ptr_array_unref);
  g_free (self);
}

MigCaseSummary *
mig_summary_add_case (MigSummary *self, const char *label)
{
  MigCaseSummary *added = (MigCaseSummary *) mig_summary_find_case (self, label);

  if (added)
    return added;
  added = g_new0 (MigCaseSummary, 1);
  added->name = added->label = g_strdup (label);
  added->common_window_ns = MIG_MISSING_INT;
  added->heartbeat_period_s = added->probe_period_s = NAN;
  added->failures = g_ptr_array_new_with_free_func (failure_count_free);
  added->parameters = g_ptr_array_new ();
  added->classes_moved = g_ptr_array_new ();
  added->classes = g_ptr_array_new_with_free_func (class_summary_free);
  added->class_named = g_hash_table_new (g_str_hash, g_str_equal);
  stats_init (added->stats);
  g_ptr_array_add (self->cases, added);
  g_hash_table_insert (self->case_labelled, added->label, added);
  return added;
}

MigClassSummary *
mig_case_add_class (MigCaseSummary *self, const MigClassInfo *info)
{
  MigClassSummary *added = (MigClassSummary *) mig_case_find_class (self, info->name);

  if (added)
    return added;
  added = g_new0 (MigClassSummary, 1);
  added->info = info;
  stats_init (added->stats);
  g_ptr_array_add (self->classes, added);
  g_hash_table_insert (self->class_named, (gpointer) info->name, added);
  return added;
}

const MigCaseSummary *
mig_summary_find_case (const MigSummary *self, const char *label)
{
  return label ? g_hash_table_lookup (self->case_labelled, label) : NULL;
}

const MigClassSummary *
mig_case_find_class (const MigCaseSummary *self, const char *class_name)
{
  return class_name ? g_hash_table_lookup (self->class_named, class_name) : NULL;
}

const MigStat *
mig_case_stat (const MigCaseSummary *self, MigMetric metric, const char *class_name)
{
  const MigClassSummary *class_summary;

  if (!class_name)
    return &self->stats[metric];
  class_summary = mig_case_find_class (self, class_name);
  return class_summary ? &class_summary->stats[metric] : NULL;
}

const char *
mig_class_name (const MigGuestRecord *guest)
{
  return guest->class_name ? guest->class_name : "?";
}
