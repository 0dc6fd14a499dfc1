/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "cli/plan-show.h"
#include "cli/show.h"
#include "cli/spool.h"

static void
render_text (const MigPlanReport *report, const MigPlanManager *manager, GString *out)
{
  g_autofree char *text = mig_plan_text (report);
  g_string_append (out, text);
}

static void
render_json (const MigPlanReport *report, const MigPlanManager *manager, GString *out)
{
  mig_plan_json (report, mig_spool_drain, out);
}

static void
render_html (const MigPlanReport *report, const MigPlanManager *manager, GString *out)
{
  g_autoptr (GPtrArray) figures = mig_plan_figures (report);
  g_autofree char *why_not = mig_show_figures (figures, NULL);
  g_autofree char *page = mig_plan_html (report, figures, why_not);

  g_string_append (out, page);
}

static void
render_commands (const MigPlanReport *report, const MigPlanManager *manager, GString *out)
{
  g_autofree char *script = mig_plan_commands (report, manager);

  g_string_append (out, script);
}

static const MigPlanFormat formats[] = {
  { "text", TRUE, render_text },
  { "json", TRUE, render_json },
  { "html", FALSE, render_html },
  { "commands", FALSE, render_commands },
};

const char *
mig_plan_format (guint index)
{
  return index < G_N_ELEMENTS (formats) ? formats[index].name : NULL;
}

const MigPlanFormat *
mig_plan_format_find (const char *name, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (strcmp (formats[i].name, name) == 0)
      return &formats[i];
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
               "unknown format '%s'; expected text, json, html or commands", name);
  return NULL;
}
