/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/number.h"
#include "report/run-sections.h"

/* The main tables: what the migrations of each case cost, and what the guests' work lost. */

/* A column: a metric, of a class or (NULL) of the whole case. */
typedef struct {
  MigMetric metric;
  const char *class_name;
  const char *heading;
  MigShown shown;
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

/* used_columns: those that some case has, and how they are shown. */
static GArray *
used_columns (const MigSummary *summary, const Column *columns, guint n_columns)
{
  GArray *used = g_array_new (FALSE, FALSE, sizeof (Column));

  for (guint i = 0; i < n_columns; i++)
    {
      Column column = columns[i];
      double largest = largest_mean (summary, &column);
      column.shown = mig_number_shown (mig_metric_info (column.metric), largest);
      if (!isnan (largest))
        g_array_append_val (used, column);
    }
  return used;
}

static void
add_case (MigGrid *grid, const MigCaseSummary *study_case, const GArray *columns)
{
  mig_grid_text (grid, study_case->label);
  mig_grid_count (grid, study_case->n_sound);
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = &g_array_index (columns, Column, i);
      const MigStat *stat = mig_case_stat (study_case, column->metric, column->class_name);
      if (stat)
        mig_grid_stat (grid, stat, column->shown.factor, study_case->n_sound);
      else
        mig_grid_text (grid, NULL);
    }
}

/* columns_grid: one row per case. NULL: no case has any of the columns. */
static MigGrid *
columns_grid (const MigSummary *summary, const Column *columns, guint n_columns)
{
  g_autoptr (GArray) used = used_columns (summary, columns, n_columns);
  g_autoptr (GString) alignment = g_string_new ("lr");

  if (used->len == 0)
    return NULL;
  for (guint i = 0; i < used->len; i++)
    g_string_append_c (alignment, 'r');
  MigGrid *grid = mig_grid_new (alignment->str, (const char *const[]){ "case", "n", NULL });
  for (guint i = 0; i < used->len; i++)
    {
      const Column *column = &g_array_index (used, Column, i);
      const char *class_name = column->class_name, *unit = column->shown.unit;
      mig_grid_format (grid, "%s%s%s%s%s", column->heading, class_name ? " " : "",
                       class_name ? class_name : "", *unit ? ", " : "", unit);
    }
  for (guint i = 0; i < summary->cases->len; i++)
    add_case (grid, summary->cases->pdata[i], used);
  return grid;
}

void
mig_section_costs (MigBlock *parent, const MigSummary *summary)
{
  static const Column columns[] = {
    { .metric = MIG_METRIC_TOTAL_TIME, .heading = "total time" },
    { .metric = MIG_METRIC_DOWNTIME_REPORTED, .heading = "reported" },
    { .metric = MIG_METRIC_DOWNTIME_EVENTS, .heading = "events" },
    { .metric = MIG_METRIC_DOWNTIME_GUEST, .heading = "guest" },
    { .metric = MIG_METRIC_SENT, .heading = "transferred" },
    { .metric = MIG_METRIC_ROUNDS, .heading = "rounds" },
    { .metric = MIG_METRIC_DISK_TIME, .heading = "disks" },
    { .metric = MIG_METRIC_DISK_SENT, .heading = "disks" },
  };
  MigGrid *grid = columns_grid (summary, columns, G_N_ELEMENTS (columns));

  if (mig_block_is_page (parent))
    {
      mig_block_table (parent, grid);
      mig_block_paragraph (
          parent, MIG_ROLE_META,
          "Mean ± half of its 95 %% confidence interval (Student's t); n: repetitions counted. "
          "Sums "
          "over the migrations of a case; reported, events, guest: downtime as the hypervisor, "
          "libvirt's events and the guest itself see it.");
      return;
    }
  MigBlock *section = mig_block_section (parent, NULL,
                                         "Cost of the migrations: sums over a run's sequence; "
                                         "reported, events, guest: downtime");
  mig_block_table (section, grid);
  if (!grid)
    mig_block_paragraph (section, MIG_ROLE_PLAIN, "no sound run yet");
}

/* window_text: over which throughput left behind is taken. */
static char *
window_text (const MigSummary *summary)
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

void
mig_section_work (MigBlock *parent, const MigSummary *summary)
{
  const Column fixed[] = {
    { .metric = MIG_METRIC_LOST_VMMG, .heading = "lost VMmg" },
    { .metric = MIG_METRIC_LOST_VMCO, .heading = "lost VMco" },
    { .metric = MIG_METRIC_MANAGEMENT_SOURCE, .heading = "management CPU" },
  };
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (Column));

  g_array_append_vals (columns, fixed, G_N_ELEMENTS (fixed));
  for (guint i = 0; i < summary->classes->len; i++)
    {
      const MigClassInfo *info = summary->classes->pdata[i];
      const Column left = { .metric = MIG_METRIC_LEFT_THROUGHPUT,
                            .class_name = info->name,
                            .heading = "left" };
      g_array_append_val (columns, left);
    }
  MigGrid *grid = columns_grid (summary, (const Column *) (const void *) columns->data,
                                columns->len);
  if (!grid)
    return;
  g_autofree char *window = window_text (summary);
  MigBlock *section = mig_block_section (parent, NULL, "The guests' work");
  mig_block_table (section, grid);
  mig_block_paragraph (
      section, MIG_ROLE_META,
      "Lost while migrations ran, in seconds of the guests' work (negative: more was done than "
      "before: a guest that has moved no longer shares its CPU); left: throughput of one guest of "
      "the class left behind, over the first %s of each window, from its baseline on (the shortest "
      "window of any run).",
      window);
}
