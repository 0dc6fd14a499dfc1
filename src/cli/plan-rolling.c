/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "cli/plan-rolling.h"
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

/* pause_script: for the maintenance of the host that a step has emptied. */
static void
pause_script (const MigRollingStep *step, GString *out)
{
  g_autofree char *host = g_shell_quote (step->host);

  g_string_append_printf (out,
                          "printf 'host %%s is empty: maintain it, then press Enter ' %s >&2\n"
                          "read -r answer || exit 1\n",
                          host);
}

static void
show_step (const MigPlanSession *session, const MigRollingStep *step, const MigPlanFormat *format,
           const MigPlanManager *manager, GString *out)
{
  MigPlanReport report = mig_plan_session_report (session, step->fleet);

  report.task = &step->task;
  report.plan = step->plan;
  format->render (&report, manager, out);
  if (strcmp (format->name, "commands") == 0 && !step->home)
    pause_script (step, out);
}

static void
add_sum (const GPtrArray *steps, GString *out)
{
  double time_s = 0;
  guint moves = 0;

  for (guint i = 0; i < steps->len; i++)
    {
      const MigRollingStep *step = steps->pdata[i];
      time_s += step->plan->best.cost.time_s;
      moves += step->plan->best.moves->len;
    }
  g_autofree char *time = mig_number_measure (time_s);
  g_string_append_printf (out, "\nAll %u steps: %u migrations, %s s without the maintenance.\n",
                          steps->len, moves, time);
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
  g_autoptr (GPtrArray)
      steps = mig_rolling_plan (&session->model, fleet, &session->options, names, stay, error);
  if (!steps)
    return FALSE;
  g_string_append (out, frame->before);
  for (guint i = 0; i < steps->len; i++)
    {
      g_string_append (out, i > 0 ? frame->between : "");
      show_step (session, steps->pdata[i], format, manager, out);
    }
  g_string_append (out, frame->after);
  if (strcmp (format->name, "text") == 0)
    add_sum (steps, out);
  return TRUE;
}
