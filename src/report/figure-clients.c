/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/figures.h"
#include "report/svg.h"

/* What a client on a TCP connection waited for an answer, against the guest's downtime. */

/* Of Linux: a request that is sent as the outage begins is sent again after this, and then each
 * time after twice as long; measured with ports that were taken off for known times. */
#define FIRST_RETRANSMISSION_S 0.207
/* behind the ends of what is drawn */
#define MARGIN 2

/* append_points: a block of data; none where there is no point, because gnuplot does not count
 * empty ones. */
static guint
append_points (const MigLoadedResult *report, MigFigure *figure, const MigClassInfo *info,
               gboolean at_least, double *low, double *high)
{
  guint n = 0;

  for (guint i = 0; i < report->summary->migrations->len; i++)
    {
      const MigMigrationSummary *m = report->summary->migrations->pdata[i];
      if (!m->run->sound || g_strcmp0 (m->class_name, info->name) != 0 ||
          m->stall_at_least != at_least || !(m->downtime_events_s > 0) || !(m->stall_s > 0))
        continue;
      mig_figure_numbers (figure->data, 2, (double[]){ m->downtime_events_s, m->stall_s });
      *low = fmin (*low, fmin (m->downtime_events_s, m->stall_s));
      *high = fmax (*high, fmax (m->downtime_events_s, m->stall_s));
      n++;
    }
  if (n > 0)
    g_string_append (figure->data, "\n\n");
  return n;
}

/* append_steps: by when the first retransmission is due that is not before the outage's end. */
static void
append_steps (MigFigure *figure, double low, double high)
{
  double step = FIRST_RETRANSMISSION_S;

  while (step < low / MARGIN)
    step *= 2;
  mig_figure_numbers (figure->data, 2, (double[]){ low / MARGIN, step });
  for (; step < high * MARGIN; step *= 2)
    {
      mig_figure_numbers (figure->data, 2, (double[]){ step, step });
      mig_figure_numbers (figure->data, 2, (double[]){ step, 2 * step });
    }
  mig_figure_numbers (figure->data, 2, (double[]){ high * MARGIN, step });
  g_string_append (figure->data, "\n\n");
}

static void
plot_points (const MigFigure *figure, GString *plot, const MigClassInfo *info, guint block,
             guint colour, gboolean at_least)
{
  g_autofree char *title = g_strdup_printf ("class %s%s", info->name, at_least ? ", at least" : "");

  g_string_append_printf (plot,
                          ", \\\n  '%s.dat' index %u using 1:2 with points pt %u ps 0.7 lw 1.4 "
                          "lc rgb '%s' title ",
                          figure->id, block,
                          at_least     ? 8
                          : colour % 2 ? 4
                                       : 6,
                          mig_colour_series (colour));
  mig_figure_quote (plot, title);
}

void
mig_figures_clients (const MigLoadedResult *report, GPtrArray *figures)
{
  MigFigure *figure = mig_figure_new (
      report->summary, "tcp-stall", NULL,
      g_strdup ("What clients on TCP connections wait, against the downtime"), 540, 420);
  g_autoptr (GString) plot = g_string_new (NULL);
  double low = INFINITY, high = 0;
  guint total = 0, block = 0;

  for (guint i = 0; i < report->summary->classes->len; i++)
    for (guint at_least = 0; at_least < 2; at_least++)
      {
        const MigClassInfo *info = report->summary->classes->pdata[i];
        guint n = append_points (report, figure, info, at_least != 0, &low, &high);
        if (n > 0)
          plot_points (figure, plot, info, block++, i, at_least != 0);
        total += n;
      }
  if (total == 0)
    {
      mig_figure_free (figure);
      return;
    }
  append_steps (figure, low, high);
  g_string_append_printf (plot,
                          ", \\\n  '%s.dat' index %u using 1:2 with lines lw 1.6 "
                          "lc rgb '%s' title 'next retransmission'",
                          figure->id, block, mig_colour (MIG_COLOUR_MUTED)->hex);
  mig_figure_identity (figure, "downtime by events (s)", "TCP stall (s)", low, high, plot);
  figure->caption = g_strdup_printf (
      "A point per migration of the counted repetitions (n = %u): the longest wait for an answer, "
      "of eight connections. Grey: TCP's steps, when the kernel of a client that sends as the "
      "downtime begins sends again, after 0.2 s, 0.4 s, 0.8 s and so on. Far above them: something "
      "beside the hypervisor kept clients away, or the guest needed its time to catch up.%s",
      total,
      strstr (plot->str, "at least") ? " At least: a request was still not answered in the "
                                       "end."
                                     : "");
  g_ptr_array_add (figures, figure);
}
