/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "summary/analysis.h"
#include "summary/case-settings.h"
#include "summary/cases.h"
#include "summary/common-windows.h"
#include "summary/noise.h"
#include "summary/race.h"
#include "summary/experiments.h"
#include "summary/impossible.h"
#include "summary/recommend.h"
#include "summary/round-trips.h"
#include "summary/run-summary.h"
#include "results/facts.h"

struct _MigAnalysis {
  GPtrArray *schedule, *run_records, *guest_records, *migration_records; /* the rows; references */
  GPtrArray *parameters, *environment, *round_trips; /* the same; empty where they were not set */
  const MigSettings *settings;                       /* NULL: not set */
  GPtrArray *runs;                                   /* of MigRunState, by number */
  GHashTable *by_run;                                /* number -> MigRunState */
  GHashTable *hosts;                                 /* a set: names that a table gives to hosts */
  GHashTable *experiments;                           /* case's label -> experiment */
  MigCommonWindows *windows;
  GArray *impossible; /* of MigImpossible */
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
know_host (MigAnalysis *self, const char *name)
{
  if (name)
    g_hash_table_add (self->hosts, (gpointer) name);
}

static void
add_guests (MigAnalysis *self)
{
  for (guint i = 0; i < self->guest_records->len; i++)
    {
      const MigGuestRecord *record = self->guest_records->pdata[i];
      MigRunState *run = find_run (self, record->run);
      if (!run)
        continue;
      mig_run_add_guest (run, record);
      know_host (self, record->host_before);
      know_host (self, record->host_after);
    }
}

static void
add_migrations (MigAnalysis *self)
{
  for (guint i = 0; i < self->migration_records->len; i++)
    {
      const MigMigrationRecord *record = self->migration_records->pdata[i];
      MigRunState *run = find_run (self, record->run);
      if (!run)
        continue;
      mig_run_add_migration (run, record);
      know_host (self, record->source);
      know_host (self, record->destination);
    }
}

static void
judge_runs (MigAnalysis *self)
{
  for (guint i = 0; i < self->runs->len; i++)
    mig_run_judge (self->runs->pdata[i]);
}

static const char *
experiment_of (const MigAnalysis *self, const char *case_label)
{
  return case_label ? g_hash_table_lookup (self->experiments, case_label) : NULL;
}

static void
start_runs (MigAnalysis *self)
{
  mig_common_windows_clear (self->windows);
  for (guint i = 0; i < self->runs->len; i++)
    {
      MigRunState *run = self->runs->pdata[i];
      run->experiment = experiment_of (self, run->record->case_label);
      mig_common_windows_add (self->windows, run);
    }
  for (guint i = 0; i < self->runs->len; i++)
    {
      MigRunState *run = self->runs->pdata[i];
      mig_run_start (run, mig_common_windows_find (self->windows, run->experiment));
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
  self->impossible = mig_impossible_take_out (runs, migrations);
  self->parameters = g_ptr_array_new ();
  self->environment = g_ptr_array_new ();
  self->round_trips = g_ptr_array_new ();
  self->runs = g_ptr_array_new_with_free_func (run_state_free);
  self->by_run = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->hosts = g_hash_table_new (g_str_hash, g_str_equal);
  self->experiments = g_hash_table_new (g_str_hash, g_str_equal);
  self->windows = mig_common_windows_new ();
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
  mig_experiments_read (parameters, self->experiments);
  start_runs (self);
}

void
mig_analysis_set_environment (MigAnalysis *self, GPtrArray *environment)
{
  g_ptr_array_unref (self->environment);
  self->environment = g_ptr_array_ref (environment);
  for (guint i = 0; i < environment->len; i++)
    if (mig_fact_is (environment->pdata[i], MIG_FACT_DRIVER))
      know_host (self, ((const MigEnvironmentRecord *) environment->pdata[i])->scope);
}

void
mig_analysis_set_round_trips (MigAnalysis *self, GPtrArray *round_trips)
{
  g_ptr_array_unref (self->round_trips);
  self->round_trips = g_ptr_array_ref (round_trips);
  for (guint i = 0; i < self->runs->len; i++)
    g_hash_table_remove_all (((MigRunState *) self->runs->pdata[i])->round_trip_to);
  for (guint i = 0; i < round_trips->len; i++)
    {
      const MigRoundTripRecord *record = round_trips->pdata[i];
      MigRunState *run = MIG_IS_MISSING (record->run) ? NULL : find_run (self, record->run);
      if (run && record->host && !g_hash_table_contains (run->round_trip_to, record->host))
        g_hash_table_insert (run->round_trip_to, record->host, (gpointer) record);
    }
}

void
mig_analysis_set_settings (MigAnalysis *self, const MigSettings *settings)
{
  self->settings = settings;
}

gboolean
mig_analysis_add_heartbeat (MigAnalysis *self, const MigHeartbeatRecord *heartbeat)
{
  MigRunState *run = find_run (self, heartbeat->run);
  MigGuestState *guest = run ? mig_run_find_guest (run, heartbeat->guest) : NULL;

  if (!guest || MIG_IS_MISSING (heartbeat->arrival_ns))
    {
      self->ignored_rows++;
      return FALSE;
    }
  if (run->sound)
    mig_run_heartbeat (run, guest, heartbeat);
  return TRUE;
}

/* guest_of: whom a row tells of; NULL: its run does not count, or the guest is not known. */
static MigGuestState *
guest_of (MigAnalysis *self, gint64 number, const char *name)
{
  MigRunState *run = find_run (self, number);
  MigGuestState *guest = run ? mig_run_find_guest (run, name) : NULL;

  if (!guest)
    self->ignored_rows++;
  return guest && run->sound ? guest : NULL;
}

void
mig_analysis_add_probe (MigAnalysis *self, const MigProbeRecord *probe)
{
  MigGuestState *guest = guest_of (self, probe->run, probe->guest);

  if (guest)
    mig_run_probe (find_run (self, probe->run), guest, probe);
}

void
mig_analysis_add_announcement (MigAnalysis *self, const MigAnnouncementRecord *announcement)
{
  if (guest_of (self, announcement->run, announcement->guest))
    mig_run_announcement (find_run (self, announcement->run), announcement);
}

void
mig_analysis_add_request (MigAnalysis *self, const MigRequestRecord *request)
{
  MigGuestState *guest = guest_of (self, request->run, request->guest);

  if (guest)
    mig_run_request (guest, request);
}

gboolean
mig_analysis_add_sample (MigAnalysis *self, const MigSampleRecord *sample)
{
  MigRunState *run = find_run (self, sample->run);
  MigGuestState *guest = run ? mig_run_find_guest (run, sample->guest) : NULL;

  if (run && guest && mig_run_has_left (run, sample->guest, sample->host, sample->time_ns))
    return FALSE;
  if (!run || !sample->host || MIG_IS_MISSING (sample->time_ns) ||
      (sample->guest ? !guest || !mig_run_is_host_of (run, guest, sample->host)
                     : !g_hash_table_contains (self->hosts, sample->host)))
    {
      self->ignored_rows++;
      return FALSE;
    }
  if (run->sound)
    mig_run_sample (run, guest, sample);
  return TRUE;
}

GPtrArray *
mig_analysis_runs (MigAnalysis *self)
{
  for (guint i = 0; i < self->runs->len; i++)
    mig_run_finish (self->runs->pdata[i]);
  return self->runs;
}

/* supersede: of two sound runs of the same repetition of the same case the later one counts. */
static void
supersede (MigAnalysis *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = self->runs->len; i > 0; i--)
    {
      MigRunState *run = self->runs->pdata[i - 1];
      run->counts = run->sound && !run->aside &&
                    g_hash_table_add (seen, g_strdup_printf ("%" G_GINT64_FORMAT " %s",
                                                             run->record->repetition,
                                                             run->record->case_label));
    }
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
      study_case->experiment = experiment_of (self, study_case->label);
      study_case->common_window_ns = mig_common_windows_find (self->windows,
                                                              study_case->experiment);
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

/* race_of: NULL: the number of repetitions was fixed. */
static MigRace *
race_of (const MigAnalysis *self, const MigSummary *summary)
{
  const char *until = mig_fact_find (self->environment, MIG_FACT_UNTIL, NULL);
  MigRaceRule rule;

  if (!until && !mig_fact_find (self->environment, MIG_FACT_TIME_LIMIT, NULL))
    return NULL;
  return mig_race_rule_parse (until, &rule) ? mig_race_from_summary (summary, &rule) : NULL;
}

MigSummary *
mig_analysis_finish (MigAnalysis *self)
{
  MigSummary *summary = mig_summary_new ();
  g_autoptr (MigCpuTable) cpus = mig_cpu_table_new (self->environment, self->parameters);

  summary->ignored_rows = self->ignored_rows;
  for (guint i = 0; i < self->impossible->len; i++)
    g_ptr_array_add (summary->impossible,
                     mig_impossible_text (&g_array_index (self->impossible, MigImpossible, i)));
  add_plan (self, summary);
  supersede (self);
  mig_analysis_runs (self);
  for (guint i = 0; i < self->runs->len; i++)
    {
      const MigRunState *run = self->runs->pdata[i];
      if (!run->record->case_label)
        continue;
      mig_run_summary_add (summary, run, cpus);
      mig_cases_add_run (summary, run);
    }
  add_parameters (self, summary);
  add_experiments (self, summary);
  mig_case_settings_set (summary, self->settings, self->runs);
  mig_cases_finish (summary);
  mig_round_trips_by_host (self->round_trips, summary->round_trips);
  mig_noise_judge (summary, self->environment);
  mig_race_set (summary, race_of (self, summary));
  mig_recommend (summary);
  return summary;
}

void
mig_analysis_free (MigAnalysis *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->by_run);
  g_hash_table_unref (self->hosts);
  g_hash_table_unref (self->experiments);
  mig_common_windows_free (self->windows);
  g_ptr_array_unref (self->runs);
  g_ptr_array_unref (self->parameters);
  g_ptr_array_unref (self->environment);
  g_ptr_array_unref (self->round_trips);
  g_ptr_array_unref (self->schedule);
  g_ptr_array_unref (self->run_records);
  g_ptr_array_unref (self->guest_records);
  g_ptr_array_unref (self->migration_records);
  g_array_unref (self->impossible);
  g_free (self);
}
