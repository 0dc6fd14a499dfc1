/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/figure.h"
#include "report/plan-figures.h"
#include "report/plan.h"
#include "report/svg.h"

/* The plan as a Gantt chart: a row per migration; on the left when it runs, on the right how long
 * its VM stands still, both with their 95 % intervals. */

#define WIDTH 900
#define ROW_HEIGHT 26
#define EDGE_HEIGHT 110 /* of legend and time axis together */
#define AXIS_HEIGHT 60  /* of it: below the rows */
#define MOST_ROWS 40    /* more cannot be read: a row per host or group then */
#define LONGEST_NAME 12 /* characters of a name on the axis */
#define LETTER 8        /* width of one there */
#define MOST_NAMED 3    /* hosts in the legend */
#define BAR 0.34        /* of a row, above and below its middle */

/* Blocks of the data file: per target its bars; then of all rows ... */
enum {
  BLOCK_DOWNTIMES,
  BLOCK_TIME_INTERVALS,
  BLOCK_DOWNTIME_POINTS,
  BLOCK_DOWNTIME_INTERVALS,
  BLOCK_MEMORY_WAITS /* may be empty: the last */
};

/* What is drawn: the moves, in the plan's order, and the hosts that they go to. */
typedef struct {
  const MigPlanReport *report;
  MigFigure *figure;
  guint rows;
  GArray *targets;           /* of guint */
  gboolean times, downtimes; /* intervals are known */
  gboolean waits;            /* some wait for memory */
  GPtrArray *before;         /* of mig_order_before() */
} Gantt;

static const MigMove *
move_at (const Gantt *self, guint row)
{
  return &g_array_index (self->report->plan->best.moves, MigMove, row);
}

static const MigMoveCost *
cost_at (const Gantt *self, guint row)
{
  return &g_array_index (self->report->plan->best.costs, MigMoveCost, row);
}

static guint
source_at (const Gantt *self, guint row)
{
  return mig_order_source (&self->report->plan->best, self->report->fleet, row);
}

static void
find_targets (Gantt *self)
{
  for (guint row = 0; row < self->rows; row++)
    {
      guint to = move_at (self, row)->to;
      gboolean known = FALSE;
      for (guint i = 0; i < self->targets->len && !known; i++)
        known = g_array_index (self->targets, guint, i) == to;
      if (!known)
        g_array_append_val (self->targets, to);
    }
}

/* --- data --- */

static void
add_bars (Gantt *self, guint target)
{
  for (guint row = 0; row < self->rows; row++)
    {
      const MigMoveCost *cost = cost_at (self, row);
      double y = row + 1;
      if (move_at (self, row)->to == target)
        mig_figure_numbers (
            self->figure->data, 6,
            (double[]){ cost->start_s, y, cost->start_s, cost->end_s, y - BAR, y + BAR });
    }
  g_string_append (self->figure->data, "\n\n");
}

/* add_row: of one of the blocks of all rows. A VM stands still before its migration's last step. */
static void
add_row (Gantt *self, guint block, guint row)
{
  GString *data = self->figure->data;
  const MigMoveCost *cost = cost_at (self, row);
  MigPredicted time = mig_plan_predict (self->report, row, MIG_QUANTITY_TOTAL_TIME),
               downtime = mig_plan_predict (self->report, row, MIG_QUANTITY_DOWNTIME);
  double y = row + 1;
  double resumed = fmax (cost->end_s - self->report->model->end_s, cost->start_s);

  double wait = mig_order_memory_wait (&self->report->plan->best, self->before, row);

  if (block == BLOCK_MEMORY_WAITS && wait > 0)
    mig_figure_numbers (data, 6,
                        (double[]){ cost->start_s, y, cost->start_s - wait, cost->start_s,
                                    y - BAR / 2, y + BAR / 2 });
  else if (block == BLOCK_MEMORY_WAITS)
    return;
  else if (block == BLOCK_DOWNTIMES)
    mig_figure_numbers (data, 6,
                        (double[]){ resumed, y, fmax (resumed - cost->downtime_s, cost->start_s),
                                    resumed, y - BAR, y + BAR });
  else if (block == BLOCK_TIME_INTERVALS)
    mig_figure_numbers (data, 3, (double[]){ cost->start_s + time.low, y, time.high - time.low });
  else if (block == BLOCK_DOWNTIME_POINTS)
    mig_figure_numbers (data, 2, (double[]){ cost->downtime_s, y });
  else
    mig_figure_numbers (data, 3, (double[]){ downtime.low, y, downtime.high - downtime.low });
}

static void
add_data (Gantt *self)
{
  for (guint i = 0; i < self->targets->len; i++)
    add_bars (self, g_array_index (self->targets, guint, i));
  for (guint block = BLOCK_DOWNTIMES; block <= BLOCK_MEMORY_WAITS; block++)
    {
      for (guint row = 0; row < self->rows; row++)
        add_row (self, block, row);
      g_string_append (self->figure->data, "\n\n");
    }
}

/* --- script --- */

/* add_labels: "c1: a → b" at each row, names cut where they are long. Returns the longest one's
 * length. */
static glong
add_labels (Gantt *self)
{
  GString *script = self->figure->script;
  glong longest = 0;

  g_string_append (script, "set ytics (");
  for (guint row = 0; row < self->rows; row++)
    {
      const char *names[] = { mig_fleet_vm (self->report->fleet, move_at (self, row)->vm)->name,
                              mig_fleet_host (self->report->fleet, source_at (self, row))->name,
                              mig_fleet_host (self->report->fleet, move_at (self, row)->to)->name };
      g_autofree char *shown[G_N_ELEMENTS (names)] = { NULL };
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        {
          g_autofree char *cut = g_utf8_substring (
              names[i], 0, MIN (g_utf8_strlen (names[i], -1), LONGEST_NAME));
          shown[i] = g_strconcat (cut, g_utf8_strlen (names[i], -1) > LONGEST_NAME ? "…" : NULL,
                                  NULL);
        }
      g_autofree char *label = g_strdup_printf ("%s: %s → %s", shown[0], shown[1], shown[2]);
      longest = MAX (longest, g_utf8_strlen (label, -1));
      if (row > 0)
        g_string_append (script, ", ");
      mig_figure_quote (script, label);
      g_string_append_printf (script, " %u", row + 1);
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        g_clear_pointer (&shown[i], g_free);
    }
  g_string_append (script, ") scale 0\n");
  return longest;
}

/* add_groups: every second group of a source on grey, so that what starts together stands together.
 */
static void
add_groups (Gantt *self)
{
  guint first = 0, groups = 0;

  for (guint row = 1; row <= self->rows; row++)
    {
      if (row < self->rows && move_at (self, row)->group == move_at (self, first)->group &&
          source_at (self, row) == source_at (self, first))
        continue;
      if (groups++ % 2 == 0)
        g_string_append_printf (
            self->figure->script,
            "set object rectangle from graph 0, first %u.5 to graph 1, first %u.5 behind "
            "fc rgb '%s' fs transparent solid 0.13 noborder\n",
            first, row, mig_colour (MIG_COLOUR_MUTED)->hex);
      first = row;
    }
}

static void
add_frame (Gantt *self)
{
  const char *muted = mig_colour (MIG_COLOUR_MUTED)->hex;

  g_string_append_printf (
      self->figure->script,
      "set multiplot\nset tmargin at screen 1-50.0/%u\nset bmargin at screen %u.0/%u\n"
      "set border 1 lc rgb '%s'\nset tics nomirror out scale 0.6 textcolor rgb '%s'\n"
      "set grid x lc rgb '%s' lw 0.5 dt 3\nset yrange [%u.5:0.5]\nset xrange [0:*]\n",
      self->figure->height, AXIS_HEIGHT, self->figure->height, muted,
      mig_colour (MIG_COLOUR_INK)->hex, muted, self->rows);
}

/* plot_target: the bars of those that go to one host; few hosts are named, more would fill the
 * legend. */
static void
plot_target (Gantt *self, guint i)
{
  GString *script = self->figure->script;
  const char *host =
      mig_fleet_host (self->report->fleet, g_array_index (self->targets, guint, i))->name;
  g_autofree char *title = g_strdup_printf ("moves to %s", host);

  /* the second colour is that of downtimes */
  g_string_append_printf (
      script,
      "'%s.dat' index %u using 1:2:3:4:5:6 with boxxyerror fs solid 0.55 noborder "
      "lc rgb '%s' ",
      self->figure->id, i, mig_colour_series (i == 0 ? 0 : i + 1));
  if (self->targets->len <= MOST_NAMED)
    {
      g_string_append (script, "title ");
      mig_figure_quote (script, title);
    }
  else
    g_string_append (script, "notitle");
  g_string_append (script, ", \\\n  ");
}

static void
plot_waits (Gantt *self)
{
  g_string_append_printf (
      self->figure->script,
      "'%s.dat' index %u using 1:2:3:4:5:6 with boxxyerror fs transparent solid 0.35 noborder "
      "lc rgb '%s' title 'waits for memory', \\\n  ",
      self->figure->id, self->targets->len + BLOCK_MEMORY_WAITS,
      mig_colour (MIG_COLOUR_MUTED)->hex);
}

static void
plot_intervals (Gantt *self, guint block, const char *colour)
{
  g_string_append_printf (self->figure->script,
                          ", \\\n  '' index %u using 1:2:3:(0) with vectors " MIG_FIGURE_BAR
                          " lc rgb '%s' notitle",
                          self->targets->len + block, colour);
}

static void
add_times (Gantt *self)
{
  glong longest = add_labels (self);

  g_string_append_printf (
      self->figure->script,
      "set lmargin at screen %u.0/%u\nset rmargin at screen 0.68\n"
      "set key at screen 0.02,screen 0.98 left top horizontal Left reverse maxrows 1 samplen 1.2\n"
      "set xtics offset 0,0.4\nset xlabel 'time since the plan began (s)' offset 0,0.8\nplot ",
      30 + LETTER * (guint) longest, self->figure->width);
  for (guint i = 0; i < self->targets->len; i++)
    plot_target (self, i);
  if (self->waits)
    plot_waits (self);
  g_string_append_printf (
      self->figure->script,
      "'%s.dat' index %u using 1:2:3:4:5:6 with boxxyerror fs solid 1 border lc rgb '%s' "
      "lc rgb '%s' lw 1.5 title 'the VM stands still'",
      self->figure->id, self->targets->len + BLOCK_DOWNTIMES, mig_colour_series (1),
      mig_colour_series (1));
  if (self->times)
    plot_intervals (self, BLOCK_TIME_INTERVALS, mig_colour (MIG_COLOUR_INK)->hex);
  g_string_append_c (self->figure->script, '\n');
}

static void
add_downtimes (Gantt *self)
{
  g_string_append_printf (
      self->figure->script,
      "set lmargin at screen 0.72\nset rmargin at screen 0.98\nunset key\n"
      "unset ytics\nset xlabel 'downtime (s)' offset 0,0.8\n"
      "plot '%s.dat' index %u using 1:2 with points pt 7 ps 0.7 lc rgb '%s' notitle",
      self->figure->id, self->targets->len + BLOCK_DOWNTIME_POINTS, mig_colour_series (1));
  if (self->downtimes)
    plot_intervals (self, BLOCK_DOWNTIME_INTERVALS, mig_colour_series (1));
  g_string_append (self->figure->script, "\nunset multiplot\n");
}

static char *
caption_of (const Gantt *self)
{
  GString *text = g_string_new (
      "Each row is a migration: on the left from its start to its end, on the right how long "
      "the VM stands still. ");
  g_string_append (text, self->report->plan->best.waits
                             ? "Rows on one ground leave a host together; each begins when those "
                               "have ended that it waits for: for memory, for a place or for a "
                               "link."
                             : "Rows on one ground start together; the next begin when all of them "
                               "have ended.");
  if (self->times)
    g_string_append (
        text,
        " Whiskers: 95 % prediction intervals of a migration's end, if it starts when it should, "
        "and of its downtime.");
  else
    g_string_append (text, " No whiskers: the model's error is not known.");
  if (self->targets->len > MOST_NAMED)
    g_string_append (text, " Colours: the hosts that they go to.");
  return g_string_free (text, FALSE);
}

static MigFigure *
draw_rows (const MigPlanReport *report)
{
  const MigOrder *order = &report->plan->best;
  g_autoptr (GArray) targets = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GPtrArray) before = mig_order_before (order, report->fleet);
  guint rows = order->moves->len;
  Gantt self = { .report = report,
                 .figure = mig_figure_new (NULL, "plan", NULL, g_strdup ("Which VM when"), WIDTH,
                                           EDGE_HEIGHT + rows * ROW_HEIGHT),
                 .rows = rows,
                 .targets = targets,
                 .before = before };

  self.times = isfinite (mig_plan_predict (report, 0, MIG_QUANTITY_TOTAL_TIME).high);
  self.downtimes = isfinite (mig_plan_predict (report, 0, MIG_QUANTITY_DOWNTIME).high);
  for (guint row = 0; row < rows; row++)
    self.waits = self.waits || mig_order_memory_wait (order, before, row) > 0;
  find_targets (&self);
  add_data (&self);
  add_frame (&self);
  add_groups (&self);
  add_times (&self);
  add_downtimes (&self);
  self.figure->caption = caption_of (&self);
  return self.figure;
}

GPtrArray *
mig_plan_figures (const MigPlanReport *report)
{
  GPtrArray *figures = g_ptr_array_new_with_free_func (mig_figure_free);
  guint moves = report->plan ? report->plan->best.moves->len : 0;

  if (moves == 0)
    return figures;
  g_ptr_array_add (figures, moves > MOST_ROWS ? mig_plan_lanes (report) : draw_rows (report));
  mig_plan_uplinks (report, figures);
  return figures;
}
