/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/panel.h"
#include "report/figures.h"
#include "report/svg.h"

/* Time lines: of each run a panel per guest with its work and its CPU, then one with the hosts'
 * management. */

#define WIDTH 900
#define PANEL_HEIGHT 120
#define EDGE_HEIGHT 80 /* of legend and time axis together */
#define BOTTOM 0.9     /* the lowest panel ends here, and the time axis is below */

/* rate_before: of a guest's work, up to the first migration. */
static double
rate_before (const MigTimeline *timeline, const char *guest)
{
  gint64 until = timeline->run->migrations_start_ns;
  return mig_timeline_mean (timeline, MIG_LINE_WORK, guest, NULL, timeline->start_ns,
                            MIG_IS_MISSING (until) ? timeline->end_ns : until);
}

static void
begin (MigFigure *figure)
{
  const char *muted = mig_colour (MIG_COLOUR_MUTED)->hex;

  g_string_append_printf (
      figure->script,
      "set multiplot\nset lmargin at screen 0.085\nset rmargin at screen 0.985\n"
      "set border 3 lc rgb '%s'\nset tics nomirror out scale 0.6 textcolor rgb '%s'\n"
      "set grid y lc rgb '%s' lw 0.5 dt 3\n"
      "set key at screen 0.085,screen top+0.045 left bottom horizontal samplen 1.5\n",
      muted, mig_colour (MIG_COLOUR_INK)->hex, muted);
}

static void
end_panel (MigFigure *figure, const char *title, const GString *plot, double highest)
{
  g_string_append (figure->script, "set ytics ");
  mig_figure_number (figure->script, mig_panel_step (highest));
  g_string_append_c (figure->script, '\n');
  g_string_append (figure->script, "set label 1 ");
  mig_figure_quote (figure->script, title);
  g_string_append_printf (
      figure->script,
      " at graph 0.005,1.09 left\nset ylabel '%%' offset 1.5,0\nset yrange [0:*]\n"
      "plot %s\nunset object\nunset arrow\nunset label\nunset key\n",
      plot->str);
}

static gboolean
append_guest (MigFigure *figure, const MigTimeline *timeline, const MigGuestRecord *guest,
              guint *block, GString *plot, double *highest)
{
  const MigPanelLine work = { MIG_LINE_WORK,
                              guest->guest,
                              NULL,
                              rate_before (timeline, guest->guest),
                              "work (of its rate before)",
                              0 };
  const MigPanelLine cpu = { MIG_LINE_CPU, guest->guest, NULL, 1, "CPU (of one)", 2 };
  gboolean any = work.unit > 0 && mig_panel_append (figure, timeline, &work, block, plot, highest);

  return mig_panel_append (figure, timeline, &cpu, block, plot, highest) || any;
}

/* hosts_of: the names of the hosts of which management CPU is known, in the order of the samples.
 */
static GPtrArray *
hosts_of (const MigTimeline *timeline)
{
  GPtrArray *hosts = g_ptr_array_new ();

  for (guint i = 0; i < timeline->lines->len; i++)
    {
      const MigLine *line = timeline->lines->pdata[i];
      if (line->kind == MIG_LINE_MANAGEMENT && line->host &&
          !g_ptr_array_find_with_equal_func (hosts, line->host, g_str_equal, NULL))
        g_ptr_array_add (hosts, line->host);
    }
  return hosts;
}

static guint
count_guests (const MigTimeline *timeline)
{
  guint n = 0;

  for (guint i = 0; i < timeline->guests->len; i++)
    {
      const MigGuestRecord *guest = timeline->guests->pdata[i];
      for (guint j = 0; j < timeline->lines->len; j++)
        if (g_strcmp0 (((const MigLine *) timeline->lines->pdata[j])->guest, guest->guest) == 0)
          {
            n++;
            break;
          }
    }
  return n;
}

static void
append_management (MigFigure *figure, const MigTimeline *timeline, const GPtrArray *hosts,
                   guint *block)
{
  g_autoptr (GString) plot = g_string_new (NULL);
  double highest = 0;

  for (guint i = 0; i < hosts->len; i++)
    {
      g_autofree char *label = g_strdup_printf ("on %s", (char *) hosts->pdata[i]);
      const MigPanelLine line = { MIG_LINE_MANAGEMENT, NULL, hosts->pdata[i], 1, label, 3 + i };
      mig_panel_append (figure, timeline, &line, block, plot, &highest);
    }
  mig_panel_marks (figure, timeline, NULL);
  g_string_append (figure->script,
                   "set key at graph 0.995,1.0 right bottom horizontal samplen 1.5\n");
  end_panel (figure, "management CPU of the hosts", plot, highest);
}

/* mark_silences: what clients of the guest noticed; whether they were asked. */
static gboolean
mark_silences (MigFigure *figure, const MigTimeline *timeline, const char *guest,
               const GPtrArray *migrations)
{
  gboolean any = FALSE;

  for (guint i = 0; i < migrations->len; i++)
    {
      const MigMigrationSummary *m = migrations->pdata[i];
      if (m->run->run != timeline->run->run || g_strcmp0 (m->record->guest, guest) != 0 ||
          isnan (m->silence_s))
        continue;
      mig_panel_silence (figure, timeline, m->silence_from_ns, m->silence_s);
      any = TRUE;
    }
  return any;
}

static char *
heading_of (const MigTimeline *timeline)
{
  return g_strdup_printf ("Case %s, repetition %" G_GINT64_FORMAT " (run %" G_GINT64_FORMAT ")",
                          timeline->run->case_label ? timeline->run->case_label : "?",
                          timeline->run->repetition, timeline->run->run);
}

static void
add_run (const MigTimeline *timeline, const GPtrArray *migrations, GPtrArray *figures)
{
  g_autoptr (GPtrArray) hosts = hosts_of (timeline);
  guint panels = count_guests (timeline) + (hosts->len > 0), panel = 0, block = 0;
  g_autofree char *id = g_strdup_printf ("run-%" G_GINT64_FORMAT, timeline->run->run);

  if (panels == 0)
    return;
  MigFigure *figure = mig_figure_new (NULL, id, NULL, heading_of (timeline), WIDTH,
                                      EDGE_HEIGHT + panels * PANEL_HEIGHT);
  double step = BOTTOM / panels;
  gboolean probed = FALSE;
  begin (figure);
  for (guint i = 0; i < timeline->guests->len; i++)
    {
      const MigGuestRecord *guest = timeline->guests->pdata[i];
      g_autoptr (GString) plot = g_string_new (NULL);
      double highest = 0;
      if (!append_guest (figure, timeline, guest, &block, plot, &highest))
        continue;
      g_autofree char *title = g_strdup_printf ("%s (%s)%s", guest->guest,
                                                guest->workload ? guest->workload : "?",
                                                guest->migrates == 1 ? ": moves" : ": stays");
      mig_panel_place (figure, timeline, 1 - panel * step, 1 - (panel + 0.74) * step,
                       panel + 1 == panels);
      mig_panel_marks (figure, timeline, guest->guest);
      probed |= mark_silences (figure, timeline, guest->guest, migrations);
      end_panel (figure, title, plot, highest);
      panel++;
    }
  if (hosts->len > 0)
    {
      mig_panel_place (figure, timeline, 1 - panel * step, 1 - (panel + 0.74) * step, TRUE);
      append_management (figure, timeline, hosts, &block);
    }
  g_string_append (figure->script, "unset multiplot\n");
  figure->run = timeline->run;
  figure->caption = g_strdup_printf (
      "One run; lines: means over %.3g s; shaded around them: smallest and largest value in that "
      "time, of work over at "
      "least %d heartbeat periods, or one of a second, of CPU over at least 0.5 s. Bands: "
      "migrations, in orange the "
      "guest's own, in red its silence at the switch-over; "
      "dashed: its pre-copy rounds begin.%s",
      mig_timeline_second (timeline, timeline->end_ns) / MIG_LINE_BINS, MIG_LINE_PERIODS,
      probed ? " Dark, at the foot: its clients had no answer." : "");
  g_ptr_array_add (figures, figure);
}

static int
compare_cases (gconstpointer a, gconstpointer b)
{
  const MigRunRecord *x = (*(MigTimeline *const *) a)->run, *y = (*(MigTimeline *const *) b)->run;
  int order = g_strcmp0 (x->case_label, y->case_label);

  if (order == 0)
    order = (x->repetition > y->repetition) - (x->repetition < y->repetition);
  return order ? order : (x->run > y->run) - (x->run < y->run);
}

void
mig_figures_runs (const MigLoadedResult *report, GPtrArray *figures)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();

  g_ptr_array_extend (sorted, report->timelines, NULL, NULL);
  g_ptr_array_sort (sorted, compare_cases);
  for (guint i = 0; i < sorted->len; i++)
    add_run (sorted->pdata[i], report->summary->migrations, figures);
}
