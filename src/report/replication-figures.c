/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/conditions.h"
#include "report/figure.h"
#include "report/replication.h"
#include "report/svg.h"
#include "summary/sequences.h"

/* Forest plots: a row for each result, its value and interval beside a line where neither of two
 * is the larger. A row without a value is a heading. */

#define WIDTH 720
#define WIDTH_OF_MAP 860
#define ROW_HEIGHT 26
#define REST_HEIGHT 110 /* of title, axis and its label */
#define CUT 3.0         /* of the largest value: where an axis ends that an interval goes beyond */

typedef enum { ROW_PAPER, ROW_RESULT, ROW_FIELD, N_ROW_KINDS } RowKind;

typedef struct {
  RowKind kind;
  char *label;
  double value, low, high;
} Row;

static void
clear_row (gpointer row)
{
  g_free (((Row *) row)->label);
}

static GArray *
rows_new (void)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));

  g_array_set_clear_func (rows, clear_row);
  return rows;
}

static void
add_row (GArray *rows, RowKind kind, char *label, double value, double low, double high)
{
  const Row row = { kind, label, value, low, high };
  g_array_append_val (rows, row);
}

/* ---- drawing ---- */

static void
append_range (MigFigure *figure, const GArray *rows, double line)
{
  double largest = 0, low = line, high = line;

  for (guint i = 0; i < rows->len; i++)
    largest = fmax (largest, fabs (g_array_index (rows, Row, i).value - line));
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);
      if (isnan (row->value))
        continue;
      double from = isnan (row->low) ? row->value : row->low,
             to = isnan (row->high) ? row->value : row->high;
      low = fmin (low, fmin (row->value, fmax (from, line - CUT * largest)));
      high = fmax (high, fmax (row->value, fmin (to, line + CUT * largest)));
    }
  double margin = 0.04 * (high - low);
  g_string_append (figure->script, "set xrange [");
  mig_figure_number (figure->script, low - margin);
  g_string_append_c (figure->script, ':');
  mig_figure_number (figure->script, high + margin);
  g_string_append_printf (figure->script, "]\nset yrange [%u.5:-0.5]\n", rows->len - 1);
}

static void
append_labels (MigFigure *figure, const GArray *rows)
{
  g_string_append (figure->script, "set ytics (");
  for (guint i = 0; i < rows->len; i++)
    {
      g_string_append (figure->script, i > 0 ? ", \\\n  " : "");
      mig_figure_quote (figure->script, g_array_index (rows, Row, i).label);
      g_string_append_printf (figure->script, " %u", i);
    }
  g_string_append (figure->script, ")\n");
}

/* append_kind: the rows of a kind as the next block of data, and its part of the plot. */
static void
append_kind (MigFigure *figure, const GArray *rows, RowKind kind, guint *block)
{
  static const guint points[N_ROW_KINDS] = { 6, 7, 5 };
  const char *colour = kind == ROW_PAPER ? mig_colour (MIG_COLOUR_INK)->hex
                                         : mig_colour_series (kind - ROW_RESULT);
  gboolean any = FALSE, intervals = FALSE;

  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);
      if (row->kind != kind || isnan (row->value))
        continue;
      mig_figure_numbers (figure->data, 4, (double[]){ i, row->value, row->low, row->high });
      any = TRUE;
      intervals |= !isnan (row->low);
    }
  if (!any)
    return;
  g_string_append (figure->data, "\n\n");
  g_string_append_printf (
      figure->script,
      "%s'%s.dat' index %u using 2:1 with points pt %u ps 1 lw 1.5 lc rgb '%s' notitle",
      *block > 0 ? ", \\\n  " : "plot ", figure->id, *block, points[kind], colour);
  if (intervals)
    g_string_append_printf (figure->script,
                            ", \\\n  '' index %u using 3:1:($4-$3):(0) with vectors " MIG_FIGURE_BAR
                            " lw 1.4 lc rgb '%s' notitle",
                            *block, colour);
  ++*block;
}

/* draw: line: where neither of two is the larger. */
static MigFigure *
draw (const char *id, guint width, const char *heading, const char *x_title, const char *caption,
      double line, const GArray *rows)
{
  MigFigure *figure = mig_figure_new (NULL, id, NULL, g_strdup (heading), width,
                                      REST_HEIGHT + ROW_HEIGHT * rows->len);
  guint block = 0;

  figure->caption = g_strdup (caption);
  mig_figure_set (figure, "xlabel", x_title);
  g_string_append_printf (figure->script,
                          "set tmargin at screen top\n"
                          "set border 1 lc rgb '%s'\n"
                          "set tics nomirror out scale 0.6 textcolor rgb '%s'\n"
                          "set grid x lc rgb '%s' lw 0.5 dt 3\n"
                          "unset key\n",
                          mig_colour (MIG_COLOUR_MUTED)->hex, mig_colour (MIG_COLOUR_INK)->hex,
                          mig_colour (MIG_COLOUR_MUTED)->hex);
  append_range (figure, rows, line);
  append_labels (figure, rows);
  g_string_append (figure->script, "set arrow 1 from first ");
  mig_figure_number (figure->script, line);
  g_string_append (figure->script, ",graph 0 to first ");
  mig_figure_number (figure->script, line);
  g_string_append_printf (figure->script, ",graph 1 nohead lw 1 lc rgb '%s'\n",
                          mig_colour (MIG_COLOUR_INK)->hex);
  for (guint kind = 0; kind < N_ROW_KINDS; kind++)
    append_kind (figure, rows, kind, &block);
  g_string_append_c (figure->script, '\n');
  return figure;
}

/* ---- which order ---- */

/* find_fact: of the figures' facts; n: no such fact. */
static guint
find_fact (const char *figure, const char *subject)
{
  guint i = 0;

  for (; i < mig_paper_n_facts (); i++)
    {
      const MigPaperRow fact = mig_paper_fact (i);
      if (strcmp (fact.figure, figure) == 0 && strcmp (fact.subject, subject) == 0)
        break;
    }
  return i;
}

/* add_paper_order: it gives no time of cm alone: half of cc and mm together less half of the
 * difference stands for it. */
static void
add_paper_order (GArray *rows)
{
  double cc = mig_paper_fact (find_fact ("6", "total time, cc")).paper,
         mm = mig_paper_fact (find_fact ("6", "total time, mm")).paper,
         difference = mig_paper_fact (find_fact ("6", "total time, mc less cm")).paper;

  add_row (rows, ROW_PAPER, g_strdup ("the paper, Xen 4.4: claimed"),
           100 * difference / ((cc + mm) / 2 - difference / 2), NAN, NAN);
}

/* order_claim: the paper's conclusion of the order, by time. */
static guint
order_claim (void)
{
  guint i = 0;

  for (; i < mig_claims_count (); i++)
    {
      const MigClaim claim = mig_claim_at (i);
      if (claim.conclusion == 2 && strcmp (claim.quantity, "time") == 0)
        break;
    }
  return i;
}

static const char *
scale_of (const MigReplication *self, guint set)
{
  return ((const MigReplicationSet *) self->sets->pdata[set])->result->manifest.scale;
}

/* case_name: without its experiment. */
static const char *
case_name (const MigReplication *self, guint set, const char *label)
{
  const MigSummary *summary = ((const MigReplicationSet *) self->sets->pdata[set])->result->summary;
  const MigCaseSummary *of = mig_summary_find_case (summary, label);

  return of ? of->name : label;
}

/* order_label: "Xen, at 1/4: supported"; orders are named where they are not mc and cm. */
static char *
order_label (const MigReplication *self, const char *platform, const MigClaimCell *cell)
{
  const MigClaimFinding *finding = &cell->finding;
  const char *scale = scale_of (self, cell->set);
  const char *a = case_name (self, cell->set, finding->case_a),
             *b = case_name (self, cell->set, finding->case_b);
  gboolean usual = strcmp (a, "cm") == 0 && strcmp (b, "mc") == 0;

  return g_strdup_printf ("%s%s%s: %s%s%s%s%s", platform, scale ? ", at " : "", scale ? scale : "",
                          mig_claim_verdict_text (finding->verdict), usual ? "" : ", ",
                          usual ? "" : b, usual ? "" : " against ", usual ? "" : a);
}

/* add_order: of each platform the result that decides the paper's claim, or has to. */
static void
add_order (GPtrArray *figures, const MigReplication *self)
{
  g_autoptr (GArray) rows = rows_new ();
  g_autoptr (GString) caption = g_string_new (
      "Total time of the migrations of both guests; right of 0 it is longer with the guest that "
      "updates memory first. Bars: 95 % confidence interval of the difference within the "
      "repetitions, as a share of the mean with the other one first. The paper gives no time of "
      "that order: half of cc and mm together stands for the mean of both. Of each platform the "
      "result that stands beside conclusion 2 above");

  add_paper_order (rows);
  for (guint column = 0; column < self->table->columns->len; column++)
    {
      const char *platform = self->table->columns->pdata[column];
      const MigClaimCell *cell = mig_claim_table_at (self->table, order_claim (), column);
      const MigClaimFinding *finding = &cell->finding;
      if (isnan (finding->value) || !finding->case_a)
        continue;
      add_row (rows, ROW_RESULT, order_label (self, platform, cell), finding->value, finding->low,
               finding->high);
      g_string_append_printf (caption, "%s %s [%u]", rows->len == 2 ? ":" : ",", platform,
                              cell->set + 1);
    }
  g_string_append_c (caption, '.');
  if (rows->len > 1)
    g_ptr_array_add (
        figures,
        draw ("order", WIDTH, "Do two migrations take longer with the memory-updating guest first?",
              "longer with the memory-updating guest first, %", caption->str, 0, rows));
}

/* ---- the maps ---- */

/* add_field: of a map of orders: that which begins with the guest that computes is the base. */
static void
add_field (GArray *rows, const MigConditions *conditions, const MigOrderField *field)
{
  gboolean first = mig_sequence_is_ascending (field->first, TRUE);
  const MigTimeDifference *d = &field->difference;
  const MigCaseSummary *base = first ? field->first : field->second;
  double percent = (first ? -100 : 100) / base->stats[MIG_METRIC_TOTAL_TIME].mean;

  if (first == mig_sequence_is_ascending (field->second, TRUE) || isnan (d->mean_s))
    return;
  add_row (rows, ROW_FIELD, mig_conditions_text (conditions, field->first), percent * d->mean_s,
           percent * (first ? d->high_s : d->low_s), percent * (first ? d->low_s : d->high_s));
}

/* add_fields: of a result's map, below a heading that tells which it is. */
static void
add_fields (GArray *rows, const MigReplication *self, guint set)
{
  const MigReplicationSet *of = self->sets->pdata[set];
  const GPtrArray *map = of->result->order_map;
  const char *scale = scale_of (self, set);
  guint heading = rows->len;

  if (map->len == 0)
    return;
  g_autoptr (MigConditions) conditions = mig_conditions_new (of->result);
  add_row (rows, ROW_FIELD,
           g_strdup_printf ("%s, %s%s [%u]", of->platform, scale ? "at " : "at full size",
                            scale ? scale : "", set + 1),
           NAN, NAN, NAN);
  for (guint i = 0; i < map->len; i++)
    add_field (rows, conditions, map->pdata[i]);
  if (rows->len == heading + 1)
    g_array_set_size (rows, heading);
}

static void
add_map (GPtrArray *figures, const MigReplication *self)
{
  g_autoptr (GArray) rows = rows_new ();

  for (guint i = 0; i < self->sets->len; i++)
    add_fields (rows, self, i);
  if (rows->len == 0)
    return;
  g_ptr_array_add (
      figures,
      draw ("map", WIDTH_OF_MAP, "Under which conditions is it longer?",
            "longer with the memory-updating guest first, %",
            "Total time of the migrations of both guests; right of 0 it is longer with the guest "
            "that updates memory first, as a share of the mean with the other one first. Bars: "
            "intervals that hold together for all conditions of a result with 95 %. Beside guests: "
            "what sends, or receives, shares the CPU of its host's guests; on other's CPU: that of "
            "the other host's guests; on any CPU: it is pinned to none; apart: it has one that no "
            "guest "
            "uses.",
            0, rows));
}

/* ---- ratios, which hardware cancels from ---- */

static void
add_ratios (GPtrArray *figures, const MigReplication *self)
{
  g_autoptr (GArray) rows = rows_new ();
  guint n_measured = 0;

  for (guint i = 0; i < mig_claims_count (); i++)
    {
      const MigClaim claim = mig_claim_at (i);
      if (claim.conclusion || strcmp (claim.unit, "1") != 0 || isnan (claim.paper))
        continue;
      add_row (rows, ROW_PAPER, g_strdup_printf ("%s: the paper", claim.subject), claim.paper, NAN,
               NAN);
      for (guint column = 0; column < self->table->columns->len; column++)
        {
          const MigClaimCell *cell = mig_claim_table_at (self->table, i, column);
          if (isnan (cell->finding.value))
            continue;
          n_measured++;
          add_row (rows, ROW_RESULT,
                   g_strdup_printf ("%s [%u]", (const char *) self->table->columns->pdata[column],
                                    cell->set + 1),
                   cell->finding.value, cell->finding.low, cell->finding.high);
        }
    }
  if (n_measured == 0)
    return;
  g_ptr_array_add (
      figures, draw ("ratios", WIDTH, "Ratios of two cases, the paper's and measured ones", "ratio",
                     "Ratios within the repetitions; bars: 95 % confidence interval of the mean "
                     "(Student's t).",
                     1, rows));
}

GPtrArray *
mig_replication_figures (const MigReplication *self)
{
  GPtrArray *figures = g_ptr_array_new_with_free_func (mig_figure_free);

  add_order (figures, self);
  add_map (figures, self);
  add_ratios (figures, self);
  return figures;
}
