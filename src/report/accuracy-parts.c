/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/accuracy-parts.h"
#include "report/number.h"

static char *
show_percent (double ratio, gboolean sign)
{
  g_autofree char *number = mig_number (ratio * 100, 1);

  if (isnan (ratio))
    return g_strdup ("-");
  return g_strdup_printf ("%s%s %%", sign && ratio > 0 ? "+" : "", number);
}

static char *
show_within (const MigPredictionCheck *held)
{
  if (held->within == MIG_COVERAGE_UNKNOWN)
    return g_strdup ("-");
  return g_strdup_printf ("%s (%u of %u)", mig_coverage_text (held->within), held->n_within,
                          held->measured.n);
}

static void
add_heads (MigTextTable *table, const char *const *heads)
{
  for (guint i = 0; heads[i]; i++)
    mig_text_table_cell (table, heads[i]);
}

/* add_held: the cells behind those that say what it is about. */
static void
add_held (MigTextTable *table, const MigPredictionCheck *held)
{
  mig_text_table_cell (table, mig_quantity_info (held->quantity)->name);
  mig_text_table_add_owned (table, mig_number_predicted (held->predicted));
  mig_text_table_add_owned (table, mig_number_stat (&held->measured, 1, held->measured.n));
  mig_text_table_add_owned (table, g_strdup_printf ("%u", held->measured.n));
  mig_text_table_add_owned (table, show_within (held));
  mig_text_table_add_owned (table, show_percent (held->error, TRUE));
}

/* held_table: a row per prediction of a migration, or of a case. */
static MigTextTable *
held_table (const MigAccuracy *accuracy, gboolean of_moves)
{
  static const char *const heads[] = { "", "predicted", "measured", "n", "within", "error", NULL };
  MigTextTable *table = mig_text_table_new (of_moves ? "lllrrrlr" : "llrrrlr");

  mig_text_table_cell (table, "case");
  if (of_moves)
    mig_text_table_cell (table, "guest");
  add_heads (table, heads);
  for (guint i = 0; i < accuracy->cases->len; i++)
    {
      const MigPredictionCase *of = accuracy->cases->pdata[i];
      for (guint j = 0; j < of->held->len; j++)
        {
          const MigPredictionCheck *held = &g_array_index (of->held, MigPredictionCheck, j);
          if ((held->guest != NULL) != of_moves)
            continue;
          mig_text_table_cell (table, of->label);
          if (of_moves)
            mig_text_table_cell (table, held->guest);
          add_held (table, held);
        }
    }
  return table;
}

MigTextTable *
mig_accuracy_table_cases (const MigAccuracy *accuracy)
{
  return held_table (accuracy, FALSE);
}

MigTextTable *
mig_accuracy_table_moves (const MigAccuracy *accuracy)
{
  return held_table (accuracy, TRUE);
}

/* place_of: among all cases by a prediction, or by what was measured: 1 is the best; 0: it has
 * none. */
static guint
place_of (const MigAccuracy *accuracy, const MigPredictionCheck *held, gboolean measured)
{
  double own = measured ? held->measured.mean : held->predicted.value;
  guint place = 1;

  for (guint i = 0; i < accuracy->cases->len; i++)
    {
      const MigPredictionCheck *other = mig_prediction_check_find (accuracy->cases->pdata[i], NULL,
                                                                   held->quantity);
      place += other && (measured ? other->measured.mean : other->predicted.value) < own;
    }
  return isnan (own) ? 0 : place;
}

static void
add_place (MigTextTable *table, const MigAccuracy *accuracy, const MigPredictionCheck *held,
           gboolean measured)
{
  guint place = held ? place_of (accuracy, held, measured) : 0;
  mig_text_table_add_owned (table, place > 0 ? g_strdup_printf ("%u", place) : g_strdup ("-"));
}

MigTextTable *
mig_accuracy_table_places (const MigAccuracy *accuracy)
{
  static const char *const heads[] = { "case", "predicted", "measured", "order", NULL };
  MigTextTable *table = mig_text_table_new ("lrrl");

  add_heads (table, heads);
  for (guint i = 0; i < accuracy->cases->len; i++)
    {
      const MigPredictionCase *of = accuracy->cases->pdata[i];
      const MigPredictionCheck *held = mig_prediction_check_find (of, NULL,
                                                                  accuracy->ranking.quantity);
      mig_text_table_cell (table, of->label);
      add_place (table, accuracy, held, FALSE);
      add_place (table, accuracy, held, TRUE);
      mig_text_table_cell (table, of->order ? of->order : "-");
    }
  return table;
}

static void
add_errors (MigTextTable *table, const char *of, const char *name,
            const MigPredictionErrors *errors)
{
  if (errors->n == 0 && errors->n_interval == 0)
    return;
  mig_text_table_cell (table, of);
  mig_text_table_cell (table, name);
  mig_text_table_add_owned (table, g_strdup_printf ("%u", errors->n));
  mig_text_table_add_owned (table, show_percent (errors->mean_absolute, FALSE));
  mig_text_table_add_owned (table,
                            errors->n_interval > 0
                                ? g_strdup_printf ("%u of %u", errors->n_within, errors->n_interval)
                                : g_strdup ("-"));
}

MigTextTable *
mig_accuracy_table_errors (const MigAccuracy *accuracy)
{
  static const char *const heads[] = { "of", "", "n", "error", "within", NULL };
  MigTextTable *table = mig_text_table_new ("llrrr");

  add_heads (table, heads);
  for (guint q = 0; q < MIG_N_QUANTITIES; q++)
    add_errors (table, "migrations", mig_quantity_info (q)->name, &accuracy->of_moves[q]);
  for (guint q = 0; q < MIG_N_QUANTITIES; q++)
    add_errors (table, "cases", mig_quantity_info (q)->name, &accuracy->of_cases[q]);
  return table;
}

/* --- sentences --- */

static char *
size_line (const MigAccuracy *accuracy)
{
  const MigPredictionErrors *all = &accuracy->all;
  g_autofree char *percent = show_percent (all->mean_absolute, FALSE);

  if (all->n == 0)
    return g_strdup ("Nothing of it has been measured yet.");
  if (all->n_interval == 0)
    return g_strdup_printf ("Times and downtimes of single migrations are off by %s on average (n "
                            "= %u); the predictions "
                            "have no intervals.",
                            percent, all->n);
  return g_strdup_printf ("Times and downtimes of single migrations are off by %s on average (n = "
                          "%u); %u of %u measured "
                          "means lie in their predicted intervals.",
                          percent, all->n, all->n_within, all->n_interval);
}

static char *
rank_line (const MigPredictionRanking *ranking)
{
  g_autofree char *rank = mig_number (ranking->rank, 2);

  if (isnan (ranking->rank))
    return NULL;
  return g_strdup_printf (
      "Rank correlation (Spearman) of predicted and measured %s over %u cases: %s.",
      mig_quantity_info (ranking->quantity)->name, ranking->n, rank);
}

static char *
best_line (const MigPredictionRanking *ranking)
{
  const char *name = mig_quantity_info (ranking->quantity)->name;
  const MigStat *difference = &ranking->difference;

  if (!ranking->predicted_best)
    return NULL;
  if (ranking->best == MIG_BEST_ORDER_SAME)
    return g_strdup_printf (
        "The order predicted best, %s, is the one that was measured best (%s, of %u cases).",
        ranking->predicted_best->label, name, ranking->n);
  g_autofree char *less = mig_number (difference->mean, mig_number_decimals (difference->mean));
  g_autofree char *interval = mig_number_interval (difference, 1,
                                                   mig_number_decimals (difference->mean));
  return g_strdup_printf (
      "The order predicted best is %s, the one measured best %s: %s s less of %s, 95 %% interval "
      "%s (n = %u)%s",
      ranking->predicted_best->label, ranking->measured_best->label, less, name, interval,
      difference->n,
      ranking->best == MIG_BEST_ORDER_NO_DIFFERENCE ? ": no difference is shown."
      : ranking->best == MIG_BEST_ORDER_ANOTHER     ? ": a difference is shown."
                                                    : ": too few repetitions to tell.");
}

/* model_line: where the predictions come from, where all are of one. */
static char *
model_line (const MigAccuracy *accuracy)
{
  const char *model = ((const MigPredictionCase *) accuracy->cases->pdata[0])->model;

  for (guint i = 1; i < accuracy->cases->len; i++)
    if (g_strcmp0 (((const MigPredictionCase *) accuracy->cases->pdata[i])->model, model) != 0)
      return g_strdup ("The predictions come from several models: predictions.csv.");
  return model ? g_strdup_printf ("Predicted by: %s.", model) : NULL;
}

GPtrArray *
mig_accuracy_lines (const MigAccuracy *accuracy)
{
  char *const lines[] = { model_line (accuracy), size_line (accuracy),
                          rank_line (&accuracy->ranking), best_line (&accuracy->ranking) };
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (lines[i])
      g_ptr_array_add (list, lines[i]);
  return list;
}
