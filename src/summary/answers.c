/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/units.h"
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
  self->to_most_lost = mig_metric_difference (summary, MIG_METRIC_LOST_ALL, least, most, error);
}

/* extent: no difference of that interval is larger; NaN: it is not known. */
static double
extent (const MigTimeDifference *d)
{
  return isnan (d->low_s) ? NAN : fmax (fabs (d->low_s), fabs (d->high_s));
}

/* widen_bound: by what a case may differ from each of near. FALSE: that is not known of one. */
static gboolean
widen_bound (MigAnswer *self, const MigSummary *summary, const GPtrArray *near,
             const MigCaseSummary *other, double error)
{
  double bound_s = self->bound_s;

  for (guint i = 0; i < near->len; i++)
    {
      MigTimeDifference d = mig_time_interval (summary, near->pdata[i], other, error);
      if (isnan (d.low_s))
        return FALSE;
      bound_s = fmax (bound_s, extent (&d));
    }
  self->bound_s = bound_s;
  return TRUE;
}

/* is_settled: how the case compares with the best is known, as far as that matters. */
static gboolean
is_settled (const MigAnswer *self, const MigTimeDifference *d)
{
  return d->low_s > 0 || d->alike ||
         extent (d) <= MIG_ANSWER_EQUAL_SHARE * time_of (self->best)->mean;
}

/* compare: the best with the next longer one; near: those that are not shown to be slower. */
static void
compare (MigAnswer *self, const MigSummary *summary, GPtrArray *near, const MigCaseSummary *other,
         double error)
{
  MigTimeDifference d = mig_time_difference (summary, self->best, other, error);

  if (other == self->next)
    self->to_next = d;
  if (other == self->worst)
    self->to_worst = d;
  if (!self->open && !is_settled (self, &d))
    {
      self->open = other;
      self->to_open = d;
    }
  if (d.low_s > 0)
    {
      self->n_slower++;
      self->slowest = other;
      self->to_slowest = d;
    }
  else if (!widen_bound (self, summary, near, other, error))
    g_ptr_array_add (self->unknown, (gpointer) other);
  else if (self->kind != MIG_ANSWER_RANGE)
    g_ptr_array_add (near, (gpointer) other);
}

/* add: an answer about these cases, which are sorted. */
static void
add (GPtrArray *answers, const MigSummary *summary, MigAnswerKind kind, GPtrArray *cases)
{
  guint n = cases->len, pairs = MAX (1, n * (n - 1) / 2);
  MigAnswer *self = g_new0 (MigAnswer, 1);
  g_autoptr (GPtrArray) near = g_ptr_array_new ();

  g_ptr_array_sort (cases, by_time);
  self->kind = kind;
  self->best = cases->pdata[0];
  self->next = n > 1 ? cases->pdata[1] : NULL;
  self->worst = cases->pdata[n - 1];
  self->experiment = self->best->experiment;
  self->conditions = kind == MIG_ANSWER_RANGE ? NULL : mig_sequence_conditions (self->best);
  self->n_cases = n;
  self->unknown = g_ptr_array_new ();
  self->bound_s = NAN;
  self->more_repetitions = MIG_MISSING_INT;
  g_ptr_array_add (near, cases->pdata[0]);
  for (guint i = 1; i < n; i++)
    compare (self, summary, near, cases->pdata[i], ERROR_RATE / pairs);
  const MigCaseSummary *other = self->open ? self->open : self->next;
  if (other)
    self->more_repetitions = mig_time_more (
        summary, self->best, other, MIG_POWER_EFFECT * time_of (other)->mean, ERROR_RATE / pairs);
  if (kind == MIG_ANSWER_ORDER)
    add_work (self, summary, cases, ERROR_RATE / pairs);
  g_ptr_array_add (answers, self);
}

static void
free_answer (gpointer data)
{
  MigAnswer *self = data;

  g_ptr_array_unref (self->unknown);
  g_free (self);
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
  GPtrArray *sorted = g_ptr_array_new_with_free_func (free_answer);

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
  GPtrArray *answers = g_ptr_array_new_with_free_func (free_answer);

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
  return self->n_cases > 1 && self->n_slower == 0 && self->unknown->len == 0 &&
         self->bound_s <= MIG_ANSWER_EQUAL_SHARE * time_of (self->best)->mean;
}

gint64
mig_answer_more_repetitions (const MigAnswer *self)
{
  switch (self->kind)
    {
    case MIG_ANSWER_GUESTS:
      return self->open ? self->to_open.more_repetitions : MIG_MISSING_INT;
    case MIG_ANSWER_ORDER:
      return !self->open || self->slowest ? MIG_MISSING_INT
             : self->to_open.asked        ? self->to_open.more_repetitions
                                          : self->more_repetitions;
    case MIG_ANSWER_RANGE:
      return self->to_worst.low_s > 0 ? MIG_MISSING_INT : self->to_worst.more_repetitions;
    case MIG_ANSWER_ONE:
      break;
    }
  return MIG_MISSING_INT;
}

gboolean
mig_answer_tells_work (const MigAnswer *self)
{
  return self->least_lost && self->to_most_lost.low_s > 0 &&
         self->to_most_lost.mean_s > MIG_ANSWER_EQUAL_SHARE * time_of (self->best)->mean;
}
