/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "paper/claims.h"
#include "summary/paired-time.h"

#define ERROR_RATE 0.05

/* The paper's conclusions as claims. */
static const struct {
  guint number;
  MigCost cost;
  const char *statement, *subject, *quantity, *says;
  gboolean of_rates;
} conclusions[] = {
  { 1, MIG_COST_TIME, "moving the guests that compute first makes the migrations shorter",
    "moving the guests that compute first shortens the migrations", "time",
    "mm 76.44 s more than cc, mc 11.68 s more than cm", FALSE },
  { 1, MIG_COST_DOWNTIME,
    "moving the guests that compute first makes guests stand still for less time",
    "... and the downtime", "downtime", "mm 9.56 s more than cc; cm and mc 2.24 s apart", FALSE },
  { 2, MIG_COST_TIME,
    "of the same guests, the order from those that update least memory to those that update most "
    "makes the migrations shorter than any other",
    "of those that update memory, the ones that update less go first: time", "time",
    "mc 11.68 s more than cm", FALSE },
  { 2, MIG_COST_DOWNTIME, "in that order guests stand still for less time than in any other",
    "... downtime", "downtime",
    "cm and mc 2.24 s apart; that of the mVM alone 5.89 s in cm, 4.13 s in mc", FALSE },
  { 3, MIG_COST_ANY,
    "shorter migrations do not always spread the load sooner: a guest left behind may get less "
    "done",
    "a short migration need not spread the load sooner", "throughput",
    "a cVM left behind: mm 6.59 % below cm; an mVM: cc 14.74 % above mc", TRUE },
  { 4, MIG_COST_ANY,
    "the migration of the same guest takes another time, or another downtime, under another load "
    "of the host",
    "the same guest costs another amount under another load", "time or downtime",
    "the mVM's downtime 5.89 s in cm, 4.13 s in mc", FALSE },
};

const char *
mig_claim_verdict_text (MigClaimVerdict verdict)
{
  static const char *const texts[] = {
    [MIG_CLAIM_SUPPORTED] = "supported",   [MIG_CLAIM_REFUTED] = "refuted",
    [MIG_CLAIM_UNDECIDED] = "undecided",   [MIG_CLAIM_OPEN] = "-",
    [MIG_CLAIM_UNTESTED] = "not measured",
  };
  return texts[verdict];
}

const char *
mig_claim_verdict_id (guint verdict)
{
  static const char *const ids[] = {
    [MIG_CLAIM_SUPPORTED] = "supported",   [MIG_CLAIM_REFUTED] = "refuted",
    [MIG_CLAIM_UNDECIDED] = "undecided",   [MIG_CLAIM_OPEN] = "no-claim",
    [MIG_CLAIM_UNTESTED] = "not-measured",
  };
  return ids[verdict];
}

guint
mig_claims_of_conclusions (void)
{
  return G_N_ELEMENTS (conclusions);
}

guint
mig_claims_count (void)
{
  return mig_claims_of_conclusions () + mig_paper_n_facts ();
}

MigClaim
mig_claim_at (guint index)
{
  if (index < G_N_ELEMENTS (conclusions))
    return (MigClaim){ .conclusion = conclusions[index].number,
                       .statement = conclusions[index].statement,
                       .subject = conclusions[index].subject,
                       .quantity = conclusions[index].quantity,
                       .cost = conclusions[index].cost,
                       .unit = "%",
                       .paper = NAN,
                       .says = conclusions[index].says,
                       .claim = conclusions[index].subject,
                       .of_rates = conclusions[index].of_rates };
  const MigPaperRow row = mig_paper_fact (index - G_N_ELEMENTS (conclusions));
  return (MigClaim){ .figure = row.figure,
                     .subject = row.subject,
                     .unit = row.unit,
                     .paper = row.paper,
                     .says = row.says,
                     .claim = row.claim,
                     .of_rates = row.of_rates };
}

static MigClaimFinding
nothing_found (void)
{
  return (MigClaimFinding){ .verdict = MIG_CLAIM_UNTESTED,
                            .value = NAN,
                            .low = NAN,
                            .high = NAN,
                            .magnitude = NAN,
                            .more_repetitions = MIG_MISSING_INT,
                            .more_s = NAN };
}

/* ---- how long more repetitions take ---- */

/* length_of: of a case's repetition, guests' start and end included, s; NaN: not known. */
static double
length_of (const MigSummary *summary, const char *label)
{
  double sum_s = 0;
  guint n = 0;

  for (guint i = 0; i < summary->runs->len; i++)
    {
      const MigRunSummary *run = summary->runs->pdata[i];
      if (g_strcmp0 (run->case_label, label) != 0 || isnan (run->length_s))
        continue;
      sum_s += run->length_s;
      n++;
    }
  return n > 0 ? sum_s / n : NAN;
}

/* set_more: labels: of the cases that the repetitions are needed of, each once. */
static void
set_more (MigClaimFinding *finding, const MigSummary *summary, GHashTable *labels, gint64 more)
{
  GHashTableIter iterator;
  gpointer label;
  double block_s = 0;

  finding->more_repetitions = more;
  g_hash_table_iter_init (&iterator, labels);
  while (g_hash_table_iter_next (&iterator, &label, NULL))
    block_s += length_of (summary, label);
  finding->more_s = MIG_IS_MISSING (more) ? NAN : (double) more * block_s;
}

/* ---- figures ---- */

static MigClaimVerdict
verdict_of_row (MigPaperVerdict verdict)
{
  static const MigClaimVerdict verdicts[] = {
    [MIG_PAPER_HOLDS] = MIG_CLAIM_SUPPORTED,     [MIG_PAPER_FAILS] = MIG_CLAIM_REFUTED,
    [MIG_PAPER_NOT_SHOWN] = MIG_CLAIM_UNDECIDED, [MIG_PAPER_NO_CLAIM] = MIG_CLAIM_OPEN,
    [MIG_PAPER_MISSING] = MIG_CLAIM_UNTESTED,
  };
  return verdicts[verdict];
}

static MigClaimFinding
find_row (guint fact, const MigClaimSource *source)
{
  MigClaimFinding finding = nothing_found ();
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; source->rows && i < source->rows->len; i++)
    {
      const MigPaperRow *row = &g_array_index (source->rows, MigPaperRow, i);
      if (row->fact != fact || row->verdict == MIG_PAPER_MISSING)
        continue;
      finding.verdict = verdict_of_row (row->verdict);
      finding.value = row->here;
      finding.low = row->low;
      finding.high = row->high;
      finding.magnitude = row->magnitude;
      finding.n = row->n;
      finding.case_a = row->case_a;
      finding.case_b = row->case_b;
      g_hash_table_add (labels, (gpointer) row->case_a);
      g_hash_table_add (labels, (gpointer) row->case_b);
      finding.leans_against = row->verdict == MIG_PAPER_NOT_SHOWN && row->leans_against;
      set_more (&finding, source->summary, labels, row->more_repetitions);
    }
  return finding;
}

/* ---- conclusions ---- */

/* leans_against: of conclusion 1 or 2: as it seems, the test would refute it. */
static gboolean
leans_against (const MigPairedTest *test)
{
  double mean = test->difference.mean;

  return mean <= mig_paired_test_margin (test) - mean;
}

/* more_of: repetitions that would decide a test for the claim or, of conclusions 1 and 2, against
 * it; missing: it does not lean that way. error: of what is shown of one among all of them. */
static gint64
more_of (const MigSummary *summary, const MigPairedTest *test, guint conclusion, double error)
{
  const MigCaseSummary *a = mig_summary_find_case (summary, test->a),
                       *b = mig_summary_find_case (summary, test->b);
  double mean = test->difference.mean, to_margin = mig_paired_test_margin (test) - mean;

  if (test->verdict != MIG_VERDICT_INCONCLUSIVE)
    return MIG_MISSING_INT;
  if (test->raced && !(test->error > 0))
    return MIG_MISSING_INT;
  if (test->raced)
    error = test->error;
  if (test->together && a && b)
    return mig_time_difference (summary, a, b, ERROR_RATE).more_repetitions;
  if (conclusion == 3)
    return mig_paired_test_more (test, mean, error);
  if (conclusion == 4)
    return mig_paired_test_more (test, fabs (mean), error);
  return !leans_against (test) ? mig_paired_test_more (test, mean, test->raced ? error : ERROR_RATE)
                               : mig_paired_test_more (test, to_margin, error);
}

/* A test, and what it is ranked by among those of the same verdict: the larger, the rather it is
 * the one that decides, or speaks against what is undecided. */
typedef struct {
  const MigPairedTest *test;
  gint64 more;
  double key;
} Ranked;

/* rank: all_must: the claim is of all comparisons, so the one that is least favourable to it comes
 * first; else one is enough, so the one that is most. */
static Ranked
rank (const MigSummary *summary, const MigConclusion *conclusion, const MigPairedTest *test,
      gboolean all_must)
{
  const MigStat *d = &test->difference;
  gint64 more = more_of (summary, test, conclusion->number, ERROR_RATE / conclusion->evidence->len);
  double count = MIG_IS_MISSING (more) ? HUGE_VAL : (double) more;
  double nearest = fmin (fabs (d->ci_low), fabs (d->ci_high)) / fabs (test->mean_a);
  double key = test->verdict == MIG_VERDICT_SUPPORTED ? (all_must ? -nearest : nearest)
               : test->verdict == MIG_VERDICT_INCONCLUSIVE
                   ? (all_must ? -test->difference.mean / fabs (test->mean_a) : -count)
                   : -d->ci_high / fabs (test->mean_a);

  return (Ranked){ test, more, isnan (key) ? -HUGE_VAL : key };
}

/* precedence: of verdicts: the one that decides the claim comes first. */
static guint
precedence (MigVerdict verdict, gboolean all_must)
{
  guint from_supported = verdict == MIG_VERDICT_SUPPORTED      ? 2
                         : verdict == MIG_VERDICT_INCONCLUSIVE ? 1
                                                               : 0;
  return all_must ? 2 - from_supported : from_supported;
}

/* deciding: of the tests about that; NULL in it: there are none. */
static Ranked
deciding (const MigSummary *summary, const MigConclusion *conclusion, MigCost cost)
{
  gboolean all_must = conclusion->number <= 2;
  Ranked best = { NULL, MIG_MISSING_INT, 0 };

  for (guint i = 0; i < conclusion->evidence->len; i++)
    {
      const MigPairedTest *test = conclusion->evidence->pdata[i];
      if (!mig_conclusion_about (test, cost))
        continue;
      Ranked next = rank (summary, conclusion, test, all_must);
      guint before = best.test ? precedence (best.test->verdict, all_must) : 0,
            after = precedence (test->verdict, all_must);
      if (!best.test || after > before || (after == before && next.key > best.key))
        best = next;
    }
  return best;
}

const char *
mig_claim_quantity (MigMetric metric)
{
  gboolean time = metric == MIG_METRIC_TOTAL_TIME || metric == MIG_METRIC_GUEST_TIME;

  return time ? "time" : metric == MIG_METRIC_LEFT_THROUGHPUT ? "throughput" : "downtime";
}

/* set_value: of the test that decides: b's above a's, in per cent of a's. */
static void
set_value (MigClaimFinding *finding, const MigPairedTest *test)
{
  double percent = 100 / fabs (test->mean_a);

  finding->value = percent * test->difference.mean;
  finding->low = percent * test->difference.ci_low;
  finding->high = percent * test->difference.ci_high;
  finding->magnitude = 100;
  finding->n = test->difference.n;
  finding->case_a = test->a;
  finding->case_b = test->b;
  finding->quantity = mig_claim_quantity (test->metric);
  finding->class_name = test->class_name;
}

static void
count_tests (MigClaimFinding *finding, const MigConclusion *conclusion, MigCost cost)
{
  for (guint i = 0; i < conclusion->evidence->len; i++)
    {
      const MigPairedTest *test = conclusion->evidence->pdata[i];
      finding->n_tests += mig_conclusion_about (test, cost);
      finding->n_hold += mig_conclusion_about (test, cost) &&
                         test->verdict == MIG_VERDICT_SUPPORTED;
    }
}

/* set_need: of an undecided one: where all must hold, of all undecided comparisons, as many as the
 * one that takes most (missing: that is not known of one); where one is enough, or refutes it, of
 * that one. */
static void
set_need (MigClaimFinding *finding, const MigSummary *summary, const MigConclusion *conclusion,
          MigCost cost, const Ranked *ranked)
{
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean all_must = conclusion->number <= 2;
  gint64 more = ranked->more;

  finding->leans_against = all_must && leans_against (ranked->test);
  for (guint i = 0; i < conclusion->evidence->len; i++)
    {
      const MigPairedTest *test = conclusion->evidence->pdata[i];
      if (test != ranked->test &&
          (!all_must || finding->leans_against || test->verdict != MIG_VERDICT_INCONCLUSIVE ||
           !mig_conclusion_about (test, cost)))
        continue;
      gint64 its = rank (summary, conclusion, test, all_must).more;
      more = MIG_IS_MISSING (more) || MIG_IS_MISSING (its) ? MIG_MISSING_INT : MAX (more, its);
      g_hash_table_add (labels, (gpointer) test->a);
      g_hash_table_add (labels, (gpointer) test->b);
    }
  set_more (finding, summary, labels, more);
}

static MigClaimFinding
find_conclusion (guint number, MigCost cost, const MigClaimSource *source)
{
  static const MigClaimVerdict verdicts[] = {
    [MIG_VERDICT_SUPPORTED] = MIG_CLAIM_SUPPORTED,
    [MIG_VERDICT_NOT_SUPPORTED] = MIG_CLAIM_REFUTED,
    [MIG_VERDICT_INCONCLUSIVE] = MIG_CLAIM_UNDECIDED,
    [MIG_VERDICT_NOT_TESTED] = MIG_CLAIM_UNTESTED,
  };
  MigClaimFinding finding = nothing_found ();

  for (guint i = 0; i < source->conclusions->len; i++)
    {
      const MigConclusion *conclusion = source->conclusions->pdata[i];
      if (conclusion->number != number)
        continue;
      finding.verdict = verdicts[cost == MIG_COST_ANY ? conclusion->verdict
                                                      : mig_conclusion_judge (conclusion, cost)];
      finding.of_all = number <= 2;
      count_tests (&finding, conclusion, cost);
      Ranked ranked = deciding (source->summary, conclusion, cost);
      if (!ranked.test)
        continue;
      set_value (&finding, ranked.test);
      if (finding.verdict == MIG_CLAIM_UNDECIDED)
        set_need (&finding, source->summary, conclusion, cost, &ranked);
    }
  return finding;
}

MigClaimFinding
mig_claim_find (guint index, const MigClaimSource *source)
{
  return index < G_N_ELEMENTS (conclusions)
             ? find_conclusion (conclusions[index].number, conclusions[index].cost, source)
             : find_row (index - G_N_ELEMENTS (conclusions), source);
}

gboolean
mig_claims_decided (const MigClaimSource *source)
{
  for (guint i = 0; i < G_N_ELEMENTS (conclusions); i++)
    if (mig_claim_find (i, source).verdict == MIG_CLAIM_UNDECIDED)
      return FALSE;
  return TRUE;
}
