/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "model/prediction-ranking.h"
#include "summary/paired-time.h"

#define RANK_MIN 3 /* cases: two always agree or disagree wholly */
#define ERROR_RATE 0.05
#define TIED_SHARE 0.001

const char *
mig_best_order_id (guint best)
{
  static const char *const ids[] = { "unknown", "same", "no-difference", "another", "tied" };
  return ids[best];
}

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

  for (guint i = 0; i < self->checks->len; i++)
    {
      const MigPredictionCheck *check = &g_array_index (self->checks, MigPredictionCheck, i);
      if (check->guest && check->quantity == MIG_QUANTITY_TOTAL_TIME)
        g_ptr_array_add (names, (gpointer) check->guest);
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
compared (const GPtrArray *cases, const MigSummary *summary)
{
  for (guint i = 0; i < cases->len; i++)
    {
      const MigCaseSummary *study_case = mig_summary_find_case (
          summary, ((MigPredictionCase *) cases->pdata[i])->label);
      if (study_case && study_case->parallel)
        return MIG_QUANTITY_WALL_TIME;
    }
  return MIG_QUANTITY_TOTAL_TIME;
}

/* comparable: cases in which it was predicted and measured. */
static GPtrArray *
comparable (const GPtrArray *all, MigQuantity quantity)
{
  GPtrArray *cases = g_ptr_array_new ();

  for (guint i = 0; i < all->len; i++)
    {
      const MigPredictionCheck *check = mig_prediction_check_find (all->pdata[i], NULL, quantity);
      if (check && check->measured.n > 0)
        g_ptr_array_add (cases, all->pdata[i]);
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
      const MigPredictionCheck *check = mig_prediction_check_find (cases->pdata[i], NULL, quantity);
      values[i] = check->predicted.value;
      values[n + i] = check->measured.mean;
    }
  return n >= RANK_MIN ? gsl_stats_spearman (values, 1, values + n, 1, n, values + 2 * n) : NAN;
}

/* count_best: of which the prediction says the same. */
static guint
count_best (const MigPredictionRanking *self, const GPtrArray *cases)
{
  double least =
      mig_prediction_check_find (self->predicted_best, NULL, self->quantity)->predicted.value;
  guint n = 0;

  for (guint i = 0; i < cases->len; i++)
    n += mig_prediction_check_find (cases->pdata[i], NULL, self->quantity)->predicted.value <=
         least + TIED_SHARE * fabs (least);
  return n;
}

/* judge: which one was measured best is found from the same values: any of the others could have
 * been. */
static void
judge (MigPredictionRanking *self, const MigSummary *summary)
{
  const MigCaseSummary *fastest = mig_summary_find_case (summary, self->measured_best->label);
  const MigCaseSummary *best = mig_summary_find_case (summary, self->predicted_best->label);
  double error = ERROR_RATE / (self->n - 1);
  const MigTimeDifference d = self->quantity == MIG_QUANTITY_TOTAL_TIME
                                  ? mig_time_interval (summary, fastest, best, error)
                                  : mig_metric_difference (summary, MIG_METRIC_WALL_TIME, fastest,
                                                           best, error);

  self->low_s = d.low_s;
  self->high_s = d.high_s;
  self->best = self->n_best > 1                              ? MIG_BEST_ORDER_TIED
               : self->predicted_best == self->measured_best ? MIG_BEST_ORDER_SAME
               : isnan (d.low_s)                             ? MIG_BEST_ORDER_UNKNOWN
               : d.low_s > 0                                 ? MIG_BEST_ORDER_ANOTHER
                                                             : MIG_BEST_ORDER_NO_DIFFERENCE;
}

/* choose: the best by the prediction (of equal ones the best measured), and the best as measured.
 */
static void
choose (MigPredictionRanking *self, const GPtrArray *cases)
{
  const MigPredictionCheck *best = NULL, *fastest = NULL;

  for (guint i = 0; i < cases->len; i++)
    {
      const MigPredictionCheck *check = mig_prediction_check_find (cases->pdata[i], NULL,
                                                                   self->quantity);
      if (!best || check->predicted.value < best->predicted.value ||
          (check->predicted.value == best->predicted.value &&
           check->measured.mean < best->measured.mean))
        {
          best = check;
          self->predicted_best = cases->pdata[i];
        }
      if (!fastest || check->measured.mean < fastest->measured.mean)
        {
          fastest = check;
          self->measured_best = cases->pdata[i];
        }
    }
  mig_stat_clear (&self->difference);
  mig_stat_paired (&self->difference, &fastest->measured, &best->measured);
}

void
mig_prediction_ranking_init (MigPredictionRanking *self)
{
  mig_stat_init (&self->difference);
  self->low_s = self->high_s = NAN;
}

void
mig_prediction_ranking_clear (MigPredictionRanking *self)
{
  mig_stat_clear (&self->difference);
}

void
mig_prediction_ranking_compute (MigPredictionRanking *self, const GPtrArray *all,
                                const MigSummary *summary)
{
  self->quantity = compared (all, summary);
  g_autoptr (GPtrArray) cases = comparable (all, self->quantity);
  self->n = cases->len;
  self->rank = correlate (cases, self->quantity);
  if (cases->len < 2 || !same_guests (cases))
    return;
  choose (self, cases);
  self->n_best = count_best (self, cases);
  judge (self, summary);
}
