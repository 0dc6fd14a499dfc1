/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "cli/plan-preview.h"
#include "base/units.h"
#include "execute/execute.h"
#include "execute/replan.h"
#include "report/document.h"
#include "virt/host.h"
#include "virt/migrate.h"
#include "virt/stop-limits.h"

static const MigPlanExecutorHost *
find_host (const GArray *hosts, const char *name)
{
  for (guint i = 0; i < hosts->len; i++)
    if (strcmp (g_array_index (hosts, MigPlanExecutorHost, i).name, name) == 0)
      return &g_array_index (hosts, MigPlanExecutorHost, i);
  g_assert_not_reached ();
}

/* peer_uri: by which the source's daemon would be asked to reach it; NULL: it would not. */
static const char *
peer_uri (const MigPlanExecuteOptions *options, const MigPlanExecutorHost *to)
{
  const char *uri = mig_host_peer_uri (to->peer_uri, to->uri);

  return !options->direct && mig_host_uri_names_server (uri) ? uri : NULL;
}

static void
add_row (MigGrid *grid, const MigPlanExecuteOptions *options, const MigGuestVerdict *verdict,
         const MigPlanExecutorHost *to, const MigPlannedMove *move, const MigStudy *study)
{
  MigMigrateOptions migrate;

  mig_migrate_options_init (&migrate, study);
  migrate.migrate_uri = to->migrate_uri;
  migrate.peer_uri = peer_uri (options, to);
  migrate.persist = verdict->persistent && !options->keep_definitions;
  g_autofree char *flags = mig_migrate_flags_text (&migrate);
  g_autofree char *parameters = mig_migrate_parameters_text (&migrate);

  mig_grid_text (grid, move->guest);
  mig_grid_text (grid, move->from);
  mig_grid_text (grid, move->to);
  if (migrate.peer_uri)
    mig_grid_format (grid, "its host, by %s; migcost if it cannot connect", migrate.peer_uri);
  else
    mig_grid_text (grid, "migcost");
  mig_grid_text (grid, flags);
  mig_grid_text (grid, parameters);
  mig_grid_text (grid, migrate.persist && verdict->autostart ? "autostart moves along" : "");
}

/* add_limits: what ends a migration that goes on for long. */
static void
add_limits (MigBlock *section, const MigStudy *study, gboolean predicted)
{
  static const char *const ends[] = {
    [MIG_TIMEOUT_ABORT] = "a migration is aborted",
    [MIG_TIMEOUT_SUSPEND] = "the guest stands still until the rest is sent",
    [MIG_TIMEOUT_POST_COPY] = "the guest goes on at its destination, by post-copy"
  };
  const MigStopLimits *rule = mig_stop_rule_limits (study->stop_rule);
  gint64 limit_ns = mig_stop_first_limit (study);
  g_autofree char *timeout = mig_units_format_duration (study->timeout_ns);
  g_autofree char *limit = mig_units_format_duration (limit_ns);

  mig_block_item (section, "after %s%s %s", timeout, predicted ? ", by the prediction," : "",
                  ends[study->flags.at_timeout]);
  if (study->stop_rule != MIG_STOP_HYPERVISOR)
    mig_block_item (section, "stop rule %s: %s; the downtime limit begins with %s", rule->name,
                    rule->meaning, limit_ns ? limit : "the hypervisor's");
}

gboolean
mig_plan_preview (const MigPlanSession *planning, const MigPlanExecuteOptions *options,
                  GString *out, GError **error)
{
  static const char *const heads[] = { "VM",    "from", "to",   "driven by",
                                       "flags", "with", "then", NULL };
  MigPlanExecuteWay way = { 0 };
  g_autoptr (GArray) hosts = mig_plan_execute_take (options, &way, error);

  if (!hosts)
    return FALSE;
  const MigPlanExecutorOptions execute = mig_plan_execute_options (planning, options, hosts, &way);
  g_autoptr (GPtrArray) moves = mig_replan_planned (planning);
  g_autoptr (MigStudy) study = mig_plan_executor_study (&execute, moves, 0, "plan", error);
  if (!study)
    return FALSE;
  g_autoptr (MigDocument) document = mig_document_new (MIG_MEDIUM_TERMINAL, NULL, NULL);
  MigBlock *section = mig_block_section (document->body, NULL, "What --yes would do");
  MigGrid *grid = mig_grid_new ("lllllll", heads);
  for (guint i = 0; i < moves->len; i++)
    {
      const MigPlannedMove *move = moves->pdata[i];
      add_row (grid, options, mig_survey_verdict (planning->survey, move->guest),
               find_host (hosts, move->to), move, study);
    }
  mig_block_table (section, grid);
  add_limits (section, study, !way.timeout_ns);
  g_autofree char *text = mig_document_render (document);
  g_string_append_printf (out, "\n%s", text);
  return TRUE;
}
