/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/figure.h"
#include "report/plan-figures.h"
#include "report/plan.h"
#include "report/svg.h"

/* A plan of many migrations as a picture: a lane for each host that VMs leave, or for each group of
 * such hosts: how many go on at a time, and how many wait for memory alone. */

#define WIDTH 900
#define LANE_HEIGHT 26
#define EDGE_HEIGHT 110 /* of legend and time axis together */
#define AXIS_HEIGHT 60  /* of it: below the lanes */
#define MOST_LANES 40
#define LONGEST_NAME 16 /* characters of a name on the axis */
#define LETTER 8        /* width of one there */
#define FILLED 0.84     /* of a lane: the most that go on anywhere */

/* What a lane counts, with its block of the data file. */
enum { WAITING, RUNNING, N_COUNTS };

/* Of what the lanes are: of hosts, of their groups, of those that groups are part of. */
typedef guint (*LaneOf) (const MigFleet *fleet, guint host);

typedef struct {
  double at_s;
  int more;
} Change;

typedef struct {
  guint key;
  double bytes;
  GArray *changes[N_COUNTS]; /* of Change */
} Lane;

typedef struct {
  const MigPlanReport *report;
  LaneOf lane_of;
  gboolean hosts;    /* lanes are of hosts, not of groups */
  GArray *lanes;     /* of Lane */
  GHashTable *known; /* key + 1 -> index + 1 */
  guint all, most;   /* lanes before the least were left out; most at a time in one */
} Lanes;

static guint
itself (const MigFleet *fleet, guint host)
{
  return host;
}

/* group_of: index of a host's group; the number of groups: it is in none. */
static guint
group_of (const MigFleet *fleet, guint host)
{
  guint group = mig_fleet_host (fleet, host)->group;

  return group > 0 ? group - 1 : fleet->groups->len;
}

static guint
outer_group_of (const MigFleet *fleet, guint host)
{
  guint group = group_of (fleet, host);
  guint within = group < fleet->groups->len ? mig_fleet_group (fleet, group)->within : 0;

  return within > 0 ? within - 1 : group;
}

static void
clear_lane (gpointer data)
{
  for (guint i = 0; i < N_COUNTS; i++)
    g_array_unref (((Lane *) data)->changes[i]);
}

static Lane *
find_lane (Lanes *self, guint key)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (self->known, GUINT_TO_POINTER (key + 1)));

  if (index == 0)
    {
      Lane lane = { .key = key };
      for (guint i = 0; i < N_COUNTS; i++)
        lane.changes[i] = g_array_new (FALSE, FALSE, sizeof (Change));
      g_array_append_val (self->lanes, lane);
      index = self->lanes->len;
      g_hash_table_insert (self->known, GUINT_TO_POINTER (key + 1), GUINT_TO_POINTER (index));
    }
  return &g_array_index (self->lanes, Lane, index - 1);
}

static void
add_span (GArray *changes, double from_s, double to_s)
{
  const Change begin = { from_s, 1 }, end = { to_s, -1 };

  if (to_s <= from_s)
    return;
  g_array_append_val (changes, begin);
  g_array_append_val (changes, end);
}

static void
add_moves (Lanes *self)
{
  const MigFleet *fleet = self->report->fleet;
  const MigOrder *order = &self->report->plan->best;
  g_autoptr (GPtrArray) before = mig_order_before (order, fleet);

  for (guint i = 0; i < order->moves->len; i++)
    {
      const MigMoveCost *cost = &g_array_index (order->costs, MigMoveCost, i);
      Lane *lane = find_lane (self, self->lane_of (fleet, mig_order_source (order, fleet, i)));
      lane->bytes += mig_plan_sent_bytes (self->report, order, i);
      add_span (lane->changes[RUNNING], cost->start_s, cost->end_s);
      add_span (lane->changes[WAITING], cost->start_s - mig_order_memory_wait (order, before, i),
                cost->start_s);
    }
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const Change *x = a, *y = b;

  return x->at_s != y->at_s ? (x->at_s > y->at_s ? 1 : -1)
                            : (x->more > y->more) - (x->more < y->more);
}

static int
compare_bytes (gconstpointer a, gconstpointer b)
{
  const Lane *x = a, *y = b;

  return x->bytes != y->bytes ? (x->bytes < y->bytes ? 1 : -1)
                              : (x->key > y->key) - (x->key < y->key);
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  guint x = ((const Lane *) a)->key, y = ((const Lane *) b)->key;

  return (x > y) - (x < y);
}

static guint
most_of (GArray *changes)
{
  int now = 0, most = 0;

  g_array_sort (changes, compare_changes);
  for (guint i = 0; i < changes->len; i++)
    most = MAX (most, now += g_array_index (changes, Change, i).more);
  return (guint) most;
}

/* choose_lanes: those with most to send, in the fleet's order. */
static void
choose_lanes (Lanes *self)
{
  self->all = self->lanes->len;
  g_array_sort (self->lanes, compare_bytes);
  if (self->lanes->len > MOST_LANES)
    g_array_set_size (self->lanes, MOST_LANES);
  g_array_sort (self->lanes, compare_places);
  for (guint i = 0; i < self->lanes->len; i++)
    for (guint c = 0; c < N_COUNTS; c++)
      self->most = MAX (self->most, most_of (g_array_index (self->lanes, Lane, i).changes[c]));
}

/* count_lanes: how many there would be. */
static guint
count_lanes (const MigPlanReport *report, LaneOf lane_of)
{
  g_autoptr (GHashTable) keys = g_hash_table_new (NULL, NULL);
  const MigOrder *order = &report->plan->best;

  for (guint i = 0; i < order->moves->len; i++)
    {
      guint vm = g_array_index (order->moves, MigMove, i).vm;
      guint host = mig_fleet_vm (report->fleet, vm)->host;
      g_hash_table_add (keys, GUINT_TO_POINTER (lane_of (report->fleet, host) + 1));
    }
  return g_hash_table_size (keys);
}

/* --- what is drawn --- */

/* add_area: a count over time, as a closed line, above the lane's bottom. */
static void
add_area (const Lanes *self, guint lane, guint count, GString *data)
{
  const GArray *changes = g_array_index (self->lanes, Lane, lane).changes[count];
  double bottom = lane + 1 + FILLED / 2, step = FILLED / self->most;
  int now = 0;

  for (guint i = 0; i < changes->len; i++)
    {
      const Change *change = &g_array_index (changes, Change, i);
      mig_figure_numbers (data, 2, (double[]){ change->at_s, bottom - now * step });
      now += change->more;
      mig_figure_numbers (data, 2, (double[]){ change->at_s, bottom - now * step });
    }
  if (changes->len > 0)
    g_string_append_c (data, '\n');
}

static const char *
name_of (const Lanes *self, const Lane *lane)
{
  const MigFleet *fleet = self->report->fleet;

  if (self->hosts)
    return mig_fleet_host (fleet, lane->key)->name;
  return lane->key < fleet->groups->len ? mig_fleet_group (fleet, lane->key)->name : "in no group";
}

/* add_labels: names, cut where they are long. Returns the longest one's length. */
static glong
add_labels (const Lanes *self, GString *script)
{
  glong longest = 0;

  g_string_append (script, "set ytics (");
  for (guint i = 0; i < self->lanes->len; i++)
    {
      const char *name = name_of (self, &g_array_index (self->lanes, Lane, i));
      gboolean cut = g_utf8_strlen (name, -1) > LONGEST_NAME;
      g_autofree char *start = g_utf8_substring (name, 0,
                                                 cut ? LONGEST_NAME : g_utf8_strlen (name, -1));
      g_autofree char *label = g_strconcat (start, cut ? "…" : NULL, NULL);
      longest = MAX (longest, g_utf8_strlen (label, -1));
      g_string_append (script, i > 0 ? ", " : "");
      mig_figure_quote (script, label);
      g_string_append_printf (script, " %u", i + 1);
    }
  g_string_append (script, ") scale 0\n");
  return longest;
}

static gboolean
any_waits (const Lanes *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    if (g_array_index (self->lanes, Lane, i).changes[WAITING]->len > 0)
      return TRUE;
  return FALSE;
}

static void
add_script (const Lanes *self, MigFigure *figure)
{
  GString *script = figure->script;
  const char *muted = mig_colour (MIG_COLOUR_MUTED)->hex;
  gboolean waits = any_waits (self);
  glong longest = add_labels (self, script);

  g_string_append_printf (
      script,
      "set tmargin at screen 1-50.0/%u\nset bmargin at screen %u.0/%u\n"
      "set lmargin at screen %u.0/%u\nset rmargin at screen 0.98\n"
      "set border 1 lc rgb '%s'\nset tics nomirror out scale 0.6 textcolor rgb '%s'\n"
      "set grid x lc rgb '%s' lw 0.5 dt 3\nset yrange [%u.5:0.5]\nset xrange [0:*]\n"
      "set key at screen 0.02,screen 0.98 left top horizontal Left reverse maxrows 1 samplen 1.2\n"
      "set xlabel 'time since the plan began (s)' offset 0,0.8\nplot ",
      figure->height, AXIS_HEIGHT, figure->height, 30 + LETTER * (guint) longest, figure->width,
      muted, mig_colour (MIG_COLOUR_INK)->hex, muted, self->lanes->len);
  if (waits)
    g_string_append_printf (script,
                            "'%s.dat' index 1 using 1:2 with filledcurves closed fs transparent "
                            "solid 0.35 noborder lc rgb '%s' title 'wait for memory', \\\n  ",
                            figure->id, muted);
  g_string_append_printf (script,
                          "'%s.dat' index 0 using 1:2 with filledcurves closed fs solid 0.6 "
                          "noborder lc rgb '%s' title 'migrations'\n",
                          figure->id, mig_colour_series (0));
}

static void
add_data (const Lanes *self, GString *data)
{
  static const guint blocks[] = { RUNNING, WAITING };

  for (guint b = 0; b < G_N_ELEMENTS (blocks); b++)
    {
      for (guint i = 0; i < self->lanes->len; i++)
        add_area (self, i, blocks[b], data);
      g_string_append (data, "\n");
    }
}

static char *
caption_of (const Lanes *self)
{
  const char *of = self->hosts ? "host that VMs leave" : "group of hosts that VMs leave";
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          "%u migrations. Each row is a %s: its height is how many migrations go "
                          "on, a full row %u.",
                          self->report->plan->best.moves->len, of, self->most);
  if (any_waits (self))
    g_string_append (text, " Grey: VMs that wait for nothing but memory where they go.");
  if (self->all > self->lanes->len)
    g_string_append_printf (text, " The %u of %u with most to send are drawn.", self->lanes->len,
                            self->all);
  return g_string_free (text, FALSE);
}

static void
choose_kind (Lanes *self)
{
  static const LaneOf kinds[] = { itself, group_of, outer_group_of };

  self->lane_of = itself;
  for (guint i = 0; i < G_N_ELEMENTS (kinds) && self->report->fleet->groups->len > 0; i++)
    {
      self->lane_of = kinds[i];
      if (count_lanes (self->report, kinds[i]) <= MOST_LANES)
        break;
    }
  self->hosts = self->lane_of == itself;
}

MigFigure *
mig_plan_lanes (const MigPlanReport *report)
{
  g_autoptr (GArray) lanes = g_array_new (FALSE, FALSE, sizeof (Lane));
  g_autoptr (GHashTable) known = g_hash_table_new (NULL, NULL);
  Lanes self = { .report = report, .lanes = lanes, .known = known };

  g_array_set_clear_func (lanes, clear_lane);
  choose_kind (&self);
  add_moves (&self);
  choose_lanes (&self);
  MigFigure *figure = mig_figure_new (NULL, "plan", NULL, g_strdup ("Which VMs when"), WIDTH,
                                      EDGE_HEIGHT + lanes->len * LANE_HEIGHT);
  add_data (&self, figure->data);
  add_script (&self, figure);
  figure->caption = caption_of (&self);
  return figure;
}
