/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/run-log.h"
#include "hosts/session.h"
#include "cli/show.h"
#include "cli/terminal.h"
#include "hosts/environment.h"
#include "results/facts.h"
#include "measure/predictions.h"
#include "check/check.h"
#include "measure/resume.h"
#include "measure/runner.h"

static char *output, *only, *resume, *heartbeat, *sampling;
static int repeat;
static gint64 seed;
static gboolean quiet, as_json, untrusted, no_sampling, yes;

static const GOptionEntry entries[] = {
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
    "result directory (default: migcost-results/STUDY-DATE)", "DIR" },
  { "repeat", 0, 0, G_OPTION_ARG_INT, &repeat, "repetitions of each case (default: the study's)",
    "N" },
  { "seed", 0, 0, G_OPTION_ARG_INT64, &seed,
    "seed of the order of the cases (default: the study's, or a new one)", "N" },
  { "only", 0, 0, G_OPTION_ARG_STRING, &only, "only cases with this label (wildcards: * and ?)",
    "CASE" },
  { "resume", 0, 0, G_OPTION_ARG_FILENAME, &resume, "resume an interrupted run", "DIR" },
  { "heartbeat", 0, 0, G_OPTION_ARG_STRING, &heartbeat,
    "period of the guests' heartbeats (default: the study's)", "TIME" },
  { "sampling", 0, 0, G_OPTION_ARG_STRING, &sampling,
    "period of the CPU samples; 0: none (default: the study's)", "TIME" },
  { "allow-untrusted", 0, 0, G_OPTION_ARG_NONE, &untrusted,
    "run on a hypervisor known to damage guests", NULL },
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, "allow migrating existing guests named in the study",
    NULL },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "print no progress", NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print the report as JSON", NULL },
  { NULL },
};

/* What one `migcost run` works with. */
typedef struct {
  MigStudy *study;
  MigSession *session;
  MigResultWriter *writer;
  GArray *schedule;
  MigResume resume;
  GHashTable *identities; /* of guests that are there: name -> UUID */
  GHashTable *skipped;    /* label of a case -> why */
  gboolean begun;         /* a repetition has been begun: the result directory is worth keeping */
  guint64 seed;
  guint log_sink;
  gint64 started_ns, steal_ns;
} Job;

static void
job_clear (Job *job)
{
  if (job->log_sink)
    mig_log_remove_sink (job->log_sink);
  g_clear_pointer (&job->session, mig_session_free);
  g_clear_pointer (&job->writer, mig_result_writer_free);
  g_clear_pointer (&job->schedule, g_array_unref);
  mig_resume_clear (&job->resume);
  g_clear_pointer (&job->identities, g_hash_table_unref);
  g_clear_pointer (&job->skipped, g_hash_table_unref);
  g_clear_pointer (&job->study, mig_study_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static char *
default_directory (const MigStudy *study)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *when = g_date_time_format (now, "%Y%m%d-%H%M%S");
  return g_strdup_printf ("migcost-results/%s-%s", study->name, when);
}

static gboolean
load_study (Job *job, const char *name, GError **error)
{
  g_autofree char *path = resume ? g_build_filename (resume, "study.xml", NULL)
                                 : g_strdup (name ? name : "load-balancing");

  if (resume && (name || output || repeat || only || seed || heartbeat || sampling))
    {
      g_set_error (
          error, MIG_ERROR, MIG_ERROR_USAGE,
          "--resume continues the study in that directory unchanged: it cannot be combined with "
          "STUDY, --output, --repeat, --only, --seed, --heartbeat or --sampling");
      return FALSE;
    }
  job->study = mig_study_load (path, error);
  if (!job->study)
    return FALSE;
  if (repeat < 0 || repeat > MIG_STUDY_MAX_REPETITIONS)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "--repeat=%d: expected 1 to %d", repeat,
                   MIG_STUDY_MAX_REPETITIONS);
      return FALSE;
    }
  if (repeat)
    job->study->repetitions = (guint) repeat;
  if (heartbeat && !mig_units_parse_duration (heartbeat, &job->study->heartbeat_ns, error))
    return FALSE;
  if (sampling && !mig_units_parse_duration (sampling, &job->study->sampling_ns, error))
    return FALSE;
  no_sampling = sampling && job->study->sampling_ns == 0;
  guint wanted = 0;
  for (guint i = 0; only && i < job->study->cases->len; i++)
    wanted += mig_case_matches (job->study->cases->pdata[i], only);
  if (only && !wanted)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "study '%s' has no case '%s'",
                   job->study->name, only);
      return FALSE;
    }
  return TRUE;
}

/* The plan as it was begun, whatever the options were then. */
static gboolean
resume_schedule (Job *job, GError **error)
{
  if (!mig_resume_load (resume, &job->resume, error))
    return FALSE;
  if (g_hash_table_size (job->resume.planned) == 0)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "result directory '%s' has no schedule: its run ended before writing one; "
                   "remove it and run the study again",
                   resume);
      return FALSE;
    }
  job->seed = job->resume.seed;
  if (!MIG_IS_MISSING (job->resume.heartbeat_ns))
    job->study->heartbeat_ns = job->resume.heartbeat_ns;
  if (!MIG_IS_MISSING (job->resume.sampling_ns))
    {
      job->study->sampling_ns = job->resume.sampling_ns;
      no_sampling = job->resume.sampling_ns == 0;
    }
  job->schedule = mig_schedule_new (job->study, job->resume.repetitions, job->seed, NULL);
  for (guint i = job->schedule->len; i > 0; i--)
    {
      const MigScheduleItem *item = &g_array_index (job->schedule, MigScheduleItem, i - 1);
      g_autofree char *key = mig_run_key (item->study_case->label, item->repetition);
      if (!g_hash_table_contains (job->resume.planned, key))
        g_array_remove_index (job->schedule, i - 1);
    }
  return TRUE;
}

static gboolean
make_schedule (Job *job, GError **error)
{
  if (resume)
    return resume_schedule (job, error);
  job->seed = seed ? (guint64) seed : job->study->seed;
  if (!job->seed)
    job->seed = g_random_int ();
  job->schedule = mig_schedule_new (job->study, job->study->repetitions, job->seed, only);
  return TRUE;
}

static gboolean
write_schedule (const Job *job, GError **error)
{
  for (guint i = 0; i < job->schedule->len; i++)
    {
      const MigScheduleItem *item = &g_array_index (job->schedule, MigScheduleItem, i);
      MigScheduleRecord record = { item->position, item->study_case->label, item->repetition };
      if (!mig_result_writer_append (job->writer, MIG_TABLE_SCHEDULE, &record, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_parameters (const Job *job, GError **error)
{
  for (guint i = 0; i < job->study->cases->len; i++)
    {
      const MigStudyCase *study_case = job->study->cases->pdata[i];
      const GPtrArray *parameters = study_case->study->parameters;
      if (only && !mig_case_matches (study_case, only))
        continue;
      for (guint p = 0; p < parameters->len; p++)
        {
          const MigStudyParameter *parameter = parameters->pdata[p];
          MigParameterRecord record = { study_case->label, parameter->parameter, parameter->value,
                                        parameter->number, (char *) parameter->unit };
          if (!mig_result_writer_append (job->writer, MIG_TABLE_PARAMETERS, &record, error))
            return FALSE;
        }
    }
  return TRUE;
}

/* Options that --resume must know even if this process is killed before it has written anything
 * else. */
static gboolean
write_options (const Job *job, GError **error)
{
  const struct {
    MigFact fact;
    const char *option;
    gint64 ns;
  } periods[] = {
    { MIG_FACT_HEARTBEAT_OPTION, heartbeat, job->study->heartbeat_ns },
    { MIG_FACT_SAMPLING_OPTION, sampling, job->study->sampling_ns },
  };

  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    if (periods[i].option &&
        !mig_fact_write_int (job->writer, periods[i].fact, NULL, periods[i].ns, error))
      return FALSE;
  return TRUE;
}

/* Repetitions in which an earlier process was killed have no row yet. */
static gboolean
open_again (Job *job, GError **error)
{
  job->writer = mig_result_writer_resume (resume, error);
  for (guint i = 0; job->writer && i < job->resume.begun->len; i++)
    {
      MigRunRecord *run = job->resume.begun->pdata[i];
      run->status = g_strdup ("interrupted");
      run->reason = g_strdup (
          "migcost ended in the middle of it: it was killed, or the machine went down");
      if (!mig_result_writer_append (job->writer, MIG_TABLE_RUNS, run, error))
        return FALSE;
    }
  return job->writer && mig_result_writer_commit (job->writer, error);
}

static gboolean
open_result (Job *job, GError **error)
{
  if (resume)
    return open_again (job, error);
  g_autofree char *path = output ? g_strdup (output) : default_directory (job->study);
  MigManifest manifest = { .study_name = job->study->name,
                           .study_title = job->study->title,
                           .seed = (gint64) job->seed,
                           .started_utc_ns = mig_clock_utc_now (),
                           .started_clock_ns = mig_clock_now () };
  job->writer = mig_result_writer_new (path, job->study->xml, job->study->xml_size, &manifest,
                                       error);
  /* on the disk at once: what is killed before its first repetition can be resumed as well */
  return job->writer && write_schedule (job, error) && write_parameters (job, error) &&
         mig_predictions_write (job->writer, job->study, only, error) &&
         write_options (job, error) && mig_result_writer_commit (job->writer, error);
}

static gboolean
preflight (Job *job, GError **error)
{
  g_autoptr (GPtrArray)
      checks = mig_check_hosts (job->study, job->session->hosts, job->resume.identities);

  for (guint i = 0; i < checks->len; i++)
    {
      const MigCheck *check = g_ptr_array_index (checks, i);
      if (check->skips)
        mig_warning ("%s; %s", check->finding, check->hint);
      else if (check->level == MIG_CHECK_WARN ||
               (check->level == MIG_CHECK_FAIL && untrusted && check->trust))
        {
          g_autofree char *message = mig_check_message (check);
          mig_warning ("%s", message);
        }
    }
  job->identities = mig_check_identities (checks);
  job->skipped = mig_check_skipped (checks, job->study);
  return mig_check_error (checks, untrusted, error);
}

/* Below this period heartbeats slow down the guests by more than their work varies by itself. */
#define CHEAP_HEARTBEAT_NS (100 * MIG_NS_PER_MS)

static void
warn_of_cost (const MigStudy *study)
{
  g_autofree char *period = mig_units_format_duration (study->heartbeat_ns);

  if (study->heartbeat_ns && study->heartbeat_ns < CHEAP_HEARTBEAT_NS)
    mig_warning ("heartbeats every %s slow down the guests, by half under emulation; by default "
                 "they are that fast only shortly before a guest stops",
                 period);
}

static MigRunnerOptions
runner_options (const Job *job)
{
  MigRunnerOptions options = {
    .run = { .hosts = job->session->hosts,
             .writer = job->writer,
             .heartbeat = mig_session_heartbeat (job->session, job->study),
             .daemon_cpu = mig_session_daemon_cpu,
             .daemon_data = job->session,
             .identities = job->identities },
    .study = job->study,
    .schedule = job->schedule,
    .done = job->resume.done,
    .skipped = job->skipped,
    .shape_link = mig_session_has_link (job->session) ? mig_session_shape_link : NULL,
    .shape_data = job->session,
    .last_run = resume ? mig_result_writer_last_run (job->writer) : 0,
  };
  gint64 sampling_ns = mig_session_sampling (job->session, job->study,
                                             &options.run.sampling_moving_ns);

  options.run.sampling_ns = no_sampling ? 0 : sampling_ns;
  options.run.observer = mig_progress_observer (options.run.heartbeat.rest_ns);
  warn_of_cost (job->study);
  return options;
}

static void
cancel (gpointer runner)
{
  mig_terminal_line ("stopping: aborting the migration, destroying guests, keeping what is "
                     "measured (once more: exit at once)");
  mig_runner_cancel (runner);
}

static gboolean
write_cost (const Job *job, GError **error)
{
  gint64 steal = mig_environment_steal ();
  gboolean known = !MIG_IS_MISSING (steal) && !MIG_IS_MISSING (job->steal_ns);

  return mig_fact_write_int (job->writer, MIG_FACT_MACHINE_STOLEN, NULL,
                             known ? steal - job->steal_ns : MIG_MISSING_INT, error) &&
         mig_environment_write_cost (job->writer, job->started_ns, error);
}

static gboolean
write_environment (const Job *job, const MigRunOptions *run, GError **error)
{
  return mig_resume_write_identities (job->writer, job->identities, error) &&
         mig_environment_write (job->writer, run->hosts, &run->heartbeat, run->sampling_ns,
                                run->sampling_moving_ns, error) &&
         mig_session_write_lab (job->session, job->writer, error);
}

/* Measures. TRUE: the schedule was run; sound and failed count repetitions. */
static gboolean
measure (Job *job, guint *sound, guint *failed, GError **error)
{
  MigRunnerOptions options = runner_options (job);
  g_autoptr (MigRunner) runner = mig_runner_new (&options);

  if (!job->resume.has_environment && !write_environment (job, &options.run, error))
    return FALSE;
  if (!mig_result_writer_commit (job->writer, error))
    return FALSE;
  job->begun = TRUE;
  mig_terminal_on_interrupt (cancel, runner);
  gboolean ok = mig_runner_run (runner, sound, failed, error);
  mig_terminal_on_interrupt (NULL, NULL);
  mig_terminal_status (NULL);
  if (!write_cost (job, ok ? error : NULL))
    return FALSE;
  if (ok && *failed == 0)
    return mig_result_writer_finish (job->writer, error);
  return mig_result_writer_commit (job->writer, ok ? error : NULL) && ok;
}

/* A directory that this process has made and in which nothing was measured is of no use to anyone.
 */
static void
discard_result (Job *job)
{
  g_autofree char *path = job->writer ? g_strdup (mig_result_writer_path (job->writer)) : NULL;

  if (!path || resume || job->begun)
    return;
  mig_log_remove_sink (job->log_sink);
  job->log_sink = 0;
  g_clear_pointer (&job->writer, mig_result_writer_free);
  mig_files_remove_tree (path, NULL);
}

static void
list_moves (const MigStudyCase *study_case, GPtrArray *moves)
{
  for (guint s = 0; s < study_case->steps->len; s++)
    {
      const MigStudyStep *step = study_case->steps->pdata[s];
      for (guint m = 0; m < step->moves->len; m++)
        {
          const MigStudyMove *move = &g_array_index (step->moves, MigStudyMove, m);
          g_autofree char *text = g_strdup_printf ("'%s' to host '%s'", move->guest->domain,
                                                   move->destination->name);
          if (move->guest->existing &&
              !g_ptr_array_find_with_equal_func (moves, text, g_str_equal, NULL))
            g_ptr_array_add (moves, g_steal_pointer (&text));
        }
    }
}

/* Guests that are somebody's are not migrated by accident. */
static gboolean
may_move (const Job *job, GError **error)
{
  g_autoptr (GPtrArray) moves = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < job->schedule->len; i++)
    list_moves (g_array_index (job->schedule, MigScheduleItem, i).study_case, moves);
  if (yes || moves->len == 0)
    return TRUE;
  g_ptr_array_add (moves, NULL);
  g_autofree char *list = g_strjoinv (", ", (char **) moves->pdata);
  g_autofree char *when = job->schedule->len == 1
                              ? g_strdup ("before the run")
                              : g_strdup_printf ("before each of the %u runs", job->schedule->len);
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
               "study '%s' would migrate existing domains (%s), and move them back %s; pass --yes "
               "to allow this",
               job->study->name, list, when);
  return FALSE;
}

static gboolean
run_job (Job *job, const char *study, guint *failed, GError **error)
{
  guint sound = 0;

  job->started_ns = mig_clock_now ();
  job->steal_ns = mig_environment_steal ();
  /* the result directory before the hosts: a wrong -o is told at once */
  if (!load_study (job, study, error) || !make_schedule (job, error) || !may_move (job, error) ||
      !open_result (job, error))
    return FALSE;
  job->log_sink = mig_run_log_add (job->writer);
  const char *path = mig_result_writer_path (job->writer);
  mig_info ("study '%s': %u repetitions to run, seed %" G_GUINT64_FORMAT ", into %s",
            job->study->name, job->schedule->len, job->seed, path);
  job->session = mig_session_open (job->study, &mig_session_options, error);
  if (!job->session || !preflight (job, error))
    return FALSE;
  if (measure (job, &sound, failed, error))
    return TRUE;
  if (sound + *failed > 0)
    g_prefix_error (error, "%u of %u repetitions are measured, in '%s' (continue with --resume): ",
                    sound + (job->resume.done ? g_hash_table_size (job->resume.done) : 0),
                    job->schedule->len, path);
  return FALSE;
}

gboolean
mig_command_run (int argc, char **argv, GString *out, int *status, GError **error)
{
  g_autofree GOptionEntry *all = mig_session_with_options (entries);
  g_autofree char *path = NULL;
  guint failed = 0;

  if (!mig_command_parse (
          &argc, &argv, all, "[STUDY]",
          "Runs a study (a file, or a name from 'migcost list'; default: load-balancing) and "
          "prints the report.",
          "Without hosts it uses the lab: two hosts on this machine. Each repetition is saved "
          "before the next\nbegins; SIGINT keeps what is measured and puts everything back.",
          0, 1, error))
    return FALSE;
  mig_terminal_set_quiet (quiet);
  {
    g_auto (Job) job = { 0 };
    if (!run_job (&job, argc > 1 ? argv[1] : NULL, &failed, error))
      {
        discard_result (&job);
        return FALSE;
      }
    path = g_strdup (mig_result_writer_path (job.writer));
  }
  if (failed)
    {
      mig_warning ("%u repetitions failed; 'migcost run --resume %s' runs them again", failed,
                   path);
      *status = MIG_EXIT_FAILED;
    }
  if (!mig_show_result (path, as_json ? "json" : "text", NULL, out, error))
    return FALSE;
  if (!as_json)
    g_string_append_printf (out, "\nResult: %s (migcost report %s)\n", path, path);
  return TRUE;
}
