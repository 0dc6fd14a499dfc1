/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/log.h"
#include "check/check.h"
#include "cli/command.h"
#include "cli/observing-calibration.h"
#include "cli/progress.h"
#include "cli/run-end.h"
#include "cli/run-job.h"
#include "cli/run-log.h"
#include "cli/run-race.h"
#include "cli/show.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "hosts/environment.h"
#include "hosts/session.h"
#include "measure/predictions.h"
#include "measure/runner.h"
#include "report/forecast-table.h"
#include "results/facts.h"

static MigRunRequest request = { .repeat = MIG_RUN_NOT_GIVEN };
static gboolean quiet, as_json, keep_definitions, no_calibration;

static const GOptionEntry entries[] = {
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &request.output,
    "result directory (default: migcost-results/STUDY-DATE)", "DIR" },
  { "scale", 0, 0, G_OPTION_ARG_STRING, &request.scale,
    "share of memory and windows, like 1/4 (default: the study's)", "SCALE" },
  { "repeat", 0, 0, G_OPTION_ARG_INT, &request.repeat,
    "repetitions of each case (default: the study's)", "N" },
  { "time", 0, 0, G_OPTION_ARG_STRING, &request.time,
    "time for all repetitions, instead of their number", "TIME" },
  { "until", 0, 0, G_OPTION_ARG_STRING, &request.until,
    "until 'decided', or total times are known to a share like 5%", "END" },
  { "seed", 0, 0, G_OPTION_ARG_INT64, &request.seed,
    "seed of the order of the cases (default: the study's, or a new one)", "N" },
  { "only", 0, 0, G_OPTION_ARG_STRING, &request.only,
    "only cases with this label (wildcards: * and ?)", "CASE" },
  { "predict", 0, 0, G_OPTION_ARG_FILENAME, &request.predict,
    "predict each case first, by the model calibrated with a result", "DIR" },
  { "resume", 0, 0, G_OPTION_ARG_FILENAME, &request.resume,
    "resume an interrupted run, or one that is given more", "DIR" },
  { "start", 0, 0, G_OPTION_ARG_STRING, &request.start,
    "guests of a repetition: restore, where they can be, or boot", "HOW" },
  { "heartbeat", 0, 0, G_OPTION_ARG_STRING, &request.heartbeat,
    "period of the guests' heartbeats (default: the study's)", "TIME" },
  { "sampling", 0, 0, G_OPTION_ARG_STRING, &request.sampling,
    "period of the CPU samples; 0: none (default: the study's)", "TIME" },
  { "ready-timeout", 0, 0, G_OPTION_ARG_STRING, &request.ready_timeout,
    "time for guests to start (default: the study's)", "TIME" },
  MIG_STUDY_MIGRATION_ENTRIES (request.migration),
  { "observing-cost", 0, 0, G_OPTION_ARG_STRING, &request.observing_cost,
    "measure observing itself: on and off in turn, for so long each", "TIME" },
  { "no-calibration", 0, 0, G_OPTION_ARG_NONE, &no_calibration,
    "do not measure what observing costs on this machine", NULL },
  { "allow-untrusted", 0, 0, G_OPTION_ARG_NONE, &request.untrusted,
    "run on a hypervisor known to damage guests", NULL },
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &request.yes,
    "allow migrating existing guests named in the study", NULL },
  { "keep-definitions", 0, 0, G_OPTION_ARG_NONE, &keep_definitions,
    "leave definitions and autostart of existing guests on the source", NULL },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "print no progress", NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print the report as JSON", NULL },
  { NULL },
};

/* What one `migcost run` works with. */
typedef struct {
  MigRunJob job;
  MigSession *session;
  GHashTable *identities; /* of guests that are there: name -> UUID */
  GHashTable *skipped;    /* label of a case -> why */
  MigRunRace race;        /* of an open-ended run */
  guint log_sink;
  gint64 started_ns, steal_ns;
} Run;

static void
remove_log (Run *run)
{
  if (run->log_sink)
    mig_log_remove_sink (run->log_sink);
  run->log_sink = 0;
}

static void
run_clear (Run *run)
{
  remove_log (run);
  mig_run_race_clear (&run->race);
  g_clear_pointer (&run->session, mig_session_free);
  mig_run_job_clear (&run->job);
  g_clear_pointer (&run->identities, g_hash_table_unref);
  g_clear_pointer (&run->skipped, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static gboolean
preflight (Run *run, GError **error)
{
  g_autoptr (GPtrArray)
      checks = mig_check_hosts (run->job.study, run->session->hosts, run->job.resume.identities);

  for (guint i = 0; i < checks->len; i++)
    {
      const MigCheck *check = g_ptr_array_index (checks, i);
      if (check->skips)
        mig_warning ("%s; %s", check->finding, check->hint);
      else if (check->level == MIG_CHECK_WARN ||
               (check->level == MIG_CHECK_FAIL && request.untrusted && check->trust))
        {
          g_autofree char *message = mig_check_message (check);
          mig_warning ("%s", message);
        }
    }
  run->identities = mig_check_identities (checks);
  run->skipped = mig_check_skipped (checks, run->job.study);
  return mig_check_error (checks, request.untrusted, error);
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
runner_options (Run *run)
{
  MigHostTraits traits = mig_session_host_traits (run->session);
  MigRunnerOptions options = {
    .run = { .hosts = run->session->hosts,
             .writer = run->job.writer,
             .heartbeat = mig_heartbeat_periods (run->job.study, traits),
             .probing_ns = mig_probing_period (traits),
             .move_definitions = !keep_definitions,
             .prober = mig_session_prober (run->session),
             .alternation_ns = run->job.alternation_ns,
             .daemon_cpu = mig_session_daemon_cpu,
             .daemon_data = run->session,
             .identities = run->identities,
             .autostarts = run->job.resume.autostarts },
    .study = run->job.study,
    .schedule = run->job.schedule,
    .done = run->job.resume.done,
    .skipped = run->skipped,
    .shape_link = mig_session_has_link (run->session) ? mig_session_shape_link : NULL,
    .shape_data = run->session,
    .last_run = request.resume ? mig_result_writer_last_run (run->job.writer) : 0,
  };
  gint64 sampling_ns = mig_sampling_period (run->job.study, traits,
                                            &options.run.sampling_moving_ns);

  if (run->job.open_ended)
    {
      mig_run_race_init (&run->race, &run->job, run->skipped);
      options.extend = mig_run_race_extend;
      options.extend_data = &run->race;
      options.time_ns = run->job.study->time_ns
                            ? MAX (1, run->job.study->time_ns - run->job.resume.used_ns)
                            : 0;
    }
  options.run.sampling_ns = run->job.no_sampling ? 0 : sampling_ns;
  options.run.sampling_fixed = run->job.study->sampling_ns > 0;
  options.run.observer = mig_progress_observer (options.run.heartbeat.rest_ns);
  warn_of_cost (run->job.study);
  return options;
}

/* heed_signals: NULL: nothing is to be cancelled, or waited for, any more. */
static void
heed_signals (MigRunner *runner)
{
  mig_signals_reach (runner ? mig_runner_handle (runner) : NULL,
                     "stopping: aborting the migration, destroying guests, keeping what is "
                     "measured (once more: exit at once)");
}

static gboolean
write_cost (const Run *run, GError **error)
{
  gint64 steal = mig_environment_steal ();
  gboolean known = !MIG_IS_MISSING (steal) && !MIG_IS_MISSING (run->steal_ns);

  return mig_fact_write_int (run->job.writer, MIG_FACT_MACHINE_STOLEN, NULL,
                             known ? steal - run->steal_ns : MIG_MISSING_INT, error) &&
         mig_environment_write_cost (run->job.writer, run->started_ns, error);
}

static gboolean
write_environment (const Run *run, const MigRunOptions *options, GError **error)
{
  return mig_resume_write_identities (run->job.writer, run->identities, error) &&
         mig_environment_write (run->job.writer, options->hosts, &options->heartbeat,
                                options->sampling_ns, options->sampling_moving_ns, error) &&
         mig_session_write_lab (run->session, run->job.writer, error);
}

static gboolean
calibrate (const Run *run, const MigRunOptions *options, GError **error)
{
  return no_calibration || options->alternation_ns ||
         mig_observing_calibrate (run->session, run->job.study, options, heed_signals, error);
}

/* Measures. TRUE: the schedule was run; sound and failed count repetitions. */
static gboolean
measure (Run *run, guint *sound, guint *failed, GError **error)
{
  MigRunnerOptions options = runner_options (run);
  g_autoptr (MigRunner) runner = mig_runner_new (&options);

  if (!run->job.resume.has_environment &&
      (!write_environment (run, &options.run, error) || !calibrate (run, &options.run, error)))
    return FALSE;
  if (!mig_result_writer_commit (run->job.writer, error))
    return FALSE;
  run->job.begun = TRUE;
  heed_signals (runner);
  gboolean ok = mig_runner_run (runner, sound, failed, error);
  heed_signals (NULL);
  mig_terminal_status (NULL);
  if (!write_cost (run, ok ? error : NULL) ||
      (options.run.alternation_ns &&
       !mig_observing_cost_write (run->job.writer, ok ? error : NULL)))
    return FALSE;
  if (ok && *failed == 0)
    return mig_result_writer_finish (run->job.writer, error);
  return mig_result_writer_commit (run->job.writer, ok ? error : NULL) && ok;
}

/* tell_forecast: what is expected, before it is measured. */
static void
tell_forecast (const MigRunJob *job)
{
  g_autoptr (GArray) records = mig_predictions_new (job->study, request.only);
  g_autofree char *text = mig_report_forecast (records);
  g_auto (GStrv) lines = text ? g_strsplit (g_strchomp (text), "\n", -1) : NULL;

  for (guint i = 0; lines && lines[i]; i++)
    if (*lines[i])
      mig_info ("%s", lines[i]);
}

/* are_hosts_alike: a run is resumed on hosts like those that it began with. */
static gboolean
are_hosts_alike (const Run *run, GError **error)
{
  const MigRunJob *job = &run->job;

  return !request.resume || !job->resume.has_environment ||
         mig_session_check (run->session, job->resume.environment, error);
}

/* keep_log: a complete result is left as it is until it is known that it is continued. */
static void
keep_log (Run *run, gboolean continued)
{
  if (!run->log_sink && (continued || !run->job.resume.complete))
    run->log_sink = mig_run_log_add (run->job.writer);
}

/* go_on: of a resumed run; whether a complete one would measure anything on these hosts. */
static gboolean
go_on (Run *run, GError **error)
{
  if (!request.resume)
    return TRUE;
  if ((run->job.resume.complete && !mig_run_race_continues (&run->job, run->skipped, error)) ||
      !mig_run_job_continue (&run->job, error))
    return FALSE;
  keep_log (run, TRUE);
  return TRUE;
}

static gboolean
run_study (Run *run, const char *study, guint *failed, GError **error)
{
  guint sound = 0;

  run->started_ns = mig_clock_now ();
  run->steal_ns = mig_environment_steal ();
  /* the result directory before the hosts: a wrong -o is told at once */
  if (!mig_run_job_prepare (&run->job, &request, study, error))
    return FALSE;
  keep_log (run, FALSE);
  const char *path = mig_result_writer_path (run->job.writer);
  g_autofree char *extent = mig_run_end_text (&run->job);
  g_autofree char *scale = run->job.study->scale
                               ? g_strdup_printf (" at scale %s", run->job.study->scale)
                               : g_strdup ("");
  mig_info ("study '%s'%s: %s, seed %" G_GUINT64_FORMAT ", into %s", run->job.study->name, scale,
            extent, run->job.seed, path);
  if (!request.resume)
    tell_forecast (&run->job);
  run->session = mig_session_open (run->job.study, &mig_session_options, error);
  if (!run->session || !are_hosts_alike (run, error) || !preflight (run, error) ||
      !go_on (run, error))
    return FALSE;
  if (measure (run, &sound, failed, error))
    return TRUE;
  if (sound + *failed > 0)
    g_prefix_error (error, "%u of %u repetitions are measured, in '%s' (continue with --resume): ",
                    sound + mig_run_job_n_done (&run->job), run->job.schedule->len, path);
  return FALSE;
}

/* show: the first screen, and the page that it names; what was measured is on the disk already. */
static gboolean
show (const char *path, GString *out, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (as_json)
    return mig_show_result (path, "json", NULL, out, error);
  if (!mig_show_write_page (path, &problem))
    mig_warning ("no page: %s", problem->message);
  return mig_show_overview (path, out, error);
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
          "prints what it answers.",
          "Without hosts it uses the lab: two hosts on this machine. Each repetition is saved "
          "before the next\nbegins; SIGINT keeps what is measured and puts everything back.",
          0, 1, error))
    return FALSE;
  mig_terminal_set_quiet (quiet);
  request.entries = all;
  {
    g_auto (Run) run = { 0 };
    if (!run_study (&run, argc > 1 ? argv[1] : NULL, &failed, error))
      {
        remove_log (&run);
        mig_run_job_discard (&run.job);
        return FALSE;
      }
    path = g_strdup (mig_result_writer_path (run.job.writer));
  }
  if (failed)
    {
      mig_warning (failed == 1 ? "%u repetition failed; 'migcost run --resume %s' runs it again"
                               : "%u repetitions failed; 'migcost run --resume %s' runs them again",
                   failed, path);
      *status = MIG_EXIT_FAILED;
    }
  return show (path, out, error);
}
