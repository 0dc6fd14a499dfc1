/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/compare-parts.h"
#include "report/compare.h"
#include "report/number.h"
#include "report/text-parts.h"

static void
append_side (const char *name, const MigReport *report, GString *out)
{
  g_autofree char *side = mig_compare_side (report);
  g_autofree char *clean = mig_text_clean (side);

  g_string_append_printf (out, "%s  %s\n", name, clean);
}

/* append_lines: below their heading; nothing where there are none. */
static void
append_lines (const char *heading, const GPtrArray *lines, GString *out)
{
  if (lines->len > 0)
    g_string_append_printf (out, "\n%s\n", heading);
  for (guint i = 0; i < lines->len; i++)
    mig_text_wrap (out, 2, lines->pdata[i]);
}

static void
append_paragraph (const char *line, GString *out)
{
  if (!line)
    return;
  g_string_append_c (out, '\n');
  mig_text_wrap (out, 0, line);
}

char *
mig_compare_text (const MigReport *base, const MigReport *now, const MigComparison *comparison)
{
  GString *out = g_string_new (NULL);
  g_auto (MigCompareParts) parts = { 0 };

  mig_compare_parts_init (&parts, base, now, comparison);
  append_side ("BASE", base, out);
  append_side ("NEW ", now, out);
  append_lines ("Warning: " MIG_COMPARE_WARNING, parts.conditions, out);
  g_string_append_printf (out, "\n%s\n\nMeans of both, and what differs\n", parts.counts);
  mig_text_table_append (parts.table, 2, out);
  append_lines ("Runs that failed", parts.failures, out);
  append_paragraph (parts.only_base, out);
  append_paragraph (parts.only_now, out);
  g_string_append (out, "\nHow it was decided\n");
  mig_text_wrap (out, 2, parts.method);
  append_lines ("Other differences of the environment", parts.others, out);
  return g_string_free (out, FALSE);
}
