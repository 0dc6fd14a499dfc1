/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/accuracy.h"
#include "report/number.h"

/* --- tables --- */

static void
add_within (MigGrid *grid, const MigPredictionCheck *check)
{
  if (check->coverage == MIG_COVERAGE_UNKNOWN)
    mig_grid_text (grid, NULL);
  else
    mig_grid_format (grid, "%s (%u of %u)", mig_coverage_text (check->coverage), check->n_covered,
                     check->measured.n);
}

/* add_check: the cells behind those that say what it is about. */
static void
add_check (MigGrid *grid, const MigPredictionCheck *check)
{
  mig_grid_text (grid, mig_quantity_info (check->quantity)->name);
  mig_grid_predicted (grid, check->predicted);
  mig_grid_stat (grid, &check->measured, 1, check->measured.n);
  mig_grid_count (grid, check->measured.n);
  add_within (grid, check);
  mig_grid_error (grid, check->error);
}

/* checks: a row per prediction of a migration, or of a case. */
static MigGrid *
checks (const MigAccuracy *accuracy, gboolean of_moves)
{
  static const char *const heads[] = { "", "predicted", "measured", "n", "within", "error", NULL };
  MigGrid *grid = mig_grid_new (of_moves ? "lllrrrlr" : "llrrrlr", NULL);

  mig_grid_text (grid, "case");
  if (of_moves)
    mig_grid_text (grid, "guest");
  for (guint i = 0; heads[i]; i++)
    mig_grid_text (grid, heads[i]);
  for (guint i = 0; i < accuracy->cases->len; i++)
    {
      const MigPredictionCase *of = accuracy->cases->pdata[i];
      for (guint j = 0; j < of->checks->len; j++)
        {
          const MigPredictionCheck *check = &g_array_index (of->checks, MigPredictionCheck, j);
          if ((check->guest != NULL) != of_moves)
            continue;
          mig_grid_text (grid, of->label);
          if (of_moves)
            mig_grid_text (grid, check->guest);
          add_check (grid, check);
        }
    }
  return grid;
}

static double
value_of (const MigPredictionCheck *check, gboolean measured)
{
  return measured ? check->measured.mean : check->predicted.value;
}

/* rank_of: among all cases by a prediction, or by what was measured: 1 is the best; missing: it has
 * none. */
static gint64
rank_of (const MigAccuracy *accuracy, const MigPredictionCheck *check, gboolean measured)
{
  gint64 rank = 1;

  if (!check || isnan (value_of (check, measured)))
    return MIG_MISSING_INT;
  for (guint i = 0; i < accuracy->cases->len; i++)
    {
      const MigPredictionCheck *other = mig_prediction_check_find (accuracy->cases->pdata[i], NULL,
                                                                   check->quantity);
      rank += other && value_of (other, measured) < value_of (check, measured);
    }
  return rank;
}

static MigGrid *
places (const MigAccuracy *accuracy)
{
  MigGrid *grid = mig_grid_new (
      "lrrl", (const char *const[]){ "case", "predicted", "measured", "order", NULL });

  for (guint i = 0; i < accuracy->cases->len; i++)
    {
      const MigPredictionCase *of = accuracy->cases->pdata[i];
      const MigPredictionCheck *check = mig_prediction_check_find (of, NULL,
                                                                   accuracy->ranking.quantity);
      mig_grid_text (grid, of->label);
      mig_grid_count (grid, rank_of (accuracy, check, FALSE));
      mig_grid_count (grid, rank_of (accuracy, check, TRUE));
      mig_grid_text (grid, of->order);
    }
  return grid;
}

static void
add_errors (MigGrid *grid, const char *of, const MigPredictionErrors *all)
{
  for (guint q = 0; q < MIG_N_QUANTITIES; q++)
    {
      const MigPredictionErrors *errors = &all[q];
      if (errors->n == 0 && errors->n_interval == 0)
        continue;
      mig_grid_text (grid, of);
      mig_grid_text (grid, mig_quantity_info (q)->name);
      mig_grid_count (grid, errors->n);
      mig_grid_percent (grid, errors->mean_absolute);
      if (errors->n_interval > 0)
        mig_grid_format (grid, "%u of %u", errors->n_covered, errors->n_interval);
      else
        mig_grid_text (grid, NULL);
    }
}

void
mig_accuracy_tabulate (MigBlock *section, const MigAccuracy *accuracy)
{
  MigGrid *errors = mig_grid_new ("llrrr",
                                  (const char *const[]){ "of", "", "n", "error", "within", NULL });

  add_errors (errors, "migrations", accuracy->of_moves);
  add_errors (errors, "cases", accuracy->of_cases);
  mig_block_table (mig_block_section (section, NULL,
                                      "Places of the cases by time, the shortest first, and what "
                                      "the plan calls them"),
                   places (accuracy));
  mig_block_table (mig_block_section (section, NULL,
                                      "Mean absolute error, and how many measured means lie in the "
                                      "predicted interval"),
                   errors);
  mig_block_table (mig_block_section (section, NULL, "Each case: sums over its sequence"),
                   checks (accuracy, FALSE));
  mig_block_table (mig_block_section (section, NULL, "Each migration"), checks (accuracy, TRUE));
  mig_block_paragraph (
      section, MIG_ROLE_META,
      "Seconds. In brackets: the 95 %% prediction interval. Measured: mean ± half of its 95 %% "
      "confidence interval. Within: whether that mean lies in the predicted interval, and how many "
      "of the single measurements do. Error: predicted less measured, in per cent of what was "
      "measured; of lost work, in per cent of the measured wall time. Downtime is the guest's, "
      "else by the events, else the hypervisor's figure.");
}

/* --- sentences --- */

/* add_model: where the predictions come from. */
static void
add_model (MigBlock *section, const MigAccuracy *accuracy)
{
  const char *model = ((const MigPredictionCase *) accuracy->cases->pdata[0])->model;

  for (guint i = 1; i < accuracy->cases->len; i++)
    if (g_strcmp0 (((const MigPredictionCase *) accuracy->cases->pdata[i])->model, model) != 0)
      {
        mig_block_item (section, "The predictions come from several models: predictions.csv.");
        return;
      }
  if (model)
    mig_block_item (section, "Predicted by: %s.", model);
}

static void
add_size (MigBlock *section, const MigPredictionErrors *all)
{
  g_autofree char *percent = mig_number (100 * all->mean_absolute, 1);

  if (all->n == 0)
    {
      mig_block_item (section, "Nothing measured yet.");
      return;
    }
  MigBlock *item = mig_block_item (
      section, "Times and downtimes of single migrations are off by %s %% on average (n = %u); ",
      percent, all->n);
  if (all->n_interval == 0)
    mig_block_span (item, "the predictions have no intervals.");
  else
    mig_block_span (item, "%u of %u measured means lie in their predicted intervals.",
                    all->n_covered, all->n_interval);
}

static void
add_best (MigBlock *section, const MigPredictionRanking *ranking)
{
  const char *name = mig_quantity_info (ranking->quantity)->name;
  const MigStat *difference = &ranking->difference;
  guint digits = mig_number_decimals (difference->mean);

  if (!ranking->predicted_best)
    return;
  if (ranking->best == MIG_BEST_ORDER_TIED)
    {
      mig_block_item (section,
                      "The model predicts %u of the %u cases alike as the best (%s): it does not "
                      "say which order to choose. The best measured one is %s.",
                      ranking->n_best, ranking->n, name, ranking->measured_best->label);
      return;
    }
  if (ranking->best == MIG_BEST_ORDER_SAME)
    {
      mig_block_item (
          section, "The best predicted order, %s, is also the best measured one (%s, of %u cases).",
          ranking->predicted_best->label, name, ranking->n);
      return;
    }
  g_autofree char *less = mig_number (difference->mean, digits);
  g_autofree char *low = mig_number (ranking->low_s, digits);
  g_autofree char *high = mig_number (ranking->high_s, digits);
  MigBlock *item = mig_block_item (section,
                                   "The best predicted order is %s, the best measured one %s: %s s "
                                   "less %s (n = %u)",
                                   ranking->predicted_best->label, ranking->measured_best->label,
                                   less, name, difference->n);
  if (ranking->best == MIG_BEST_ORDER_UNKNOWN)
    mig_block_span (item, ": too few repetitions to tell.");
  else
    mig_block_span (item, ", %s to %s s with 95 %%, whichever of the %u is measured best: %s", low,
                    high, ranking->n,
                    ranking->best == MIG_BEST_ORDER_ANOTHER ? "a difference is shown."
                                                            : "no difference is shown.");
}

void
mig_accuracy_summarise (MigBlock *section, const MigAccuracy *accuracy)
{
  const MigPredictionRanking *ranking = &accuracy->ranking;
  g_autofree char *rank = mig_number (ranking->rank, 2);

  add_model (section, accuracy);
  add_size (section, &accuracy->all);
  if (!isnan (ranking->rank))
    mig_block_item (section,
                    "Rank correlation (Spearman) of predicted and measured %s over %u cases: %s.",
                    mig_quantity_info (ranking->quantity)->name, ranking->n, rank);
  add_best (section, ranking);
}
