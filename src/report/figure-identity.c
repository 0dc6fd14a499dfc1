/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/figure.h"
#include "report/svg.h"

#define WIDE 20 /* highest to lowest: more than the numbers of a plain axis show */

void
mig_figure_identity (MigFigure *self, const char *x_title, const char *y_title, double low,
                     double high, const GString *plot)
{
  gboolean wide = high > WIDE * low;

  mig_figure_set (self, "xlabel", x_title);
  mig_figure_set (self, "ylabel", y_title);
  g_string_append_printf (
      self->script,
      "set tmargin at screen top\n%sset format xy '%%g'\n"
      "set border 3 lc rgb '%s'\nset tics nomirror out scale 0.6 textcolor rgb '%s'\n"
      "set grid lc rgb '%s' lw 0.5 dt 3\n"
      "set key at graph 0.5,screen top+0.02 center bottom horizontal samplen 1 font ',12'\n",
      wide ? "set logscale xy\n" : "", mig_colour (MIG_COLOUR_MUTED)->hex,
      mig_colour (MIG_COLOUR_INK)->hex, mig_colour (MIG_COLOUR_MUTED)->hex);
  for (guint i = 0; i < 2; i++)
    {
      g_string_append_printf (self->script, "set %crange [", "xy"[i]);
      mig_figure_number (self->script, wide ? low / 1.5 : 0);
      g_string_append_c (self->script, ':');
      mig_figure_number (self->script, high * (wide ? 1.5 : 1.2));
      g_string_append (self->script, "]\n");
    }
  g_string_append_printf (self->script, "plot x with lines lw 1 dt 2 lc rgb '%s' title 'equal'%s\n",
                          mig_colour (MIG_COLOUR_INK)->hex, plot->str);
}
