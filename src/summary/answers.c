/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/answers.h"
#include "summary/experiments.h"
#include "summary/power.h"
#include "summary/sequences.h"

#define ERROR_RATE 0.05

const char *
mig_answer_id (guint kind)
{
  static const char *const ids[] = {
    [MIG_ANSWER_GUESTS] = "guests",
    [MIG_ANSWER_ORDER] = "order",
    [MIG_ANSWER_RANGE] = "range",
    [MIG_ANSWER_ONE] = "one",
  };
  return ids[kind];
}

static const MigStat *
time_of (const MigCaseSummary *study_case)
{
  return &study_case->stats[MIG_METRIC_TOTAL_TIME];
}

static gint64
more_repetitions (const MigCaseSummary *best, const MigCaseSummary *other)
{
  MigStat stat;

  mig_stat_paired (&stat, time_of (best), time_of (other));
  gint64 more = mig_power_more_pairs (&stat, time_of (other)->mean);
  mig_stat_clear (&stat);
  return more;
}

static int
by_time (gconstpointer a, gconstpointer b)
{
  double x = time_of (*(MigCaseSummary *const *) a)->mean;
  double y = time_of (*(MigCaseSummary *const *) b)->mean;
  return (x > y) - (x < y);
}

static const MigStat *
lost_by (const MigCaseSummary *study_case)
{
  return &study_case->stats[MIG_METRIC_LOST_ALL];
}

static void
add_work (MigAnswer *self, const MigSummary *summary, const GPtrArray *cases, double error)
{
  const MigCaseSummary *least = cases->pdata[0], *most = least;

  for (guint i = 0; i < cases->len; i++)
    {
      const MigCaseSummary *other = cases->pdata[i];
      if (lost_by (other)->n == 0)
        return;
      least = lost_by (other)->mean < lost_by (least)->mean ? other : least;
      most = lost_by (other)->mean > lost_by (most)->mean ? other : most;
    }
  if (least == most)
    return;
  self->least_lost = least;
  self->most_lost = most;
  self->to_most_lost = mig_work_difference (summary, least, most, error);
}

/* add: an answer about these cases, which are sorted. */
static void
add (GPtrArray *answers, const MigSummary *summary, MigAnswerKind kind, GPtrArray *cases)
{
  guint n = cases->len, pairs = MAX (1, n * (n - 1) / 2);
  MigAnswer *self = g_new0 (MigAnswer, 1);

  g_ptr_array_sort (cases, by_time);
  self->kind = kind;
  self->best = cases->pdata[0];
  self->next = n > 1 ? cases->pdata[1] : NULL;
  self->worst = cases->pdata[n - 1];
  self->experiment = self->best->experiment;
  self->conditions = kind == MIG_ANSWER_RANGE ? NULL : mig_sequence_conditions (self->best);
  self->n_cases = n;
  self->bound_s = NAN;
  self->more_repetitions = self->next ? more_repetitions (self->best, self->next) : MIG_MISSING_INT;
  for (guint i = 1; i < n; i++)
    {
      MigTimeDifference d = mig_time_difference (summary, self->best, cases->pdata[i],
                                                 ERROR_RATE / pairs);
      if (i == 1)
        self->to_next = d;
      if (i == n - 1)
        self->to_worst = d;
      if (d.low_s > 0)
        self->n_slower++;
      else
        self->bound_s = fmax (self->bound_s, fmax (fabs (d.low_s), fabs (d.high_s)));
    }
  if (kind == MIG_ANSWER_ORDER)
    add_work (self, summary, cases, ERROR_RATE / pairs);
  g_ptr_array_add (answers, self);
}

/* Cases of one experiment that have values, in groups: all cases of a group are alike by same(). */
typedef gboolean (*SameFunc) (const MigCaseSummary *a, const MigCaseSummary *b);

static GPtrArray *
group (const GPtrArray *cases, SameFunc same)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < cases->len; i++)
    {
      GPtrArray *found = NULL;
      for (guint k = 0; k < groups->len && !found; k++)
        if (same (g_ptr_array_index ((GPtrArray *) groups->pdata[k], 0), cases->pdata[i]))
          found = groups->pdata[k];
      if (!found)
        {
          found = g_ptr_array_new ();
          g_ptr_array_add (groups, found);
        }
      g_ptr_array_add (found, cases->pdata[i]);
    }
  return groups;
}

static gboolean
may_choose (const MigCaseSummary *a, const MigCaseSummary *b)
{
  return mig_sequence_as_many (a, b) && mig_sequence_same_conditions (a, b);
}

/* add_choices: of cases that move as many guests under the same conditions. */
static void
add_choices (GPtrArray *answers, const MigSummary *summary, const GPtrArray *cases)
{
  g_autoptr (GPtrArray) sets = group (cases, mig_sequence_same_guests);
  g_autoptr (GPtrArray) cheapest = g_ptr_array_new ();

  for (guint i = 0; i < sets->len; i++)
    {
      GPtrArray *set = sets->pdata[i];
      g_ptr_array_sort (set, by_time);
      g_ptr_array_add (cheapest, set->pdata[0]);
    }
  if (cheapest->len > 1)
    add (answers, summary, MIG_ANSWER_GUESTS, cheapest);
  for (guint i = 0; i < sets->len; i++)
    if (((GPtrArray *) sets->pdata[i])->len > 1)
      add (answers, summary, MIG_ANSWER_ORDER, sets->pdata[i]);
}

static void
add_experiment (GPtrArray *answers, const MigSummary *part)
{
  g_autoptr (GPtrArray) cases = g_ptr_array_new ();
  guint before = answers->len;

  for (guint i = 0; i < part->cases->len; i++)
    if (time_of (part->cases->pdata[i])->n > 0)
      g_ptr_array_add (cases, part->cases->pdata[i]);
  if (cases->len == 0)
    return;
  g_autoptr (GPtrArray) conditions = group (cases, may_choose);
  for (guint i = 0; i < conditions->len; i++)
    add_choices (answers, part, conditions->pdata[i]);
  if (answers->len == before)
    add (answers, part, cases->len > 1 ? MIG_ANSWER_RANGE : MIG_ANSWER_ONE, cases);
}

/* choices_first: keeps the order otherwise. */
static GPtrArray *
choices_first (GPtrArray *answers)
{
  GPtrArray *sorted = g_ptr_array_new_with_free_func (g_free);

  for (guint costs = 0; costs < 2; costs++)
    for (guint i = 0; i < answers->len; i++)
      if ((((const MigAnswer *) answers->pdata[i])->kind >= MIG_ANSWER_RANGE) == (gboolean) costs)
        g_ptr_array_add (sorted, answers->pdata[i]);
  g_ptr_array_set_free_func (answers, NULL);
  g_ptr_array_unref (answers);
  return sorted;
}

GPtrArray *
mig_answers_new (const MigSummary *summary)
{
  g_autoptr (GPtrArray) parts = mig_summary_by_experiment (summary);
  GPtrArray *answers = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < parts->len; i++)
    add_experiment (answers, parts->pdata[i]);
  return choices_first (answers);
}

gboolean
mig_answer_is_decided (const MigAnswer *self)
{
  return self->n_cases > 1 && self->n_slower == self->n_cases - 1;
}

gboolean
mig_answer_is_equal (const MigAnswer *self)
{
  return self->n_cases > 1 && self->n_slower == 0 &&
         self->bound_s <= MIG_ANSWER_EQUAL_SHARE * time_of (self->best)->mean;
}

gboolean
mig_answer_tells_work (const MigAnswer *self)
{
  return self->least_lost && self->to_most_lost.low_s > 0 &&
         self->to_most_lost.mean_s > MIG_ANSWER_EQUAL_SHARE * time_of (self->best)->mean;
}
