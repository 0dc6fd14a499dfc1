/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/panel.h"
#include "report/figures.h"
#include "paper/table-shape.h"
#include "report/svg.h"

/* The paper's figure 3: CPU of the guest that moves, of those that stay and of the management, of a
 * case that moves one guest. */

/* first_counted: the timeline of a case's first counted run with CPU samples; NULL: there is none.
 */
static const MigTimeline *
first_counted (const MigLoadedResult *report, const char *label)
{
  for (guint i = 0; i < report->timelines->len; i++)
    {
      const MigTimeline *timeline = report->timelines->pdata[i];
      if (g_strcmp0 (timeline->run->case_label, label) != 0)
        continue;
      for (guint j = 0; j < report->summary->runs->len; j++)
        {
          const MigRunSummary *run = report->summary->runs->pdata[j];
          if (run->run == timeline->run->run && run->sound)
            return timeline;
        }
    }
  return NULL;
}

static MigFigure *
new_figure (const MigLoadedResult *report, const MigCaseSummary *study_case,
            const MigTimeline *timeline, guint number)
{
  /* the paper shows one that updates its memory; where that is a study of its own, not the others
   */
  gboolean alone = !report->summary->experiment || report->summary->cases->len == 1;
  gboolean paper = alone && (mig_paper_shape (report->summary) & MIG_PAPER_ONE) &&
                   mig_paper_case (report->summary, MIG_PAPER_MEMORY_ALONE,
                                   MIG_METRIC_TOTAL_TIME) == study_case;
  g_autofree char *id = g_strdup_printf ("cpu-%u", number);
  MigFigure *figure = mig_figure_new (
      report->summary, id, paper ? "3" : NULL,
      g_strdup_printf ("CPU while one guest moves: case %s", study_case->name), 540, 380);
  const char *muted = mig_colour (MIG_COLOUR_MUTED)->hex;

  mig_panel_place (figure, timeline, 1, 0.21, TRUE);
  mig_figure_set (figure, "ylabel", "share of one CPU (%)");
  g_string_append_printf (
      figure->script,
      "set border 3 lc rgb '%s'\nset tics nomirror out scale 0.6 textcolor rgb '%s'\nset yrange "
      "[0:*]\n"
      "set grid y lc rgb '%s' lw 0.5 dt 3\n"
      "set key at graph 0.5,screen top+0.02 center bottom horizontal samplen 1.5 font ',12'\n",
      muted, mig_colour (MIG_COLOUR_INK)->hex, muted);
  return figure;
}

static void
add_case (const MigLoadedResult *report, const MigCaseSummary *study_case, guint number,
          GPtrArray *figures)
{
  const MigTimeline *timeline = first_counted (report, study_case->label);
  g_autoptr (GString) plot = g_string_new (NULL);
  const char *moved = NULL;
  guint block = 0, colour = 1;
  double highest = 0;

  if (!timeline || timeline->migrations->len != 1)
    return;
  const MigMigrationRecord *m = timeline->migrations->pdata[0];
  MigFigure *figure = new_figure (report, study_case, timeline, number);
  for (guint i = 0; i < timeline->guests->len; i++)
    {
      const MigGuestRecord *guest = timeline->guests->pdata[i];
      gboolean moves = g_strcmp0 (guest->guest, m->guest) == 0;
      g_autofree char *label = g_strdup_printf ("%s %s", guest->guest, moves ? "(VMmg)" : "(VMco)");
      const MigPanelLine line = { MIG_LINE_CPU, guest->guest, NULL, 1, label, moves ? 0 : colour };
      if (mig_panel_append (figure, timeline, &line, &block, plot, &highest))
        {
          moved = moves ? guest->guest : moved;
          colour += !moves;
        }
    }
  const MigPanelLine management = {
    MIG_LINE_MANAGEMENT, NULL, m->source, 1, "management, source", 3
  };
  gboolean managed = mig_panel_append (figure, timeline, &management, &block, plot, &highest);
  if (!moved || !managed)
    {
      mig_figure_free (figure);
      return;
    }
  mig_panel_marks (figure, timeline, NULL);
  g_string_append_printf (figure->script, "plot %s\n", plot->str);
  figure->caption = g_strdup_printf (
      "Repetition %" G_GINT64_FORMAT
      " (n = 1; the others are among the time lines); lines: means over %.3g s, of CPU "
      "time over at least 0.5 s; shaded around them: smallest and largest in that time. Grey: the "
      "migration; red: the guest is silent; "
      "dashed: pre-copy rounds begin.",
      timeline->run->repetition, mig_timeline_second (timeline, timeline->end_ns) / MIG_LINE_BINS);
  g_ptr_array_add (figures, figure);
}

void
mig_figures_cpu (const MigLoadedResult *report, GPtrArray *figures)
{
  guint number = 0;

  for (guint i = 0; i < report->summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = report->summary->cases->pdata[i];
      gboolean swept = study_case->parameters->len > (study_case->experiment ? 1u : 0u);
      if (study_case->classes_moved->len == 1 && !swept) /* a sweep has too many to be looked at one
                                                            by one */
        add_case (report, study_case, ++number, figures);
    }
}
