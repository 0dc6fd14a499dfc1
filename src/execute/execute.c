/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "base/log.h"
#include "execute/internal.h"

/* so many plans in which no migration began, one after the other */
#define IDLE_PLANS 3
/* and so many in all, and twice the guests of the first: each may fail twice */
#define MAX_PLANS 3

/* restore: run numbers are not used twice, and a plan has its run's. */
static void
restore (MigPlanProgress *progress, const MigPlanExecutorOptions *options)
{
  MigInterrupted *interrupted = options->interrupted;
  GPtrArray *moves = g_steal_pointer (&interrupted->moves);

  interrupted->moves = g_ptr_array_new ();
  g_ptr_array_set_free_func (moves, NULL);
  mig_plan_progress_restore (progress, moves, mig_plan_executor_plans_before (options));
}

guint
mig_plan_executor_plans_before (const MigPlanExecutorOptions *options)
{
  guint runs = (guint) mig_result_writer_last_run (options->writer);

  return options->interrupted ? MAX (options->interrupted->plans, runs) : 0;
}

MigPlanExecutor *
mig_plan_executor_new (const MigPlanExecutorOptions *options, GPtrArray *moves)
{
  MigPlanExecutor *execute = g_new0 (MigPlanExecutor, 1);

  execute->options = *options;
  mig_run_handle_init (&execute->handle);
  execute->execution = mig_plan_progress_new ();
  execute->guests = moves->len;
  if (options->interrupted)
    restore (execute->execution, options);
  execute->plans = mig_plan_progress_plan (execute->execution);
  mig_plan_progress_set_plan (execute->execution, moves);
  return execute;
}

void
mig_plan_executor_free (MigPlanExecutor *execute)
{
  if (!execute)
    return;
  g_clear_pointer (&execute->asked, g_ptr_array_unref);
  mig_plan_progress_free (execute->execution);
  mig_run_handle_clear (&execute->handle);
  g_free (execute);
}

const MigPlanProgress *
mig_plan_executor_progress (const MigPlanExecutor *execute)
{
  return execute->execution;
}

MigRunHandle *
mig_plan_executor_handle (MigPlanExecutor *execute)
{
  return &execute->handle;
}

/* ---- another plan ---- */

static void
host_free (gpointer host)
{
  if (host)
    mig_host_free (host);
}

/* open_all: a new connection to each host; NULL for one that does not answer. */
static GPtrArray *
open_all (const MigPlanExecutor *execute)
{
  GPtrArray *hosts = g_ptr_array_new_with_free_func (host_free);

  for (guint i = 0; i < execute->options.hosts->len; i++)
    {
      const MigPlanExecutorHost *host = &g_array_index (execute->options.hosts, MigPlanExecutorHost,
                                                        i);
      g_ptr_array_add (hosts, mig_host_open (host->name, host->uri, NULL));
    }
  return hosts;
}

static MigSurvey *
survey_hosts (const MigPlanExecutor *execute, GError **error)
{
  g_autoptr (GPtrArray) all = open_all (execute);
  g_autoptr (GPtrArray) hosts = g_ptr_array_new ();

  for (guint i = 0; i < all->len; i++)
    if (all->pdata[i])
      g_ptr_array_add (hosts, all->pdata[i]);
    else
      mig_warning ("host '%s' does not answer: leaving it out of the next plan",
                   g_array_index (execute->options.hosts, MigPlanExecutorHost, i).name);
  mig_info ("looking at the hosts and their guests again");
  return mig_survey (hosts, execute->options.link, &execute->options.flags, error);
}

/* is_bounded: guests that come and go would have it planned for ever. */
static gboolean
is_bounded (const MigPlanExecutor *execute, GError **error)
{
  guint plans = mig_plan_progress_plan (execute->execution) - execute->plans;
  guint most = MAX_PLANS + 2 * execute->guests;

  if (plans < most)
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
               "after %u plans guests still come and go; plan again when they are at rest", plans);
  return FALSE;
}

static gboolean
replan (MigPlanExecutor *execute, GError **error)
{
  const MigPlanExecutorPlanner *planner = &execute->options.planner;
  g_autoptr (MigSurvey) survey = NULL;
  GPtrArray *moves = NULL;

  if (!is_bounded (execute, error))
    return FALSE;
  if (mig_plan_progress_wants_survey (execute->execution) &&
      !(survey = survey_hosts (execute, error)))
    return FALSE;
  if (!planner->plan (execute->execution, g_steal_pointer (&survey), &moves, planner->data, error))
    return FALSE;
  mig_plan_progress_set_plan (execute->execution, moves);
  return TRUE;
}

/* perform: one plan, and whether it came to anything: hosts that are lost again and again end it.
 */
static gboolean
perform (MigPlanExecutor *execute, guint *idle, GError **error)
{
  const GPtrArray *moves = mig_plan_progress_moves (execute->execution);
  gboolean begun = FALSE;

  if (!mig_plan_executor_round (execute, error))
    return FALSE;
  for (guint i = mig_plan_progress_first (execute->execution); i < moves->len; i++)
    begun |= ((const MigPlannedMove *) moves->pdata[i])->attempt > 0;
  *idle = begun ? 0 : *idle + 1;
  if (*idle < IDLE_PLANS || mig_run_handle_is_cancelled (&execute->handle))
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
               "%d plans in a row failed, because the connection to a host was lost before a "
               "migration began; check that its libvirt daemon runs, then plan again",
               IDLE_PLANS);
  return FALSE;
}

gboolean
mig_plan_executor_run (MigPlanExecutor *execute, GError **error)
{
  guint idle = 0;

  while (!mig_run_handle_is_cancelled (&execute->handle) &&
         mig_plan_progress_state (execute->execution) != MIG_PLAN_PROGRESS_OVER)
    {
      if (mig_plan_progress_state (execute->execution) == MIG_PLAN_PROGRESS_GOING
              ? !perform (execute, &idle, error)
              : !replan (execute, error))
        return FALSE;
    }
  if (!mig_run_handle_is_cancelled (&execute->handle))
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INTERRUPTED, "interrupted");
  return FALSE;
}

/* ---- where they are ---- */

/* add_name: "a and b", "a, b". */
static void
add_name (GString *list, const char *separator, const char *name, const char *state)
{
  g_string_append_printf (list, "%s%s%s", list->len ? separator : "", name, state);
}

char *
mig_plan_executor_locate (MigPlanExecutor *execute, const char *uuid, const char **on)
{
  g_autoptr (GString) text = g_string_new (NULL), unknown = g_string_new (NULL);
  guint n = 0;

  *on = NULL;
  if (!execute->asked)
    execute->asked = open_all (execute);
  for (guint i = 0; i < execute->asked->len; i++)
    {
      MigGuestState state = MIG_GUEST_ABSENT;
      const char *name = g_array_index (execute->options.hosts, MigPlanExecutorHost, i).name;
      if (!execute->asked->pdata[i] ||
          !mig_host_guest_state (execute->asked->pdata[i], uuid, &state, NULL))
        add_name (unknown, ", ", name, "");
      else if (state == MIG_GUEST_RUNNING || state == MIG_GUEST_PAUSED)
        {
          *on = n++ ? NULL : name;
          add_name (text, " and ", name, state == MIG_GUEST_PAUSED ? " (paused)" : "");
        }
    }
  if (n == 0)
    g_string_append (text, unknown->len ? "none that answers" : MIG_PLAN_NOWHERE);
  if (unknown->len)
    g_string_append_printf (text, " (no answer: %s)", unknown->str);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
