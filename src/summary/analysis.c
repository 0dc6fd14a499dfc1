/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "summary/analysis.h"
#include "summary/cases.h"
#include "summary/noise.h"
#include "summary/experiments.h"
#include "summary/recommend.h"
#include "summary/round-trips.h"

struct _MigAnalysis {
  GPtrArray *schedule, *run_records, *guest_records, *migration_records; /* the rows; references */
  GPtrArray *parameters, *environment, *round_trips; /* the same; empty where they were not set */
  GPtrArray *runs;                                   /* of MigRunState, by number */
  GHashTable *by_run;                                /* number -> MigRunState */
  gint64 ignored_rows;
  gint64 last_run; /* of the last row, and its state: rows of a run come together */
  MigRunState *last;
};

static void
run_state_free (gpointer data)
{
  mig_run_state_free (data);
}

static int
compare_runs (gconstpointer a, gconstpointer b)
{
  gint64 x = (*(MigRunState *const *) a)->record->run, y = (*(MigRunState *const *) b)->record->run;
  return (x > y) - (x < y);
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  gint64 x = (*(const MigMigrationRecord *const *) a)->step,
         y = (*(const MigMigrationRecord *const *) b)->step;
  return (x > y) - (x < y);
}

static MigRunState *
find_run (MigAnalysis *self, gint64 run)
{
  if (!self->last || run != self->last_run)
    {
      self->last = g_hash_table_lookup (self->by_run, &run);
      self->last_run = run;
    }
  return self->last;
}

static void
add_runs (MigAnalysis *self)
{
  for (guint i = 0; i < self->run_records->len; i++)
    {
      const MigRunRecord *record = self->run_records->pdata[i];
      if (MIG_IS_MISSING (record->run) || g_hash_table_contains (self->by_run, &record->run))
        continue;
      MigRunState *run = mig_run_state_new (record);
      g_ptr_array_add (self->runs, run);
      g_hash_table_insert (self->by_run, (gpointer) &record->run, run);
    }
  g_ptr_array_sort (self->runs, compare_runs);
}

static void
add_guests (MigAnalysis *self)
{
  for (guint i = 0; i < self->guest_records->len; i++)
    {
      const MigGuestRecord *record = self->guest_records->pdata[i];
      MigRunState *run = find_run (self, record->run);
      if (run && record->guest && !mig_run_find_guest (run, record->guest))
        mig_run_add_guest (run, record);
    }
}

static void
add_migrations (MigAnalysis *self)
{
  for (guint i = 0; i < self->migration_records->len; i++)
    {
      const MigMigrationRecord *record = self->migration_records->pdata[i];
      MigRunState *run = find_run (self, record->run);
      if (run)
        g_ptr_array_add (run->migrations, (gpointer) record);
    }
}

static void
judge_runs (MigAnalysis *self)
{
  for (guint i = 0; i < self->runs->len; i++)
    {
      MigRunState *run = self->runs->pdata[i];
      g_ptr_array_sort (run->migrations, compare_steps);
      mig_run_judge (run);
    }
}

/* common_window: the longest that all sound runs of an experiment (NULL: of those that are of none)
 * have. */
static gint64
common_window (const MigAnalysis *self, const char *experiment)
{
  gint64 shortest = MIG_MISSING_INT;

  for (guint i = 0; i < self->runs->len; i++)
    {
      const MigRunState *run = self->runs->pdata[i];
      const MigRunRecord *r = run->record;
      if (!run->sound || MIG_IS_MISSING (r->window_start_ns) || MIG_IS_MISSING (r->window_end_ns) ||
          g_strcmp0 (run->experiment, experiment) != 0)
        continue;
      gint64 length = r->window_end_ns - r->window_start_ns;
      if (MIG_IS_MISSING (shortest) || length < shortest)
        shortest = length;
    }
  return shortest;
}

static void
start_runs (MigAnalysis *self)
{
  for (guint i = 0; i < self->runs->len; i++)
    {
      MigRunState *run = self->runs->pdata[i];
      run->experiment = mig_experiment_of (self->parameters, run->record->case_label);
    }
  for (guint i = 0; i < self->runs->len; i++)
    {
      MigRunState *run = self->runs->pdata[i];
      mig_run_start (run, common_window (self, run->experiment));
    }
}

MigAnalysis *
mig_analysis_new (GPtrArray *schedule, GPtrArray *runs, GPtrArray *guests, GPtrArray *migrations)
{
  MigAnalysis *self = g_new0 (MigAnalysis, 1);

  self->schedule = g_ptr_array_ref (schedule);
  self->run_records = g_ptr_array_ref (runs);
  self->guest_records = g_ptr_array_ref (guests);
  self->migration_records = g_ptr_array_ref (migrations);
  self->parameters = g_ptr_array_new ();
  self->environment = g_ptr_array_new ();
  self->round_trips = g_ptr_array_new ();
  self->runs = g_ptr_array_new_with_free_func (run_state_free);
  self->by_run = g_hash_table_new (g_int64_hash, g_int64_equal);
  add_runs (self);
  add_guests (self);
  add_migrations (self);
  judge_runs (self);
  start_runs (self);
  return self;
}

void
mig_analysis_set_parameters (MigAnalysis *self, GPtrArray *parameters)
{
  g_ptr_array_unref (self->parameters);
  self->parameters = g_ptr_array_ref (parameters);
  start_runs (self);
}

void
mig_analysis_set_environment (MigAnalysis *self, GPtrArray *environment)
{
  g_ptr_array_unref (self->environment);
  self->environment = g_ptr_array_ref (environment);
}

void
mig_analysis_set_round_trips (MigAnalysis *self, GPtrArray *round_trips)
{
  g_ptr_array_unref (self->round_trips);
  self->round_trips = g_ptr_array_ref (round_trips);
  for (guint i = 0; i < self->runs->len; i++)
    g_ptr_array_set_size (((MigRunState *) self->runs->pdata[i])->round_trips, 0);
  for (guint i = 0; i < round_trips->len; i++)
    {
      const MigRoundTripRecord *record = round_trips->pdata[i];
      MigRunState *run = MIG_IS_MISSING (record->run) ? NULL : find_run (self, record->run);
      if (run)
        g_ptr_array_add (run->round_trips, (gpointer) record);
    }
}

void
mig_analysis_add_heartbeat (MigAnalysis *self, const MigHeartbeatRecord *heartbeat)
{
  MigRunState *run = find_run (self, heartbeat->run);
  MigGuestState *guest = run ? mig_run_find_guest (run, heartbeat->guest) : NULL;

  if (!guest || MIG_IS_MISSING (heartbeat->arrival_ns))
    self->ignored_rows++;
  else if (run->sound)
    mig_run_heartbeat (run, guest, heartbeat);
}

gboolean
mig_analysis_add_sample (MigAnalysis *self, const MigSampleRecord *sample)
{
  MigRunState *run = find_run (self, sample->run);
  MigGuestState *guest = run ? mig_run_find_guest (run, sample->guest) : NULL;

  if (run && guest && mig_run_has_left (run, sample->guest, sample->host, sample->time_ns))
    return FALSE;
  if (!run || (sample->guest && !guest) || !sample->host || MIG_IS_MISSING (sample->time_ns))
    self->ignored_rows++;
  else if (run->sound)
    mig_run_sample (run, guest, sample);
  return TRUE;
}

/* superseded: a later sound run of the same repetition of the same case counts instead. */
static gboolean
superseded (const MigAnalysis *self, guint index)
{
  const MigRunRecord *r = ((MigRunState *) self->runs->pdata[index])->record;

  for (guint i = index + 1; i < self->runs->len; i++)
    {
      const MigRunState *later = self->runs->pdata[i];
      if (later->sound && later->record->repetition == r->repetition &&
          g_strcmp0 (later->record->case_label, r->case_label) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
add_plan (const MigAnalysis *self, MigSummary *summary)
{
  for (guint i = 0; i < self->schedule->len; i++)
    {
      const MigScheduleRecord *item = self->schedule->pdata[i];
      if (item->case_label)
        mig_summary_add_case (summary, item->case_label)->planned++;
    }
}

static void
add_parameters (const MigAnalysis *self, MigSummary *summary)
{
  summary->parameters = g_ptr_array_ref (self->parameters);
  for (guint i = 0; i < self->parameters->len; i++)
    {
      MigParameterRecord *record = self->parameters->pdata[i];
      MigCaseSummary *study_case = (MigCaseSummary *) mig_summary_find_case (summary,
                                                                             record->case_label);
      if (study_case)
        g_ptr_array_add (study_case->parameters, record);
    }
}

/* add_experiments: to which one each case belongs, and what its runs' window is. */
static void
add_experiments (const MigAnalysis *self, MigSummary *summary)
{
  for (guint i = 0; i < summary->cases->len; i++)
    {
      MigCaseSummary *study_case = summary->cases->pdata[i];
      study_case->experiment = mig_experiment_of (self->parameters, study_case->label);
      study_case->common_window_ns = common_window (self, study_case->experiment);
      gint64 window = study_case->common_window_ns;
      gsize length = study_case->experiment ? strlen (study_case->experiment) : 0;
      if (length > 0 && strncmp (study_case->label, study_case->experiment, length) == 0 &&
          study_case->label[length] == '/')
        study_case->name = study_case->label + length + 1;
      if (!MIG_IS_MISSING (window) &&
          (MIG_IS_MISSING (summary->common_window_ns) || window < summary->common_window_ns))
        summary->common_window_ns = window;
    }
}

MigSummary *
mig_analysis_finish (MigAnalysis *self)
{
  MigSummary *summary = mig_summary_new ();

  summary->ignored_rows = self->ignored_rows;
  add_plan (self, summary);
  for (guint i = 0; i < self->runs->len; i++)
    {
      MigRunState *run = self->runs->pdata[i];
      mig_run_finish (run);
      if (run->record->case_label)
        mig_cases_add_run (summary, run, run->sound && !superseded (self, i), self->environment);
    }
  add_parameters (self, summary);
  add_experiments (self, summary);
  mig_cases_finish (summary);
  mig_round_trips_by_host (self->round_trips, summary->round_trips);
  mig_noise_judge (summary, self->environment);
  mig_recommend (summary);
  return summary;
}

void
mig_analysis_free (MigAnalysis *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->by_run);
  g_ptr_array_unref (self->runs);
  g_ptr_array_unref (self->parameters);
  g_ptr_array_unref (self->environment);
  g_ptr_array_unref (self->round_trips);
  g_ptr_array_unref (self->schedule);
  g_ptr_array_unref (self->run_records);
  g_ptr_array_unref (self->guest_records);
  g_ptr_array_unref (self->migration_records);
  g_free (self);
}
