/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/answer-text.h"
#include "report/guests-text.h"
#include "report/number.h"
#include "report/run-sections.h"
#include "paper/paired-test.h"
#include "summary/power.h"
#include "summary/race.h"
#include "summary/recommend.h"

/* Answers: what is decided, by values that are computed by hand, and the sentences. */

static const MigClassInfo computes = { "c", "cpu", 0, 0 };
static const MigClassInfo updates = { "m", "memory", HUGE_VAL, 1e6 };
static const MigClassInfo there = { "web", "existing", 0, 0 };

static MigSummary *
summary_new (void)
{
  MigSummary *summary = mig_summary_new ();

  g_ptr_array_set_free_func (summary->classes, NULL);
  g_ptr_array_add (summary->classes, (gpointer) &computes);
  g_ptr_array_add (summary->classes, (gpointer) &updates);
  return summary;
}

static const MigClassInfo *
class_of (char letter)
{
  return letter == 'c' ? &computes : letter == 'm' ? &updates : &there;
}

/* add_case_from: its label says which classes move, in their order; one time per repetition from
 * that one on. */
static void
add_case_from (MigSummary *summary, const char *label, guint from, const double *seconds, guint n)
{
  MigCaseSummary *study_case = mig_summary_add_case (summary, label);

  study_case->n_runs = study_case->n_sound = n;
  for (const char *p = label; *p && *p != ' '; p++)
    {
      g_ptr_array_add (study_case->classes_moved, (gpointer) class_of (*p));
      mig_case_add_class (study_case, class_of (*p));
    }
  for (guint i = 0; i < n; i++)
    mig_stat_add (&study_case->stats[MIG_METRIC_TOTAL_TIME], from + i, from + i, seconds[i]);
  mig_stat_compute (&study_case->stats[MIG_METRIC_TOTAL_TIME]);
}

static void
add_case (MigSummary *summary, const char *label, const double *seconds, guint n)
{
  add_case_from (summary, label, 1, seconds, n);
}

static void
assert_text (const MigSummary *summary, const MigAnswer *answer, const char *expected)
{
  g_autofree char *text = mig_answer_text (summary, answer);
  g_assert_cmpstr (text, ==, expected);
}

/* Load balancing. Of three kinds of choices there are three pairs, so each interval has 1 - 0.05 /
 * 3; with 2 degrees of freedom the quantile p of t is (2 p - 1) / sqrt (2 p (1 - p)), 7.6488 at
 * 0.99167. mm less cc: 20, 21, 22, so 21 +- 7.6488 / sqrt (3) = 16.58 to 25.42. Of two orders there
 * is one pair: t = 4.3027; mc less cm: 0.1, -0.1, 0.1: 0.0333 +- 4.3027 x 0.11547 / sqrt (3), at
 * most 0.320. */
static void
test_choices (void)
{
  const double cc[] = { 10, 11, 12 }, cm[] = { 20, 21, 23 }, mc[] = { 20.1, 20.9, 23.1 };
  const double mm[] = { 30, 32, 34 };
  g_autoptr (MigSummary) summary = summary_new ();

  add_case (summary, "cc", cc, 3);
  add_case (summary, "cm", cm, 3);
  add_case (summary, "mc", mc, 3);
  add_case (summary, "mm", mm, 3);
  g_autoptr (GPtrArray) answers = mig_answers_new (summary);
  g_assert_cmpuint (answers->len, ==, 2);
  const MigAnswer *guests = answers->pdata[0], *order = answers->pdata[1];
  g_assert_cmpint (guests->kind, ==, MIG_ANSWER_GUESTS);
  g_assert_cmpuint (guests->n_cases, ==, 3);
  g_assert_true (mig_answer_is_decided (guests));
  g_assert_cmpstr (guests->next->label, ==, "cm");
  g_assert_cmpfloat_with_epsilon (guests->to_worst.low_s, 16.584, 1e-3);
  g_assert_cmpfloat_with_epsilon (guests->to_worst.high_s, 25.416, 1e-3);
  assert_text (summary, guests,
               "Move the guests that compute first: two that compute take 11.00 s, two that "
               "update memory 32.00 s, 21.00 s more (16.58 to 25.42 s).");
  g_assert_cmpint (order->kind, ==, MIG_ANSWER_ORDER);
  g_assert_true (mig_answer_is_equal (order) && !mig_answer_is_decided (order));
  g_assert_cmpfloat_with_epsilon (order->bound_s, 0.3202, 1e-4);
  assert_text (summary, order,
               "Which of one that computes and one that updates memory goes first makes no "
               "difference of more than 0.320 s.");
  g_autofree char *legend = mig_guests_legend (summary);
  g_assert_cmpstr (legend, ==, "c computes, m updates memory; cm: first c, then m.");
}

/* What is shown, but less than 5 %, is no reason to move anybody first. */
static void
test_little (void)
{
  const double cc[] = { 10, 10.1, 10.2 }, mm[] = { 10.1, 10.21, 10.3 };
  const double cm[] = { 20, 20.1, 20.2 }, mc[] = { 20.1, 20.21, 20.3 };
  g_autoptr (MigSummary) guests = summary_new (), order = summary_new ();

  add_case (guests, "cc", cc, 3);
  add_case (guests, "mm", mm, 3);
  g_autoptr (GPtrArray) of_guests = mig_answers_new (guests);
  assert_text (guests, of_guests->pdata[0],
               "Which guests to move first makes a difference of less than 5 %: two that compute "
               "take 10.10 s, two that update memory 10.20 s, 0.103 s more (0.089 to 0.118 s).");
  add_case (order, "cm", cm, 3);
  add_case (order, "mc", mc, 3);
  g_autoptr (GPtrArray) of_order = mig_answers_new (order);
  g_autofree char *text = mig_answer_text (order, of_order->pdata[0]);
  g_assert_true (g_str_has_prefix (text,
                                   "Which of one that computes and one that updates memory goes "
                                   "first makes a difference of less than 5 %: "));
}

/* add_work: what all guests lose in a case that is there. */
static void
add_work (const MigSummary *summary, const char *label, const double *seconds, guint n)
{
  MigCaseSummary *study_case = (MigCaseSummary *) mig_summary_find_case (summary, label);

  for (guint i = 0; i < n; i++)
    mig_stat_add (&study_case->stats[MIG_METRIC_LOST_ALL], i + 1, i + 1, seconds[i]);
  mig_stat_compute (&study_case->stats[MIG_METRIC_LOST_ALL]);
}

/* Two orders that take the same time: mc less cm: 20, 21, 22: 21 +- 4.3027 / sqrt (3) = 18.516 to
 * 23.484. Said only where it is shown, and more than a tenth of the time. */
static void
test_work (void)
{
  const double cm[] = { 20, 21, 23 }, mc[] = { 20.1, 20.9, 23.1 };
  const double gained[] = { -26, -25, -27 }, less[] = { -6, -4, -5 }, little[] = { -25, -24, -26 };
  const double scattered[] = { -60, -4, 20 };
  const struct {
    const double *lost;
    gboolean told;
  } others[] = { { less, TRUE }, { little, FALSE }, { scattered, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (MigSummary) summary = summary_new ();
      add_case (summary, "cm", cm, 3);
      add_case (summary, "mc", mc, 3);
      add_work (summary, "cm", gained, 3);
      add_work (summary, "mc", others[i].lost, 3);
      g_autoptr (GPtrArray) answers = mig_answers_new (summary);
      const MigAnswer *order = answers->pdata[0];
      g_assert_cmpint (mig_answer_tells_work (order), ==, others[i].told);
      g_assert_cmpstr (order->least_lost->label, ==, "cm");
      if (others[i].told)
        assert_text (summary, order,
                     "Which of one that computes and one that updates memory goes first makes no "
                     "difference of more than 0.320 s. In cm the guests do 21.00 s more of their "
                     "work than in mc (18.52 to 23.48 s).");
    }
}

/* add_race: of these cases, in that order; all pairs are asked, and n blocks ran. */
static void
add_race (MigSummary *summary, const char *const *labels, const double *const *seconds, guint n)
{
  const MigRaceRule decided = { MIG_UNTIL_DECIDED, NAN };
  guint n_cases = g_strv_length ((char **) labels);

  summary->race = mig_race_new (&decided);
  for (guint i = 0; i < n_cases; i++)
    mig_race_add_case (summary->race, labels[i]);
  for (guint i = 0; i < n_cases; i++)
    for (guint j = i + 1; j < n_cases; j++)
      mig_race_ask (summary->race, i, j,
                    labels[i][0] != labels[i][1] && labels[j][0] != labels[j][1]);
  mig_race_begin (summary->race);
  for (guint block = 0; block < n; block++)
    for (guint i = 0; i < n_cases; i++)
      mig_race_add (summary->race, i, block + 1, block * n_cases + i + 1, seconds[i][block], 1);
}

/* The same of a run that ends when it is decided: six pairs, and after three blocks a third of the
 * error is spent: t (2) at 1 - 0.05 / 6 / 3 / 2 is 18.934. mm less cc: 21 +- 18.934 / sqrt (3). mc
 * less cm: at most 0.0333 + 18.934 x 0.11547 / sqrt (3), whichever of them the race names first.
 * Two blocks say nothing. */
static void
test_race (void)
{
  const double cc[] = { 10, 11, 12 }, cm[] = { 20, 21, 23 }, mc[] = { 20.1, 20.9, 23.1 };
  const double mm[] = { 30, 32, 34 };
  const double *const seconds[] = { mm, mc, cm, cc };
  const char *const labels[] = { "mm", "mc", "cm", "cc", NULL };

  for (guint n = 2; n <= 3; n++)
    {
      g_autoptr (MigSummary) summary = summary_new ();
      add_case (summary, "cc", cc, n);
      add_case (summary, "cm", cm, n);
      add_case (summary, "mc", mc, n);
      add_case (summary, "mm", mm, n);
      add_race (summary, labels, seconds, n);
      g_autoptr (GPtrArray) answers = mig_answers_new (summary);
      const MigAnswer *guests = answers->pdata[0], *order = answers->pdata[1];
      g_assert_true (guests->to_worst.asked);
      g_assert_cmpint (mig_answer_is_decided (guests), ==, n == 3 && guests->to_next.low_s > 0);
      if (n == 2)
        g_assert_true (isnan (guests->to_worst.low_s) && isnan (order->bound_s));
      else
        {
          g_assert_cmpfloat_with_epsilon (guests->to_worst.low_s, 10.068, 1e-3);
          g_assert_cmpfloat_with_epsilon (guests->to_worst.high_s, 31.932, 1e-3);
          g_assert_cmpfloat_with_epsilon (order->bound_s, 1.2956, 1e-3);
        }
    }
}

/* One that a plain paired test would call decided: mc less cm is 0.5, 0.6, 0.5: 0.533 +- 4.3027 x
 * 0.057735 / sqrt (3) = 0.390 to 0.677. By the race of four cases it is -0.098 to 1.164: open, in
 * all that says which order takes less. */
static void
test_race_open (void)
{
  const double cc[] = { 5, 5, 5 }, cm[] = { 10, 10, 11 }, mc[] = { 10.5, 10.6, 11.5 };
  const double mm[] = { 16, 16, 16 };
  const double *const seconds[] = { cc, cm, mc, mm };
  const char *const labels[] = { "cc", "cm", "mc", "mm", NULL };
  g_autoptr (MigSummary) summary = summary_new ();

  for (guint i = 0; labels[i]; i++)
    add_case (summary, labels[i], seconds[i], 3);
  add_race (summary, labels, seconds, 3);
  mig_recommend (summary);
  g_autoptr (GPtrArray) answers = mig_answers_new (summary);
  const MigAnswer *order = answers->pdata[1];
  g_assert_false (mig_answer_is_decided (order) || mig_answer_is_equal (order));
  assert_text (summary, order,
               "Which of one that computes and one that updates memory goes first is not decided: "
               "cm takes 10.33 s, mc 10.87 s; after 3 repetitions the difference may be anything "
               "from 0.10 s less to 1.16 s more. About 1 more repetition would decide it.");
  const MigRecommendation *which = summary->recommendations->pdata[0];
  g_assert_false (which->shown);
  g_assert_cmpfloat_with_epsilon (which->time.ci_low, -0.0978, 1e-3);
  g_autoptr (GPtrArray) tests = mig_paired_tests_new ();
  const MigCaseSummary *a = mig_summary_find_case (summary, "cm");
  const MigCaseSummary *b = mig_summary_find_case (summary, "mc");
  mig_paired_test_add (summary, tests, a, b, MIG_METRIC_TOTAL_TIME, NULL);
  mig_paired_test_add (summary, tests, b, a, MIG_METRIC_TOTAL_TIME, NULL);
  mig_paired_tests_widen (tests);
  g_assert_cmpint (mig_paired_test_shown (tests->pdata[0]), ==, 0);
  const MigPairedTest *reverse = tests->pdata[1];
  g_assert_cmpfloat_with_epsilon (reverse->wide_low, -1.1644, 1e-3);
  g_assert_cmpfloat_with_epsilon (reverse->wide_high, 0.0978, 1e-3);
}

/* B less A: 1, -1, 3: 1 +- 4.3027 x 2 / sqrt (3) = -3.97 to 5.97: neither decided nor equal. */
static void
test_open (void)
{
  const double a[] = { 10, 10, 10 }, b[] = { 11, 9, 13 };
  g_autoptr (MigSummary) summary = summary_new ();

  add_case (summary, "cm", a, 3);
  add_case (summary, "mc", b, 3);
  g_autoptr (GPtrArray) answers = mig_answers_new (summary);
  const MigAnswer *answer = answers->pdata[0];
  g_assert_cmpuint (answers->len, ==, 1);
  g_assert_false (mig_answer_is_decided (answer) || mig_answer_is_equal (answer));
  g_assert_cmpfloat_with_epsilon (answer->bound_s, 5.968, 1e-3);
  g_assert_cmpint (answer->more_repetitions, >, 50);
  g_autofree char *text = mig_answer_text (summary, answer);
  g_assert_true (g_str_has_prefix (
      text, "Which of one that computes and one that updates memory goes first is not decided: cm "
            "takes 10.00 s, mc 11.00 s; after 3 repetitions the difference may be anything from "
            "3.97 s less to 5.97 s more. About "));
}

/* One repetition decides nothing, however large the difference. */
static void
test_single (void)
{
  const double c[] = { 1 }, m[] = { 100 };
  g_autoptr (MigSummary) summary = summary_new ();

  add_case (summary, "c", c, 1);
  add_case (summary, "m", m, 1);
  g_autoptr (GPtrArray) answers = mig_answers_new (summary);
  g_assert_false (mig_answer_is_decided (answers->pdata[0]));
  assert_text (summary, answers->pdata[0],
               "Which guests to move first is not decided: one that computes takes 1.00 s, one "
               "that updates memory 100.0 s; one repetition cannot tell whether that is chance.");
}

/* One order is sound in the first repetition, the other one in the second: nothing is compared. */
static void
test_disjoint (void)
{
  const double cm[] = { 10 }, mc[] = { 20 };
  g_autoptr (MigSummary) summary = summary_new ();
  g_autoptr (MigDocument)
      document = mig_document_new (MIG_MEDIUM_PAGE, "answers", g_strdup ("answers"));

  add_case_from (summary, "cm", 1, cm, 1);
  add_case_from (summary, "mc", 2, mc, 1);
  mig_recommend (summary);
  g_autoptr (GPtrArray) answers = mig_answers_new (summary);
  assert_text (summary, answers->pdata[0],
               "Which of one that computes and one that updates memory goes first is not decided: "
               "cm takes 10.00 s, mc 20.00 s; no repetition has both.");
  mig_section_answers (document->body, summary);
  g_autofree char *page = mig_document_render (document);
  g_assert_nonnull (strstr (page, "cm before mc, by the means of different repetitions: none has "
                                  "both."));
  g_assert_null (strstr (page, "by one repetition"));
}

/* Three orders: 3 pairs. 20 more, 10 more, without much scatter: decided; the rest is told where
 * only some are slower. */
static void
test_orders (void)
{
  const double best[] = { 10, 11, 12 }, near[] = { 10.1, 11.2, 12 }, slow[] = { 30, 31, 32.1 };
  g_autoptr (MigSummary) summary = summary_new ();

  add_case (summary, "ccm", best, 3);
  add_case (summary, "cmc", near, 3);
  add_case (summary, "mcc", slow, 3);
  g_autoptr (GPtrArray) answers = mig_answers_new (summary);
  const MigAnswer *answer = answers->pdata[0];
  g_assert_cmpuint (answer->n_slower, ==, 1);
  g_autofree char *text = mig_answer_text (summary, answer);
  g_assert_true (g_str_has_prefix (text,
                                   "In which order two that compute and one that updates "
                                   "memory go matters: ccm takes 11.00 s, mcc 20.03 s more ("));
  g_assert_nonnull (strstr (text, " 1 of the other 2 orders is shown to take longer; the rest "
                                  "differ by no more than "));
}

/* One of three orders is sound once: nothing is equal. Of the four orders of two and two that are
 * compared there are six pairs, and t (2) at 1 - 0.05 / 12 is 10.886: near less best: 0.1, 0.1,
 * 0.05: 0.0833 +- 10.886 x 0.028868 / sqrt (3), at most 0.265. */
static void
test_unknown (void)
{
  const double best[] = { 10, 11, 12 }, near[] = { 10.1, 11.1, 12.05 }, slow[] = { 30, 31, 32.1 };
  const double once[] = { 60 };
  g_autoptr (MigSummary) three = summary_new (), four = summary_new ();

  add_case (three, "ccm", best, 3);
  add_case (three, "cmc", near, 3);
  add_case (three, "mcc", once, 1);
  g_autoptr (GPtrArray) open = mig_answers_new (three);
  const MigAnswer *answer = open->pdata[0];
  g_assert_false (mig_answer_is_equal (answer) || mig_answer_is_decided (answer));
  g_assert_cmpuint (answer->unknown->len, ==, 1);
  g_assert_cmpstr (answer->open->label, ==, "mcc");
  assert_text (three, answer,
               "In which order two that compute and one that updates memory go is not decided: ccm "
               "takes 11.00 s, mcc 60.00 s; one repetition cannot tell whether that is chance.");
  add_case (four, "ccmm", best, 3);
  add_case (four, "cmcm", near, 3);
  add_case (four, "cmmc", slow, 3);
  add_case (four, "mccm", once, 1);
  g_autoptr (GPtrArray) some = mig_answers_new (four);
  answer = some->pdata[0];
  g_assert_cmpstr (answer->worst->label, ==, "mccm");
  g_assert_cmpstr (answer->slowest->label, ==, "cmmc");
  g_autofree char *text = mig_answer_text (four, answer);
  g_assert_nonnull (strstr (text, " matters: ccmm takes 11.00 s, cmmc 20.03 s more ("));
  g_assert_true (g_str_has_suffix (
      text,
      " 1 of the other 3 orders is shown to take longer; one repetition of mccm is too few to "
      "tell (migcost run --repeat makes more, with --resume in this result); the rest differ "
      "by no more than 0.265 s."));
}

/* set_unsound: of the case's runs so many more failed, or did not run. */
static void
set_unsound (MigSummary *summary, const char *label, guint failed, guint not_run)
{
  MigCaseSummary *study_case = (MigCaseSummary *) mig_summary_find_case (summary, label);

  study_case->n_runs = study_case->n_sound + failed + not_run;
  study_case->n_not_run = not_run;
}

/* assert_suffix: of the first answer. */
static void
assert_suffix (const MigSummary *summary, const char *expected)
{
  g_autoptr (GPtrArray) answers = mig_answers_new (summary);
  g_autofree char *text = mig_answer_text (summary, answers->pdata[0]);

  g_test_message ("%s", text);
  g_assert_true (g_str_has_suffix (text, expected));
}

#define MAKE_MORE " (migcost run --repeat makes more, with --resume in this result)."

/* Why too few repetitions are known: they failed, there was but one, or the two were never sound in
 * the same ones. */
static void
test_why_unknown (void)
{
  const double best[] = { 10 }, next[] = { 11 }, other[] = { 30 }, two[] = { 31, 32 };
  g_autoptr (MigSummary) summary = summary_new ();

  add_case (summary, "ccm", best, 1);
  add_case (summary, "cmc", next, 1);
  add_case (summary, "mcc", other, 1);
  assert_suffix (summary, "; one repetition cannot tell whether that is chance. One repetition of "
                          "mcc is too few to tell" MAKE_MORE);
  set_unsound (summary, "mcc", 0, 2);
  assert_suffix (summary, " One repetition of mcc is too few to tell" MAKE_MORE);
  set_unsound (summary, "mcc", 1, 0);
  assert_suffix (summary, "that is chance. Too few repetitions of mcc are sound to tell.");
  g_autoptr (MigSummary) apart = summary_new ();
  add_case (apart, "ccmm", best, 1);
  add_case (apart, "cmcm", next, 1);
  add_case (apart, "cmmc", other, 1);
  add_case_from (apart, "mccm", 2, two, 2);
  add_case (apart, "mcmc", two, 1);
  set_unsound (apart, "mcmc", 2, 0);
  assert_suffix (apart, " Too few repetitions of mcmc are sound to tell. One repetition of cmmc is "
                        "too few to tell (migcost run --repeat makes more, with --resume in this "
                        "result). Too few repetitions of mccm can be compared to tell.");
}

/* Differences that are not shown say nothing where they may be more than a tenth of the best: of
 * three orders t (2) at 1 - 0.05 / 6 is 7.6488; cmc less ccm: 0.1, 0.2, 0: at most 0.1 + 7.6488 x
 * 0.1 / sqrt (3) = 0.542 of 11 s; 0.6, -0.3, 0.9: at most 3.16. */
static void
test_near (void)
{
  const double best[] = { 10, 11, 12 }, near[] = { 10.1, 11.2, 12 }, wide[] = { 10.6, 10.7, 12.9 };
  const double slow[] = { 30, 31, 32.1 };
  g_autoptr (MigSummary) little = summary_new (), much = summary_new (), several = summary_new ();

  add_case (little, "ccm", best, 3);
  add_case (little, "cmc", near, 3);
  add_case (little, "mcc", slow, 3);
  assert_suffix (little, " 1 of the other 2 orders is shown to take longer; the rest differ by no "
                         "more than 0.542 s.");
  add_case (much, "ccm", best, 3);
  add_case (much, "cmc", wide, 3);
  add_case (much, "mcc", slow, 3);
  assert_suffix (much, " 1 of the other 2 orders is shown to take longer; the rest is not told "
                       "apart from ccm.");
  add_case (several, "ccmm", best, 3);
  add_case (several, "cmcm", wide, 3);
  add_case (several, "cmmc", near, 3);
  add_case (several, "mmcc", slow, 3);
  assert_suffix (several, " 1 of the other 3 orders is shown to take longer; the rest are not told "
                          "apart from ccmm.");
}

/* Three pairs: t (2) at 1 - 0.05 / 6 is 7.6488. Both others less the best: 0.3, 0.7, 0.5: at most
 * 0.5 + 7.6488 x 0.2 / sqrt (3) = 1.383. One less the other: 0.4, -0.4, 0: at most 7.6488 x 0.4 /
 * sqrt (3) = 1.766. */
static void
test_all_pairs (void)
{
  const double best[] = { 20, 20, 20 }, one[] = { 20.3, 20.7, 20.5 }, two[] = { 20.7, 20.3, 20.5 };
  g_autoptr (MigSummary) summary = summary_new ();

  add_case (summary, "ccm", best, 3);
  add_case (summary, "cmc", one, 3);
  add_case (summary, "mcc", two, 3);
  g_autoptr (GPtrArray) answers = mig_answers_new (summary);
  const MigAnswer *answer = answers->pdata[0];
  g_assert_true (mig_answer_is_equal (answer));
  g_assert_cmpfloat_with_epsilon (answer->bound_s, 1.7664, 1e-3);
}

/* What is recommended has the interval of the answer: cmc less ccm: 0.35, 0.65, 0.5: 0.5 +- 7.6488
 * x 0.15 / sqrt (3) = -0.162 to 1.162 of three pairs; of one pair it would lie above 0. */
static void
test_recommended (void)
{
  const double best[] = { 10, 11, 12 }, next[] = { 10.35, 11.65, 12.5 }, slow[] = { 30, 31, 32.1 };
  g_autoptr (MigSummary) three = summary_new (), two = summary_new ();

  add_case (three, "ccm", best, 3);
  add_case (three, "cmc", next, 3);
  add_case (three, "mcc", slow, 3);
  mig_recommend (three);
  g_autoptr (GPtrArray) answers = mig_answers_new (three);
  const MigAnswer *answer = answers->pdata[0];
  const MigRecommendation *which = three->recommendations->pdata[0];
  g_assert_false (which->shown);
  g_assert_cmpfloat_with_epsilon (which->time.ci_low, -0.1624, 1e-3);
  g_assert_cmpfloat (which->time.ci_low, ==, answer->to_next.low_s);
  g_assert_cmpint (which->more_repetitions, ==, answer->more_repetitions);
  add_case (two, "ccm", best, 3);
  add_case (two, "cmc", next, 3);
  mig_recommend (two);
  g_assert_true (((const MigRecommendation *) two->recommendations->pdata[0])->shown);
}

/* Cases of different guests that a race has found alike: m less c: 0.02, 0.03, 0.01, at most 0.02 +
 * 7.6488 x 0.01 / sqrt (3) of one pair. With a third case there are three pairs, and what is told
 * is the one that is open: how many more of it the race knows. */
static void
test_alike (void)
{
  const double c[] = { 10, 10.1, 9.9 }, m[] = { 10.02, 10.13, 9.91 }, x[] = { 12, 9, 16 };
  const double *const seconds[] = { c, m, x };
  const char *const two[] = { "c", "m", NULL }, *const three[] = { "c", "m", "x", NULL };
  g_autoptr (MigSummary) alike = summary_new (), open = summary_new ();

  add_case (alike, "c", c, 3);
  add_case (alike, "m", m, 3);
  add_race (alike, two, seconds, 3);
  g_autoptr (GPtrArray) answers = mig_answers_new (alike);
  assert_text (alike, answers->pdata[0],
               "Which guests to move first makes no difference of more than 0.064 s: one that "
               "computes takes 10.00 s, one that updates memory 10.02 s.");
  for (guint i = 0; three[i]; i++)
    add_case (open, three[i], seconds[i], 3);
  add_race (open, three, seconds, 3);
  g_autoptr (GPtrArray) others = mig_answers_new (open);
  const MigAnswer *answer = others->pdata[0];
  g_assert_true (answer->to_next.alike);
  g_assert_cmpint (answer->to_next.more_repetitions, ==, 0);
  g_assert_cmpstr (answer->open->label, ==, "x");
  g_autofree char *text = mig_answer_text (open, answer);
  g_assert_true (g_str_has_prefix (
      text, "Which guests to move first is not decided: one that computes takes 10.00 s, web 12.33 "
            "s; after 3 repetitions the difference may be anything from "));
  g_assert_null (strstr (text, "A few more"));
}

/* How many more are told at the level of the interval: of a difference of one standard deviation
 * (-0.5, 1, 1, 1, 2.5: mean 1, sd 1.0607) 11 are needed at 5 %, and 21 at that of one of 15 pairs
 * (noncentral t with power 0.8). Of a race the error that 33 leave is 0.1 / (33 x 32): 33. */
static void
test_more (void)
{
  const double a[] = { 10, 10, 10, 10, 10 }, b[] = { 9.5, 11, 11, 11, 12.5 };
  const double far[] = { 20, 20.1, 20, 20, 20 };
  const MigRaceRule rule = { MIG_UNTIL_TIME, NAN };
  g_autoptr (MigSummary) summary = summary_new ();

  add_case (summary, "c", a, 5);
  add_case (summary, "m", b, 5);
  add_case (summary, "x", far, 5);
  const MigCaseSummary *c = mig_summary_find_case (summary, "c");
  const MigCaseSummary *m = mig_summary_find_case (summary, "m");
  const MigCaseSummary *x = mig_summary_find_case (summary, "x");
  g_assert_cmpint (mig_time_difference (summary, c, m, 0.05).more_repetitions, ==, 11 - 5);
  g_assert_cmpint (mig_time_difference (summary, c, m, 0.05 / 15).more_repetitions, ==, 21 - 5);
  g_assert_cmpint (mig_time_more (summary, c, m, 1, 0.05 / 15), ==, 21 - 5);
  g_assert_cmpint (mig_time_more (summary, c, m, 100, 0.05 / 15), ==, 0);
  g_assert_cmpint (mig_time_difference (summary, c, x, 0.05 / 15).more_repetitions, ==, 0);
  summary->race = mig_race_new (&rule);
  g_assert_cmpint (mig_time_difference (summary, c, m, 0.05).more_repetitions, ==, 33 - 5);
}

/* What is no choice: a sweep, one case, nothing yet. */
static void
test_costs (void)
{
  const double few[] = { 10, 10.5, 10.2 }, many[] = { 20, 20.4, 20.3 }, wide[] = { 1, 9, 2 };
  g_autoptr (MigSummary) summary = summary_new (), one = summary_new (), none = summary_new ();
  g_autoptr (MigSummary) vague = summary_new ();
  MigParameterRecord values[] = {
    { (char *) "m rate=1", (char *) "workload.m.rate", (char *) "1", 1, (char *) "pages/s" },
    { (char *) "m rate=9", (char *) "workload.m.rate", (char *) "9", 9, (char *) "pages/s" },
  };

  add_case (summary, "m rate=1", few, 3);
  add_case (summary, "m rate=9", many, 3);
  for (guint i = 0; i < 2; i++)
    g_ptr_array_add (((MigCaseSummary *) summary->cases->pdata[i])->parameters, &values[i]);
  g_autoptr (GPtrArray) range = mig_answers_new (summary);
  g_assert_cmpuint (range->len, ==, 1);
  g_assert_cmpint (((MigAnswer *) range->pdata[0])->kind, ==, MIG_ANSWER_RANGE);
  g_autofree char *text = mig_answer_text (summary, range->pdata[0]);
  g_assert_true (g_str_has_prefix (
      text, "m rate=1 took the least time, 10.23 s, m rate=9 the most, 20.23 s: 10.00 s more ("));
  add_case (one, "x", few, 3); /* a guest that was there */
  g_autoptr (GPtrArray) single = mig_answers_new (one);
  assert_text (one, single->pdata[0], "Moving web takes 10.23 ± 0.63 s.");
  add_case (vague, "m", wide, 3);
  g_autoptr (GPtrArray) open = mig_answers_new (vague);
  assert_text (vague, open->pdata[0],
               "How long moving one that updates memory takes is not known yet: 3 repetitions "
               "differ too much.");
  g_autoptr (GPtrArray) nothing = mig_answers_new (none);
  g_autoptr (GPtrArray) texts = mig_answer_texts (none, nothing);
  g_assert_cmpuint (nothing->len, ==, 0);
  g_assert_cmpstr (texts->pdata[0], ==, "No run is counted yet, so there is no answer.");
}

/* 0 and 2: mean 1, standard deviation sqrt (2). Of 10 such values the interval reaches 2.262 sqrt
 * (2) / sqrt (10) = 1.012 to either side, of 11 2.228 sqrt (2) / sqrt (11) = 0.950: 11 are needed
 * for 1. */
static void
test_vague (void)
{
  const double values[] = { 0, 2 };
  g_autoptr (MigSummary) summary = summary_new ();

  add_case (summary, "c", values, 2);
  const MigStat *stat =
      &((MigCaseSummary *) summary->cases->pdata[0])->stats[MIG_METRIC_TOTAL_TIME];
  g_assert_true (mig_number_is_vague (stat));
  g_assert_cmpint (mig_power_runs_within (stat, 1), ==, 11);
  g_assert_true (MIG_IS_MISSING (mig_power_runs_within (stat, 0)));
  MigStat sure = *stat;
  sure.ci_low = 0.01;
  sure.ci_high = 1.99; /* not wider than twice 1 */
  g_assert_false (mig_number_is_vague (&sure));
  sure.n = 1;
  sure.sd = NAN;
  g_assert_false (mig_number_is_vague (&sure));
  g_assert_true (MIG_IS_MISSING (mig_power_runs_within (&sure, 1)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/answers/choices", test_choices);
  g_test_add_func ("/answers/little", test_little);
  g_test_add_func ("/answers/work", test_work);
  g_test_add_func ("/answers/race", test_race);
  g_test_add_func ("/answers/race/open", test_race_open);
  g_test_add_func ("/answers/open", test_open);
  g_test_add_func ("/answers/single", test_single);
  g_test_add_func ("/answers/disjoint", test_disjoint);
  g_test_add_func ("/answers/orders", test_orders);
  g_test_add_func ("/answers/unknown", test_unknown);
  g_test_add_func ("/answers/why-unknown", test_why_unknown);
  g_test_add_func ("/answers/near", test_near);
  g_test_add_func ("/answers/all-pairs", test_all_pairs);
  g_test_add_func ("/answers/recommended", test_recommended);
  g_test_add_func ("/answers/alike", test_alike);
  g_test_add_func ("/answers/more", test_more);
  g_test_add_func ("/answers/costs", test_costs);
  g_test_add_func ("/answers/vague", test_vague);
  return g_test_run ();
}
