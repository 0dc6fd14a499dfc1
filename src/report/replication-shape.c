/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "paper/table-shape.h"
#include "report/number.h"
#include "report/replication.h"
#include "summary/experiments.h"
#include "summary/inference.h"

/* Whether results have the same shape, whatever their seconds: total times of two guests that move
 * as multiples of that of cc, within the repetitions. */

static const MigPaperCase roles[] = { MIG_PAPER_CM, MIG_PAPER_MC, MIG_PAPER_MM };
static const char *const names[] = { "cm / cc", "mc / cc", "mm / cc" };

typedef struct {
  const MigReplicationSet *set;
  guint number;
  double cc_s;
  MigStat ratios[G_N_ELEMENTS (roles)];
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

static const MigStat *
time_of (const MigSummary *part, MigPaperCase role)
{
  return mig_case_stat (mig_paper_case (part, role, MIG_METRIC_TOTAL_TIME), MIG_METRIC_TOTAL_TIME,
                        NULL);
}

/* add_shape: of a result's part that is like the paper's, where it has one. */
static void
add_shape (GArray *shapes, const MigReplicationSet *set, guint number)
{
  g_autoptr (GPtrArray) parts = mig_summary_by_experiment (set->result->summary);

  for (guint i = 0; i < parts->len; i++)
    {
      const MigSummary *part = parts->pdata[i];
      if (!mig_paper_is_load_balancing (part))
        continue;
      const MigStat *cc = time_of (part, MIG_PAPER_CC);
      Shape shape = { .set = set, .number = number, .cc_s = cc->mean };
      for (guint k = 0; k < G_N_ELEMENTS (roles); k++)
        mig_stat_combined (&shape.ratios[k], time_of (part, roles[k]), cc, a_per_b);
      g_array_append_val (shapes, shape);
      return;
    }
}

static MigGrid *
grid_of (const GArray *shapes)
{
  MigGrid *grid = mig_grid_new ("llrrrrr", NULL);

  mig_grid_text (grid, "result");
  mig_grid_text (grid, "size");
  mig_grid_text (grid, "cc, s");
  for (guint k = 0; k < G_N_ELEMENTS (names); k++)
    mig_grid_text (grid, names[k]);
  mig_grid_text (grid, "n");
  for (guint i = 0; i < shapes->len; i++)
    {
      const Shape *shape = &g_array_index (shapes, Shape, i);
      const char *scale = shape->set->result->manifest.scale;
      mig_grid_format (grid, "%s [%u]", shape->set->platform, shape->number);
      mig_grid_text (grid, scale ? scale : "full");
      mig_grid_measure (grid, shape->cc_s);
      for (guint k = 0; k < G_N_ELEMENTS (roles); k++)
        mig_grid_stat (grid, &shape->ratios[k], 1, shape->ratios[k].n);
      mig_grid_count (grid, shape->ratios[0].n);
    }
  return grid;
}

/* add_comparison: of two results of one platform at different sizes. */
static void
add_comparison (MigBlock *section, const Shape *a, const Shape *b)
{
  for (guint k = 0; k < G_N_ELEMENTS (roles); k++)
    {
      MigWelch welch;
      mig_welch (&welch, &a->ratios[k], &b->ratios[k], 1);
      if (isnan (welch.low))
        continue;
      const MigStat interval = { .ci_low = welch.low, .ci_high = welch.high };
      g_autofree char *difference = mig_number (fabs (welch.difference), 2);
      g_autofree char *ends = mig_number_interval (&interval, 1, 2);
      mig_block_item (section, "%s, %s: %s %s in [%u] than in [%u] (%s): %s.", a->set->platform,
                      names[k], difference, welch.difference < 0 ? "less" : "more", b->number,
                      a->number, ends,
                      welch.low > 0 || welch.high < 0 ? "not the same" : "no difference shown");
    }
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
        if (strcmp (a->set->platform, b->set->platform) == 0 &&
            g_strcmp0 (a->set->result->manifest.scale, b->set->result->manifest.scale) != 0)
          add_comparison (section, a, b);
      }
  mig_block_paragraph (
      section, MIG_ROLE_META,
      "Total time of two guests that move, as a multiple of that of cc in the same "
      "repetition; of results of one platform at two sizes the difference, with "
      "Welch's 95 %% interval. The paper gives mm / cc alone: 2.80.");
}
