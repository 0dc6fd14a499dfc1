/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/figures.h"
#include "report/svg.h"

/* What was predicted against what was measured, a point for each prediction. */

#define WIDTH 540
#define HEIGHT 420

typedef struct {
  MigFigure *figure;
  GString *plot;
  double low, high; /* of what is drawn */
  guint blocks, n;
} Drawing;

static gboolean
is_drawn (const MigPredictionCheck *check, MigQuantity quantity, gboolean of_moves)
{
  return check->quantity == quantity && (check->guest != NULL) == of_moves &&
         check->predicted.value > 0 && check->measured.mean > 0;
}

/* end_of: of an error bar: the value itself where there is none; on a logarithmic axis nothing is
 * 0. */
static double
end_of (double end, double value)
{
  return isnan (end) ? value : fmax (end, value / 1000);
}

static void
append_point (Drawing *self, const MigPredictionCheck *check)
{
  const MigPredicted *p = &check->predicted;
  const MigStat *m = &check->measured;
  const double row[] = { p->value,
                         m->mean,
                         end_of (p->low, p->value),
                         end_of (p->high, p->value),
                         end_of (m->ci_low, m->mean),
                         end_of (m->ci_high, m->mean) };

  mig_figure_numbers (self->figure->data, G_N_ELEMENTS (row), row);
  self->low = fmin (self->low, fmin (row[0], row[1]));
  self->high = fmax (self->high, fmax (row[0], row[1]));
  self->n++;
}

/* append_series: a block of data with bars in both directions, and its part of the plot. */
static void
append_series (Drawing *self, const MigAccuracy *accuracy, MigQuantity quantity, gboolean of_moves)
{
  guint before = self->n, colour = self->blocks;

  for (guint i = 0; i < accuracy->cases->len; i++)
    {
      const GArray *list = ((const MigPredictionCase *) accuracy->cases->pdata[i])->checks;
      for (guint j = 0; j < list->len; j++)
        if (is_drawn (&g_array_index (list, MigPredictionCheck, j), quantity, of_moves))
          append_point (self, &g_array_index (list, MigPredictionCheck, j));
    }
  if (self->n == before)
    return;
  g_string_append (self->figure->data, "\n\n");
  g_string_append_printf (
      self->plot,
      ", \\\n  '%s.dat' index %u using 3:2:($4-$3):(0) with vectors " MIG_FIGURE_BAR
      " lw 1 lc rgb '%s' notitle, \\\n  '' index %u using 1:5:(0):($6-$5) with "
      "vectors " MIG_FIGURE_BAR
      " lw 1.2 lc rgb '%s' notitle, \\\n  '' index %u using 1:2 with points pt %u "
      "ps 0.7 lw 1.4 lc rgb '%s' title '%s'",
      self->figure->id, self->blocks, mig_colour_series (colour), self->blocks,
      mig_colour_series (colour), self->blocks, of_moves ? 6 : 4, mig_colour_series (colour),
      of_moves ? "single migrations" : "sums of the cases");
  self->blocks++;
}

static void
add_figure (const MigAccuracy *accuracy, MigQuantity quantity, GPtrArray *figures)
{
  const char *name = mig_quantity_info (quantity)->name;
  g_autofree char *id = g_strdup_printf ("predicted-%s", mig_quantity_info (quantity)->id);
  g_autofree char *x_title = g_strdup_printf ("predicted %s (s)", name);
  g_autofree char *y_title = g_strdup_printf ("measured %s (s)", name);
  g_autoptr (GString) plot = g_string_new (NULL);
  Drawing drawing = { mig_figure_new (NULL, id, NULL,
                                      g_strdup_printf ("Predicted and measured %s", name), WIDTH,
                                      HEIGHT),
                      plot,
                      INFINITY,
                      0,
                      0,
                      0 };

  append_series (&drawing, accuracy, quantity, TRUE);
  append_series (&drawing, accuracy, quantity, FALSE);
  if (drawing.n == 0)
    {
      mig_figure_free (drawing.figure);
      return;
    }
  mig_figure_identity (drawing.figure, x_title, y_title, drawing.low, drawing.high, plot);
  drawing.figure->of_plan = TRUE;
  drawing.figure->caption = g_strdup_printf (
      "A point per prediction that was measured (%u). Across: the prediction and its 95 %% "
      "interval; up: the mean of "
      "the counted repetitions and its 95 %% confidence interval. On the dashed line both are "
      "equal; above it, it took "
      "longer than was predicted.",
      drawing.n);
  g_ptr_array_add (figures, drawing.figure);
}

void
mig_figures_accuracy (const MigLoadedResult *report, GPtrArray *figures)
{
  if (!report->accuracy)
    return;
  add_figure (report->accuracy, MIG_QUANTITY_TOTAL_TIME, figures);
  add_figure (report->accuracy, MIG_QUANTITY_DOWNTIME, figures);
}
