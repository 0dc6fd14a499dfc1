/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "paper/equivalence.h"
#include "paper/table-shape.h"
#include "report/number.h"
#include "report/replication.h"
#include "results/facts.h"
#include "summary/experiments.h"
#include "summary/power.h"

/* Whether results have the same shape, whatever their seconds: total times of two guests that move
 * as multiples of that of cc, within the repetitions. And how much repetitions of a case differ. */

static const MigPaperCase roles[] = { MIG_PAPER_CM, MIG_PAPER_MC, MIG_PAPER_MM };
static const char *const names[] = { "cm / cc", "mc / cc", "mm / cc" };

typedef struct {
  const MigReplicationSet *set;
  guint number;
  double cc_s;
  MigStat ratios[G_N_ELEMENTS (roles)]; /* without values: it lacks the case */
} Shape;

static void
clear_shape (gpointer data)
{
  Shape *shape = data;

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    mig_stat_clear (&shape->ratios[i]);
}

static double
a_per_b (double a, double b)
{
  return a / b;
}

/* find_time: of one of the paper's cases of two guests; NULL: it was not measured. */
static const MigStat *
find_time (const MigReplicationSet *set, MigPaperCase role)
{
  g_autoptr (GPtrArray) parts = mig_summary_by_experiment (set->result->summary);

  for (guint i = 0; i < parts->len; i++)
    {
      const MigSummary *part = parts->pdata[i];
      const MigCaseSummary *of = mig_paper_shape (part) & MIG_PAPER_BALANCING
                                     ? mig_paper_case (part, role, MIG_METRIC_TOTAL_TIME)
                                     : NULL;
      if (of && of->stats[MIG_METRIC_TOTAL_TIME].n > 0)
        return &of->stats[MIG_METRIC_TOTAL_TIME];
    }
  return NULL;
}

static guint
most_repetitions (const Shape *shape)
{
  guint most = 0;

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    most = MAX (most, shape->ratios[i].n);
  return most;
}

/* add_shape: of a result that has cc and another of its cases. */
static void
add_shape (GArray *shapes, const MigReplicationSet *set, guint number)
{
  const MigStat *cc = find_time (set, MIG_PAPER_CC);
  Shape shape = { .set = set, .number = number, .cc_s = cc ? cc->mean : NAN };

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      const MigStat *of = cc ? find_time (set, roles[i]) : NULL;
      if (of)
        mig_stat_combined (&shape.ratios[i], of, cc, a_per_b);
      else
        mig_stat_init (&shape.ratios[i]);
    }
  if (most_repetitions (&shape) > 0)
    g_array_append_val (shapes, shape);
  else
    clear_shape (&shape);
}

/* add_result: a row's first cells: which result, at which scale, of guests that began how. */
static void
add_result (MigGrid *grid, const MigReplicationSet *set, guint number)
{
  const char *scale = set->result->manifest.scale;

  mig_grid_format (grid, "%s [%u]", set->platform, number);
  mig_grid_text (grid, scale ? scale : "1");
  mig_grid_text (grid, mig_replication_start (set));
}

static MigGrid *
grid_of (const GArray *shapes)
{
  static const char *const headings[] = { "result", "scale", "guests", "cc, s", NULL };
  MigGrid *grid = mig_grid_new ("lllrrrrr", headings);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    mig_grid_text (grid, names[i]);
  mig_grid_text (grid, "n");
  for (guint i = 0; i < shapes->len; i++)
    {
      const Shape *shape = &g_array_index (shapes, Shape, i);
      guint n = most_repetitions (shape);
      add_result (grid, shape->set, shape->number);
      mig_grid_measure (grid, shape->cc_s);
      for (guint k = 0; k < G_N_ELEMENTS (roles); k++)
        mig_grid_stat (grid, &shape->ratios[k], 1, n);
      mig_grid_count (grid, n);
    }
  return grid;
}

/* append_need: of which result how many more repetitions would decide it. */
static void
append_need (GString *text, gint64 more, guint number)
{
  if (MIG_IS_MISSING (more) || more == 0)
    return;
  g_string_append_printf (text, "%s%" G_GINT64_FORMAT " more of [%u]",
                          strchr (text->str, ',') ? " and " : ", about ", more, number);
}

static char *
verdict_text (const MigEquivalence *test, const Shape *a, const Shape *b)
{
  if (test->verdict == MIG_EQUIVALENCE_SAME)
    return g_strdup_printf ("the same within %.0f %%", 100 * MIG_PAPER_MARGIN);
  if (test->verdict == MIG_EQUIVALENCE_DIFFERENT)
    return g_strdup ("not the same");
  if (test->more_a == MIG_POWER_MOST_RUNS)
    return g_strdup ("undecided, no affordable number more");
  GString *text = g_string_new ("undecided");
  append_need (text, test->more_a, a->number);
  append_need (text, test->more_b, b->number);
  return g_string_free (text, FALSE);
}

/* add_comparison: of two results of one platform at different scales. */
static void
add_comparison (MigBlock *section, const Shape *a, const Shape *b)
{
  for (guint k = 0; k < G_N_ELEMENTS (roles); k++)
    {
      const MigEquivalence test = mig_equivalence_test (&a->ratios[k], &b->ratios[k]);
      if (test.verdict == MIG_EQUIVALENCE_UNKNOWN)
        continue;
      const MigStat interval = { .ci_low = test.welch.low, .ci_high = test.welch.high };
      g_autofree char *difference = mig_number (fabs (test.welch.difference), 2);
      g_autofree char *ends = mig_number_interval (&interval, 1, 2);
      g_autofree char *verdict = verdict_text (&test, a, b);
      mig_block_item (section, "%s, %s: %s %s in [%u] than in [%u] (%s): %s.", a->set->platform,
                      names[k], difference, test.welch.difference < 0 ? "less" : "more", b->number,
                      a->number, ends, verdict);
    }
}

/* start_alike: guests of a mixed result began in one way in one case and in another in the next. */
static gboolean
start_alike (const Shape *a, const Shape *b)
{
  const char *start = mig_replication_start (a->set);

  return g_strcmp0 (start, mig_replication_start (b->set)) == 0 &&
         g_strcmp0 (start, MIG_START_MIXED) != 0;
}

/* are_alike: the lab's guests got their CPUs in the same way, and all came to be in the same way,
 * without which their times cannot be compared. */
static gboolean
are_alike (const Shape *a, const Shape *b)
{
  return start_alike (a, b) &&
         g_strcmp0 (mig_fact_find (a->set->result->environment, MIG_FACT_LAB_CPU_SHARING, NULL),
                    mig_fact_find (b->set->result->environment, MIG_FACT_LAB_CPU_SHARING, NULL)) ==
             0;
}

void
mig_replication_add_shapes (MigBlock *body, const MigReplication *self)
{
  g_autoptr (GArray) shapes = g_array_new (FALSE, FALSE, sizeof (Shape));

  g_array_set_clear_func (shapes, clear_shape);
  for (guint i = 0; i < self->n_testing; i++)
    add_shape (shapes, self->sets->pdata[i], i + 1);
  if (shapes->len < 2)
    return;
  MigBlock *section = mig_block_section (body, "shape", "The same shape at another size?");
  mig_block_table (section, grid_of (shapes));
  for (guint i = 0; i < shapes->len; i++)
    for (guint k = i + 1; k < shapes->len; k++)
      {
        const Shape *a = &g_array_index (shapes, Shape, i), *b = &g_array_index (shapes, Shape, k);
        if (strcmp (a->set->platform, b->set->platform) == 0 && are_alike (a, b) &&
            g_strcmp0 (a->set->result->manifest.scale, b->set->result->manifest.scale) != 0)
          add_comparison (section, a, b);
      }
  mig_block_paragraph (
      section, MIG_ROLE_META,
      "Total time of two guests that move, as a multiple of that of cc in the same repetition; of "
      "results of one platform at two scales, whose guests came to be in the same way, the "
      "difference, with Welch's 95 %% interval. (One that has just booted takes longer to send: "
      "its host has yet to find the memory that it never used; a restored one that computes sends "
      "little but its kernel's, which no scale changes.) The same: that interval lies "
      "within %.0f %% of the larger multiple; not the same: it excludes 0; else "
      "undecided, with the repetitions that would decide it with a chance of 80 %% if it is as it "
      "seems. The paper gives mm / cc alone: 2.80.",
      100 * MIG_PAPER_MARGIN);
}

/* ---- how much repetitions differ ---- */

static const MigPaperCase all_roles[] = { MIG_PAPER_CC, MIG_PAPER_CM, MIG_PAPER_MC, MIG_PAPER_MM };

/* add_scatter: of a result that has two repetitions of one of the cases. */
static void
add_scatter (MigGrid *grid, const MigReplicationSet *set, guint number)
{
  const MigStat *times[G_N_ELEMENTS (all_roles)];
  gboolean any = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (all_roles); i++)
    {
      times[i] = find_time (set, all_roles[i]);
      any |= times[i] && !isnan (times[i]->cv);
    }
  if (!any)
    return;
  add_result (grid, set, number);
  for (guint i = 0; i < G_N_ELEMENTS (all_roles); i++)
    {
      g_autofree char *share = times[i] ? mig_number (100 * times[i]->cv, 1) : NULL;
      if (times[i])
        mig_grid_format (grid, "%s (n=%u)", share, times[i]->n);
      else
        mig_grid_text (grid, NULL);
    }
}

void
mig_replication_add_scatter (MigBlock *body, const MigReplication *self)
{
  static const char *const headings[] = { "result", "scale", "guests", "cc, %",
                                          "cm, %",  "mc, %", "mm, %",  NULL };
  g_autoptr (MigGrid) grid = mig_grid_new ("lllrrrr", headings);

  for (guint i = 0; i < self->n_testing; i++)
    add_scatter (grid, self->sets->pdata[i], i + 1);
  if (mig_grid_rows (grid) == 1)
    return;
  MigBlock *section = mig_block_section (body, "scatter", "How much repetitions differ");
  mig_block_table (section, g_steal_pointer (&grid));
  mig_block_paragraph (section, MIG_ROLE_META,
                       "Coefficient of variation of the total time: standard deviation of a case's "
                       "repetitions, as a share of their mean; n: how many there are.");
}
