/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "cli/run-end.h"
#include "results/facts.h"
#include "summary/race.h"

static const char *
noun (guint n)
{
  return n == 1 ? "repetition" : "repetitions";
}

/* ---- what may be given ---- */

/* has_end: a run of a fixed number ends by that alone. */
static gboolean
has_end (const MigRunJob *job, GError **error)
{
  const char *option = job->request->time ? "time" : "until";

  if (job->resume.most_repetitions > 0)
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
               "--%s: the run in '%s' ends with a number of repetitions, which --repeat raises; "
               "start a new one with --%s and another --output",
               option, job->request->resume, option);
  return FALSE;
}

/* asks_the_same: another share is as good, for intervals hold however often one looks; another kind
 * of question would need an error of its own. */
static gboolean
asks_the_same (const MigRunJob *job, GError **error)
{
  const char *before = job->resume.until, *now = job->request->until;
  MigRaceRule rule_before, rule_now;

  mig_race_rule_parse (before, &rule_before);
  mig_race_rule_parse (now, &rule_now);
  if (!before || !now || rule_before.until == rule_now.until)
    return TRUE;
  g_set_error (
      error, MIG_ERROR, MIG_ERROR_USAGE,
      "--until=%s: the run in '%s' spends its 5 %% of error on --until=%s; start a new one "
      "for another question",
      now, job->request->resume, before);
  return FALSE;
}

static gboolean
has_time_left (const MigRunJob *job, GError **error)
{
  g_autofree char *used = mig_units_format_duration (job->resume.used_ns);

  if (!job->request->time || job->study->time_ns > job->resume.used_ns)
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
               "--time=%s is the time of the whole run, and the repetitions in '%s' have taken %s; "
               "give more",
               job->request->time, job->request->resume, used);
  return FALSE;
}

/* asks_more: the first repetitions of a fixed number have been run, or, of a run that is not
 * complete, are still to be: of that one the same number asks for what is missing. */
static gboolean
asks_more (const MigRunJob *job, GError **error)
{
  const MigResume *resume = &job->resume;
  guint least = resume->repetitions + (resume->complete ? 1 : 0);

  if (resume->most_repetitions > 0 || job->study->repetitions >= least)
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
               "--repeat=%u is the number of the whole run, and the one in '%s' %s %u %s of each "
               "case; give %s",
               job->study->repetitions, job->request->resume,
               resume->complete ? "has" : "was to have", resume->repetitions,
               noun (resume->repetitions), resume->complete ? "more" : "that or more");
  return FALSE;
}

/* more_text: with what a complete run would go on; of its time what was used counts, not its limit.
 */
static char *
more_text (const MigResume *resume)
{
  g_autofree char *used = mig_units_format_duration (resume->used_ns);

  return !resume->can_grow     ? g_strdup ("; this version of migcost cannot add to it")
         : resume->time_ns > 0 ? g_strdup_printf ("; a --time above %s may continue the run", used)
         : resume->most_repetitions == 0
             ? g_strdup_printf ("; a --repeat above %u continues the run", resume->repetitions)
             : g_strdup ("");
}

/* is_open: a complete run goes on with another end alone. */
static gboolean
is_open (const MigRunJob *job, GError **error)
{
  const MigResume *resume = &job->resume;
  g_autofree char *more = more_text (resume);

  if (!resume->complete)
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "nothing to resume: result directory '%s' is complete%s", job->request->resume,
               more);
  return FALSE;
}

/* ---- */

static gboolean
may_end_so (const MigRunJob *job, gboolean repeats, GError **error)
{
  gboolean other = job->request->time || job->request->until;

  if (!other && !repeats)
    return is_open (job, error);
  return (!other ||
          (has_end (job, error) && asks_the_same (job, error) && has_time_left (job, error))) &&
         (!repeats || asks_more (job, error));
}

gboolean
mig_run_end_take (MigRunJob *job, GError **error)
{
  const MigRunRequest *request = job->request;
  const MigResume *resume = &job->resume;
  MigStudy *study = job->study;
  gboolean repeats = request->repeat != MIG_RUN_NOT_GIVEN;

  if (!may_end_so (job, repeats, error))
    return FALSE;
  if (!request->until)
    {
      g_free (study->until);
      study->until = g_strdup (resume->until);
    }
  if (!request->time)
    study->time_ns = resume->time_ns;
  if (!repeats)
    study->repetitions = resume->most_repetitions ? resume->most_repetitions : resume->repetitions;
  job->open_ended = resume->most_repetitions > 0;
  return TRUE;
}

gboolean
mig_run_end_write (const MigRunJob *job, GError **error)
{
  const MigRunRequest *request = job->request;
  const MigStudy *study = job->study;
  gboolean repeats = !request->resume || request->repeat != MIG_RUN_NOT_GIVEN;
  gboolean until = request->resume ? request->until != NULL : study->until != NULL;
  gboolean time = request->resume ? request->time != NULL : study->time_ns > 0;

  if (!job->open_ended)
    return TRUE;
  return (!repeats || mig_fact_write_int (job->writer, MIG_FACT_MOST_REPETITIONS, NULL,
                                          study->repetitions, error)) &&
         (!until || mig_fact_write (job->writer, MIG_FACT_UNTIL, NULL, study->until, error)) &&
         (!time ||
          mig_fact_write_int (job->writer, MIG_FACT_TIME_LIMIT, NULL, study->time_ns, error));
}

/* ---- what is said of it ---- */

/* fixed_text: of a run to whose schedule nothing will be added. */
static char *
fixed_text (const MigRunJob *job)
{
  guint n = job->schedule->len, n_done = mig_run_job_n_done (job);

  return n_done > 0 ? g_strdup_printf ("%u %s, of which %u %s done", n, noun (n), n_done,
                                       n_done == 1 ? "is" : "are")
                    : g_strdup_printf ("%u %s to run", n, noun (n));
}

static char *
until_text (const char *until)
{
  return !until ? g_strdup ("")
         : strcmp (until, "decided") == 0
             ? g_strdup (" until what is asked is decided")
             : g_strdup_printf (" until total times are known to %s", until);
}

static char *
limit_text (const MigRunJob *job)
{
  g_autofree char *limit = mig_units_format_duration (job->study->time_ns);
  g_autofree char *used = mig_units_format_duration (job->resume.used_ns);

  return !job->study->time_ns ? g_strdup ("")
         : job->resume.used_ns > 0
             ? g_strdup_printf (", in at most %s, of which %s are over", limit, used)
             : g_strdup_printf (", in at most %s", limit);
}

char *
mig_run_end_text (const MigRunJob *job)
{
  const MigStudy *study = job->study;
  guint n = job->schedule->len, blocks = 0;

  for (guint i = 0; i < n; i++)
    blocks = MAX (blocks, g_array_index (job->schedule, MigScheduleItem, i).repetition);
  if (!job->open_ended || study->repetitions <= blocks)
    return fixed_text (job);
  g_autofree char *until = until_text (study->until);
  g_autofree char *most = study->repetitions == MIG_STUDY_MAX_REPETITIONS
                              ? g_strdup ("")
                              : g_strdup_printf (", at most %u of each case", study->repetitions);
  g_autofree char *limit = limit_text (job);
  const char *done = !job->resume.complete ? "" : n == 1 ? " is done" : " are done";
  return g_strdup_printf ("%u %s%s, then more%s%s%s", n, noun (n), done, until, most, limit);
}
