/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "model/accuracy.h"

/* Does the plan put the cases into the order in which they were measured? */

#define RANK_MIN 3 /* cases: two always agree or disagree wholly */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* guests_of: who moves in a case, in whatever order. */
static char *
guests_of (const MigPredictionCase *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < self->held->len; i++)
    {
      const MigPredictionCheck *held = &g_array_index (self->held, MigPredictionCheck, i);
      if (held->guest && held->quantity == MIG_QUANTITY_TOTAL_TIME)
        g_ptr_array_add (names, (gpointer) held->guest);
    }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return g_strjoinv ("\n", (char **) names->pdata);
}

static gboolean
same_guests (const GPtrArray *cases)
{
  g_autofree char *first = cases->len > 0 ? guests_of (cases->pdata[0]) : NULL;

  for (guint i = 1; i < cases->len; i++)
    {
      g_autofree char *other = guests_of (cases->pdata[i]);
      if (g_strcmp0 (first, other) != 0)
        return FALSE;
    }
  return TRUE;
}

static MigQuantity
compared (const MigAccuracy *self, const MigSummary *summary)
{
  for (guint i = 0; i < self->cases->len; i++)
    {
      const MigCaseSummary *study_case = mig_summary_find_case (
          summary, ((MigPredictionCase *) self->cases->pdata[i])->label);
      if (study_case && study_case->parallel)
        return MIG_QUANTITY_WALL_TIME;
    }
  return MIG_QUANTITY_TOTAL_TIME;
}

/* comparable: cases in which it was predicted and measured. */
static GPtrArray *
comparable (const MigAccuracy *self, MigQuantity quantity)
{
  GPtrArray *cases = g_ptr_array_new ();

  for (guint i = 0; i < self->cases->len; i++)
    {
      const MigPredictionCheck *held = mig_prediction_check_find (self->cases->pdata[i], NULL,
                                                                  quantity);
      if (held && held->measured.n > 0)
        g_ptr_array_add (cases, self->cases->pdata[i]);
    }
  return cases;
}

static double
correlate (const GPtrArray *cases, MigQuantity quantity)
{
  guint n = cases->len;
  g_autofree double *values = g_new (double, 4 * n + 1);

  for (guint i = 0; i < n; i++)
    {
      const MigPredictionCheck *held = mig_prediction_check_find (cases->pdata[i], NULL, quantity);
      values[i] = held->predicted.value;
      values[n + i] = held->measured.mean;
    }
  return n >= RANK_MIN ? gsl_stats_spearman (values, 1, values + n, 1, n, values + 2 * n) : NAN;
}

/* choose: the best by the prediction (of equal ones the best measured), and the best as measured.
 */
static void
choose (MigPredictionRanking *self, const GPtrArray *cases)
{
  const MigPredictionCheck *best = NULL, *fastest = NULL;

  for (guint i = 0; i < cases->len; i++)
    {
      const MigPredictionCheck *held = mig_prediction_check_find (cases->pdata[i], NULL,
                                                                  self->quantity);
      if (!best || held->predicted.value < best->predicted.value ||
          (held->predicted.value == best->predicted.value &&
           held->measured.mean < best->measured.mean))
        {
          best = held;
          self->predicted_best = cases->pdata[i];
        }
      if (!fastest || held->measured.mean < fastest->measured.mean)
        {
          fastest = held;
          self->measured_best = cases->pdata[i];
        }
    }
  mig_stat_clear (&self->difference);
  mig_stat_paired (&self->difference, &fastest->measured, &best->measured);
  self->best = self->predicted_best == self->measured_best ? MIG_BEST_ORDER_SAME
               : self->difference.n < 2                    ? MIG_BEST_ORDER_UNKNOWN
               : self->difference.ci_low > 0               ? MIG_BEST_ORDER_ANOTHER
                                                           : MIG_BEST_ORDER_NO_DIFFERENCE;
}

void
mig_prediction_rank (MigAccuracy *self, const MigSummary *summary)
{
  MigPredictionRanking *ranking = &self->ranking;

  ranking->quantity = compared (self, summary);
  g_autoptr (GPtrArray) cases = comparable (self, ranking->quantity);
  ranking->n = cases->len;
  ranking->rank = correlate (cases, ranking->quantity);
  if (cases->len > 1 && same_guests (cases))
    choose (ranking, cases);
}
