/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "summary/experiments.h"
#include "summary/paired-time.h"
#include "paper/paired-test.h"
#include "paper/figure-facts.h"

#define ERROR_RATE 0.05

const char *
mig_paper_verdict_text (MigPaperVerdict verdict)
{
  static const char *const texts[] = {
    [MIG_PAPER_HOLDS] = "holds",          [MIG_PAPER_FAILS] = "does not hold",
    [MIG_PAPER_NOT_SHOWN] = "not shown",  [MIG_PAPER_NO_CLAIM] = "-",
    [MIG_PAPER_MISSING] = "not measured",
  };
  return texts[verdict];
}

const char *
mig_paper_verdict_id (guint verdict)
{
  static const char *const ids[] = {
    [MIG_PAPER_HOLDS] = "holds",          [MIG_PAPER_FAILS] = "does-not-hold",
    [MIG_PAPER_NOT_SHOWN] = "not-shown",  [MIG_PAPER_NO_CLAIM] = "no-claim",
    [MIG_PAPER_MISSING] = "not-measured",
  };
  return ids[verdict];
}

/* chosen_metric: of the downtimes, the one that the summary's conclusions take. */
static MigMetric
chosen_metric (const MigSummary *part, MigMetric metric)
{
  gboolean events = part->downtime_metric == MIG_METRIC_DOWNTIME_EVENTS;

  if (metric == MIG_METRIC_DOWNTIME_GUEST)
    return part->downtime_metric;
  if (metric != MIG_METRIC_GUEST_DOWNTIME || part->downtime_metric == MIG_METRIC_DOWNTIME_GUEST)
    return metric;
  return events ? MIG_METRIC_GUEST_DOWNTIME_EVENTS : MIG_METRIC_GUEST_DOWNTIME_REPORTED;
}

static const MigStat *
find_stat (const MigSummary *part, const MigFigureQuantity *quantity)
{
  MigMetric metric = chosen_metric (part, quantity->metric);
  const MigCaseSummary *study_case = mig_paper_case (part, quantity->role, metric);

  return study_case ? mig_case_stat (study_case, metric, quantity->class_name) : NULL;
}

/* level: of the interval; wider where the two cases were chosen by their values. */
static double
level (const MigSummary *part, const MigFigureFact *fact)
{
  guint n = part->cases->len;
  gboolean chosen = fact->a.role == MIG_PAPER_LARGEST && n > 2;

  return 1 - ERROR_RATE / (chosen ? n * (n - 1) / 2.0 : 1);
}

/* margin_of: a difference that is smaller does not matter: of two times or downtimes of which it is
 * claimed that it is above 0, or not 0. */
static double
margin_of (const MigFigureFact *fact, const MigStat *a, const MigStat *b)
{
  return mig_figure_fact_is_difference (fact) && fact->claim.low == 0
             ? MIG_PAPER_MARGIN * fmax (fabs (a->mean), fabs (b->mean))
             : 0;
}

static MigPaperVerdict
judge (const MigFigureClaim *claim, const MigPaperRow *row, double margin)
{
  if (isnan (row->here))
    return MIG_PAPER_MISSING;
  if (claim->kind == MIG_CLAIM_NONE)
    return MIG_PAPER_NO_CLAIM;
  /* comparisons with NaN are false */
  if (claim->kind == MIG_CLAIM_DIFFERS)
    return row->low > 0 || row->high < 0              ? MIG_PAPER_HOLDS
           : row->low > -margin && row->high < margin ? MIG_PAPER_FAILS
                                                      : MIG_PAPER_NOT_SHOWN;
  if (row->low > claim->low && row->high < claim->high)
    return MIG_PAPER_HOLDS;
  return row->high < claim->low + margin || row->low > claim->high ? MIG_PAPER_FAILS
                                                                   : MIG_PAPER_NOT_SHOWN;
}

/* distance_to_hold, distance_to_fail: how far the mean is from where the claim begins not to hold,
 * or to hold; below 0: it is beyond. */
static double
distance_to_hold (const MigFigureClaim *claim, double mean)
{
  return claim->kind == MIG_CLAIM_DIFFERS ? fabs (mean)
                                          : fmin (mean - claim->low, claim->high - mean);
}

static double
distance_to_fail (const MigFigureClaim *claim, double mean, double margin)
{
  return claim->kind == MIG_CLAIM_DIFFERS ? margin - fabs (mean)
                                          : fmax (claim->low + margin - mean, mean - claim->high);
}

/* more_to_decide: repetitions after which the interval would have left the bounds behind that the
 * value is on one side of now. */
static gint64
more_to_decide (const MigFigureClaim *claim, const MigStat *value, double margin, double error)
{
  double distance = fmax (distance_to_hold (claim, value->mean),
                          distance_to_fail (claim, value->mean, margin));

  return mig_paired_more (value, distance, error);
}

/* set_interval: of a difference in total time as the run says it, where its race asked that. */
static void
set_interval (const MigSummary *part, const MigFigureFact *fact, const MigStat *combined,
              MigPaperRow *row)
{
  const MigCaseSummary *a = mig_paper_case (part, fact->a.role, MIG_METRIC_TOTAL_TIME),
                       *b = mig_paper_case (part, fact->b.role, MIG_METRIC_TOTAL_TIME);
  gboolean times = mig_figure_fact_is_difference (fact) && fact->a.metric == MIG_METRIC_TOTAL_TIME;

  mig_stat_interval (combined, level (part, fact), &row->low, &row->high);
  if (!times || !a || !b)
    return;
  MigTimeDifference difference = mig_time_difference (part, b, a, ERROR_RATE);
  if (!difference.asked)
    return;
  row->low = difference.low_s;
  row->high = difference.high_s;
  row->more_repetitions = difference.more_repetitions;
}

static MigPaperRow
new_row (guint index)
{
  const MigFigureFact *fact = &mig_figure_facts[index];
  gboolean times = fact->a.metric == MIG_METRIC_TOTAL_TIME ||
                   fact->a.metric == MIG_METRIC_DOWNTIME_GUEST ||
                   fact->a.metric == MIG_METRIC_GUEST_DOWNTIME;

  return (MigPaperRow){
    .fact = index,
    .figure = fact->figure,
    .subject = fact->subject,
    .unit = fact->unit,
    .paper = fact->paper,
    .says = fact->says,
    .claim = fact->claim.text,
    .of_rates = !times,
    .here = NAN,
    .low = NAN,
    .high = NAN,
    .magnitude = NAN,
    .ratio = NAN,
    .verdict = MIG_PAPER_MISSING,
    .more_repetitions = MIG_MISSING_INT,
  };
}

guint
mig_paper_n_facts (void)
{
  return mig_n_figure_facts;
}

MigPaperRow
mig_paper_fact (guint fact)
{
  g_return_val_if_fail (fact < mig_n_figure_facts, new_row (0));
  return new_row (fact);
}

static const char *
label_of (const MigSummary *part, const MigFigureQuantity *quantity)
{
  return mig_paper_case (part, quantity->role, chosen_metric (part, quantity->metric))->label;
}

/* measure: a and b: what the fact is formed of. */
static void
measure (const MigSummary *part, const MigStat *a, const MigStat *b, MigPaperRow *row)
{
  const MigFigureFact *fact = &mig_figure_facts[row->fact];
  double margin = margin_of (fact, a, b);
  MigStat combined;

  mig_stat_combined (&combined, a, b, fact->combine);
  /* repetitions that both have, else what the means say, without an interval */
  row->here = combined.n > 0 ? combined.mean : fact->combine (a->mean, b->mean);
  row->n = combined.n;
  row->magnitude = strcmp (fact->unit, "s") == 0   ? fmax (fabs (a->mean), fabs (b->mean))
                   : strcmp (fact->unit, "%") == 0 ? 100
                                                   : fabs (row->here);
  row->case_a = label_of (part, &fact->a);
  row->case_b = label_of (part, &fact->b);
  set_interval (part, fact, &combined, row);
  row->verdict = judge (&fact->claim, row, margin);
  row->leans_against = distance_to_fail (&fact->claim, row->here, margin) >=
                       distance_to_hold (&fact->claim, row->here);
  if (row->verdict != MIG_PAPER_NOT_SHOWN)
    row->more_repetitions = MIG_MISSING_INT;
  else if (MIG_IS_MISSING (row->more_repetitions))
    row->more_repetitions = more_to_decide (&fact->claim, &combined, margin,
                                            1 - level (part, fact));
  if (strcmp (fact->unit, "s") == 0)
    row->ratio = row->here / fact->paper;
  mig_stat_clear (&combined);
}

static void
add_row (GArray *rows, const MigSummary *part, guint index)
{
  const MigStat *a = find_stat (part, &mig_figure_facts[index].a),
                *b = find_stat (part, &mig_figure_facts[index].b);
  MigPaperRow row = new_row (index);

  if (a && b)
    measure (part, a, b, &row);
  g_array_append_val (rows, row);
}

/* has_fact: whether the part is of the fact's experiment; of figures 5 to 8 it needs the fact's own
 * cases alone. */
static gboolean
has_fact (const MigSummary *part, const MigFigureFact *fact)
{
  if (!(mig_paper_shape (part) & fact->shape))
    return FALSE;
  return fact->shape != MIG_PAPER_BALANCING ||
         (mig_paper_case (part, fact->a.role, fact->a.metric) &&
          mig_paper_case (part, fact->b.role, fact->b.metric));
}

/* part_of: the one to take a fact from: of those that have it the one with the fewest cases: a
 * study of that alone. NULL: none. */
static const MigSummary *
part_of (const GPtrArray *parts, const MigFigureFact *fact)
{
  const MigSummary *found = NULL;

  for (guint i = 0; i < parts->len; i++)
    {
      const MigSummary *part = parts->pdata[i];
      if (has_fact (part, fact) && (!found || part->cases->len < found->cases->len))
        found = part;
    }
  return found;
}

GArray *
mig_paper_rows (const MigSummary *summary)
{
  g_autoptr (GPtrArray) parts = mig_summary_by_experiment (summary);
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (MigPaperRow));

  for (guint i = 0; i < mig_n_figure_facts; i++)
    {
      const MigSummary *part = part_of (parts, &mig_figure_facts[i]);
      if (part)
        add_row (rows, part, i);
    }
  if (rows->len > 0)
    return rows;
  g_array_unref (rows);
  return NULL;
}
