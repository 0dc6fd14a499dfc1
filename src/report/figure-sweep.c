/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/chart.h"
#include "report/figures.h"
#include "paper/table-shape.h"

/* Figures over a parameter, of a study that sweeps one that is a number. */

void
mig_figures_sweep (const MigLoadedResult *report, GPtrArray *figures)
{
  const MigParameterRecord *parameter = mig_paper_axis (report->summary);

  if (!parameter)
    return;
  gboolean rate = mig_paper_is_rate (parameter);
  gboolean plain = !parameter->unit || !*parameter->unit || strcmp (parameter->unit, "1") == 0;
  g_autofree char *x_title = g_strdup_printf (
      "%s%s%s%s", rate ? "dirty rate of the guest that moves" : parameter->parameter,
      plain ? "" : " (", plain ? "" : parameter->unit, plain ? "" : ")");
  g_autofree char *of = g_strdup_printf ("Downtime over %s",
                                         rate ? "the dirty rate" : parameter->parameter);
  g_autofree char *time = g_strdup_printf ("Total time over %s",
                                           rate ? "the dirty rate" : parameter->parameter);
  const MigChart charts[] = {
    { .id = "sweep-downtime",
      .paper = rate ? "1" : NULL,
      .heading = of,
      .y_title = "downtime",
      .n_series = 3,
      .series = { { MIG_METRIC_DOWNTIME_REPORTED, NULL, "reported" },
                  { MIG_METRIC_DOWNTIME_EVENTS, NULL, "by events" },
                  { MIG_METRIC_DOWNTIME_GUEST, NULL, "by the guest" } } },
    { .id = "sweep-total-time",
      .paper = rate ? "2" : NULL,
      .heading = time,
      .y_title = "total time",
      .n_series = 1,
      .series = { { MIG_METRIC_TOTAL_TIME, NULL, "" } } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (charts); i++)
    {
      MigFigure *figure = mig_chart_axis (report, &charts[i], x_title, mig_paper_axis_value);
      if (figure)
        g_ptr_array_add (figures, figure);
    }
}
