/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/panel.h"
#include "report/svg.h"

#define STRIP 0.1 /* height, in shares of the panel's */

gboolean
mig_panel_append (MigFigure *figure, const MigTimeline *timeline, const MigPanelLine *line,
                  guint *block, GString *plot, double *highest)
{
  gsize before = figure->data->len;
  gboolean gap = FALSE, any = FALSE;

  for (guint i = 0; i < MIG_LINE_BINS; i++)
    {
      MigBin bin;
      if (!mig_timeline_bin (timeline, line->kind, line->guest, line->host, i, &bin))
        {
          gap = any;
          continue;
        }
      if (gap)
        g_string_append_c (figure->data, '\n');
      gap = FALSE;
      any = TRUE;
      *highest = fmax (*highest, 100 * bin.high / line->unit);
      mig_figure_numbers (figure->data, 4,
                          (double[]){ mig_timeline_bin_second (timeline, i),
                                      100 * bin.sum / line->unit, 100 * bin.low / line->unit,
                                      100 * bin.high / line->unit });
    }
  if (!any)
    {
      g_string_truncate (figure->data, before);
      return FALSE;
    }
  g_string_append (figure->data, "\n\n");
  g_string_append_printf (plot,
                          "%s'%s.dat' index %u using 1:3:4 with filledcurves fs transparent solid "
                          "0.22 noborder lc rgb '%s' "
                          "notitle, \\\n  '' index %u using 1:2 with lines lw 1.6 lc rgb '%s' ",
                          plot->len > 0 ? ", \\\n  " : "", figure->id, *block,
                          mig_colour_series (line->colour), *block,
                          mig_colour_series (line->colour));
  if (line->label)
    {
      g_string_append (plot, "title ");
      mig_figure_quote (plot, line->label);
    }
  else
    g_string_append (plot, "notitle");
  (*block)++;
  return TRUE;
}

double
mig_panel_step (double highest)
{
  static const double steps[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500 };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (highest / steps[i] <= 4)
      return steps[i];
  return pow (10, ceil (log10 (highest / 4)));
}

static void
append_band (MigFigure *figure, double from, double to, double bottom, double top, guint colour,
             double opacity)
{
  if (!(to > from))
    return;
  g_string_append (figure->script, "set object rectangle from ");
  mig_figure_number (figure->script, from);
  g_string_append (figure->script, ", graph ");
  mig_figure_number (figure->script, bottom);
  g_string_append (figure->script, " to ");
  mig_figure_number (figure->script, to);
  g_string_append (figure->script, ", graph ");
  mig_figure_number (figure->script, top);
  g_string_append_printf (figure->script, " behind fc rgb '%s' fs transparent solid ",
                          mig_colour (colour)->hex);
  mig_figure_number (figure->script, opacity);
  g_string_append (figure->script, " noborder\n");
}

static void
append_rounds (MigFigure *figure, const MigTimeline *timeline, const MigMigrationRecord *m)
{
  for (guint i = 0; i < timeline->rounds->len; i++)
    {
      const MigRoundRecord *round = timeline->rounds->pdata[i];
      if (g_strcmp0 (round->guest, m->guest) != 0 || MIG_IS_MISSING (round->start_ns))
        continue;
      double at = mig_timeline_second (timeline, round->start_ns);
      g_string_append (figure->script, "set arrow from ");
      mig_figure_number (figure->script, at);
      g_string_append (figure->script, ", graph 0 to ");
      mig_figure_number (figure->script, at);
      g_string_append_printf (figure->script, ", graph 1 nohead back lw 0.8 dt 2 lc rgb '%s'\n",
                              mig_colour (MIG_COLOUR_INK)->hex);
    }
}

/* downtime_of: as the guest saw it, else by events. */
static gboolean
downtime_of (const MigMigrationRecord *m, gint64 *from_ns, gint64 *to_ns)
{
  gboolean seen = !MIG_IS_MISSING (m->last_source_heartbeat_ns) &&
                  !MIG_IS_MISSING (m->first_destination_heartbeat_ns);

  *from_ns = seen ? m->last_source_heartbeat_ns : m->suspended_ns;
  *to_ns = seen ? m->first_destination_heartbeat_ns : m->resumed_ns;
  return !MIG_IS_MISSING (*from_ns) && !MIG_IS_MISSING (*to_ns);
}

void
mig_panel_marks (MigFigure *figure, const MigTimeline *timeline, const char *guest)
{
  for (guint i = 0; i < timeline->migrations->len; i++)
    {
      const MigMigrationRecord *m = timeline->migrations->pdata[i];
      gboolean own = !guest || g_strcmp0 (m->guest, guest) == 0;
      gint64 from, to;
      if (MIG_IS_MISSING (m->start_ns) || MIG_IS_MISSING (m->end_ns))
        continue;
      append_band (figure, mig_timeline_second (timeline, m->start_ns),
                   mig_timeline_second (timeline, m->end_ns), 0, 1,
                   own && guest ? MIG_COLOUR_FIRST + 4 : MIG_COLOUR_MUTED, own ? 0.22 : 0.12);
      if (!own)
        continue;
      append_rounds (figure, timeline, m);
      if (downtime_of (m, &from, &to))
        append_band (figure, mig_timeline_second (timeline, from),
                     mig_timeline_second (timeline, to), 0, 1, MIG_COLOUR_FIRST + 1, 0.55);
    }
}

void
mig_panel_silence (MigFigure *figure, const MigTimeline *timeline, gint64 from_ns, double length_s)
{
  double from = mig_timeline_second (timeline, from_ns);

  append_band (figure, from, from + length_s, 0, STRIP, MIG_COLOUR_INK, 0.7);
}

void
mig_panel_place (MigFigure *figure, const MigTimeline *timeline, double from, double to,
                 gboolean last)
{
  static const char *const edges[] = { "tmargin", "bmargin" };
  const double places[] = { from, to };

  for (guint i = 0; i < 2; i++)
    {
      g_string_append_printf (figure->script, "set %s at screen top*", edges[i]);
      mig_figure_number (figure->script, places[i]);
      g_string_append_c (figure->script, '\n');
    }
  g_string_append (figure->script, "set xrange [0:");
  mig_figure_number (figure->script, mig_timeline_second (timeline, timeline->end_ns));
  g_string_append_printf (figure->script, "]\nset format x '%s'\n", last ? "%g" : "");
  if (last)
    mig_figure_set (figure, "xlabel", "time since the window began (s)");
  else
    g_string_append (figure->script, "unset xlabel\n");
}
