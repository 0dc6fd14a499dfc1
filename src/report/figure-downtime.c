/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/figures.h"
#include "report/svg.h"

/* What the hypervisor or the events say of each migration's downtime, against what the guest saw.
 */

typedef double (*Downtime) (const MigMigrationSummary *m);

static double
reported (const MigMigrationSummary *m)
{
  return m->downtime_reported_s;
}

static double
by_events (const MigMigrationSummary *m)
{
  return m->downtime_events_s;
}

/* append_points: a block of data; none where there is no point, because gnuplot does not count
 * empty ones. */
static guint
append_points (const MigLoadedResult *report, MigFigure *figure, const MigClassInfo *info,
               Downtime said, double *low, double *high)
{
  guint n = 0;

  for (guint i = 0; i < report->summary->migrations->len; i++)
    {
      const MigMigrationSummary *m = report->summary->migrations->pdata[i];
      if (!m->run->sound || g_strcmp0 (m->class_name, info->name) != 0 || !(said (m) > 0) ||
          !(m->downtime_guest_s > 0))
        continue;
      mig_figure_numbers (figure->data, 4,
                          (double[]){ said (m), m->downtime_guest_s,
                                      fmax (m->downtime_guest_low_s, m->downtime_guest_s / 1000),
                                      m->downtime_guest_high_s });
      *low = fmin (*low, fmin (said (m), m->downtime_guest_s));
      *high = fmax (*high, fmax (said (m), m->downtime_guest_s));
      n++;
    }
  if (n > 0)
    g_string_append (figure->data, "\n\n");
  return n;
}

static gboolean
any_reported (const MigLoadedResult *report)
{
  for (guint i = 0; i < report->summary->migrations->len; i++)
    if (!isnan (((const MigMigrationSummary *) report->summary->migrations->pdata[i])
                    ->downtime_reported_s))
      return TRUE;
  return FALSE;
}

void
mig_figures_downtime (const MigLoadedResult *report, GPtrArray *figures)
{
  gboolean reports = any_reported (report);
  MigFigure *figure = mig_figure_new (
      report->summary, "downtime-seen", NULL,
      g_strdup ("Downtime that is reported against downtime that the guest sees"), 540, 420);
  g_autoptr (GString) plot = g_string_new (NULL);
  double low = INFINITY, high = 0;
  guint total = 0, block = 0;

  for (guint i = 0; i < report->summary->classes->len; i++)
    {
      const MigClassInfo *info = report->summary->classes->pdata[i];
      guint n = append_points (report, figure, info, reports ? reported : by_events, &low, &high);
      if (n > 0)
        {
          g_string_append_printf (
              plot,
              ", \\\n  '%s.dat' index %u using 1:3:(0):($4-$3) with vectors " MIG_FIGURE_BAR
              " lw 1.2 "
              "lc rgb '%s' notitle, \\\n  '' index %u using 1:2 with points pt %u ps 0.7 lw 1.4 "
              "lc rgb '%s' title ",
              figure->id, block, mig_colour_series (i), block, i % 2 ? 4 : 6,
              mig_colour_series (i));
          block++;
          g_autofree char *title = g_strdup_printf ("class %s", info->name);
          mig_figure_quote (plot, title);
        }
      total += n;
    }
  if (total == 0)
    {
      mig_figure_free (figure);
      return;
    }
  mig_figure_identity (
      figure, reports ? "downtime that the hypervisor reports (s)" : "downtime by events (s)",
      "downtime that the guest sees (s)", low, high, plot);
  figure->caption = g_strdup_printf (
      "A point per migration of the counted repetitions (n = %u); error bars: the bounds of what "
      "the guest "
      "sees, from its heartbeats. Above the line: the guest stood still for longer than %s say.",
      total, reports ? "the hypervisor's own figures" : "the events");
  g_ptr_array_add (figures, figure);
}
