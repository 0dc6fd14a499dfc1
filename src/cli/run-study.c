/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/units.h"
#include "cli/changed-study.h"
#include "cli/option-values.h"
#include "cli/run-study.h"
#include "hosts/lab-share.h"
#include "hosts/session-options.h"
#include "plan/study-forecast.h"

/* parse_seconds: the value of an option: a second or more. */
static gboolean
parse_seconds (const char *option, const char *text, gint64 *ns, GError **error)
{
  gboolean ok = mig_units_parse_duration (text, ns, error);

  if (ok && *ns < MIG_NS_PER_S)
    {
      ok = FALSE;
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "%s is too short; expected at least 1 s",
                   text);
    }
  return mig_error_of_option (ok, option, error);
}

/* What ends the run: the options' own rule takes the place of the study's number of repetitions, a
 * number alone that of the study's rule. */
static gboolean
apply_end_options (MigRunJob *job, GError **error)
{
  const MigRunRequest *request = job->request;
  MigStudy *study = job->study;
  gboolean repeats = request->repeat != MIG_RUN_NOT_GIVEN;

  if (repeats && (request->repeat < 1 || request->repeat > MIG_STUDY_MAX_REPETITIONS))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "--repeat=%d: expected 1 to %d",
                   request->repeat, MIG_STUDY_MAX_REPETITIONS);
      return FALSE;
    }
  if (request->until &&
      !mig_error_of_option (mig_study_until_check (request->until, error), "until", error))
    return FALSE;
  if (request->until || request->time)
    study->repetitions = MIG_STUDY_MAX_REPETITIONS;
  else if (repeats)
    {
      g_clear_pointer (&study->until, g_free);
      study->time_ns = 0;
    }
  if (request->until)
    {
      g_free (study->until);
      study->until = g_strdup (request->until);
    }
  if (repeats)
    study->repetitions = (guint) request->repeat;
  return !request->time || parse_seconds ("time", request->time, &study->time_ns, error);
}

/* It changes nothing of what is measured, so a run may be resumed with another one. */
static gboolean
apply_ready_timeout (MigStudy *study, const char *text, GError **error)
{
  gint64 ns;

  if (!text)
    return TRUE;
  if (!parse_seconds ("ready-timeout", text, &ns, error))
    return FALSE;
  study->ready_timeout_ns = ns;
  for (guint i = 0; i < mig_study_n_variants (study); i++)
    mig_study_variant (study, i)->ready_timeout_ns = ns;
  return TRUE;
}

static gboolean
apply_periods (MigRunJob *job, GError **error)
{
  const MigRunRequest *request = job->request;
  const struct {
    const char *option, *text;
    gint64 *ns;
    gboolean (*check) (gint64 ns, GError **error);
  } periods[] = {
    { "heartbeat", request->heartbeat, &job->study->heartbeat_ns, mig_study_check_period },
    { "sampling", request->sampling, &job->study->sampling_ns, mig_study_check_period },
    { "observing-cost", request->observing_cost, &job->alternation_ns, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    if (periods[i].text &&
        !mig_error_of_option (mig_units_parse_duration (periods[i].text, periods[i].ns, error) &&
                                  (!periods[i].check || periods[i].check (*periods[i].ns, error)),
                              periods[i].option, error))
      return FALSE;
  job->no_sampling = request->sampling && job->study->sampling_ns == 0;
  return TRUE;
}

static gboolean
apply_start (MigStudy *study, const char *text, GError **error)
{
  if (!text)
    return TRUE;
  for (guint i = 0; i < mig_study_n_variants (study); i++)
    if (!mig_error_of_option (mig_study_set_start (mig_study_variant (study, i), text, error),
                              "start", error))
      return FALSE;
  return TRUE;
}

static gboolean
has_case (const MigStudy *study, const char *only, GError **error)
{
  for (guint i = 0; only && i < study->cases->len; i++)
    if (mig_case_matches (study->cases->pdata[i], only))
      return TRUE;
  if (only)
    g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "study '%s' has no case '%s'", study->name,
                 only);
  return !only;
}

/* A run is resumed as it was begun, but for what ends it (cli/run-end.h). */
static gboolean
may_resume (const MigRunRequest *request, const char *name, GError **error)
{
  if (!name && !request->output && !request->only && !request->seed && !request->heartbeat &&
      !request->sampling && !request->observing_cost && !request->scale && !request->predict &&
      !mig_migration_options_given (&request->migration))
    return TRUE;
  g_set_error (
      error, MIG_ERROR, MIG_ERROR_USAGE,
      "--resume continues the study in that directory unchanged: it cannot be combined with "
      "STUDY, --output, --scale, --only, --seed, --predict, --heartbeat, --sampling, "
      "--observing-cost, --technique, --bandwidth, --direct, --copy-storage, --tls, --timeout or "
      "--unsafe");
  return FALSE;
}

/* What --resume knows from the study, the schedule or facts of its own, and what is asked anew. */
static const char *const not_kept[] = {
  "output",          "scale",    "repeat", "time",         "until",     "seed",      "only",
  "predict",         "resume",   "yes",    "copy-storage", "tls",       "quiet",     "json",
  "heartbeat",       "sampling", "unsafe", "timeout",      "technique", "bandwidth", "direct",
  "allow-untrusted", NULL
};

/* take_kept: the options that the run to be resumed began with; what is given now wins. */
static gboolean
take_kept (MigRunJob *job, GError **error)
{
  const MigRunRequest *request = job->request;

  mig_session_options_name_hosts (&mig_session_options, job->study);
  job->options = mig_option_values_list (request->entries, not_kept);
  if (!request->resume)
    return TRUE;
  if (!mig_resume_load (request->resume, &job->resume, error))
    return FALSE;
  if (mig_option_values_restore (request->entries, not_kept, job->resume.options, error))
    return TRUE;
  g_prefix_error (error, "cannot resume '%s': ", request->resume);
  return FALSE;
}

static MigStudy *
load (const MigRunRequest *request, const char *name, GError **error)
{
  g_autofree char *path = request->resume ? g_build_filename (request->resume, "study.xml", NULL)
                                          : g_strdup (name ? name : "load-balancing");

  return mig_changed_study_load (path, request->scale, &request->migration, error);
}

/* forecast: before the hosts are opened; whether they are the lab's is told by the study with its
 * options. */
static gboolean
forecast (MigStudy *study, const char *directory, GError **error)
{
  g_autofree guint *lenders = NULL;

  if (!mig_session_options_apply (&mig_session_options, study, error))
    return FALSE;
  if (!((MigStudyHost *) study->hosts->pdata[0])->uri)
    lenders = mig_lab_share_lenders (study);
  return mig_study_forecast (study, directory, lenders, error);
}

gboolean
mig_run_study_load (MigRunJob *job, const char *name, GError **error)
{
  const MigRunRequest *request = job->request;

  if (request->resume && !may_resume (request, name, error))
    return FALSE;
  job->study = load (request, name, error);
  return job->study && take_kept (job, error) && apply_end_options (job, error) &&
         apply_start (job->study, request->start, error) && apply_periods (job, error) &&
         apply_ready_timeout (job->study, request->ready_timeout, error) &&
         has_case (job->study, request->only, error) &&
         (!request->predict || forecast (job->study, request->predict, error));
}
