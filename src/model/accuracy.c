/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/accuracy.h"

/* --- the predictions --- */

/* What is put together while records are read. */
typedef struct {
  MigAccuracy *accuracy;
  GHashTable *cases;  /* label -> MigPredictionCase */
  GHashTable *checks; /* "CASE QUANTITY GUEST": those that are there already */
} Reading;

static MigPredictionCase *
find_case (Reading *reading, const MigPredictionRecord *record)
{
  MigPredictionCase *found = g_hash_table_lookup (reading->cases, record->case_label);

  if (found)
    return found;
  found = mig_prediction_case_new (record);
  g_ptr_array_add (reading->accuracy->cases, found);
  g_hash_table_insert (reading->cases, record->case_label, found);
  return found;
}

static char *
check_key (const MigPredictionRecord *record)
{
  return g_strdup_printf ("%s\x1f%s\x1f%s", record->case_label, record->quantity,
                          record->guest ? record->guest : "\x1f");
}

static void
add_record (Reading *reading, const MigPredictionRecord *record)
{
  MigPredictionCheck check = { .guest = record->guest,
                               .predicted = { mig_units_seconds (record->value_ns),
                                              mig_units_seconds (record->low_ns),
                                              mig_units_seconds (record->high_ns) } };

  if (!record->case_label || isnan (check.predicted.value) ||
      !mig_quantity_find (record->quantity, &check.quantity))
    return;
  const MigQuantityInfo *info = mig_quantity_info (check.quantity);
  if (!(check.guest ? info->of_move : info->of_case))
    return;
  MigPredictionCase *of = find_case (reading, record);
  if (!g_hash_table_add (reading->checks, check_key (record)))
    return;
  mig_stat_init (&check.measured);
  g_array_append_val (of->checks, check);
}

static void
add_records (MigAccuracy *self, const GPtrArray *records)
{
  g_autoptr (GHashTable) cases = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) checks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Reading reading = { self, cases, checks };

  for (guint i = 0; i < records->len; i++)
    add_record (&reading, records->pdata[i]);
}

/* --- over all cases --- */

static void
count_error (MigPredictionErrors *errors, const MigPredictionCheck *check)
{
  errors->n_interval += check->coverage != MIG_COVERAGE_UNKNOWN;
  errors->n_covered += check->coverage == MIG_COVERAGE_YES;
  if (isnan (check->error))
    return;
  errors->mean_absolute += fabs (check->error); /* a sum until the end */
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
      const GArray *list = ((MigPredictionCase *) self->cases->pdata[i])->checks;
      for (guint j = 0; j < list->len; j++)
        {
          const MigPredictionCheck *check = &g_array_index (list, MigPredictionCheck, j);
          count_error (&(check->guest ? self->of_moves : self->of_cases)[check->quantity], check);
          if (check->guest && mig_quantity_info (check->quantity)->relative)
            count_error (&self->all, check);
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
  g_autoptr (MigMigrationIndex) index = mig_migration_index_new (summary);
  MigAccuracy *self = g_new0 (MigAccuracy, 1);

  self->cases = g_ptr_array_new_with_free_func (mig_prediction_case_free);
  mig_prediction_ranking_init (&self->ranking);
  add_records (self, records);
  if (self->cases->len == 0)
    {
      mig_accuracy_free (self);
      return NULL;
    }
  for (guint i = 0; i < self->cases->len; i++)
    mig_prediction_case_measure (self->cases->pdata[i], summary, index);
  sum_up (self);
  mig_prediction_ranking_compute (&self->ranking, self->cases, summary);
  return self;
}

void
mig_accuracy_free (MigAccuracy *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->cases);
  mig_prediction_ranking_clear (&self->ranking);
  g_free (self);
}
