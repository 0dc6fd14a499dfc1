/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "cli/plan-rolling.h"
#include "cli/spool.h"
#include "plan/rolling.h"
#include "report/number.h"

/* split_hosts: each text may name several. */
static char **
split_hosts (char **texts)
{
  g_autoptr (GStrvBuilder) hosts = g_strv_builder_new ();

  for (guint i = 0; texts[i]; i++)
    {
      g_auto (GStrv) names = g_strsplit (texts[i], ",", -1);
      for (guint j = 0; names[j]; j++)
        g_strv_builder_add (hosts, names[j]);
    }
  return g_strv_builder_end (hosts);
}

/* What stands around the steps, and after each. */
typedef struct {
  const char *format;
  const char *before, *between, *after;
} Frame;

static const Frame frames[] = {
  { "text", "", "\n", "" },
  { "json", "{ \"format\" : 1, \"steps\" : [\n", ",\n", "]}\n" },
  { "commands", "", "\n", "" },
};

/* What is shown of the steps, and what is known of those before. */
typedef struct {
  const MigPlanSession *session;
  const MigPlanFormat *format;
  const MigPlanManager *manager;
  const Frame *frame;
  GString *out;
  guint steps, moves;
  double time_s;
} View;

/* pause_script: for the maintenance of the host that a step has emptied. */
static void
pause_script (const MigRollingStep *step, GString *out)
{
  g_autofree char *host = g_shell_quote (step->host);
  g_autofree char *still = g_strdup_printf ("still has %u VMs: move or stop them, maintain it",
                                            step->staying);

  g_string_append_printf (out,
                          "printf 'host %%s %s, then press Enter ' %s >&2\n"
                          "read -r answer || exit 1\n",
                          step->staying > 0 ? still : "is empty: maintain it", host);
}

static void
show_step (const MigRollingStep *step, gpointer data)
{
  View *self = data;
  MigPlanReport report = mig_plan_session_report (self->session, step->fleet);

  report.task = &step->task;
  report.plan = step->plan;
  if (self->steps > 0 && strcmp (self->format->name, "text") == 0)
    report.assumed = NULL; /* it is the same for all */
  g_string_append (self->out, self->steps > 0 ? self->frame->between : "");
  self->format->render (&report, self->manager, self->out);
  if (strcmp (self->format->name, "commands") == 0 && !step->home)
    pause_script (step, self->out);
  mig_spool_drain (self->out);
  self->steps++;
  self->moves += step->plan->best.moves->len;
  self->time_s += step->plan->best.cost.time_s;
}

static void
add_sum (const View *self)
{
  g_autofree char *time = mig_number_measure (self->time_s);

  g_string_append_printf (self->out,
                          "\nAll %u steps: %u migrations, %s s without the maintenance.\n",
                          self->steps, self->moves, time);
}

gboolean
mig_plan_rolling_show (const MigPlanSession *session, const MigFleet *fleet, char **hosts,
                       gboolean stay, const MigPlanFormat *format, const MigPlanManager *manager,
                       GString *out, GError **error)
{
  g_auto (GStrv) names = split_hosts (hosts);
  const Frame *frame = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    if (strcmp (frames[i].format, format->name) == 0)
      frame = &frames[i];
  if (!frame)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "--rolling has no page; expected --format text, json or commands");
      return FALSE;
    }
  View view = { session, format, manager, frame, out, 0, 0, 0 };
  g_string_append (out, frame->before);
  if (!mig_rolling_plan (&session->model, fleet, &session->options, names, stay,
                         (MigRollingViewer){ show_step, &view }, error))
    return FALSE;
  g_string_append (out, frame->after);
  if (strcmp (format->name, "text") == 0)
    add_sum (&view);
  return TRUE;
}
