/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "paper/claim-table.h"

/* What several results say of the paper's claims, side by side: from findings made by hand. */

#define MINUTE_S 60.0

/* A result: what it says of one fact of a figure, or of a conclusion. */
typedef struct {
  MigSummary summary;
  GPtrArray *runs, *conclusions;
  GArray *rows;
} Result;

static void
result_init (Result *self)
{
  static MigRunSummary first = { .case_label = (char *) "mc", .length_s = 3 * MINUTE_S },
                       second = { .case_label = (char *) "cm", .length_s = 2 * MINUTE_S };

  memset (self, 0, sizeof *self);
  self->runs = g_ptr_array_new ();
  g_ptr_array_add (self->runs, &first);
  g_ptr_array_add (self->runs, &second);
  self->summary.runs = self->runs;
  self->summary.case_labelled = g_hash_table_new (g_str_hash, g_str_equal);
  self->conclusions = g_ptr_array_new ();
  self->rows = g_array_new (FALSE, FALSE, sizeof (MigPaperRow));
}

static void
result_clear (Result *self)
{
  g_hash_table_unref (self->summary.case_labelled);
  g_ptr_array_unref (self->runs);
  g_ptr_array_unref (self->conclusions);
  g_array_unref (self->rows);
}

/* claim_of: the index of the first claim of that figure with that beginning. */
static guint
claim_of (const char *figure, const char *subject)
{
  for (guint i = 0; i < mig_claims_count (); i++)
    {
      const MigClaim claim = mig_claim_at (i);
      if (g_strcmp0 (claim.figure, figure) == 0 && g_str_has_prefix (claim.subject, subject))
        return i;
    }
  g_error ("no claim '%s' of figure %s", subject, figure);
}

static void
add_row (Result *self, guint claim, MigPaperVerdict verdict, double value, double half)
{
  MigPaperRow row = { .verdict = MIG_PAPER_MISSING };

  for (guint fact = 0; fact < mig_paper_n_facts (); fact++)
    if (strcmp (mig_paper_fact (fact).subject, mig_claim_at (claim).subject) == 0)
      row = mig_paper_fact (fact);
  row.here = value;
  row.low = value - half;
  row.high = value + half;
  row.n = 3;
  row.magnitude = strcmp (row.unit, "%") == 0 ? 100 : 20;
  row.verdict = verdict;
  row.case_a = "mc";
  row.case_b = "cm";
  row.more_repetitions = verdict == MIG_PAPER_NOT_SHOWN ? 4 : MIG_MISSING_INT;
  g_array_append_val (self->rows, row);
}

static MigClaimSet
set_of (const char *platform, const Result *result)
{
  return (MigClaimSet){ .platform = platform,
                        .source = { &result->summary, result->conclusions, result->rows } };
}

/* chosen: of two results of one platform, by a claim. */
static MigClaimCell
chosen (guint claim, const MigClaimSet *sets)
{
  g_autoptr (MigClaimTable) table = mig_claim_table_new (sets, 2);

  g_assert_cmpuint (table->columns->len, ==, 1);
  return *mig_claim_table_at (table, claim, 0);
}

typedef struct {
  const char *figure, *subject;
  MigPaperVerdict verdicts[2];
  double values[2], halves[2];
  gboolean disturbed[2], scaled[2];
  guint set;
  gboolean disputed, marked;
} Choice;

static void
test_choice (void)
{
  static const Choice choices[] = {
    /* the one that decides, however wide */
    { "6",
      "total time, mc less cm",
      { MIG_PAPER_NOT_SHOWN, MIG_PAPER_HOLDS },
      { 1, 9 },
      { 2, 8 },
      { 0 },
      { 0 },
      1,
      FALSE,
      FALSE },
    /* of two that do, the narrower one; they contradict each other */
    { "6",
      "total time, mc less cm",
      { MIG_PAPER_HOLDS, MIG_PAPER_FAILS },
      { 10, -1 },
      { 1, 2 },
      { 0 },
      { 0 },
      0,
      TRUE,
      FALSE },
    /* of two that do not, too, however small its value */
    { "6",
      "total time, mc less cm",
      { MIG_PAPER_NOT_SHOWN, MIG_PAPER_NOT_SHOWN },
      { 1, 1 },
      { 3, 2 },
      { 0 },
      { 0 },
      1,
      FALSE,
      FALSE },
    /* what is a percentage is as wide as it is */
    { "7",
      "a cVM left",
      { MIG_PAPER_NOT_SHOWN, MIG_PAPER_NOT_SHOWN },
      { 1, 10 },
      { 2, 12 },
      { 0 },
      { 0 },
      0,
      FALSE,
      FALSE },
    /* rates that stand before those that observing took a part of; these contradict nothing */
    { "7",
      "a cVM left",
      { MIG_PAPER_FAILS, MIG_PAPER_HOLDS },
      { -9, 1 },
      { 1, 0.9 },
      { TRUE, FALSE },
      { 0 },
      1,
      FALSE,
      FALSE },
    { "7",
      "a cVM left",
      { MIG_PAPER_FAILS, MIG_PAPER_MISSING },
      { -9, NAN },
      { 1, NAN },
      { TRUE, FALSE },
      { 0 },
      0,
      FALSE,
      TRUE },
    /* times do not ask for that */
    { "6",
      "total time, mc less cm",
      { MIG_PAPER_HOLDS, MIG_PAPER_NOT_SHOWN },
      { 9, 1 },
      { 1, 2 },
      { TRUE, FALSE },
      { 0 },
      0,
      FALSE,
      FALSE },
    /* seconds for comparison: the narrower one, too */
    { "6",
      "total time, cc",
      { MIG_PAPER_NO_CLAIM, MIG_PAPER_NO_CLAIM },
      { 10, 40 },
      { 0.1, 9 },
      { 0 },
      { TRUE, FALSE },
      0,
      FALSE,
      FALSE },
    /* of two of one width, or without interval, that of full size */
    { "6",
      "total time, cc",
      { MIG_PAPER_NO_CLAIM, MIG_PAPER_NO_CLAIM },
      { 10, 40 },
      { 2, 2 },
      { 0 },
      { TRUE, FALSE },
      1,
      FALSE,
      FALSE },
    { "6",
      "total time, cc",
      { MIG_PAPER_NO_CLAIM, MIG_PAPER_NO_CLAIM },
      { 10, 40 },
      { NAN, NAN },
      { 0 },
      { TRUE, FALSE },
      1,
      FALSE,
      FALSE },
    /* one that lacks it counts for nothing */
    { "6",
      "total time, cc",
      { MIG_PAPER_MISSING, MIG_PAPER_NO_CLAIM },
      { NAN, 40 },
      { NAN, 9 },
      { 0 },
      { FALSE, TRUE },
      1,
      FALSE,
      FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      const Choice *choice = &choices[i];
      guint claim = claim_of (choice->figure, choice->subject);
      Result results[2];
      MigClaimSet sets[2];
      for (guint k = 0; k < 2; k++)
        {
          result_init (&results[k]);
          add_row (&results[k], claim, choice->verdicts[k], choice->values[k], choice->halves[k]);
          sets[k] = set_of ("A", &results[k]);
          sets[k].disturbed = choice->disturbed[k];
          sets[k].scaled = choice->scaled[k];
        }
      MigClaimCell cell = chosen (claim, sets);
      g_test_message ("choice %u", i);
      g_assert_cmpuint (cell.set, ==, choice->set);
      g_assert_cmpint (cell.disputed, ==, choice->disputed);
      g_assert_cmpint (cell.marked, ==, choice->marked);
      result_clear (&results[0]);
      result_clear (&results[1]);
    }
}

/* count_others: of three results of platforms, each with that verdict on the claim: how many others
 * stand beside the first platform's. */
static guint
count_others (guint claim, const char *const *platforms, const MigPaperVerdict *verdicts,
              const gboolean *disturbed)
{
  Result results[3];
  MigClaimSet sets[3];

  for (guint k = 0; k < 3; k++)
    {
      result_init (&results[k]);
      add_row (&results[k], claim, verdicts[k], 9, 1 + k);
      sets[k] = set_of (platforms[k], &results[k]);
      sets[k].disturbed = disturbed[k];
    }
  g_autoptr (MigClaimTable) table = mig_claim_table_new (sets, 3);
  g_autoptr (GArray) others = mig_claim_table_others (table, claim, 0);
  for (guint i = 0; i < others->len; i++)
    g_assert_cmpuint (g_array_index (others, MigClaimCell, i).set, !=,
                      mig_claim_table_at (table, claim, 0)->set);
  for (guint k = 0; k < 3; k++)
    result_clear (&results[k]);
  return others->len;
}

/* Where results of a platform differ, all others of it count; where they agree, none. */
static void
test_others (void)
{
  static const char *const one[] = { "A", "A", "A" }, *const two[] = { "A", "A", "B" };
  static const MigPaperVerdict agree[] = { MIG_PAPER_HOLDS, MIG_PAPER_HOLDS, MIG_PAPER_HOLDS },
                               last[] = { MIG_PAPER_HOLDS, MIG_PAPER_HOLDS, MIG_PAPER_NOT_SHOWN },
                               lacks[] = { MIG_PAPER_HOLDS, MIG_PAPER_FAILS, MIG_PAPER_MISSING };
  static const gboolean none[3] = { 0 }, third[] = { FALSE, FALSE, TRUE };
  guint time = claim_of ("6", "total time, mc less cm"), rate = claim_of ("7", "a cVM left");

  g_assert_cmpuint (count_others (time, one, agree, none), ==, 0);
  g_assert_cmpuint (count_others (time, one, last, none), ==, 2);
  /* not those of another platform, nor those that do not test it */
  g_assert_cmpuint (count_others (time, two, last, none), ==, 0);
  g_assert_cmpuint (count_others (time, one, lacks, none), ==, 1);
  /* nor those whose rates are disturbed, where it is about rates */
  g_assert_cmpuint (count_others (rate, one, last, third), ==, 0);
  g_assert_cmpuint (count_others (time, one, last, third), ==, 2);
}

/* Seconds for comparison are of the result whose difference is judged beside them, not the narrower
 * ones of another. */
static void
test_together (void)
{
  guint judged = claim_of ("6", "total time, mm less cc"), cc = claim_of ("6", "total time, cc");
  Result results[2];
  MigClaimSet sets[2];

  for (guint k = 0; k < 2; k++)
    {
      result_init (&results[k]);
      add_row (&results[k], judged, MIG_PAPER_HOLDS, 30, k == 0 ? 1 : 2);
      add_row (&results[k], cc, MIG_PAPER_NO_CLAIM, 10 + k, k == 0 ? 5 : 0.1);
      sets[k] = set_of ("A", &results[k]);
    }
  g_assert_cmpuint (chosen (judged, sets).set, ==, 0);
  g_assert_cmpuint (chosen (cc, sets).set, ==, 0);
  result_clear (&results[0]);
  result_clear (&results[1]);
}

/* How long it would take: 4 more repetitions of both cases, 2 and 3 minutes each. */
static void
test_need (void)
{
  guint claim = claim_of ("6", "total time, mc less cm");
  Result result;

  result_init (&result);
  add_row (&result, claim, MIG_PAPER_NOT_SHOWN, 1, 2);
  const MigClaimSource source = { &result.summary, result.conclusions, result.rows };
  MigClaimFinding finding = mig_claim_find (claim, &source);
  g_assert_cmpint (finding.verdict, ==, MIG_CLAIM_UNDECIDED);
  g_assert_cmpint (finding.more_repetitions, ==, 4);
  g_assert_cmpfloat_with_epsilon (finding.more_s, 4 * 5 * MINUTE_S, 1e-9);
  /* of what it says nothing about */
  finding = mig_claim_find (claim_of ("8", "an mVM left"), &source);
  g_assert_cmpint (finding.verdict, ==, MIG_CLAIM_UNTESTED);
  g_assert_true (isnan (finding.value) && MIG_IS_MISSING (finding.more_repetitions));
  result_clear (&result);
}

static void
add_test (MigConclusion *conclusion, MigMetric metric, MigVerdict verdict, double mean, double half)
{
  MigPairedTest *test = g_new0 (MigPairedTest, 1);

  mig_stat_init (&test->difference);
  for (guint i = 0; i < 3; i++)
    mig_stat_add (&test->difference, i, i, mean + ((double) i - 1));
  mig_stat_compute (&test->difference);
  test->difference.ci_low = mean - half;
  test->difference.ci_high = mean + half;
  test->a = "cm";
  test->b = "mc";
  test->metric = metric;
  test->mean_a = 20;
  test->mean_b = 20 + mean;
  test->verdict = verdict;
  g_ptr_array_add (conclusion->evidence, test);
}

/* find: of a conclusion, the values being by 20. */
static MigClaimFinding
find (const MigConclusion *conclusion, guint index)
{
  Result result;

  result_init (&result);
  g_ptr_array_add (result.conclusions, (gpointer) conclusion);
  const MigClaimSource source = { &result.summary, result.conclusions, NULL };
  MigClaimFinding finding = mig_claim_find (index, &source);
  result_clear (&result);
  return finding;
}

static void
test_conclusion_of_all (void)
{
  MigConclusion conclusion = { .number = 1, .verdict = MIG_VERDICT_NOT_SUPPORTED };
  conclusion.evidence = mig_paired_tests_new ();

  /* time: the undecided one that is least favourable; downtime: the one that refutes it */
  add_test (&conclusion, MIG_METRIC_TOTAL_TIME, MIG_VERDICT_SUPPORTED, 10, 1);
  add_test (&conclusion, MIG_METRIC_TOTAL_TIME, MIG_VERDICT_INCONCLUSIVE, 4, 5);
  add_test (&conclusion, MIG_METRIC_TOTAL_TIME, MIG_VERDICT_INCONCLUSIVE, 2, 3);
  add_test (&conclusion, MIG_METRIC_DOWNTIME_GUEST, MIG_VERDICT_NOT_SUPPORTED, -4, 1);
  add_test (&conclusion, MIG_METRIC_DOWNTIME_GUEST, MIG_VERDICT_SUPPORTED, 8, 1);
  MigClaimFinding time = find (&conclusion, 0), downtime = find (&conclusion, 1);

  g_assert_cmpint (time.verdict, ==, MIG_CLAIM_UNDECIDED);
  g_assert_cmpfloat_with_epsilon (time.value, 100 * 2.0 / 20, 1e-9);
  g_assert_cmpfloat_with_epsilon (time.low, 100 * -1.0 / 20, 1e-9);
  g_assert_cmpuint (time.n_tests, ==, 3);
  g_assert_cmpuint (time.n_hold, ==, 1);
  /* a mean of 2 standard deviations is shown by 5 (Cohen); there are 3 */
  g_assert_cmpint (time.more_repetitions, ==, 2);
  g_assert_cmpfloat_with_epsilon (time.more_s, 2 * 5 * MINUTE_S, 1e-9);
  g_assert_false (time.leans_against);
  g_assert_cmpint (downtime.verdict, ==, MIG_CLAIM_REFUTED);
  g_assert_cmpfloat_with_epsilon (downtime.value, 100 * -4.0 / 20, 1e-9);
  g_assert_cmpstr (downtime.quantity, ==, "downtime");
  g_assert_true (MIG_IS_MISSING (downtime.more_repetitions));
  g_ptr_array_unref (conclusion.evidence);
}

/* Of undecided comparisons that all have to hold, the one whose mean speaks most against the claim
 * is shown, not the one that takes most repetitions; more of it would not support the claim. */
static void
test_least_favourable (void)
{
  MigConclusion conclusion = { .number = 2, .verdict = MIG_VERDICT_INCONCLUSIVE };
  conclusion.evidence = mig_paired_tests_new ();

  g_assert_cmpuint (mig_claim_at (2).conclusion, ==, 2);
  add_test (&conclusion, MIG_METRIC_TOTAL_TIME, MIG_VERDICT_INCONCLUSIVE, 1.1, 3);
  add_test (&conclusion, MIG_METRIC_TOTAL_TIME, MIG_VERDICT_INCONCLUSIVE, -1, 3);
  add_test (&conclusion, MIG_METRIC_TOTAL_TIME, MIG_VERDICT_INCONCLUSIVE, -0.4, 3);
  MigClaimFinding finding = find (&conclusion, 2);

  g_assert_cmpint (finding.verdict, ==, MIG_CLAIM_UNDECIDED);
  g_assert_cmpfloat_with_epsilon (finding.value, 100 * -1.0 / 20, 1e-9);
  g_assert_true (finding.leans_against);
  /* it is two standard deviations below the margin, 5 % of 20: at the level of one of three
   * comparisons six show that with a chance of 85 %, five with one of 68 %; there are 3 */
  g_assert_cmpint (finding.more_repetitions, ==, 3);
  g_assert_cmpfloat_with_epsilon (finding.more_s, finding.more_repetitions * 5 * MINUTE_S, 1e-9);

  /* all means in favour of it, of which one takes most: all of them have to be shown */
  g_ptr_array_set_size (conclusion.evidence, 0);
  add_test (&conclusion, MIG_METRIC_TOTAL_TIME, MIG_VERDICT_INCONCLUSIVE, 4, 5);
  add_test (&conclusion, MIG_METRIC_TOTAL_TIME, MIG_VERDICT_INCONCLUSIVE, 1, 3);
  finding = find (&conclusion, 2);
  g_assert_cmpfloat_with_epsilon (finding.value, 100 * 1.0 / 20, 1e-9);
  g_assert_false (finding.leans_against);
  g_ptr_array_unref (conclusion.evidence);
}

/* Of two results that support what all comparisons have to, the one that has more of them. */
static void
test_most_comparisons (void)
{
  MigConclusion one = { .number = 1, .verdict = MIG_VERDICT_SUPPORTED },
                two = { .number = 1, .verdict = MIG_VERDICT_SUPPORTED };
  Result results[2];
  MigClaimSet sets[2];

  one.evidence = mig_paired_tests_new ();
  two.evidence = mig_paired_tests_new ();
  add_test (&one, MIG_METRIC_TOTAL_TIME, MIG_VERDICT_SUPPORTED, 10, 1);
  add_test (&two, MIG_METRIC_TOTAL_TIME, MIG_VERDICT_SUPPORTED, 10, 2);
  add_test (&two, MIG_METRIC_TOTAL_TIME, MIG_VERDICT_SUPPORTED, 8, 2);
  for (guint k = 0; k < 2; k++)
    {
      result_init (&results[k]);
      g_ptr_array_add (results[k].conclusions, k ? &two : &one);
      sets[k] = set_of ("A", &results[k]);
    }
  g_assert_cmpuint (chosen (0, sets).set, ==, 1);
  for (guint k = 0; k < 2; k++)
    result_clear (&results[k]);
  g_ptr_array_unref (one.evidence);
  g_ptr_array_unref (two.evidence);
}

/* For conclusion 4 one comparison is enough. */
static void
test_conclusion_of_one (void)
{
  MigConclusion conclusion = { .number = 4, .verdict = MIG_VERDICT_SUPPORTED };
  conclusion.evidence = mig_paired_tests_new ();
  guint index = 5;

  g_assert_cmpuint (mig_claim_at (index).conclusion, ==, 4);
  add_test (&conclusion, MIG_METRIC_GUEST_TIME, MIG_VERDICT_INCONCLUSIVE, 1, 3);
  add_test (&conclusion, MIG_METRIC_GUEST_TIME, MIG_VERDICT_SUPPORTED, 8, 1);
  add_test (&conclusion, MIG_METRIC_GUEST_DOWNTIME, MIG_VERDICT_SUPPORTED, -9, 1);
  MigClaimFinding finding = find (&conclusion, index);

  g_assert_cmpint (finding.verdict, ==, MIG_CLAIM_SUPPORTED);
  g_assert_cmpfloat_with_epsilon (finding.value, 100 * -9.0 / 20, 1e-9);
  g_assert_cmpuint (finding.n_hold, ==, 2);
  g_ptr_array_unref (conclusion.evidence);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/claims/choice", test_choice);
  g_test_add_func ("/claims/others", test_others);
  g_test_add_func ("/claims/together", test_together);
  g_test_add_func ("/claims/need", test_need);
  g_test_add_func ("/claims/conclusion-of-all", test_conclusion_of_all);
  g_test_add_func ("/claims/least-favourable", test_least_favourable);
  g_test_add_func ("/claims/most-comparisons", test_most_comparisons);
  g_test_add_func ("/claims/conclusion-of-one", test_conclusion_of_one);
  return g_test_run ();
}
