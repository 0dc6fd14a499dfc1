/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/compare-parts.h"
#include "report/compare.h"
#include "report/html-parts.h"

/* The picture of a change: its interval as a line, the difference as a dot, within a common range.
 */
#define WIDTH 180
#define HEIGHT 16
#define LEAST_RANGE 0.1 /* share of BASE that reaches from the middle to an edge */

static const char *const classes[MIG_N_CHANGES] = {
  [MIG_CHANGE_WORSE] = "not-supported", [MIG_CHANGE_BETTER] = "supported",
  [MIG_CHANGE_DIFFERS] = "open",        [MIG_CHANGE_NONE] = "open",
  [MIG_CHANGE_TOO_FEW] = "open",
};

static const MigChange *
change_at (const MigComparison *comparison, guint i)
{
  return &g_array_index (comparison->changes, MigChange, i);
}

/* range_of: the largest difference, so that all rows can be compared; single wide intervals go
 * beyond it. */
static double
range_of (const MigComparison *comparison)
{
  double range = fmax (LEAST_RANGE, 2 * comparison->threshold);

  for (guint i = 0; i < comparison->changes->len; i++)
    {
      double share = fabs (change_at (comparison, i)->share);
      if (isfinite (share))
        range = fmax (range, 1.5 * share);
    }
  return range;
}

static double
place (double share, double range)
{
  return WIDTH / 2.0 * (1 + fmax (-1, fmin (1, share / range)));
}

static void
append_number (GString *out, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf (out, " %s=\"%s\"", name,
                          g_ascii_formatd (text, sizeof text, "%.1f", value));
}

static void
append_line (GString *out, double x1, double y1, double x2, double y2, const char *colour)
{
  g_string_append (out, "<line");
  append_number (out, "x1", x1);
  append_number (out, "y1", y1);
  append_number (out, "x2", x2);
  append_number (out, "y2", y2);
  g_string_append_printf (out, " style=\"stroke:var(--%s);stroke-width:2\"/>", colour);
}

static void
append_picture (GString *out, const MigComparison *comparison, const MigChange *change,
                double range)
{
  double mean = fabs (change->base->mean),
         band = place (comparison->threshold, range) - WIDTH / 2.0;
  const char *colour = change->verdict == MIG_CHANGE_WORSE    ? "c2"
                       : change->verdict == MIG_CHANGE_BETTER ? "c3"
                                                              : "c1";

  if (!isfinite (change->share))
    return;
  g_string_append_printf (
      out,
      "<svg class=\"change\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" "
      "aria-label=\"difference and interval\"><rect y=\"0\" height=\"%d\"",
      WIDTH, HEIGHT, WIDTH, HEIGHT, HEIGHT);
  append_number (out, "x", WIDTH / 2.0 - band);
  append_number (out, "width", 2 * band);
  g_string_append (out, " style=\"fill:var(--line)\"/>");
  append_line (out, WIDTH / 2.0, 0, WIDTH / 2.0, HEIGHT, "muted");
  if (isfinite (change->ci_low) && isfinite (change->ci_high))
    append_line (out, place (change->ci_low / mean, range), HEIGHT / 2.0,
                 place (change->ci_high / mean, range), HEIGHT / 2.0, colour);
  g_string_append (out, "<circle r=\"4\"");
  append_number (out, "cx", place (change->share, range));
  append_number (out, "cy", HEIGHT / 2.0);
  g_string_append_printf (out, " style=\"fill:var(--%s)\"/></svg>", colour);
}

static void
append_verdict (GString *out, MigChangeVerdict verdict, const char *text)
{
  g_string_append_printf (out, "<span class=\"verdict %s\">", classes[verdict]);
  mig_html_text (out, text);
  g_string_append (out, "</span>");
}

/* append_row: of the table; its last column, the verdict, is marked, and a picture goes before it.
 */
static void
append_row (GString *out, const MigTextTable *table, guint row, const MigComparison *comparison,
            double range)
{
  guint last = mig_text_table_columns (table) - 1;

  g_string_append (out, "<tr>");
  for (guint i = 0; i < last; i++)
    {
      g_string_append_printf (out, "<td%s>",
                              mig_text_table_is_right (table, i) ? " class=\"r\"" : "");
      mig_html_text (out, mig_text_table_get (table, row, i));
      g_string_append (out, "</td>");
    }
  g_string_append (out, "<td>");
  append_picture (out, comparison, change_at (comparison, row - 1), range);
  g_string_append (out, "</td><td>");
  append_verdict (out, change_at (comparison, row - 1)->verdict,
                  mig_text_table_get (table, row, last));
  g_string_append (out, "</td></tr>\n");
}

static void
append_table (GString *out, const MigTextTable *table, const MigComparison *comparison)
{
  guint last = mig_text_table_columns (table) - 1;
  double range = range_of (comparison);
  g_autofree char *reach = g_strdup_printf ("-%.0f to +%.0f %%", 100 * range, 100 * range);

  g_string_append (out, "<div class=\"scroll\"><table>\n<tr>");
  for (guint i = 0; i <= last; i++)
    {
      if (i == last)
        mig_html_element (out, "th", reach);
      g_string_append_printf (out, "<th%s>",
                              mig_text_table_is_right (table, i) ? " class=\"r\"" : "");
      mig_html_text (out, mig_text_table_get (table, 0, i));
      g_string_append (out, "</th>");
    }
  g_string_append (out, "</tr>\n");
  for (guint row = 1; row < mig_text_table_rows (table); row++)
    append_row (out, table, row, comparison, range);
  g_string_append (out, "</table></div>\n");
}

/* append_answer: what became worse and better, by name. */
static void
append_answer (GString *out, const MigCompareParts *parts, const MigComparison *comparison)
{
  const MigTextTable *table = parts->table;

  mig_html_element (out, "p class=\"answer\"", parts->counts);
  g_string_append (out, "<ul>\n");
  for (guint i = 0; i < comparison->changes->len; i++)
    {
      const MigChange *change = change_at (comparison, i);
      if (change->verdict != MIG_CHANGE_WORSE && change->verdict != MIG_CHANGE_BETTER)
        continue;
      g_autofree char *text = g_strdup_printf (
          " %s, %s: %s %%", mig_text_table_get (table, i + 1, 0),
          mig_text_table_get (table, i + 1, 1), mig_text_table_get (table, i + 1, 6));
      g_string_append (out, "<li>");
      append_verdict (out, change->verdict, mig_change_text (change->verdict));
      mig_html_text (out, text);
      g_string_append (out, "</li>\n");
    }
  g_string_append (out, "</ul>\n");
}

static void
append_lines (GString *out, const char *heading, const GPtrArray *lines)
{
  if (lines->len > 0)
    mig_html_element (out, "h2", heading);
  mig_html_list (out, lines);
}

static void
append_head (GString *out, const MigReport *base, const MigReport *now)
{
  g_autofree char *title = g_strdup_printf ("%s: NEW against BASE", now->manifest.study_name);
  g_autofree char *of_base = mig_compare_side (base), *of_now = mig_compare_side (now);
  g_autofree char *base_line = g_strconcat ("BASE: ", of_base, NULL),
                  *now_line = g_strconcat ("NEW: ", of_now, NULL);

  mig_html_head (out, title);
  g_string_append (out, "<header>\n");
  mig_html_element (out, "p class=\"meta\"", "What live migration costs: a comparison");
  mig_html_element (out, "h1", title);
  mig_html_element (out, "p class=\"meta\"", base_line);
  mig_html_element (out, "p class=\"meta\"", now_line);
  g_string_append (out, "</header>\n<main>\n");
}

char *
mig_compare_html (const MigReport *base, const MigReport *now, const MigComparison *comparison)
{
  GString *out = g_string_new (NULL);
  g_auto (MigCompareParts) parts = { 0 };

  mig_compare_parts_init (&parts, base, now, comparison);
  append_head (out, base, now);
  if (parts.conditions->len > 0)
    {
      g_string_append (out, "<div class=\"warn\">\n");
      mig_html_element (out, "p", "Warning: " MIG_COMPARE_WARNING);
      mig_html_list (out, parts.conditions);
      g_string_append (out, "</div>\n");
    }
  append_answer (out, &parts, comparison);
  mig_html_element (out, "h2", "Means of both, and what differs");
  append_table (out, parts.table, comparison);
  mig_html_element (out, "p class=\"meta\"",
                    "Picture: the difference (dot) and its 95 % interval (line) as a share of "
                    "BASE's mean; grey band: "
                    "the threshold; what goes beyond the range ends at its edge.");
  if (parts.only_base)
    mig_html_element (out, "p", parts.only_base);
  if (parts.only_now)
    mig_html_element (out, "p", parts.only_now);
  append_lines (out, "Runs that failed", parts.failures);
  mig_html_element (out, "h2", "How it was decided");
  mig_html_element (out, "p", parts.method);
  append_lines (out, "Other differences of the environment", parts.others);
  g_string_append (out, "</main>\n</body>\n</html>\n");
  return g_string_free (out, FALSE);
}
