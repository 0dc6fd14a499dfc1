/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/plan-execute.h"
#include "execute/live.h"
#include "execute/replan.h"
#include "execute/skipped-guests.h"
#include "cli/progress.h"
#include "cli/run-log.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "hosts/environment.h"
#include "hosts/undo.h"
#include "report/execution.h"
#include "virt/loop.h"

#define SAMPLING_NS MIG_NS_PER_S

/* ---- hosts ---- */

static void
host_clear (gpointer data)
{
  MigPlanExecutorHost *host = data;
  g_free ((char *) host->name);
}

GArray *
mig_plan_execute_hosts (char **texts)
{
  GArray *hosts = g_array_new (FALSE, TRUE, sizeof (MigPlanExecutorHost));

  g_array_set_clear_func (hosts, host_clear);
  for (guint i = 0; texts[i]; i++)
    {
      MigPlanExecutorHost host = { 0 };
      mig_plan_live_split (texts[i], i, (char **) &host.name, &host.uri);
      g_array_append_val (hosts, host);
    }
  return hosts;
}

/* find_host: that "HOST=..." names; NULL: none. */
static MigPlanExecutorHost *
find_host (GArray *hosts, const char *text)
{
  const char *equals = strchr (text, '=');

  for (guint i = 0; equals && equals[1] && i < hosts->len; i++)
    {
      MigPlanExecutorHost *host = &g_array_index (hosts, MigPlanExecutorHost, i);
      gsize length = strlen (host->name);
      if (length == (gsize) (equals - text) && strncmp (host->name, text, length) == 0)
        return host;
    }
  return NULL;
}

/* take_uris: each "HOST=URI", into that member. */
static gboolean
take_uris (GArray *hosts, char **texts, const char *option, gsize member, GError **error)
{
  for (guint t = 0; texts && texts[t]; t++)
    {
      MigPlanExecutorHost *host = find_host (hosts, texts[t]);
      if (!host)
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                       "%s=%s: expected HOST=URI, with HOST as named by --host", option, texts[t]);
          return FALSE;
        }
      G_STRUCT_MEMBER (const char *, host, member) = strchr (texts[t], '=') + 1;
    }
  return TRUE;
}

static gboolean
take_technique (const char *name, MigTechnique *technique, GError **error)
{
  *technique = MIG_TECHNIQUE_PRE_COPY;
  if (name &&
      !mig_error_of_option (mig_technique_from_name (name, technique, error), "technique", error))
    return FALSE;
  const char *why_not = mig_technique_info (*technique)->not_offered;
  if (why_not)
    g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "--technique=%s: %s", name, why_not);
  return !why_not;
}

GArray *
mig_plan_execute_take (const MigPlanExecuteOptions *options, MigPlanExecuteWay *way, GError **error)
{
  g_autoptr (GArray) hosts = mig_plan_execute_hosts (options->hosts);

  if (!take_uris (hosts, options->migrate_uris, "--migrate-uri",
                  G_STRUCT_OFFSET (MigPlanExecutorHost, migrate_uri), error) ||
      !take_uris (hosts, options->peer_uris, "--peer-uri",
                  G_STRUCT_OFFSET (MigPlanExecutorHost, peer_uri), error) ||
      !take_technique (options->technique, &way->technique, error) ||
      !mig_migration_options_flags (&options->migration, &way->flags, &way->timeout_ns, error))
    return NULL;
  return g_steal_pointer (&hosts);
}

/* ---- the result ---- */

/* describe: what stands in the place of a study. */
static char *
describe (const GArray *hosts, const char *values)
{
  GString *xml = g_string_new ("<" MIG_EXECUTION_ELEMENT ">\n");

  for (guint i = 0; i < hosts->len; i++)
    {
      const MigPlanExecutorHost *host = &g_array_index (hosts, MigPlanExecutorHost, i);
      g_autofree char *line = g_markup_printf_escaped ("  <host name=\"%s\" uri=\"%s\"/>\n",
                                                       host->name, host->uri);
      g_string_append (xml, line);
    }
  g_string_append (xml, values);
  return g_string_free (g_string_append (xml, "</" MIG_EXECUTION_ELEMENT ">\n"), FALSE);
}

static MigResultWriter *
open_result (const MigPlanExecuteOptions *options, const GArray *hosts, GError **error)
{
  if (options->resume->writer)
    return g_steal_pointer (&options->resume->writer);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *path = options->output
                              ? g_strdup (options->output)
                              : g_date_time_format (now, "migcost-results/execute-%Y%m%d-%H%M%S");
  g_autofree char *study_xml = describe (hosts, options->values);
  MigManifest manifest = { .study_name = (char *) MIG_EXECUTION_NAME,
                           .study_title = (char *) MIG_EXECUTION_TITLE,
                           .started_utc_ns = mig_clock_utc_now (),
                           .started_clock_ns = mig_clock_now () };

  return mig_result_writer_new (path, study_xml, strlen (study_xml), &manifest, error);
}

/* ---- the work ---- */

static void
on_progress (const MigProgress *progress, gpointer data)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!mig_terminal_is_interactive ())
    return;
  g_string_append_printf (text, "%s: %s", progress->case_label, mig_phase_name (progress->phase));
  for (guint i = 0; i < progress->n_migrations; i++)
    mig_progress_add_migration (text, &progress->migrations[i]);
  mig_terminal_status (text->str);
}

/* keep_sources: hosts that are left by name, so that the first VM's host is no other one once it
 * has moved. */
static char **
keep_sources (MigPlanSession *planning)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  const GArray *sources = planning->task.sources;

  if (planning->options.empty || planning->options.relieve || planning->task.target_state)
    return NULL;
  for (guint i = 0; i < sources->len; i++)
    g_strv_builder_add (
        names, mig_fleet_host (planning->own_fleet, g_array_index (sources, guint, i))->name);
  return planning->options.empty = g_strv_builder_end (names);
}

/* check_probes: of guests that are there. */
static gboolean
check_probes (const MigPlanSession *planning, GHashTable *probes, GError **error)
{
  GHashTableIter iter;
  gpointer vm;

  g_hash_table_iter_init (&iter, probes);
  while (g_hash_table_iter_next (&iter, &vm, NULL))
    if (mig_fleet_find_vm (planning->own_fleet, vm) == MIG_NO_INDEX)
      {
        g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                     "--probe: no VM '%s' runs on the hosts; expected a name as in the plan",
                     (const char *) vm);
        return FALSE;
      }
  return TRUE;
}

MigPlanExecutorOptions
mig_plan_execute_options (const MigPlanSession *planning, const MigPlanExecuteOptions *options,
                          const GArray *hosts, const MigPlanExecuteWay *way)
{
  MigPlanExecutorOptions execute = { .hosts = hosts,
                                     .interrupted = options->resume->interrupted,
                                     .direct = options->direct,
                                     .technique = way->technique,
                                     .flags = way->flags,
                                     .timeout_ns = way->timeout_ns,
                                     .keep_definitions = options->keep_definitions,
                                     .link = options->link,
                                     .one_guest = options->one_guest,
                                     .probes = options->probes,
                                     .sampling_ns = SAMPLING_NS,
                                     .observer = { .progress = on_progress,
                                                   .may_stop = mig_terminal_may_stop } };

  mig_stop_rule_from_name (planning->limits->name, &execute.stop_rule, NULL);
  if (isfinite (planning->model.cap_bytes_per_s))
    execute.bandwidth_bytes_per_s = (guint64) planning->model.cap_bytes_per_s;
  return execute;
}

/* close_result: of an execution that came to its end, or was *stuck before; then that is what is
 * told. FALSE: it is not complete. */
static gboolean
close_result (MigResultWriter *writer, gint64 started_ns, gboolean ended, GError **stuck)
{
  g_autoptr (GError) error = NULL;

  if (mig_environment_write_cost (writer, started_ns, &error) &&
      (ended ? mig_result_writer_finish (writer, &error)
             : mig_result_writer_commit (writer, &error)))
    return ended;
  if (ended)
    g_propagate_error (stuck, g_steal_pointer (&error));
  else if (strcmp (error->message, (*stuck)->message) != 0)
    mig_warning ("%s", error->message);
  return FALSE;
}

/* perform: whatever happens in it is told in out, a full disk too: only the table knows where the
 * guests are. An error is one of before it began. */
static gboolean
perform (MigReplan *replan, const MigPlanExecutorOptions *options, const char *again, GString *out,
         gboolean *all, GError **error)
{
  gint64 started_ns = mig_clock_now ();
  double expected_s = replan->planning->plan->best.cost.time_s;
  g_autoptr (GError) stuck = NULL;
  GPtrArray *moves = mig_replan_moves (replan, 1 + mig_plan_executor_plans_before (options), error);

  if (!moves)
    return FALSE;
  g_autoptr (MigPlanExecutor) execute = mig_plan_executor_new (options, moves);
  mig_signals_reach (mig_plan_executor_handle (execute),
                     "stopping: aborting migrations, leaving guests where they are, keeping what "
                     "is measured (once more: exit at once)");
  gboolean ok = mig_plan_executor_run (execute, &stuck);
  mig_signals_reach (NULL, NULL);
  mig_terminal_status (NULL);
  gint64 took_ns = mig_clock_now () - started_ns;
  ok = close_result (replan->writer, started_ns, ok, &stuck);
  g_auto (MigPlanOutcome) outcome = { 0 };
  mig_plan_executor_outcome (execute, replan->skipped, &outcome);
  outcome.notes = replan->notes;
  outcome.again = again;
  outcome.stuck = ok ? NULL : stuck->message;
  outcome.took_ns = took_ns;
  outcome.expected = (MigPredicted){ expected_s, NAN, NAN };
  outcome.path = mig_result_writer_path (replan->writer);
  g_autofree char *text = mig_execution_text (&outcome);
  g_string_append (out, text);
  *all = mig_plan_outcome_is_done (&outcome);
  if (!ok)
    mig_warning ("%s", stuck->message);
  return TRUE;
}

gboolean
mig_plan_execute_recover (GError **error)
{
  guint recovered;

  if (!mig_loop_start (error))
    return FALSE;
  gboolean ok = mig_undo_recover (&recovered, error);
  mig_loop_stop ();
  return ok;
}

gboolean
mig_plan_execute (MigPlanSession *planning, const MigPlanExecuteOptions *options, GString *out,
                  int *status, GError **error)
{
  MigPlanExecuteWay way = { 0 };
  g_autoptr (GArray) hosts = mig_plan_execute_take (options, &way, error);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) skipped = mig_skipped_guests_new ();
  g_auto (GStrv) sources G_GNUC_UNUSED = keep_sources (planning); /* the plan refers to them */
  gboolean all = FALSE;

  if (!hosts || !check_probes (planning, options->probes, error))
    return FALSE;
  g_autoptr (MigResultWriter) writer = open_result (options, hosts, error);
  if (!writer || !mig_loop_start (error))
    return FALSE;
  MigReplan replan = { planning, writer, options->link != NULL, NAN, notes, skipped };
  MigPlanExecutorOptions execute = mig_plan_execute_options (planning, options, hosts, &way);
  g_auto (GStrv) leaves = mig_skipped_guests_leaves (planning);
  execute.writer = writer;
  execute.leaves = leaves;
  execute.planner = (MigPlanExecutorPlanner){ mig_replan, &replan };
  guint sink = mig_run_log_add (writer);
  gboolean ok = perform (&replan, &execute, options->again, out, &all, error);
  mig_log_remove_sink (sink);
  mig_loop_stop ();
  if (!all)
    *status = MIG_EXIT_FAILED;
  return ok;
}
