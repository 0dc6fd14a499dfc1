/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/prediction-check.h"

const char *
mig_coverage_text (MigCoverage coverage)
{
  static const char *const texts[] = { "-", "yes", "no" };
  return texts[coverage];
}

MigPredictionCase *
mig_prediction_case_new (const MigPredictionRecord *record)
{
  MigPredictionCase *self = g_new0 (MigPredictionCase, 1);

  *self = (MigPredictionCase){ record->case_label, record->order_name, record->model, FALSE,
                               g_array_new (FALSE, TRUE, sizeof (MigPredictionCheck)) };
  return self;
}

void
mig_prediction_case_free (gpointer data)
{
  MigPredictionCase *self = data;

  for (guint i = 0; i < self->checks->len; i++)
    mig_stat_clear (&g_array_index (self->checks, MigPredictionCheck, i).measured);
  g_array_unref (self->checks);
  g_free (self);
}

const MigPredictionCheck *
mig_prediction_check_find (const MigPredictionCase *self, const char *guest, MigQuantity quantity)
{
  for (guint i = 0; i < self->checks->len; i++)
    {
      const MigPredictionCheck *check = &g_array_index (self->checks, MigPredictionCheck, i);
      if (check->quantity == quantity && g_strcmp0 (check->guest, guest) == 0)
        return check;
    }
  return NULL;
}

/* --- what was measured --- */

static double
value_of (const MigMigrationSummary *m, MigQuantity quantity)
{
  switch (quantity)
    {
    case MIG_QUANTITY_START:
      return m->start_s;
    case MIG_QUANTITY_TOTAL_TIME:
      return m->total_s;
    case MIG_QUANTITY_DOWNTIME:
    case MIG_QUANTITY_WORST_DOWNTIME:
      return m->downtime_s;
    case MIG_QUANTITY_LOST_WORK:
      return m->lost_s;
    case MIG_QUANTITY_OUTAGE:
      return m->outage_s;
    case MIG_QUANTITY_STALL:
      return m->stall_s;
    default:
      return NAN;
    }
}

/* add_downtimes: a value per run: the sum over its migrations, or the worst; none where one is
 * missing. Rows of a run come together. */
static void
add_downtimes (const GPtrArray *migrations, gboolean worst, MigStat *stat)
{
  const MigMigrationSummary *last = NULL;
  double value = 0;

  for (guint i = 0; migrations && i < migrations->len; i++)
    {
      const MigMigrationSummary *m = migrations->pdata[i];
      if (last && last->run != m->run)
        {
          mig_stat_add (stat, last->run->run, last->run->repetition, value);
          value = 0;
        }
      if (isnan (m->downtime_s) || isnan (value))
        value = NAN;
      else
        value = worst ? fmax (value, m->downtime_s) : value + m->downtime_s;
      last = m;
    }
  if (last)
    mig_stat_add (stat, last->run->run, last->run->repetition, value);
}

static void
add_metric (const MigCaseSummary *study_case, MigMetric metric, MigStat *stat)
{
  const GArray *values = study_case->stats[metric].values;

  for (guint i = 0; i < values->len; i++)
    {
      const MigValue *value = &g_array_index (values, MigValue, i);
      mig_stat_add (stat, value->run, value->repetition, value->value);
    }
}

static void
measure_case (const MigMigrationIndex *index, const MigCaseSummary *study_case,
              MigPredictionCheck *check)
{
  switch (check->quantity)
    {
    case MIG_QUANTITY_TOTAL_TIME:
      add_metric (study_case, MIG_METRIC_TOTAL_TIME, &check->measured);
      break;
    case MIG_QUANTITY_WALL_TIME:
      add_metric (study_case, MIG_METRIC_WALL_TIME, &check->measured);
      break;
    case MIG_QUANTITY_LOST_WORK:
      add_metric (study_case, MIG_METRIC_LOST_ALL, &check->measured);
      break;
    default:
      add_downtimes (mig_migration_index_find (index, study_case->label, NULL),
                     check->quantity == MIG_QUANTITY_WORST_DOWNTIME, &check->measured);
    }
}

static void
measure_move (const MigMigrationIndex *index, const MigCaseSummary *study_case,
              MigPredictionCheck *check)
{
  const GPtrArray *migrations = mig_migration_index_find (index, study_case->label, check->guest);

  for (guint i = 0; migrations && i < migrations->len; i++)
    {
      const MigMigrationSummary *m = migrations->pdata[i];
      mig_stat_add (&check->measured, m->run->run, m->run->repetition,
                    value_of (m, check->quantity));
    }
}

/* --- the comparison --- */

static gboolean
lies_within (double value, const MigPredicted *predicted)
{
  return !(value < predicted->low) && !(value > predicted->high); /* an end that is not known: NaN
                                                                   */
}

static void
judge (MigPredictionCheck *check, double wall_s)
{
  const MigStat *stat = &check->measured;
  double whole = mig_quantity_info (check->quantity)->relative ? stat->mean
                 : check->quantity == MIG_QUANTITY_LOST_WORK   ? wall_s
                                                               : NAN;

  check->error = whole > 0 ? (check->predicted.value - stat->mean) / whole : NAN;
  check->coverage = MIG_COVERAGE_UNKNOWN;
  if (stat->n == 0 || (isnan (check->predicted.low) && isnan (check->predicted.high)))
    return;
  check->coverage = lies_within (stat->mean, &check->predicted) ? MIG_COVERAGE_YES
                                                                : MIG_COVERAGE_NO;
  for (guint i = 0; i < stat->values->len; i++)
    check->n_covered += lies_within (g_array_index (stat->values, MigValue, i).value,
                                     &check->predicted);
}

void
mig_prediction_case_measure (MigPredictionCase *self, const MigSummary *summary,
                             const MigMigrationIndex *index)
{
  const MigCaseSummary *study_case = mig_summary_find_case (summary, self->label);
  double wall_s = study_case ? study_case->stats[MIG_METRIC_WALL_TIME].mean : NAN;

  self->measured = study_case && study_case->n_sound > 0;
  for (guint i = 0; i < self->checks->len; i++)
    {
      MigPredictionCheck *check = &g_array_index (self->checks, MigPredictionCheck, i);
      if (study_case)
        (check->guest ? measure_move : measure_case) (index, study_case, check);
      mig_stat_compute (&check->measured);
      judge (check, wall_s);
    }
}
