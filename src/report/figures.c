/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/figures.h"
#include "summary/experiments.h"

GPtrArray *
mig_figures_new (const MigLoadedResult *report)
{
  g_autoptr (GPtrArray) parts = mig_summary_by_experiment (report->summary);
  GPtrArray *figures = g_ptr_array_new_with_free_func (mig_figure_free);

  for (guint i = 0; i < parts->len; i++)
    {
      MigLoadedResult of_part = *report;
      of_part.summary = parts->pdata[i];
      mig_figures_sweep (&of_part, figures);
      mig_figures_cpu (&of_part, figures);
      mig_figures_cases (&of_part, figures);
      mig_figures_downtime (&of_part, figures);
      mig_figures_clients (&of_part, figures);
    }
  for (guint i = 0; i < figures->len && !report->tests_paper; i++)
    g_clear_pointer (&((MigFigure *) figures->pdata[i])->paper, g_free);
  mig_figures_accuracy (report, figures);
  mig_figures_runs (report, figures);
  return figures;
}
