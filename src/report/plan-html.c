/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/html-parts.h"
#include "report/plan-parts.h"

static void
take_table (GString *out, MigTextTable *table)
{
  mig_html_table (out, table);
  mig_text_table_free (table);
}

static void
add_figures (GString *out, const GPtrArray *figures, const char *why_not)
{
  if (why_not)
    {
      g_string_append (out, "<div class=\"warn\">");
      mig_html_element (out, "p", why_not);
      g_string_append (out, "</div>\n");
    }
  for (guint i = 0; i < figures->len; i++)
    {
      const MigFigure *figure = figures->pdata[i];
      if (!figure->svg)
        continue;
      g_string_append_printf (out, "<figure><div class=\"scroll wide\">%s</div>\n", figure->svg);
      mig_html_element (out, "figcaption", figure->caption);
      g_string_append (out, "</figure>\n");
    }
}

static void
add_staying (GString *out, const MigPlanReport *report)
{
  guint more;
  MigTextTable *table = mig_plan_table_staying (report, &more);

  if (!table)
    return;
  mig_html_element (out, "h3", MIG_PLAN_STAYING_HEADING);
  take_table (out, table);
  g_autofree char *rest = g_strdup_printf (MIG_PLAN_STAYING_MORE, more);
  if (more > 0)
    mig_html_element (out, "p class=\"meta\"", rest);
}

static void
add_bandwidth (GString *out, const MigPlanReport *report)
{
  g_autofree char *line = mig_plan_bandwidth_line (report);

  mig_html_element (out, "h3", "Bandwidth");
  mig_html_element (out, "p", line);
}

static void
add_plan (GString *out, const MigPlanReport *report, const GPtrArray *figures, const char *why_not)
{
  g_autofree char *why = mig_plan_why (report);
  g_autoptr (GPtrArray) quality = mig_plan_quality (report);

  g_string_append (out, "<p class=\"answer\"><b>Why this one?</b> ");
  mig_html_text (out, why);
  g_string_append (out, "</p>\n");
  mig_html_section (out, "plan", "Which VM when");
  add_figures (out, figures, why_not);
  take_table (out, mig_plan_table_moves (report));
  add_staying (out, report);
  g_string_append (out, "</section>\n");
  mig_html_section (out, "others", "Against what people do");
  take_table (out, mig_plan_table_orders (report));
  if (report->bandwidths)
    add_bandwidth (out, report);
  g_string_append (out, "</section>\n");
  mig_html_section (out, "quality", "How good");
  mig_html_list (out, quality);
  if (report->assumed && report->assumed->len > 0)
    {
      mig_html_element (out, "h3", MIG_PLAN_ASSUMED_HEADING);
      mig_html_list (out, report->assumed);
    }
  g_string_append (out, "</section>\n");
}

static void
add_calibration (GString *out, const MigPlanReport *report)
{
  g_autofree char *line = mig_plan_calibration_line (report);

  mig_html_section (out, "calibration", "The model");
  mig_html_element (out, "p", line);
  take_table (out, mig_plan_table_parameters (report->calibration));
  mig_html_element (out, "h3", MIG_PLAN_ERRORS_HEADING);
  take_table (out, mig_plan_table_errors (report->calibration));
  mig_html_element (out, "p class=\"meta\"", MIG_PLAN_ERRORS_EXPLAINED);
  mig_html_element (out, "h3", MIG_PLAN_CASES_HEADING);
  take_table (out, mig_plan_table_cases (report->calibration));
  g_string_append (out, "</section>\n");
}

char *
mig_plan_html (const MigPlanReport *report, const GPtrArray *figures, const char *why_not)
{
  GString *out = g_string_new (NULL);
  g_autofree char *task = report->plan ? mig_plan_task_line (report)
                                       : mig_plan_calibration_line (report);

  mig_html_head (out, task);
  g_string_append (out, "<header>\n");
  mig_html_element (out, "p class=\"meta\"", "What live migration will cost");
  mig_html_element (out, "h1", report->plan ? "Plan of migrations" : "Calibration of the model");
  mig_html_element (out, "p", task);
  g_string_append (out, "</header>\n<main>\n");
  if (report->plan)
    add_plan (out, report, figures, why_not);
  if (report->calibration)
    add_calibration (out, report);
  g_string_append (out, "</main>\n</body>\n</html>\n");
  return g_string_free (out, FALSE);
}
