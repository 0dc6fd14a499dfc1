/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/chart.h"
#include "report/number.h"
#include "report/svg.h"

#define WIDTH 540
#define HEIGHT 380
#define GROUP_WIDTH 0.78 /* of the place that a case has */
#define LONGEST_LABEL 40 /* beyond which only the values of what is swept are labels */
#define LONG_LABEL 8     /* characters, and cases, from which on labels are turned */
#define MANY_CASES 8
#define CUT 2.5    /* of the largest value: where an interval is cut off */
#define BEYOND 0.2 /* of an axis' length: where no limit stands */

/* What a chart is drawn from: its series that have values, in the unit in which they are shown. */
typedef struct {
  const MigChart *chart;
  GPtrArray *cases; /* of const MigCaseSummary *: those that have a value */
  GArray *series;   /* of MigChartSeries: those that have a value */
  MigShown shown;
  gboolean intervals, negative;
  gboolean cut; /* an interval goes below 0, which gnuplot then leaves out when it chooses the axis
                 */
  double highest;     /* of values and intervals */
  guint fewest, most; /* n */
} Prepared;

static const MigStat *
stat_of (const MigCaseSummary *study_case, const MigChartSeries *series)
{
  const MigStat *stat = mig_case_stat (study_case, series->metric, series->class_name);
  return stat && stat->n > 0 ? stat : NULL;
}

static void
look_at (Prepared *self, const MigStat *stat, double *largest)
{
  *largest = fmax (*largest, fabs (stat->mean));
  self->intervals |= stat->n > 1;
  self->negative |= stat->min < 0;
  self->cut |= stat->ci_low < 0;
  self->highest = fmax (self->highest, fmax (stat->max, fmin (stat->ci_high, CUT * stat->max)));
  self->fewest = MIN (self->fewest, stat->n);
  self->most = MAX (self->most, stat->n);
}

static void
prepare (Prepared *self, const MigLoadedResult *report, const MigChart *chart)
{
  double largest = 0;

  *self = (Prepared){ .chart = chart, .fewest = G_MAXUINT };
  self->cases = g_ptr_array_new ();
  self->series = g_array_new (FALSE, FALSE, sizeof (MigChartSeries));
  for (guint j = 0; j < chart->n_series; j++)
    {
      guint n = 0;
      for (guint i = 0; i < report->summary->cases->len; i++)
        {
          const MigStat *stat = stat_of (report->summary->cases->pdata[i], &chart->series[j]);
          if (stat)
            look_at (self, stat, &largest);
          n += stat != NULL;
        }
      if (n > 0)
        g_array_append_val (self->series, chart->series[j]);
    }
  for (guint i = 0; i < report->summary->cases->len; i++)
    {
      gboolean any = FALSE;
      for (guint j = 0; j < self->series->len; j++)
        any |= stat_of (report->summary->cases->pdata[i],
                        &g_array_index (self->series, MigChartSeries, j)) != NULL;
      if (any)
        g_ptr_array_add (self->cases, report->summary->cases->pdata[i]);
    }
  if (chart->n_series > 0)
    self->shown = mig_number_shown (mig_metric_info (chart->series[0].metric), largest);
}

static void
prepared_clear (Prepared *self)
{
  g_ptr_array_unref (self->cases);
  g_array_unref (self->series);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Prepared, prepared_clear)

static MigFigure *
new_figure (const Prepared *self, const MigSummary *part)
{
  const MigChart *chart = self->chart;
  MigFigure *figure = mig_figure_new (part, chart->id, chart->paper, g_strdup (chart->heading),
                                      WIDTH, HEIGHT);
  g_autofree char *title = *self->shown.unit
                               ? g_strdup_printf ("%s (%s)", chart->y_title, self->shown.unit)
                               : g_strdup (chart->y_title);

  mig_figure_set (figure, "ylabel", title);
  g_string_append_printf (
      figure->script,
      "set tmargin at screen top\n"
      "set border 3 lc rgb '%s'\n"
      "set tics nomirror out scale 0.6 textcolor rgb '%s'\n"
      "set grid y lc rgb '%s' lw 0.5 dt 3\n"
      "set yrange [%s:*]\n"
      "%s\n",
      mig_colour (MIG_COLOUR_MUTED)->hex, mig_colour (MIG_COLOUR_INK)->hex,
      mig_colour (MIG_COLOUR_MUTED)->hex, self->negative ? "*" : "0",
      self->series->len > 1
          ? "set key at graph 0.5,screen top+0.02 center bottom horizontal samplen 1.5 font ',12'"
          : "unset key");
  if (self->cut && !self->negative)
    {
      g_string_append (figure->script, "set yrange [0:");
      mig_figure_number (figure->script, 1.04 * self->shown.factor * self->highest);
      g_string_append (figure->script, "]\n");
    }
  if (self->negative)
    g_string_append_printf (figure->script, "set xzeroaxis lt 1 lc rgb '%s'\n",
                            mig_colour (MIG_COLOUR_INK)->hex);
  return figure;
}

/* append_series: two blocks of data: x, mean, low, high per case; x, value per repetition, side by
 * side within the width. */
static void
append_series (const Prepared *self, MigFigure *figure, const MigChartSeries *series,
               const double *x, double width)
{
  for (guint i = 0; i < self->cases->len; i++)
    {
      const MigStat *stat = stat_of (self->cases->pdata[i], series);
      if (!stat || isnan (x[i]))
        continue;
      double f = self->shown.factor;
      mig_figure_numbers (figure->data, 4,
                          (double[]){ x[i], f * stat->mean, f * stat->ci_low, f * stat->ci_high });
    }
  g_string_append (figure->data, "\n\n");
  for (guint i = 0; i < self->cases->len; i++)
    {
      const MigStat *stat = stat_of (self->cases->pdata[i], series);
      for (guint k = 0; stat && !isnan (x[i]) && k < stat->values->len; k++)
        {
          double place = (k + 0.5) / stat->values->len - 0.5;
          double value = self->shown.factor * g_array_index (stat->values, MigValue, k).value;
          mig_figure_numbers (figure->data, 2, (double[]){ x[i] + place * width, value });
        }
    }
  g_string_append (figure->data, "\n\n");
}

static char *
caption (const Prepared *self, const char *means)
{
  GString *text = g_string_new (means);

  g_string_append (text, "; circles: every repetition");
  if (self->intervals)
    g_string_append (text, "; error bars: 95 % confidence interval of the mean (Student's t)");
  if (self->fewest == self->most)
    g_string_append_printf (text, "; n = %u in each case", self->most);
  else
    g_string_append_printf (text, "; n = %u to %u", self->fewest, self->most);
  g_string_append (text, self->intervals ? "." : ", so there is no interval.");
  return g_string_free (text, FALSE);
}

/* append_plot: the clauses of all series; style: how means are drawn. */
static void
append_plot (const Prepared *self, MigFigure *figure, gboolean bars)
{
  g_string_append (figure->script, "plot ");
  for (guint j = 0; j < self->series->len; j++)
    {
      const MigChartSeries *series = &g_array_index (self->series, MigChartSeries, j);
      const char *colour = mig_colour_series (j);
      g_string_append_printf (figure->script,
                              "%s'%s.dat' index %u using 1:2 with %s lc rgb '%s' title ",
                              j ? ", \\\n  " : "", figure->id, 2 * j,
                              bars ? "boxes" : "linespoints pt 7 ps 0.6 lw 1.5", colour);
      mig_figure_quote (figure->script, series->label);
      g_string_append_printf (
          figure->script,
          ", \\\n  '' index %u using 1:2 with points pt 6 ps 0.55 lw 1.2 lc rgb '%s' notitle",
          2 * j + 1, colour);
      if (self->intervals)
        g_string_append_printf (
            figure->script,
            ", \\\n  '' index %u using 1:3:(0):($4-$3) with vectors " MIG_FIGURE_BAR
            " lw 1.4 lc rgb '%s' notitle",
            2 * j, bars ? mig_colour (MIG_COLOUR_INK)->hex : colour);
    }
  g_string_append_c (figure->script, '\n');
}

/* short_name: of a case: of the values that are swept not what they are of, where all would be too
 * long: "cm 10Gbit/s spare". */
static char *
short_name (const MigCaseSummary *study_case)
{
  g_auto (GStrv) words = g_strsplit (study_case->name, " ", -1);
  GString *text = g_string_new (words[0]);

  for (guint i = 1; words[0] && words[i]; i++)
    {
      const char *equals = strchr (words[i], '=');
      g_string_append_printf (text, " %s", equals ? equals + 1 : words[i]);
    }
  return g_string_free (text, FALSE);
}

/* axis_title: what those values are of, without the kind of object: "case: link, b.cpu". */
static char *
axis_title (const MigCaseSummary *study_case)
{
  g_auto (GStrv) words = g_strsplit (study_case->name, " ", -1);
  GString *text = g_string_new ("case");

  for (guint i = 1; words[0] && words[i]; i++)
    {
      g_autofree char *name = g_strndup (words[i], strcspn (words[i], "="));
      const char *dot = strchr (name, '.');
      g_string_append_printf (text, "%s%s", i == 1 ? ": " : ", ", dot ? dot + 1 : name);
    }
  return g_string_free (text, FALSE);
}

static gboolean
is_too_long (const Prepared *self)
{
  for (guint i = 0; i < self->cases->len; i++)
    if (g_utf8_strlen (((MigCaseSummary *) self->cases->pdata[i])->name, -1) > LONGEST_LABEL)
      return TRUE;
  return FALSE;
}

static void
append_labels (const Prepared *self, MigFigure *figure, const MigLoadedResult *report,
               MigChartLabel label_of)
{
  gboolean turned = self->cases->len > MANY_CASES, shortened = is_too_long (self);
  g_autoptr (GString) tics = g_string_new ("set xtics (");

  for (guint i = 0; i < self->cases->len; i++)
    {
      const MigCaseSummary *study_case = self->cases->pdata[i];
      g_autofree char *label = label_of    ? label_of (report, study_case)
                               : shortened ? short_name (study_case)
                                           : g_strdup (study_case->name);
      glong length = g_utf8_strlen (label, -1);
      turned |= (length > LONG_LABEL && self->cases->len > 3) ||
                length * self->cases->len > 4 * LONG_LABEL;
      g_string_append (tics, i ? ", " : "");
      mig_figure_quote (tics, label);
      g_string_append_printf (tics, " %u", i + 1);
    }
  g_string_append_printf (figure->script, "%s)%s\nset xrange [", tics->str,
                          turned ? " rotate by 40 right" : "");
  double margin = 0.6 + 0.4 * (self->cases->len < 4 ? 4 - self->cases->len : 0); /* no bar is very
                                                                                    wide */
  mig_figure_number (figure->script, 1 - margin);
  g_string_append_c (figure->script, ':');
  mig_figure_number (figure->script, self->cases->len + margin);
  g_string_append (figure->script, "]\n");
}

MigFigure *
mig_chart_cases (const MigLoadedResult *report, const MigChart *chart, MigChartLabel label_of)
{
  g_auto (Prepared) self;

  prepare (&self, report, chart);
  if (self.series->len == 0)
    return NULL;
  MigFigure *figure = new_figure (&self, report->summary);
  double width = GROUP_WIDTH / self.series->len;
  g_autofree double *x = g_new0 (double, self.cases->len);
  append_labels (&self, figure, report, label_of);
  g_autofree char *of = is_too_long (&self) ? axis_title (self.cases->pdata[0]) : g_strdup ("case");
  mig_figure_set (figure, "xlabel", label_of ? "case: moved (left behind)" : of);
  g_string_append (figure->script, "set boxwidth ");
  mig_figure_number (figure->script, width * 0.92);
  g_string_append (figure->script, " absolute\nset style fill transparent solid 0.28 border\n");
  for (guint j = 0; j < self.series->len; j++)
    {
      for (guint i = 0; i < self.cases->len; i++)
        x[i] = i + 1 + (j - (self.series->len - 1) / 2.0) * width;
      append_series (&self, figure, &g_array_index (self.series, MigChartSeries, j), x,
                     width * 0.7);
    }
  append_plot (&self, figure, TRUE);
  figure->caption = caption (&self, "Bars: means of the counted repetitions");
  return figure;
}

static int
compare_positions (gconstpointer a, gconstpointer b, gpointer data)
{
  MigChartPosition x_of = *(MigChartPosition *) data;
  double x = x_of (*(const MigCaseSummary *const *) a),
         y = x_of (*(const MigCaseSummary *const *) b);

  return (x > y) - (x < y);
}

/* round_step: 1, 2 or 5 times a power of ten, at least a quarter of the length. */
static double
round_step (double length)
{
  double least = length / 4, power = pow (10, floor (log10 (least)));

  return power * (least <= power ? 1 : least <= 2 * power ? 2 : least <= 5 * power ? 5 : 10);
}

/* append_unlimited: a mark of its own on the axis, beyond the numbers, which end at high. */
static void
append_unlimited (MigFigure *figure, double low, double high, double at)
{
  double step = round_step (high - low);

  g_string_append (figure->script, "set xtics ");
  mig_figure_number (figure->script, floor (low / step) * step);
  g_string_append_c (figure->script, ',');
  mig_figure_number (figure->script, step);
  g_string_append_c (figure->script, ',');
  mig_figure_number (figure->script, high);
  g_string_append (figure->script, "\nset xtics add ('no limit' ");
  mig_figure_number (figure->script, at);
  g_string_append (figure->script, ")\n");
}

MigFigure *
mig_chart_axis (const MigLoadedResult *report, const MigChart *chart, const char *x_title,
                MigChartPosition x_of)
{
  g_auto (Prepared) self;

  prepare (&self, report, chart);
  g_ptr_array_sort_with_data (self.cases, compare_positions, &x_of);
  g_autofree double *x = g_new0 (double, self.cases->len);
  double low = INFINITY, high = -INFINITY;
  for (guint i = 0; i < self.cases->len; i++)
    {
      x[i] = x_of (self.cases->pdata[i]);
      low = fmin (low, x[i]);
      high = isinf (x[i]) ? high : fmax (high, x[i]);
    }
  if (self.series->len == 0 || !(high > low))
    return NULL;
  gboolean unlimited = isinf (x[self.cases->len - 1]); /* they are sorted */
  double beyond = high + (high - low) * BEYOND;
  for (guint i = 0; i < self.cases->len; i++)
    x[i] = isinf (x[i]) ? beyond : x[i];
  MigFigure *figure = new_figure (&self, report->summary);
  mig_figure_set (figure, "xlabel", x_title);
  if (unlimited)
    append_unlimited (figure, low, high, beyond);
  high = unlimited ? beyond : high;
  double margin = (high - low) * 0.04;
  g_string_append (figure->script, "set xrange [");
  mig_figure_number (figure->script, low - margin);
  g_string_append (figure->script, ":");
  mig_figure_number (figure->script, high + margin);
  g_string_append (figure->script, "]\n");
  for (guint j = 0; j < self.series->len; j++)
    append_series (&self, figure, &g_array_index (self.series, MigChartSeries, j), x, margin / 2);
  append_plot (&self, figure, FALSE);
  figure->caption = caption (&self, "Dots on lines: means of the counted repetitions");
  return figure;
}
