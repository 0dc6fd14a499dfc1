/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/plan-parts.h"
#include "report/text-parts.h"

/* take_table: appends and frees it. */
static void
take_table (GString *out, MigTextTable *table)
{
  mig_text_table_append (table, 2, out);
  mig_text_table_free (table);
}

static void
add_calibration (const MigPlanReport *report, GString *out)
{
  g_autofree char *line = mig_plan_calibration_line (report);

  g_string_append_printf (out, "%s\n", line);
  take_table (out, mig_plan_table_parameters (report->calibration));
  g_string_append (out, "\n" MIG_PLAN_ERRORS_HEADING "\n");
  take_table (out, mig_plan_table_errors (report->calibration));
  mig_text_wrap (out, 2, MIG_PLAN_ERRORS_EXPLAINED);
  g_string_append (out, "\n" MIG_PLAN_CASES_HEADING "\n");
  take_table (out, mig_plan_table_cases (report->calibration));
}

static void
add_staying (const MigPlanReport *report, GString *out)
{
  guint more;
  MigTextTable *table = mig_plan_table_staying (report, &more);

  if (!table)
    return;
  g_string_append (out, "\n" MIG_PLAN_STAYING_HEADING "\n");
  take_table (out, table);
  if (more > 0)
    mig_text_line (out, MIG_PLAN_STAYING_MORE, more);
}

static void
add_bandwidth (const MigPlanReport *report, GString *out)
{
  g_autofree char *line = mig_plan_bandwidth_line (report);

  g_string_append (out, "\nBandwidth\n");
  mig_text_wrap (out, 2, line);
}

static void
add_plan (const MigPlanReport *report, GString *out)
{
  g_autofree char *task = mig_plan_task_line (report);
  g_autofree char *why = mig_plan_why (report);
  g_autoptr (GPtrArray) quality = mig_plan_quality (report);

  g_string_append_printf (out, "%s\n", task);
  take_table (out, mig_plan_table_moves (report));
  add_staying (report, out);
  g_string_append (out, "\nWhy\n");
  mig_text_wrap (out, 2, why);
  g_string_append (out, "\nAgainst what people do\n");
  take_table (out, mig_plan_table_orders (report));
  if (report->bandwidths)
    add_bandwidth (report, out);
  g_string_append (out, "\nHow good\n");
  for (guint i = 0; i < quality->len; i++)
    mig_text_wrap (out, 2, quality->pdata[i]);
  if (report->assumed && report->assumed->len > 0)
    g_string_append (out, "\n" MIG_PLAN_ASSUMED_HEADING "\n");
  for (guint i = 0; report->assumed && i < report->assumed->len; i++)
    mig_text_wrap (out, 2, report->assumed->pdata[i]);
}

char *
mig_plan_text (const MigPlanReport *report)
{
  GString *out = g_string_new (NULL);

  if (report->calibration)
    add_calibration (report, out);
  if (report->calibration && report->plan)
    g_string_append_c (out, '\n');
  if (report->plan)
    add_plan (report, out);
  return g_string_free (out, FALSE);
}
