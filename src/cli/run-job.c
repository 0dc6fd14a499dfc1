/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "cli/run-end.h"
#include "cli/run-job.h"
#include "cli/run-race.h"
#include "cli/run-study.h"
#include "measure/predictions.h"
#include "results/facts.h"

/* ---- its schedule ---- */

/* is_planned: whether an item is of the plan as it was begun, whatever the options were then, or of
 * the repetitions that are added to it now, of the same cases. */
static gboolean
is_planned (const MigResume *resume, const MigScheduleItem *item)
{
  gboolean added = item->repetition > resume->repetitions;
  g_autofree char *key = mig_run_key (item->study_case->label, added ? 1 : item->repetition);

  return g_hash_table_contains (resume->planned, key);
}

static gboolean
resume_schedule (MigRunJob *job, GError **error)
{
  const MigRunRequest *request = job->request;

  if (g_hash_table_size (job->resume.planned) == 0)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "result directory '%s' has no schedule: its run ended before writing one; "
                   "remove it and run the study again",
                   request->resume);
      return FALSE;
    }
  job->seed = job->resume.seed;
  if (!mig_run_end_take (job, error))
    return FALSE;
  if (!MIG_IS_MISSING (job->resume.heartbeat_ns))
    job->study->heartbeat_ns = job->resume.heartbeat_ns;
  if (!MIG_IS_MISSING (job->resume.sampling_ns))
    {
      job->study->sampling_ns = job->resume.sampling_ns;
      job->no_sampling = job->resume.sampling_ns == 0;
    }
  g_autoptr (GArray) whole = mig_schedule_new (
      job->study, job->open_ended ? job->resume.repetitions : job->study->repetitions, job->seed,
      NULL);
  job->schedule = g_array_new (FALSE, FALSE, sizeof (MigScheduleItem));
  for (guint i = 0; i < whole->len; i++)
    {
      MigScheduleItem item = g_array_index (whole, MigScheduleItem, i);
      item.position = job->schedule->len + 1;
      if (is_planned (&job->resume, &item))
        g_array_append_val (job->schedule, item);
    }
  return TRUE;
}

static gboolean
make_schedule (MigRunJob *job, GError **error)
{
  const MigRunRequest *request = job->request;

  if (request->resume)
    return resume_schedule (job, error);
  job->seed = request->seed ? (guint64) request->seed : job->study->seed;
  if (!job->seed)
    job->seed = g_random_int ();
  job->open_ended = job->study->until || job->study->time_ns;
  job->schedule = mig_schedule_new (job->study, job->open_ended ? 1 : job->study->repetitions,
                                    job->seed, request->only);
  return TRUE;
}

/* ---- guests that are somebody's ---- */

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
may_move (const MigRunJob *job, GError **error)
{
  const MigRunRequest *request = job->request;
  g_autoptr (GPtrArray) moves = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < job->schedule->len; i++)
    list_moves (g_array_index (job->schedule, MigScheduleItem, i).study_case, moves);
  if (request->yes || moves->len == 0)
    return TRUE;
  g_ptr_array_add (moves, NULL);
  g_autofree char *list = g_strjoinv (", ", (char **) moves->pdata);
  g_autofree char *when = job->open_ended ? g_strdup ("before each run")
                          : job->schedule->len == 1
                              ? g_strdup ("before the run")
                              : g_strdup_printf ("before each of the %u runs", job->schedule->len);
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
               "study '%s' would migrate existing domains (%s), and move them back %s; pass --yes "
               "to allow this",
               job->study->name, list, when);
  return FALSE;
}

/* ---- the result directory ---- */

static char *
default_directory (const MigStudy *study)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *when = g_date_time_format (now, "%Y%m%d-%H%M%S");
  return g_strdup_printf ("migcost-results/%s-%s", study->name, when);
}

/* write_schedule: what is not there yet of it. */
static gboolean
write_schedule (const MigRunJob *job, GError **error)
{
  for (guint i = 0; i < job->schedule->len; i++)
    {
      const MigScheduleItem *item = &g_array_index (job->schedule, MigScheduleItem, i);
      MigScheduleRecord record = { item->position, item->study_case->label, item->repetition };
      if (item->repetition > job->resume.repetitions &&
          !mig_result_writer_append (job->writer, MIG_TABLE_SCHEDULE, &record, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_parameters (const MigRunJob *job, GError **error)
{
  const MigRunRequest *request = job->request;

  for (guint i = 0; i < job->study->cases->len; i++)
    {
      const MigStudyCase *study_case = job->study->cases->pdata[i];
      const GPtrArray *parameters = study_case->study->parameters;
      if (request->only && !mig_case_matches (study_case, request->only))
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

static gboolean
keep_options (const MigRunJob *job, GError **error)
{
  for (char **option = job->options; *option; option++)
    if (!mig_fact_write (job->writer, MIG_FACT_OPTION, NULL, *option, error))
      return FALSE;
  return TRUE;
}

/* Options that --resume must know even if this process is killed before it has written anything
 * else. */
static gboolean
write_options (const MigRunJob *job, GError **error)
{
  const MigRunRequest *request = job->request;
  const struct {
    MigFact fact;
    const char *option;
    gint64 ns;
  } periods[] = {
    { MIG_FACT_HEARTBEAT_OPTION, request->heartbeat, job->study->heartbeat_ns },
    { MIG_FACT_SAMPLING_OPTION, request->sampling, job->study->sampling_ns },
  };

  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    if (periods[i].option &&
        !mig_fact_write_int (job->writer, periods[i].fact, NULL, periods[i].ns, error))
      return FALSE;
  return keep_options (job, error) && mig_run_end_write (job, error);
}

gboolean
mig_run_job_continue (const MigRunJob *job, GError **error)
{
  return mig_result_writer_continue (job->writer, error) && write_schedule (job, error) &&
         keep_options (job, error) && mig_run_end_write (job, error) &&
         mig_result_writer_commit (job->writer, error);
}

/* Repetitions in which an earlier process was killed have no row yet. */
static gboolean
write_interrupted (MigRunJob *job, GError **error)
{
  for (guint i = 0; i < job->resume.begun->len; i++)
    {
      MigRunRecord *run = job->resume.begun->pdata[i];
      run->status = g_strdup ("interrupted");
      run->reason = g_strdup (
          "migcost ended in the middle of it: it was killed, or the machine went down");
      if (!mig_result_writer_append (job->writer, MIG_TABLE_RUNS, run, error))
        return FALSE;
    }
  return mig_result_writer_commit (job->writer, error);
}

/* open_again: a complete one stays as it is for now: the hosts may not be there. */
static gboolean
open_again (MigRunJob *job, GError **error)
{
  const char *path = job->request->resume;

  if (job->resume.complete)
    return (job->writer = mig_result_writer_reopen (path, error)) != NULL;
  job->writer = mig_result_writer_resume (path, error);
  return job->writer && write_interrupted (job, error);
}

static gboolean
open_result (MigRunJob *job, GError **error)
{
  const MigRunRequest *request = job->request;

  if (request->resume)
    return open_again (job, error);
  g_autofree char *path = request->output ? g_strdup (request->output)
                                          : default_directory (job->study);
  MigManifest manifest = { .study_name = job->study->name,
                           .study_title = job->study->title,
                           .claims = job->study->claims,
                           .scale = job->study->scale,
                           .seed = (gint64) job->seed,
                           .started_utc_ns = mig_clock_utc_now (),
                           .started_clock_ns = mig_clock_now () };
  job->writer = mig_result_writer_new (path, job->study->xml, job->study->xml_size, &manifest,
                                       error);
  /* on the disk at once: what is killed before its first repetition can be resumed as well */
  return job->writer && write_schedule (job, error) && write_parameters (job, error) &&
         mig_predictions_write (job->writer, job->study, request->only, error) &&
         write_options (job, error) && mig_result_writer_commit (job->writer, error);
}

/* ---- life ---- */

gboolean
mig_run_job_prepare (MigRunJob *job, const MigRunRequest *request, const char *study,
                     GError **error)
{
  job->request = request;
  return mig_run_study_load (job, study, error) && make_schedule (job, error) &&
         (!job->resume.complete || mig_run_race_continues (job, NULL, error)) &&
         may_move (job, error) && open_result (job, error);
}

guint
mig_run_job_n_done (const MigRunJob *job)
{
  return job->resume.done ? g_hash_table_size (job->resume.done) : 0;
}

void
mig_run_job_clear (MigRunJob *job)
{
  g_clear_pointer (&job->writer, mig_result_writer_free);
  g_clear_pointer (&job->schedule, g_array_unref);
  mig_resume_clear (&job->resume);
  g_clear_pointer (&job->options, g_strfreev);
  g_clear_pointer (&job->study, mig_study_free);
}

void
mig_run_job_discard (MigRunJob *job)
{
  g_autofree char *path = job->writer ? g_strdup (mig_result_writer_path (job->writer)) : NULL;

  if (!path || job->request->resume || job->begun)
    return;
  g_clear_pointer (&job->writer, mig_result_writer_free);
  mig_files_remove_tree (path, NULL);
}
