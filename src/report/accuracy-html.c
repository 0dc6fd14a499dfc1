/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/accuracy-parts.h"
#include "report/html-parts.h"

static void
take_table (GString *out, const char *heading, MigTextTable *table)
{
  mig_html_element (out, "h3", heading);
  mig_html_table (out, table);
  mig_text_table_free (table);
}

gboolean
mig_html_has_accuracy (const MigPage *page)
{
  return page->report->accuracy != NULL;
}

void
mig_html_accuracy (GString *out, const MigPage *page)
{
  const MigAccuracy *accuracy = page->report->accuracy;
  g_autoptr (GPtrArray) lines = mig_accuracy_lines (accuracy);

  mig_html_list (out, lines);
  g_string_append (out, "<div class=\"figures\">\n");
  for (guint i = 0; i < page->figures->len && !page->why_not; i++)
    if (((const MigFigure *) page->figures->pdata[i])->of_plan)
      mig_html_figure (out, page->figures->pdata[i], page->report, FALSE);
  g_string_append (out, "</div>\n");
  take_table (out, MIG_ACCURACY_PLACES_HEADING, mig_accuracy_table_places (accuracy));
  take_table (out, MIG_ACCURACY_ERRORS_HEADING, mig_accuracy_table_errors (accuracy));
  take_table (out, MIG_ACCURACY_CASES_HEADING, mig_accuracy_table_cases (accuracy));
  take_table (out, MIG_ACCURACY_MOVES_HEADING, mig_accuracy_table_moves (accuracy));
  mig_html_element (out, "p class=\"meta\"", MIG_ACCURACY_EXPLAINED);
}
