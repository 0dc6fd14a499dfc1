/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "cli/plan-preview.h"
#include "execute/execute.h"
#include "report/document.h"
#include "virt/host.h"
#include "virt/migrate.h"

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
         const MigPlanExecutorHost *to, const char *from, const MigPlanExecuteWay *way)
{
  const MigMigrateOptions migrate = { .peer_uri = peer_uri (options, to),
                                      .persist = verdict->persistent && !options->keep_definitions,
                                      .technique = way->technique,
                                      .flags = way->flags };
  g_autofree char *flags = mig_migrate_flags_text (&migrate);

  mig_grid_text (grid, verdict->vm);
  mig_grid_text (grid, from);
  mig_grid_text (grid, to->name);
  if (migrate.peer_uri)
    mig_grid_format (grid, "its host, by %s; migcost if it cannot connect", migrate.peer_uri);
  else
    mig_grid_text (grid, "migcost");
  mig_grid_text (grid, flags);
  mig_grid_text (grid, migrate.persist && verdict->autostart ? "autostart moves along" : "");
}

gboolean
mig_plan_preview (const MigPlanSession *planning, const MigPlanExecuteOptions *options,
                  GString *out, GError **error)
{
  static const char *const heads[] = { "VM", "from", "to", "driven by", "flags", "then", NULL };
  const MigFleet *fleet = planning->own_fleet;
  const MigOrder *order = &planning->plan->best;
  MigPlanExecuteWay way = { 0 };
  g_autoptr (GArray) hosts = mig_plan_execute_take (options, &way, error);

  if (!hosts)
    return FALSE;
  g_autoptr (MigDocument) document = mig_document_new (MIG_MEDIUM_TERMINAL, NULL, NULL);
  MigGrid *grid = mig_grid_new ("llllll", heads);
  for (guint i = 0; i < order->moves->len; i++)
    {
      const MigMove *move = &g_array_index (order->moves, MigMove, i);
      const MigFleetVm *vm = mig_fleet_vm (fleet, move->vm);
      add_row (grid, options, mig_survey_verdict (planning->survey, vm->name),
               find_host (hosts, mig_fleet_host (fleet, move->to)->name),
               mig_fleet_host (fleet, mig_order_source (order, fleet, i))->name, &way);
    }
  mig_block_table (mig_block_section (document->body, NULL, "What --yes would do"), grid);
  g_autofree char *text = mig_document_render (document);
  g_string_append_printf (out, "\n%s", text);
  return TRUE;
}
