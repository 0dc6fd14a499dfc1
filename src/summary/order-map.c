/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "summary/answers.h"
#include "summary/experiments.h"
#include "summary/order-map.h"
#include "summary/paired-time.h"
#include "summary/power.h"
#include "summary/repeated-interval.h"
#include "summary/sequences.h"

#define ERROR_RATE 0.05

const char *
mig_field_verdict_id (guint verdict)
{
  static const char *const ids[] = {
    [MIG_FIELD_FIRST] = "first-cheaper",
    [MIG_FIELD_SECOND] = "second-cheaper",
    [MIG_FIELD_EQUAL] = "no-difference",
    [MIG_FIELD_UNKNOWN] = "not-known",
  };
  return ids[verdict];
}

const char *
mig_field_conditions (const MigOrderField *self)
{
  const char *space = strchr (self->first->name, ' ');
  return space ? space + 1 : NULL;
}

char *
mig_field_order (const MigCaseSummary *study_case)
{
  return g_strndup (study_case->name, strcspn (study_case->name, " "));
}

static const MigStat *
time_of (const MigCaseSummary *study_case)
{
  return &study_case->stats[MIG_METRIC_TOTAL_TIME];
}

/* --- which fields --- */

static gboolean
is_swept (const MigCaseSummary *study_case)
{
  for (guint i = 0; i < study_case->parameters->len; i++)
    if (!mig_parameter_is_experiment (study_case->parameters->pdata[i]))
      return TRUE;
  return FALSE;
}

/* first_order: the first case of the same guests and conditions; firsts: mig_sequence_key() ->
 * that. NULL: it is the first itself, or moves none or several at once. */
static const MigCaseSummary *
first_order (GHashTable *firsts, const MigCaseSummary *study_case)
{
  g_autofree char *key = mig_sequence_key (study_case);
  const MigCaseSummary *first = key ? g_hash_table_lookup (firsts, key) : NULL;

  if (key && !first)
    g_hash_table_insert (firsts, g_steal_pointer (&key), (gpointer) study_case);
  return first;
}

static void
add_experiment (GPtrArray *fields, const GPtrArray *cases)
{
  g_autoptr (GHashTable) firsts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint before = fields->len;
  gboolean several = FALSE;

  for (guint i = 0; i < cases->len; i++)
    {
      const MigCaseSummary *second = cases->pdata[i], *first = first_order (firsts, second);
      if (!first || !is_swept (second))
        continue;
      MigOrderField *field = g_new0 (MigOrderField, 1);
      field->first = first;
      field->second = second;
      g_ptr_array_add (fields, field);
      several |= !mig_sequence_same_conditions (((MigOrderField *) fields->pdata[before])->first,
                                                first);
    }
  if (!several)
    g_ptr_array_set_size (fields, (gint) before);
}

/* --- what is known of each --- */

static MigFieldVerdict
judge (const MigOrderField *self)
{
  double least = fmin (time_of (self->first)->mean, time_of (self->second)->mean);

  /* comparisons with NaN are false */
  if (self->high_s < 0)
    return MIG_FIELD_FIRST;
  if (self->low_s > 0)
    return MIG_FIELD_SECOND;
  return self->bound_s <= MIG_ANSWER_EQUAL_SHARE * least ? MIG_FIELD_EQUAL : MIG_FIELD_UNKNOWN;
}

static void
measure (MigOrderField *self, double error, const MigSummary *summary)
{
  MigStat stat;

  if (mig_paired_time (summary, &stat, self->second, self->first))
    {
      self->low_s = stat.ci_low;
      self->high_s = stat.ci_high;
    }
  else
    {
      self->low_s = self->high_s = NAN;
      if (summary->race)
        error = mig_error_spending_at (error, stat.n);
      if (error > 0)
        mig_stat_interval (&stat, 1 - error, &self->low_s, &self->high_s);
    }
  self->n = stat.n;
  self->mean_s = stat.mean;
  self->bound_s = isnan (self->low_s) ? NAN : fmax (fabs (self->low_s), fabs (self->high_s));
  gint64 wanted = mig_power_runs_paired (stat.mean, stat.sd);
  self->more_repetitions = MIG_IS_MISSING (wanted) ? MIG_MISSING_INT : MAX (0, wanted - stat.n);
  self->verdict = judge (self);
  mig_stat_clear (&stat);
}

GPtrArray *
mig_order_map_new (const MigSummary *summary)
{
  g_autoptr (GPtrArray) parts = mig_summary_by_experiment (summary);
  GPtrArray *fields = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < parts->len; i++)
    add_experiment (fields, ((const MigSummary *) parts->pdata[i])->cases);
  for (guint i = 0; i < fields->len; i++)
    measure (fields->pdata[i], ERROR_RATE / fields->len, summary);
  return fields;
}
