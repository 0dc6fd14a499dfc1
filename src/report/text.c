/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "report/accuracy-parts.h"
#include "report/number.h"
#include "report/table.h"
#include "report/text-parts.h"
#include "report/text.h"

/* A column of the main tables: a metric, of a class or (NULL) of the whole case. */
typedef struct {
  MigMetric metric;
  const char *class_name;
  const char *heading;
} Column;

static double
largest_mean (const MigSummary *summary, const Column *column)
{
  double largest = NAN;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigStat *stat = mig_case_stat (summary->cases->pdata[i], column->metric,
                                           column->class_name);
      if (stat && stat->n > 0)
        largest = fmax (largest, fabs (stat->mean)); /* fmax ignores a NaN */
    }
  return largest;
}

static void
add_heading (MigTextTable *table, const Column *column, MigShown shown)
{
  const char *of = column->class_name;

  mig_text_table_add_owned (table,
                            g_strdup_printf ("%s%s%s%s%s", column->heading, of ? " " : "",
                                             of ? of : "", *shown.unit ? ", " : "", shown.unit));
}

/* columns_table: one row per case; columns that no case has are left out. NULL: none is left. */
static MigTextTable *
columns_table (const MigSummary *summary, const Column *columns, guint n_columns)
{
  g_autoptr (GArray) used = g_array_new (FALSE, FALSE, sizeof (Column));
  g_autoptr (GArray) shown = g_array_new (FALSE, FALSE, sizeof (MigShown));
  g_autoptr (GString) alignment = g_string_new ("lr");

  for (guint i = 0; i < n_columns; i++)
    {
      double largest = largest_mean (summary, &columns[i]);
      MigShown how = mig_number_shown (mig_metric_info (columns[i].metric), largest);
      if (isnan (largest))
        continue;
      g_array_append_val (used, columns[i]);
      g_array_append_val (shown, how);
      g_string_append_c (alignment, 'r');
    }
  if (used->len == 0)
    return NULL;
  MigTextTable *table = mig_text_table_new (alignment->str);
  mig_text_table_cell (table, "case");
  mig_text_table_cell (table, "n");
  for (guint i = 0; i < used->len; i++)
    add_heading (table, &g_array_index (used, Column, i), g_array_index (shown, MigShown, i));
  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      mig_text_table_cell (table, study_case->label);
      mig_text_table_add_owned (table, g_strdup_printf ("%u", study_case->n_sound));
      for (guint j = 0; j < used->len; j++)
        {
          const Column *column = &g_array_index (used, Column, j);
          const MigStat *stat = mig_case_stat (study_case, column->metric, column->class_name);
          mig_text_table_add_owned (
              table, stat ? mig_number_stat (stat, g_array_index (shown, MigShown, j).factor,
                                             study_case->n_sound)
                          : g_strdup ("-"));
        }
    }
  return table;
}

MigTextTable *
mig_table_costs (const MigSummary *summary)
{
  static const Column columns[] = {
    { MIG_METRIC_TOTAL_TIME, NULL, "total time" },
    { MIG_METRIC_DOWNTIME_REPORTED, NULL, "reported" },
    { MIG_METRIC_DOWNTIME_EVENTS, NULL, "events" },
    { MIG_METRIC_DOWNTIME_GUEST, NULL, "guest" },
    { MIG_METRIC_SENT, NULL, "transferred" },
    { MIG_METRIC_ROUNDS, NULL, "rounds" },
  };

  return columns_table (summary, columns, G_N_ELEMENTS (columns));
}

MigTextTable *
mig_table_work (const MigSummary *summary)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (Column));
  const Column fixed[] = {
    { MIG_METRIC_LOST_VMMG, NULL, "lost VMmg" },
    { MIG_METRIC_LOST_VMCO, NULL, "lost VMco" },
    { MIG_METRIC_MANAGEMENT_SOURCE, NULL, "management CPU" },
  };

  g_array_append_vals (columns, fixed, G_N_ELEMENTS (fixed));
  for (guint i = 0; i < summary->classes->len; i++)
    {
      const Column left = { MIG_METRIC_LEFT_THROUGHPUT,
                            ((const MigClassInfo *) summary->classes->pdata[i])->name, "left" };
      g_array_append_val (columns, left);
    }
  return columns_table (summary, (const Column *) (const void *) columns->data, columns->len);
}

char *
mig_text_window (const MigSummary *summary)
{
  double shortest = (double) summary->common_window_ns / MIG_NS_PER_S, longest = shortest;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      gint64 own = ((const MigCaseSummary *) summary->cases->pdata[i])->common_window_ns;
      if (!MIG_IS_MISSING (own))
        longest = fmax (longest, (double) own / MIG_NS_PER_S);
    }
  g_autofree char *low = mig_number (shortest, 1), *high = mig_number (longest, 1);
  return strcmp (low, high) == 0
             ? g_strdup_printf ("%s s", low)
             : g_strdup_printf ("%s to %s s (the same within an experiment)", low, high);
}

static void
append_costs (const MigSummary *summary, GString *out)
{
  g_autoptr (MigTextTable) table = mig_table_costs (summary);

  g_string_append (
      out,
      "Cost of the migrations: sums over a run's sequence; reported, events, guest: downtime\n");
  if (table)
    mig_text_table_append (table, 2, out);
  else
    g_string_append (out, "  no sound run yet\n");
}

static void
append_work (const MigSummary *summary, GString *out)
{
  g_autoptr (MigTextTable) table = mig_table_work (summary);

  if (!table)
    return;
  g_autofree char *window = mig_text_window (summary);
  g_string_append_printf (
      out,
      "\nThe guests' work: lost while migrations ran, in seconds of their work (negative: more\n"
      "was done than before: a guest that has moved no longer shares its CPU);\n"
      "left: throughput of one guest of the class left behind, over the first %s of\n"
      "each window, from its baseline on (the shortest window of any run)\n",
      window);
  mig_text_table_append (table, 2, out);
}

static void
take_table (const char *heading, MigTextTable *table, GString *out)
{
  g_string_append_printf (out, "\n%s\n", heading);
  mig_text_table_append (table, 2, out);
  mig_text_table_free (table);
}

static void
append_accuracy (const MigReport *report, GString *out)
{
  const MigAccuracy *accuracy = report->accuracy;

  if (!accuracy)
    return;
  g_autoptr (GPtrArray) lines = mig_accuracy_lines (accuracy);
  g_string_append (out, "\n" MIG_ACCURACY_HEADING "\n");
  for (guint i = 0; i < lines->len; i++)
    mig_text_wrap (out, 2, lines->pdata[i]);
  take_table (MIG_ACCURACY_PLACES_HEADING, mig_accuracy_table_places (accuracy), out);
  take_table (MIG_ACCURACY_ERRORS_HEADING, mig_accuracy_table_errors (accuracy), out);
  take_table (MIG_ACCURACY_CASES_HEADING, mig_accuracy_table_cases (accuracy), out);
  take_table (MIG_ACCURACY_MOVES_HEADING, mig_accuracy_table_moves (accuracy), out);
  mig_text_wrap (out, 2, MIG_ACCURACY_EXPLAINED);
}

static void
append_lists (const MigReport *report, GString *out)
{
  g_autoptr (GPtrArray) lists = mig_text_lists (report);

  for (guint i = 0; i < lists->len; i++)
    {
      const MigTextList *list = lists->pdata[i];
      if (list->lines->len == 0)
        continue;
      g_string_append_c (out, '\n');
      mig_text_wrap (out, 0, list->heading);
      for (guint j = 0; j < list->lines->len; j++)
        mig_text_wrap (out, 2, list->lines->pdata[j]);
    }
}

static void
append_title (const MigReport *report, GString *out)
{
  const MigSummary *summary = report->summary;
  g_autofree char *utc = mig_clock_format_utc (report->manifest.started_utc_ns);
  g_autofree char *name = mig_text_clean (report->manifest.study_name);
  g_autofree char *title = mig_text_clean (report->manifest.study_title);
  g_autofree char *version = mig_text_clean (report->manifest.tool_version);
  gint64 planned = 0;
  guint sound = 0;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      planned += ((MigCaseSummary *) summary->cases->pdata[i])->planned;
      sound += ((MigCaseSummary *) summary->cases->pdata[i])->n_sound;
    }
  g_string_append_printf (out,
                          "%s: %s\n%s, migcost %s, seed %" G_GINT64_FORMAT
                          ", %u cases, %u of %" G_GINT64_FORMAT
                          " planned runs measured, %u runs not counted\n",
                          name, title, utc, version, report->manifest.seed, summary->cases->len,
                          sound, planned, summary->runs->len - sound);
  if (!report->complete)
    g_string_append (out,
                     "This result is not complete: the run is still going on or was interrupted "
                     "(migcost run --resume does the rest).\n");
  g_string_append (out, "Mean ± half of its 95 % confidence interval (Student's t).\n\n");
}

char *
mig_report_text (const MigReport *report)
{
  GString *out = g_string_new (NULL);

  append_title (report, out);
  append_costs (report->summary, out);
  append_work (report->summary, out);
  append_accuracy (report, out);
  mig_text_recommendations (report->summary, out);
  mig_text_conclusions (report->conclusions, out);
  mig_text_paper (report->summary, out);
  append_lists (report, out);
  mig_text_environment (report, out);
  return g_string_free (out, FALSE);
}
