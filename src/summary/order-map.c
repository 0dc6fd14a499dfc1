/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "summary/answers.h"
#include "summary/experiments.h"
#include "summary/order-map.h"
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

/* study_positions: label -> 1 + number of a case's first row of what is swept; these are in the
 * study's order, cases in that of their labels. */
static GHashTable *
study_positions (const MigSummary *summary)
{
  GHashTable *positions = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = summary->parameters ? summary->parameters->len : 0; i > 0; i--)
    {
      const MigParameterRecord *record = summary->parameters->pdata[i - 1];
      if (record->case_label)
        g_hash_table_insert (positions, record->case_label, GUINT_TO_POINTER (i));
    }
  return positions;
}

/* position_of: 0, which is none, comes last. */
static guint
position_of (GHashTable *positions, const MigOrderField *field)
{
  guint first = GPOINTER_TO_UINT (g_hash_table_lookup (positions, field->first->label)) - 1;
  guint second = GPOINTER_TO_UINT (g_hash_table_lookup (positions, field->second->label)) - 1;
  return MIN (first, second);
}

static int
compare_orders (const MigCaseSummary *a, const MigCaseSummary *b)
{
  g_autofree char *a_order = mig_sequence_order (a), *b_order = mig_sequence_order (b);
  return strcmp (a_order, b_order);
}

static int
compare_fields (gconstpointer a, gconstpointer b)
{
  const MigOrderField *x = *(MigOrderField *const *) a, *y = *(MigOrderField *const *) b;
  int order = compare_orders (x->first, y->first);

  if (order == 0)
    order = compare_orders (x->second, y->second);
  return order != 0 ? order : (x->position > y->position) - (x->position < y->position);
}

static void
add_experiment (GPtrArray *fields, const GPtrArray *cases, GHashTable *positions)
{
  g_autoptr (GHashTable) firsts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  gboolean several = FALSE;

  for (guint i = 0; i < cases->len; i++)
    {
      const MigCaseSummary *second = cases->pdata[i], *first = first_order (firsts, second);
      if (!first || !is_swept (second))
        continue;
      MigOrderField *field = g_new0 (MigOrderField, 1);
      field->first = first;
      field->second = second;
      field->position = position_of (positions, field);
      g_ptr_array_add (found, field);
      several |= !mig_sequence_same_conditions (((MigOrderField *) found->pdata[0])->first, first);
    }
  g_ptr_array_sort (found, compare_fields);
  if (several)
    g_ptr_array_extend_and_steal (fields, found);
  else
    g_ptr_array_unref (found);
}

/* --- what is known of each --- */

static MigFieldVerdict
judge (const MigOrderField *self)
{
  double least = fmin (time_of (self->first)->mean, time_of (self->second)->mean);

  /* comparisons with NaN are false */
  if (self->difference.high_s < 0)
    return MIG_FIELD_FIRST;
  if (self->difference.low_s > 0)
    return MIG_FIELD_SECOND;
  return self->bound_s <= MIG_ANSWER_EQUAL_SHARE * least ? MIG_FIELD_EQUAL : MIG_FIELD_UNKNOWN;
}

static void
measure (MigOrderField *self, double error, const MigSummary *summary)
{
  const MigTimeDifference *d = &self->difference;

  self->difference = mig_time_difference (summary, self->second, self->first, error);
  self->bound_s = isnan (d->low_s) ? NAN : fmax (fabs (d->low_s), fabs (d->high_s));
  self->verdict = judge (self);
}

GPtrArray *
mig_order_map_new (const MigSummary *summary)
{
  g_autoptr (GPtrArray) parts = mig_summary_by_experiment (summary);
  g_autoptr (GHashTable) positions = study_positions (summary);
  GPtrArray *fields = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < parts->len; i++)
    add_experiment (fields, ((const MigSummary *) parts->pdata[i])->cases, positions);
  for (guint i = 0; i < fields->len; i++)
    measure (fields->pdata[i], ERROR_RATE / fields->len, summary);
  return fields;
}
