/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/accuracy.h"

const char *
mig_coverage_text (MigCoverage within)
{
  static const char *const texts[] = { "-", "yes", "no" };
  return texts[within];
}

const char *
mig_best_order_id (guint best)
{
  static const char *const ids[] = { "unknown", "same", "no-difference", "another" };
  return ids[best];
}

static void
free_case (gpointer data)
{
  MigPredictionCase *self = data;

  for (guint i = 0; i < self->held->len; i++)
    mig_stat_clear (&g_array_index (self->held, MigPredictionCheck, i).measured);
  g_array_unref (self->held);
  g_free (self);
}

const MigPredictionCheck *
mig_prediction_check_find (const MigPredictionCase *self, const char *guest, MigQuantity quantity)
{
  for (guint i = 0; i < self->held->len; i++)
    {
      const MigPredictionCheck *held = &g_array_index (self->held, MigPredictionCheck, i);
      if (held->quantity == quantity && g_strcmp0 (held->guest, guest) == 0)
        return held;
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
    default:
      return NAN;
    }
}

/* add_downtimes: a value per run: the sum over its migrations, or the worst; none where one is
 * missing. Rows of a run come together. */
static void
add_downtimes (const MigSummary *summary, const char *label, gboolean worst, MigStat *stat)
{
  const MigMigrationSummary *last = NULL;
  double value = 0;

  for (guint i = 0; i < summary->migrations->len; i++)
    {
      const MigMigrationSummary *m = summary->migrations->pdata[i];
      if (!m->run->sound || g_strcmp0 (m->run->case_label, label) != 0)
        continue;
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
measure_case (const MigSummary *summary, const MigCaseSummary *study_case, MigPredictionCheck *held)
{
  switch (held->quantity)
    {
    case MIG_QUANTITY_TOTAL_TIME:
      add_metric (study_case, MIG_METRIC_TOTAL_TIME, &held->measured);
      break;
    case MIG_QUANTITY_WALL_TIME:
      add_metric (study_case, MIG_METRIC_WALL_TIME, &held->measured);
      break;
    case MIG_QUANTITY_LOST_WORK:
      add_metric (study_case, MIG_METRIC_LOST_ALL, &held->measured);
      break;
    default:
      add_downtimes (summary, study_case->label, held->quantity == MIG_QUANTITY_WORST_DOWNTIME,
                     &held->measured);
    }
}

static void
measure_move (const MigSummary *summary, const MigCaseSummary *study_case, MigPredictionCheck *held)
{
  for (guint i = 0; i < summary->migrations->len; i++)
    {
      const MigMigrationSummary *m = summary->migrations->pdata[i];
      if (m->run->sound && g_strcmp0 (m->run->case_label, study_case->label) == 0 &&
          g_strcmp0 (m->record->guest, held->guest) == 0)
        mig_stat_add (&held->measured, m->run->run, m->run->repetition,
                      value_of (m, held->quantity));
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
judge (MigPredictionCheck *held, double wall_s)
{
  const MigStat *stat = &held->measured;
  double whole = mig_quantity_info (held->quantity)->relative ? stat->mean
                 : held->quantity == MIG_QUANTITY_LOST_WORK   ? wall_s
                                                              : NAN;

  held->error = whole > 0 ? (held->predicted.value - stat->mean) / whole : NAN;
  held->within = MIG_COVERAGE_UNKNOWN;
  if (stat->n == 0 || (isnan (held->predicted.low) && isnan (held->predicted.high)))
    return;
  held->within = lies_within (stat->mean, &held->predicted) ? MIG_COVERAGE_YES : MIG_COVERAGE_NO;
  for (guint i = 0; i < stat->values->len; i++)
    held->n_within += lies_within (g_array_index (stat->values, MigValue, i).value,
                                   &held->predicted);
}

static void
hold_case (const MigSummary *summary, MigPredictionCase *self)
{
  const MigCaseSummary *study_case = mig_summary_find_case (summary, self->label);
  double wall_s = study_case ? study_case->stats[MIG_METRIC_WALL_TIME].mean : NAN;

  self->measured = study_case && study_case->n_sound > 0;
  for (guint i = 0; i < self->held->len; i++)
    {
      MigPredictionCheck *held = &g_array_index (self->held, MigPredictionCheck, i);
      if (study_case)
        (held->guest ? measure_move : measure_case) (summary, study_case, held);
      mig_stat_compute (&held->measured);
      judge (held, wall_s);
    }
}

static MigPredictionCase *
find_case (MigAccuracy *self, const MigPredictionRecord *record)
{
  for (guint i = 0; i < self->cases->len; i++)
    {
      MigPredictionCase *known = self->cases->pdata[i];
      if (g_strcmp0 (known->label, record->case_label) == 0)
        return known;
    }
  MigPredictionCase *added = g_new0 (MigPredictionCase, 1);
  *added = (MigPredictionCase){ record->case_label, record->order_name, record->model, FALSE,
                                g_array_new (FALSE, TRUE, sizeof (MigPredictionCheck)) };
  g_ptr_array_add (self->cases, added);
  return added;
}

static double
seconds (gint64 ns)
{
  return MIG_IS_MISSING (ns) ? NAN : (double) ns / MIG_NS_PER_S;
}

static void
add_record (MigAccuracy *self, const MigPredictionRecord *record)
{
  MigPredictionCheck held = { .guest = record->guest,
                              .predicted = { seconds (record->value_ns), seconds (record->low_ns),
                                             seconds (record->high_ns) } };

  if (!record->case_label || isnan (held.predicted.value) ||
      !mig_quantity_find (record->quantity, &held.quantity))
    return;
  const MigQuantityInfo *info = mig_quantity_info (held.quantity);
  if (!(held.guest ? info->of_move : info->of_case))
    return;
  MigPredictionCase *of = find_case (self, record);
  if (mig_prediction_check_find (of, held.guest, held.quantity))
    return;
  mig_stat_init (&held.measured);
  g_array_append_val (of->held, held);
}

/* --- over all cases --- */

static void
count (MigPredictionErrors *errors, const MigPredictionCheck *held)
{
  errors->n_interval += held->within != MIG_COVERAGE_UNKNOWN;
  errors->n_within += held->within == MIG_COVERAGE_YES;
  if (isnan (held->error))
    return;
  errors->mean_absolute += fabs (held->error); /* a sum until the end */
  errors->n++;
}

static void
divide (MigPredictionErrors *errors)
{
  errors->mean_absolute = errors->n > 0 ? errors->mean_absolute / errors->n : NAN;
}

static void
sum_up (MigAccuracy *self)
{
  for (guint i = 0; i < self->cases->len; i++)
    {
      const GArray *list = ((MigPredictionCase *) self->cases->pdata[i])->held;
      for (guint j = 0; j < list->len; j++)
        {
          const MigPredictionCheck *held = &g_array_index (list, MigPredictionCheck, j);
          count (&(held->guest ? self->of_moves : self->of_cases)[held->quantity], held);
          if (held->guest && mig_quantity_info (held->quantity)->relative)
            count (&self->all, held);
        }
    }
  for (guint q = 0; q < MIG_N_QUANTITIES; q++)
    {
      divide (&self->of_moves[q]);
      divide (&self->of_cases[q]);
    }
  divide (&self->all);
}

MigAccuracy *
mig_accuracy_new (const MigSummary *summary, const GPtrArray *records)
{
  MigAccuracy *self = g_new0 (MigAccuracy, 1);

  self->cases = g_ptr_array_new_with_free_func (free_case);
  mig_stat_init (&self->ranking.difference);
  for (guint i = 0; i < records->len; i++)
    add_record (self, records->pdata[i]);
  if (self->cases->len == 0)
    {
      mig_accuracy_free (self);
      return NULL;
    }
  for (guint i = 0; i < self->cases->len; i++)
    hold_case (summary, self->cases->pdata[i]);
  sum_up (self);
  mig_prediction_rank (self, summary);
  return self;
}

void
mig_accuracy_free (MigAccuracy *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->cases);
  mig_stat_clear (&self->ranking.difference);
  g_free (self);
}
