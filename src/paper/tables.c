/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "summary/experiments.h"
#include "summary/paired-time.h"
#include "paper/table-shape.h"

#define ERROR_RATE 0.05

/* What is claimed of a fact: nothing; that it lies between two bounds; that it is not 0. */
typedef enum { CLAIM_NONE, CLAIM_WITHIN, CLAIM_DIFFERS } ClaimKind;

typedef struct {
  ClaimKind kind;
  double low, high;
  const char *text;
} Claim;

#define NO_CLAIM                                                                                   \
  {                                                                                                \
    CLAIM_NONE, 0, 0, NULL                                                                         \
  }
#define ABOVE(bound)                                                                               \
  {                                                                                                \
    CLAIM_WITHIN, bound, HUGE_VAL, "above " #bound                                                 \
  }
#define BETWEEN(low, high)                                                                         \
  {                                                                                                \
    CLAIM_WITHIN, low, high, #low " to " #high                                                     \
  }
#define DIFFERS                                                                                    \
  {                                                                                                \
    CLAIM_DIFFERS, 0, 0, "not 0"                                                                   \
  }

/* A metric of a case; MIG_METRIC_DOWNTIME_GUEST and MIG_METRIC_GUEST_DOWNTIME stand for the
 * downtime that the summary's conclusions take. */
typedef struct {
  MigPaperCase role;
  MigMetric metric;
  const char *class_name;
} Quantity;

typedef struct {
  const char *figure, *subject, *unit;
  double paper;
  const char *says;
  Claim claim;
  MigPaperShape shape; /* of the parts that have it */
  Quantity a, b;
  double (*combine) (double a, double b); /* in each repetition */
} Fact;

static double
only_a (double a, double b)
{
  return a;
}

static double
percent_of_a (double a, double b)
{
  return 100 * a;
}

static double
a_less_b (double a, double b)
{
  return a - b;
}

static double
percent_a_less_b (double a, double b)
{
  return 100 * (a - b);
}

static double
a_per_b (double a, double b)
{
  return a / b;
}

static double
percent_a_above_b (double a, double b)
{
  return 100 * (a / b - 1);
}

static double
percent_a_below_b (double a, double b)
{
  return 100 * (1 - a / b);
}

#define TIME(role)                                                                                 \
  {                                                                                                \
    MIG_PAPER_##role, MIG_METRIC_TOTAL_TIME, NULL                                                  \
  }
#define DOWN(role)                                                                                 \
  {                                                                                                \
    MIG_PAPER_##role, MIG_METRIC_DOWNTIME_GUEST, NULL                                              \
  }
#define OWN(role)                                                                                  \
  {                                                                                                \
    MIG_PAPER_##role, MIG_METRIC_GUEST_DOWNTIME, "m"                                               \
  }
#define LEFT(role, name)                                                                           \
  {                                                                                                \
    MIG_PAPER_##role, MIG_METRIC_LEFT_THROUGHPUT, name                                             \
  }
#define CPU(metric)                                                                                \
  {                                                                                                \
    MIG_PAPER_MEMORY_ALONE, MIG_METRIC_##metric, NULL                                              \
  }

/* The paper's order. The text does not say in which of cm and mc the sum of downtimes is the
 * larger. */
static const Fact facts[] = {
  { "1", "downtime over the dirty rates, largest less smallest", "s", NAN, "more than 2", ABOVE (2),
    MIG_PAPER_SWEEP, DOWN (LARGEST), DOWN (SMALLEST), a_less_b },
  { "2", "total time over the dirty rates, largest less smallest", "s", NAN, "varies", ABOVE (0),
    MIG_PAPER_SWEEP, TIME (LARGEST), TIME (SMALLEST), a_less_b },
  { "3", "management CPU on the source while a memory VM moves", "%", NAN, "20 to 40",
    BETWEEN (20, 40), MIG_PAPER_ONE, CPU (MANAGEMENT_SOURCE), CPU (MANAGEMENT_SOURCE),
    percent_of_a },
  { "3", "CPU of VMmg, before less during", "%", NAN, "more than 10", ABOVE (10), MIG_PAPER_ONE,
    CPU (VMMG_CPU_BEFORE), CPU (VMMG_CPU_DURING), percent_a_less_b },
  { "3", "CPU of VMco, before less during", "%", NAN, "more than 10", ABOVE (10), MIG_PAPER_ONE,
    CPU (VMCO_CPU_BEFORE), CPU (VMCO_CPU_DURING), percent_a_less_b },
  { "4", "total time, memory VM less CPU VM", "s", NAN, "more than 0", ABOVE (0), MIG_PAPER_EITHER,
    TIME (MEMORY_ALONE), TIME (CPU_ALONE), a_less_b },
  { "4", "downtime, memory VM less CPU VM", "s", NAN, "more than 0", ABOVE (0), MIG_PAPER_EITHER,
    DOWN (MEMORY_ALONE), DOWN (CPU_ALONE), a_less_b },
  { "5", "downtime, mm less cc", "s", 9.56, NULL, ABOVE (0), MIG_PAPER_BALANCING, DOWN (MM),
    DOWN (CC), a_less_b },
  { "5", "downtime, cm less mc (the paper: either way)", "s", 2.24, NULL, DIFFERS,
    MIG_PAPER_BALANCING, DOWN (CM), DOWN (MC), a_less_b },
  { "5", "the mVM's own downtime in cm", "s", 5.89, NULL, NO_CLAIM, MIG_PAPER_BALANCING, OWN (CM),
    OWN (CM), only_a },
  { "5", "the mVM's own downtime in mc", "s", 4.13, NULL, NO_CLAIM, MIG_PAPER_BALANCING, OWN (MC),
    OWN (MC), only_a },
  { "5", "the mVM's own downtime, cm / mc", "1", 5.89 / 4.13, NULL, ABOVE (1), MIG_PAPER_BALANCING,
    OWN (CM), OWN (MC), a_per_b },
  { "6", "total time, cc", "s", 42.37, NULL, NO_CLAIM, MIG_PAPER_BALANCING, TIME (CC), TIME (CC),
    only_a },
  { "6", "total time, mm", "s", 118.81, NULL, NO_CLAIM, MIG_PAPER_BALANCING, TIME (MM), TIME (MM),
    only_a },
  { "6", "total time, mm less cc", "s", 76.44, NULL, ABOVE (0), MIG_PAPER_BALANCING, TIME (MM),
    TIME (CC), a_less_b },
  { "6", "total time, mm / cc", "1", 118.81 / 42.37, NULL, NO_CLAIM, MIG_PAPER_BALANCING, TIME (MM),
    TIME (CC), a_per_b },
  { "6", "total time, mc less cm", "s", 11.68, NULL, ABOVE (0), MIG_PAPER_BALANCING, TIME (MC),
    TIME (CM), a_less_b },
  { "7", "a cVM left: mm, the lowest, below cm, the highest", "%", 6.59, NULL, ABOVE (0),
    MIG_PAPER_BALANCING, LEFT (MM, "c"), LEFT (CM, "c"), percent_a_below_b },
  { "7", "... mc below cm", "%", NAN, "0 to 6.59", ABOVE (0), MIG_PAPER_BALANCING, LEFT (MC, "c"),
    LEFT (CM, "c"), percent_a_below_b },
  { "7", "... mc above mm", "%", NAN, "0 or more", ABOVE (0), MIG_PAPER_BALANCING, LEFT (MC, "c"),
    LEFT (MM, "c"), percent_a_above_b },
  { "8", "an mVM left: cc, the highest, above mc", "%", 14.74, NULL, ABOVE (0), MIG_PAPER_BALANCING,
    LEFT (CC, "m"), LEFT (MC, "m"), percent_a_above_b },
  { "8", "... cc above cm", "%", NAN, "0 or more", ABOVE (0), MIG_PAPER_BALANCING, LEFT (CC, "m"),
    LEFT (CM, "m"), percent_a_above_b },
};

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
find_stat (const MigSummary *part, const Quantity *quantity)
{
  MigMetric metric = chosen_metric (part, quantity->metric);
  const MigCaseSummary *study_case = mig_paper_case (part, quantity->role, metric);

  return study_case ? mig_case_stat (study_case, metric, quantity->class_name) : NULL;
}

/* level: of the interval; wider where the two cases were chosen by their values. */
static double
level (const MigSummary *part, const Fact *fact)
{
  guint n = part->cases->len;
  gboolean chosen = fact->a.role == MIG_PAPER_LARGEST && n > 2;

  return 1 - ERROR_RATE / (chosen ? n * (n - 1) / 2.0 : 1);
}

static MigPaperVerdict
judge (const Claim *claim, const MigPaperRow *row)
{
  if (isnan (row->here))
    return MIG_PAPER_MISSING;
  if (claim->kind == CLAIM_NONE)
    return MIG_PAPER_NO_CLAIM;
  /* comparisons with NaN are false */
  if (claim->kind == CLAIM_DIFFERS)
    return row->low > 0 || row->high < 0 ? MIG_PAPER_HOLDS : MIG_PAPER_NOT_SHOWN;
  if (row->low > claim->low && row->high < claim->high)
    return MIG_PAPER_HOLDS;
  return row->high < claim->low || row->low > claim->high ? MIG_PAPER_FAILS : MIG_PAPER_NOT_SHOWN;
}

/* interval: of a difference in total time as the run says it, where its race asked that. */
static void
interval (const MigSummary *part, const Fact *fact, const MigStat *combined, MigPaperRow *row)
{
  const MigCaseSummary *a = mig_paper_case (part, fact->a.role, MIG_METRIC_TOTAL_TIME),
                       *b = mig_paper_case (part, fact->b.role, MIG_METRIC_TOTAL_TIME);
  gboolean times = fact->combine == a_less_b && fact->a.metric == MIG_METRIC_TOTAL_TIME;
  MigStat difference;

  mig_stat_interval (combined, level (part, fact), &row->low, &row->high);
  if (!times || !a || !b)
    return;
  if (mig_paired_time (part, &difference, b, a))
    {
      row->low = difference.ci_low;
      row->high = difference.ci_high;
    }
  mig_stat_clear (&difference);
}

static void
add_row (GArray *rows, const MigSummary *part, const Fact *fact)
{
  const MigStat *a = find_stat (part, &fact->a), *b = find_stat (part, &fact->b);
  MigPaperRow row = {
    .figure = fact->figure,
    .subject = fact->subject,
    .unit = fact->unit,
    .paper = fact->paper,
    .says = fact->says,
    .claim = fact->claim.text,
    .here = NAN,
    .low = NAN,
    .high = NAN,
    .ratio = NAN,
  };
  MigStat combined;

  if (a && b)
    {
      mig_stat_combined (&combined, a, b, fact->combine);
      /* repetitions that both have, else what the means say, without an interval */
      row.here = combined.n > 0 ? combined.mean : fact->combine (a->mean, b->mean);
      interval (part, fact, &combined, &row);
      mig_stat_clear (&combined);
    }
  if (strcmp (fact->unit, "s") == 0)
    row.ratio = row.here / fact->paper;
  row.verdict = judge (&fact->claim, &row);
  g_array_append_val (rows, row);
}

/* part_of: the one to take a fact from: of those that have it the one with the fewest cases: a
 * study of that alone. NULL: none. */
static const MigSummary *
part_of (const GPtrArray *parts, const Fact *fact)
{
  const MigSummary *found = NULL;

  for (guint i = 0; i < parts->len; i++)
    {
      const MigSummary *part = parts->pdata[i];
      if ((mig_paper_shape (part) & fact->shape) &&
          (!found || part->cases->len < found->cases->len))
        found = part;
    }
  return found;
}

GArray *
mig_paper_rows (const MigSummary *summary)
{
  g_autoptr (GPtrArray) parts = mig_summary_by_experiment (summary);
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (MigPaperRow));

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      const MigSummary *part = part_of (parts, &facts[i]);
      if (part)
        add_row (rows, part, &facts[i]);
    }
  if (rows->len > 0)
    return rows;
  g_array_unref (rows);
  return NULL;
}
