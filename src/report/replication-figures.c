/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/figure.h"
#include "report/replication.h"
#include "report/svg.h"
#include "summary/experiments.h"
#include "summary/sequences.h"

/* Forest plots: a row for each result, its value and interval beside a line where neither of two
 * is the larger. */

#define WIDTH 720
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
      if (row->kind != kind)
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
draw (const char *id, const char *heading, const char *x_title, const char *caption, double line,
      const GArray *rows)
{
  MigFigure *figure = mig_figure_new (NULL, id, NULL, g_strdup (heading), WIDTH,
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

static const MigPaperRow *
find_row (const MigReplicationSet *set, guint fact)
{
  for (guint i = 0; set->rows && i < set->rows->len; i++)
    {
      const MigPaperRow *row = &g_array_index (set->rows, MigPaperRow, i);
      if (row->fact == fact && !isnan (row->here))
        return row;
    }
  return NULL;
}

/* add_paper_order: it gives no time of cm alone: half of cc and mm together less half of the
 * difference stands for it. */
static void
add_paper_order (GArray *rows)
{
  double cc = mig_paper_fact (find_fact ("6", "total time, cc")).paper,
         mm = mig_paper_fact (find_fact ("6", "total time, mm")).paper,
         difference = mig_paper_fact (find_fact ("6", "total time, mc less cm")).paper;

  add_row (rows, ROW_PAPER, g_strdup ("the paper, Xen 4.4"),
           100 * difference / ((cc + mm) / 2 - difference / 2), NAN, NAN);
}

static void
add_set_order (GArray *rows, const MigReplicationSet *set, guint number)
{
  const MigPaperRow *row = find_row (set, find_fact ("6", "total time, mc less cm"));

  if (!row)
    return;
  const MigCaseSummary *cm = mig_summary_find_case (set->result->summary, row->case_b);
  double percent = 100 / cm->stats[MIG_METRIC_TOTAL_TIME].mean;
  g_autofree char *study = mig_manifest_study (&set->result->manifest);
  add_row (rows, ROW_RESULT, g_strdup_printf ("%s: %s [%u]", set->platform, study, number),
           percent * row->here, percent * row->low, percent * row->high);
}

/* conditions_of: values of what is swept, or what that is. The caller frees it. */
static char *
conditions_of (const MigCaseSummary *study_case, gboolean values)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < study_case->parameters->len; i++)
    {
      const MigParameterRecord *parameter = study_case->parameters->pdata[i];
      if (mig_parameter_is_experiment (parameter) || !parameter->parameter || !parameter->value)
        continue;
      const char *dot = strchr (parameter->parameter, '.');
      const char *name = dot ? dot + 1 : parameter->parameter;
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                              values ? parameter->value : name);
    }
  return g_string_free (text, FALSE);
}

/* add_field: of a map of orders: that which begins with the guest that computes is the base. */
static void
add_field (GArray *rows, guint number, const MigOrderField *field)
{
  gboolean first = mig_sequence_is_ascending (field->first, TRUE);
  const MigTimeDifference *d = &field->difference;
  const MigCaseSummary *base = first ? field->first : field->second;
  double percent = (first ? -100 : 100) / base->stats[MIG_METRIC_TOTAL_TIME].mean;
  g_autofree char *conditions = conditions_of (field->first, TRUE);

  if (first == mig_sequence_is_ascending (field->second, TRUE) || isnan (d->mean_s))
    return;
  add_row (rows, ROW_FIELD, g_strdup_printf ("%s [%u]", conditions, number), percent * d->mean_s,
           percent * (first ? d->high_s : d->low_s), percent * (first ? d->low_s : d->high_s));
}

/* order_caption: with what the maps sweep. */
static char *
order_caption (const MigReplication *self)
{
  GString *text = g_string_new (
      "Total time of the migrations of both guests; right of 0 c first is cheaper. Bars: 95 % "
      "confidence interval of the difference within the repetitions, as a share of the mean of c "
      "first. The paper gives no time of cm alone: half of cc and mm together stands for the mean "
      "of cm and mc.");

  for (guint i = 0; i < self->sets->len; i++)
    {
      const MigReplicationSet *set = self->sets->pdata[i];
      const GPtrArray *map = set->result->order_map;
      if (map->len == 0)
        continue;
      g_autofree char *names = conditions_of (((MigOrderField *) map->pdata[0])->first, FALSE);
      g_string_append_printf (
          text, " Squares: the map of [%u], by %s; its intervals hold together.", i + 1, names);
    }
  return g_string_free (text, FALSE);
}

static void
add_order (GPtrArray *figures, const MigReplication *self)
{
  g_autoptr (GArray) rows = rows_new ();

  add_paper_order (rows);
  for (guint i = 0; i < self->sets->len; i++)
    {
      const MigReplicationSet *set = self->sets->pdata[i];
      add_set_order (rows, set, i + 1);
      for (guint k = 0; k < set->result->order_map->len; k++)
        add_field (rows, i + 1, set->result->order_map->pdata[k]);
    }
  if (rows->len == 1)
    return;
  g_autofree char *caption = order_caption (self);
  g_ptr_array_add (
      figures,
      draw ("order", "Which first: the guest that computes (c) or the one that updates memory (m)?",
            "m first above c first, %", caption, 0, rows));
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
      figures, draw ("ratios", "Ratios of two cases, the paper's and measured ones", "ratio",
                     "Ratios within the repetitions; bars: 95 % confidence interval of the mean "
                     "(Student's t).",
                     1, rows));
}

GPtrArray *
mig_replication_figures (const MigReplication *self)
{
  GPtrArray *figures = g_ptr_array_new_with_free_func (mig_figure_free);

  add_order (figures, self);
  add_ratios (figures, self);
  return figures;
}
