/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/figure.h"
#include "report/plan-figures.h"
#include "report/plan.h"
#include "report/svg.h"

/* How much of the uplinks the plan's migrations use over time: each with its mean rate. */

#define WIDTH 900
#define HEIGHT 320
#define MOST_LINES 6 /* more cannot be told apart; the busiest are drawn */

/* A change of what passes an uplink. */
typedef struct {
  double at_s, bytes_per_s;
} Change;

typedef struct {
  guint uplink;
  double bytes;
  GArray *changes; /* of Change */
} Use;

static void
clear_use (gpointer data)
{
  g_array_unref (((Use *) data)->changes);
}

static void
add_move (const MigPlanReport *report, guint i, GArray *uses)
{
  const MigOrder *order = &report->plan->best;
  const MigMoveCost *cost = &g_array_index (order->costs, MigMoveCost, i);
  double bytes = mig_plan_sent_bytes (report, order, i);
  double time_s = cost->end_s - cost->start_s, rate = bytes / time_s;
  const Change begin = { cost->start_s, rate }, end = { cost->end_s, -rate };
  guint uplinks[MIG_UPLINKS_MAX];
  guint n = mig_fleet_path (report->fleet, mig_order_source (order, report->fleet, i),
                            g_array_index (order->moves, MigMove, i).to, uplinks);

  for (guint u = 0; u < n && time_s > 0; u++)
    {
      Use *use = &g_array_index (uses, Use, uplinks[u]);
      use->bytes += bytes;
      g_array_append_val (use->changes, begin);
      g_array_append_val (use->changes, end);
    }
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  double x = ((const Change *) a)->at_s, y = ((const Change *) b)->at_s;

  return (x > y) - (x < y);
}

static int
compare_uses (gconstpointer a, gconstpointer b)
{
  double x = ((const Use *) a)->bytes, y = ((const Use *) b)->bytes;

  return (x < y) - (x > y);
}

static double
rate_of (const MigPlanReport *report, const Use *use)
{
  return mig_fleet_group (report->fleet, use->uplink / 2)->link_bytes_per_s;
}

/* add_data: a block per uplink: time and per cent of its rate, as steps. */
static void
add_data (const MigPlanReport *report, const Use *use, MigFigure *figure)
{
  double now = 0;

  g_array_sort (use->changes, compare_changes);
  mig_figure_numbers (figure->data, 2, (double[]){ 0, 0 });
  for (guint i = 0; i < use->changes->len; i++)
    {
      const Change *change = &g_array_index (use->changes, Change, i);
      now += change->bytes_per_s;
      mig_figure_numbers (figure->data, 2,
                          (double[]){ change->at_s, fmax (0, 100 * now / rate_of (report, use)) });
    }
  g_string_append (figure->data, "\n\n");
}

static void
add_line (const MigPlanReport *report, const Use *use, guint i, MigFigure *figure)
{
  g_autofree char *title = g_strdup_printf ("%s %s", use->uplink % 2 == 1 ? "into" : "out of",
                                            mig_fleet_group (report->fleet, use->uplink / 2)->name);

  g_string_append_printf (figure->script,
                          "%s'%s.dat' index %u using 1:2 with steps lw 1.5 lc rgb '%s' title ",
                          i > 0 ? ", \\\n  " : "plot ", figure->id, i, mig_colour_series (i));
  mig_figure_quote (figure->script, title);
}

void
mig_plan_uplinks (const MigPlanReport *report, GPtrArray *figures)
{
  g_autoptr (GArray) uses = g_array_new (FALSE, FALSE, sizeof (Use));
  guint lines = 0;

  g_array_set_clear_func (uses, clear_use);
  for (guint i = 0; i < 2 * report->fleet->groups->len; i++)
    {
      const Use use = { i, 0, g_array_new (FALSE, FALSE, sizeof (Change)) };
      g_array_append_val (uses, use);
    }
  for (guint i = 0; i < report->plan->best.moves->len; i++)
    add_move (report, i, uses);
  g_array_sort (uses, compare_uses);
  while (lines < uses->len && lines < MOST_LINES && g_array_index (uses, Use, lines).bytes > 0)
    lines++;
  if (lines == 0)
    return;
  MigFigure *figure = mig_figure_new (NULL, "uplinks", NULL, g_strdup ("Use of the uplinks"), WIDTH,
                                      HEIGHT);
  g_string_append (
      figure->script,
      "set key outside right top\nset yrange [0:*]\nset xrange [0:*]\nset tics nomirror\n"
      "set xlabel 'time since the plan began (s)'\nset ylabel 'use (% of its rate)'\n");
  for (guint i = 0; i < lines; i++)
    {
      const Use *use = &g_array_index (uses, Use, i);
      add_data (report, use, figure);
      add_line (report, use, i, figure);
    }
  g_string_append_c (figure->script, '\n');
  figure->caption = g_strdup_printf (
      "Each line is an uplink in one direction: what the migrations through it send, each at its "
      "mean rate, as a share of the uplink's rate.%s",
      lines == MOST_LINES ? " The busiest are drawn." : "");
  g_ptr_array_add (figures, figure);
}
