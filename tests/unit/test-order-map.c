/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/answer-text.h"
#include "report/chart.h"
#include "report/order-map.h"
#include "report/run-sections.h"
#include "summary/sequences.h"
#include "summary/power.h"
#include "summary/race.h"

/* Where which order is cheaper: verdicts by intervals that are computed by hand. Of 2 degrees of
 * freedom the quantile p of t is (2 p - 1) / sqrt (2 p (1 - p)). */

static const MigClassInfo computes = { "c", "cpu", 0, 0 };
static const MigClassInfo updates = { "m", "memory", HUGE_VAL, 1e6 };

static MigParameterRecord rows[] = {
  { NULL, (char *) "link", (char *) "250 Mbit/s", 31250000, (char *) "bytes/s" },
  { NULL, (char *) "link", (char *) "10 Gbit/s", 1250000000, (char *) "bytes/s" },
  { NULL, (char *) "link", (char *) "1 Gbit/s", 125000000, (char *) "bytes/s" },
};

static MigSummary *
summary_new (void)
{
  MigSummary *summary = mig_summary_new ();

  g_ptr_array_set_free_func (summary->classes, NULL);
  g_ptr_array_add (summary->classes, (gpointer) &computes);
  g_ptr_array_add (summary->classes, (gpointer) &updates);
  return summary;
}

/* add_case: of three repetitions, or n; row: what is swept. */
static void
add_case (MigSummary *summary, const char *label, const double *seconds, guint n, guint row)
{
  MigCaseSummary *study_case = mig_summary_add_case (summary, label);

  g_ptr_array_add (study_case->parameters, &rows[row]);
  for (const char *p = label; *p && *p != ' '; p++)
    g_ptr_array_add (study_case->classes_moved, (gpointer) (*p == 'c' ? &computes : &updates));
  for (guint i = 0; i < n; i++)
    mig_stat_add (&study_case->stats[MIG_METRIC_TOTAL_TIME], i + 1, i + 1, seconds[i]);
  mig_stat_compute (&study_case->stats[MIG_METRIC_TOTAL_TIME]);
}

/* Three fields, so each interval has 1 - 0.05 / 3: t = 7.6488 at 0.99167.
 * cm less mc at 250 Mbit/s: -5, -5.2, -4.9: -5.0333 +- 7.6488 x 0.15275 / sqrt (3) = 0.67457;
 * at 10 Gbit/s: -0.1, 0.1, 0: at most 7.6488 x 0.1 / sqrt (3) = 0.44160, less than a tenth of 10;
 * at 1 Gbit/s: 5, 5.2, 4.9. */
static MigSummary *
three_fields (guint n_last)
{
  static const double slow_cm[] = { 20, 21, 22 }, slow_mc[] = { 25, 26.2, 26.9 };
  static const double fast_cm[] = { 10, 10, 10.1 }, fast_mc[] = { 10.1, 9.9, 10.1 };
  MigSummary *summary = summary_new ();

  add_case (summary, "cm link=250Mbit/s", slow_cm, 3, 0);
  add_case (summary, "mc link=250Mbit/s", slow_mc, 3, 0);
  add_case (summary, "cm link=10Gbit/s", fast_cm, 3, 1);
  add_case (summary, "mc link=10Gbit/s", fast_mc, 3, 1);
  add_case (summary, "cm link=1Gbit/s", slow_mc, n_last, 2);
  add_case (summary, "mc link=1Gbit/s", slow_cm, n_last, 2);
  return summary;
}

static void
test_fields (void)
{
  g_autoptr (MigSummary) summary = three_fields (3);
  g_autoptr (GPtrArray) fields = mig_order_map_new (summary);

  g_assert_cmpuint (fields->len, ==, 3);
  const MigOrderField *slow = fields->pdata[0], *fast = fields->pdata[1],
                      *middle = fields->pdata[2];
  g_assert_cmpstr (slow->first->label, ==, "cm link=250Mbit/s");
  g_assert_cmpstr (slow->second->label, ==, "mc link=250Mbit/s");
  g_assert_cmpstr (mig_sequence_conditions (slow->first), ==, "link=250Mbit/s");
  g_assert_cmpuint (slow->difference.n, ==, 3);
  g_assert_cmpfloat_with_epsilon (slow->difference.mean_s, -5.03333, 1e-4);
  g_assert_cmpfloat_with_epsilon (slow->difference.low_s, -5.03333 - 0.67457, 1e-3);
  g_assert_cmpfloat_with_epsilon (slow->difference.high_s, -5.03333 + 0.67457, 1e-3);
  g_assert_cmpfloat_with_epsilon (slow->bound_s, 5.03333 + 0.67457, 1e-3);
  g_assert_cmpint (slow->verdict, ==, MIG_FIELD_FIRST);
  g_assert_cmpfloat_with_epsilon (fast->bound_s, 0.44160, 1e-3);
  g_assert_cmpint (fast->verdict, ==, MIG_FIELD_EQUAL);
  g_assert_cmpint (middle->verdict, ==, MIG_FIELD_SECOND);
  g_autofree char *cm = mig_order_map_verdict (slow), *mc = mig_order_map_verdict (middle);
  g_autofree char *none = mig_order_map_verdict (fast);
  g_assert_cmpstr (cm, ==, "cm cheaper");
  g_assert_cmpstr (mc, ==, "mc cheaper");
  g_assert_true (g_str_has_prefix (none, "no difference of more than 0.44"));
  g_assert_true (isnan (mig_order_map_expected (NULL, slow)));
}

/* One repetition has no interval; a run that stops when something is decided has wider ones: a
 * third of the error at the first look, t = 13.3604 at 1 - 0.05 / 18. */
static void
test_unknown (void)
{
  g_autoptr (MigSummary) summary = three_fields (1);
  g_autoptr (GPtrArray) fields = mig_order_map_new (summary);
  const MigOrderField *last = fields->pdata[2];

  g_assert_cmpuint (last->difference.n, ==, 1);
  g_assert_cmpfloat_with_epsilon (last->difference.mean_s, 5, 1e-9);
  g_assert_true (isnan (last->difference.low_s) && isnan (last->difference.high_s) &&
                 isnan (last->bound_s));
  g_assert_cmpint (last->verdict, ==, MIG_FIELD_UNKNOWN);
  g_autofree char *text = mig_order_map_verdict (last);
  g_assert_cmpstr (text, ==, "not known");
  summary->race = mig_race_new (&(MigRaceRule){ .until = MIG_UNTIL_DECIDED });
  g_autoptr (GPtrArray) wider = mig_order_map_new (summary);
  const MigOrderField *slow = wider->pdata[0];
  g_assert_cmpfloat_with_epsilon (slow->difference.high_s, -5.03333 + 13.3604 * 0.152753 / sqrt (3),
                                  1e-3);
}

/* Fields are in the order in which the study gives their conditions, whatever their labels are. */
static void
test_order (void)
{
  static MigParameterRecord given[] = {
    { (char *) "mc link=10Gbit/s", (char *) "link", NULL, 0, NULL },
    { (char *) "cm link=250Mbit/s", (char *) "link", NULL, 0, NULL },
    { (char *) "mc link=250Mbit/s", (char *) "link", NULL, 0, NULL },
    { (char *) "cm link=10Gbit/s", (char *) "link", NULL, 0, NULL },
  };
  g_autoptr (MigSummary) summary = three_fields (3);

  summary->parameters = g_ptr_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    g_ptr_array_add (summary->parameters, &given[i]);
  g_autoptr (GPtrArray) fields = mig_order_map_new (summary);
  const char *const wanted[] = { "link=10Gbit/s", "link=250Mbit/s", "link=1Gbit/s" };
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    g_assert_cmpstr (mig_sequence_conditions (((MigOrderField *) fields->pdata[i])->first), ==,
                     wanted[i]);
}

/* How many more repetitions: by the race's need where it asked, as the answers tell; elsewhere by
 * power, at what is left of the error after so many where the run was a race. */
static void
test_more (void)
{
  static const char *const labels[] = { "cm link=250Mbit/s", "mc link=250Mbit/s",
                                        "cm link=10Gbit/s", "mc link=10Gbit/s" };
  static const double times[][3] = { { 20, 21, 22 }, { 20.5, 20.3, 22.9 } };
  g_autoptr (MigSummary) summary = summary_new ();

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    add_case (summary, labels[i], times[i % 2], 3, i / 2);
  g_autoptr (GPtrArray) plain = mig_order_map_new (summary);
  gint64 power = ((MigOrderField *) plain->pdata[0])->difference.more_repetitions;
  MigRace *race = mig_race_new (&(MigRaceRule){ .until = MIG_UNTIL_DECIDED });
  summary->race = race;
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    mig_race_add_case (race, labels[i]);
  mig_race_ask (race, 0, 1, TRUE);
  mig_race_begin (race);
  for (guint block = 0; block < 3; block++)
    for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
      mig_race_add (race, i, block + 1, block * 4 + i + 1, times[i % 2][block], 30);
  g_autoptr (GPtrArray) raced = mig_order_map_new (summary);
  const MigTimeDifference *asked = &((MigOrderField *) raced->pdata[0])->difference;
  const MigTimeDifference *other = &((MigOrderField *) raced->pdata[1])->difference;
  const MigRacePair *pair = mig_race_find_pair (race, labels[0], labels[1]);
  gint64 need = mig_race_pair_need (race, pair).repetitions;
  g_assert_true (asked->asked && !other->asked);
  g_assert_cmpint (need, >, 0);
  g_assert_cmpint (need, !=, power);
  g_assert_cmpint (asked->more_repetitions, ==, need);
  gint64 left = mig_power_runs_paired_at (7.0 / 30, sqrt (2.08 / 3), 0.05 / 476 / 475);
  g_assert_cmpint (left, ==, 476); /* 0.5, -0.7, 0.9; the error of one of two fields is 0.025 */
  g_assert_cmpint (other->more_repetitions, ==, left - 3);
  g_assert_cmpint (power, <, left - 3);
}

/* No map of a single condition, of orders that are not the same guests', and of nothing swept. */
static void
test_no_map (void)
{
  static const double times[] = { 1, 2, 3 };
  g_autoptr (MigSummary) summary = summary_new ();

  add_case (summary, "cm link=250Mbit/s", times, 3, 0);
  add_case (summary, "mc link=250Mbit/s", times, 3, 0);
  add_case (summary, "cc link=10Gbit/s", times, 3, 1);
  add_case (summary, "mm link=10Gbit/s", times, 3, 1);
  g_autoptr (GPtrArray) fields = mig_order_map_new (summary);
  g_assert_cmpuint (fields->len, ==, 0);
}

/* add_expected: what was predicted of a case. */
static void
add_expected (GPtrArray *records, const char *label, gint64 seconds)
{
  MigPredictionRecord record = { .case_label = (char *) label,
                                 .quantity = (char *) "total-time",
                                 .value_ns = seconds * MIG_NS_PER_S,
                                 .low_ns = MIG_MISSING_INT,
                                 .high_ns = MIG_MISSING_INT };
  g_ptr_array_add (records, mig_record_copy (MIG_TABLE_PREDICTIONS, &record));
}

/* The section: a row per field, what was expected beside it, and how often that was right. */
static void
test_section (void)
{
  g_autoptr (MigSummary) summary = three_fields (3);
  g_autoptr (GPtrArray) fields = mig_order_map_new (summary);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_free);

  add_expected (records, "cm link=250Mbit/s", 20);
  add_expected (records, "mc link=250Mbit/s", 24);
  add_expected (records, "cm link=1Gbit/s", 20);
  add_expected (records, "mc link=1Gbit/s", 21);
  g_autoptr (MigAccuracy) accuracy = mig_accuracy_new (summary, records);
  MigLoadedResult result = { .summary = summary, .order_map = fields, .accuracy = accuracy };
  g_assert_cmpfloat (mig_order_map_expected (accuracy, fields->pdata[0]), ==, -4);
  g_assert_true (isnan (mig_order_map_expected (accuracy, fields->pdata[1])));
  g_autoptr (MigDocument) document = mig_document_new (MIG_MEDIUM_TERMINAL, NULL, g_strdup ("t"));
  mig_section_order_map (document->body, &result, 0);
  g_autofree char *text = mig_document_render (document);
  g_assert_nonnull (strstr (text, "cm less mc, s"));
  g_assert_nonnull (strstr (text, "250 Mbit/s"));
  g_assert_nonnull (strstr (text, "cm cheaper"));
  g_assert_nonnull (strstr (text, "mc cheaper"));
  g_assert_nonnull (strstr (text, "expected, s"));
  g_assert_nonnull (strstr (text, "Of the 2 fields"));
  g_assert_true (g_regex_match_simple ("that one\\s+in\\s+1\\.", text, 0, 0));
}

/* render_brief: what the first screen says, and no more than so many rows of it. */
static char *
render_brief (MigLoadedResult *result, guint most)
{
  g_autoptr (MigDocument) document = mig_document_new (MIG_MEDIUM_TERMINAL, NULL, g_strdup ("t"));
  MigOverviewLimits limits = MIG_OVERVIEW_ALL;

  limits.rows = most;
  mig_order_map_brief (document->body, result, &limits);
  return mig_document_render (document);
}

/* At first sight: how many fields say what, a row for each with its interval; no interval of one
 * repetition; the rest of a long map is counted; nothing without a map. */
static void
test_brief (void)
{
  g_autoptr (MigSummary) summary = three_fields (3), single = three_fields (1);
  g_autoptr (GPtrArray) fields = mig_order_map_new (summary), unknown = mig_order_map_new (single);
  g_autoptr (GPtrArray) none = g_ptr_array_new (), last = g_ptr_array_new ();
  MigLoadedResult result = { .summary = summary, .order_map = fields };
  g_autofree char *all = render_brief (&result, 3), *two = render_brief (&result, 2);

  g_assert_nonnull (strstr (all, "cm or mc, under 3 conditions: cm is cheaper in 1, mc is cheaper "
                                 "in 1, no"));
  g_assert_nonnull (strstr (all, "-5.03 ± 0.67  3  cm cheaper"));
  g_assert_nonnull (strstr (all, "c computes, m updates memory; cm: first c, then m."));
  g_assert_null (strstr (all, "more conditions"));
  g_assert_nonnull (strstr (two, "... and 1 more condition: --full"));
  g_assert_null (strstr (two, "1 Gbit/s"));
  g_assert_true (mig_order_map_has (&result, NULL));
  g_assert_false (mig_order_map_has (&result, "other"));
  result = (MigLoadedResult){ .summary = single, .order_map = unknown };
  g_autofree char *one = g_strdelimit (render_brief (&result, 3), "\n", ' ');
  g_assert_nonnull (strstr (one, "not known in 1"));
  g_assert_nonnull (strstr (one, " 5.00  1  not known"));
  g_assert_nonnull (strstr (one, "±:"));
  g_ptr_array_add (last, unknown->pdata[2]);
  result.order_map = last;
  g_autofree char *vague = render_brief (&result, 3);
  g_assert_nonnull (strstr (vague, " 5.00  1  not known"));
  g_assert_null (strstr (vague, "±"));
  result = (MigLoadedResult){ .summary = single, .order_map = none };
  g_autofree char *empty = render_brief (&result, 3);
  g_assert_null (strstr (empty, "conditions"));
  g_assert_false (mig_order_map_has (&result, NULL));
}

/* What is said of the cases elsewhere does not repeat the conditions: neither a sentence that
 * begins with them, nor the axis of a chart whose labels would be too long. */
static void
test_names (void)
{
  static const MigChart chart = { .id = "total-time",
                                  .heading = "Total time",
                                  .y_title = "total time",
                                  .n_series = 1,
                                  .series = { { MIG_METRIC_TOTAL_TIME, NULL, "" } } };
  static const double times[] = { 20, 21, 22 };
  g_autoptr (MigSummary) summary = three_fields (3), longer = summary_new ();
  g_autoptr (GPtrArray) answers = mig_answers_new (summary);
  g_autoptr (GPtrArray) texts = mig_answer_texts (summary, answers);

  g_assert_cmpuint (texts->len, ==, 3);
  for (guint i = 0; i < texts->len; i++)
    g_assert_false (g_regex_match_simple ("(cm|mc) link", texts->pdata[i], 0, 0));
  g_assert_nonnull (strstr (texts->pdata[2], "matters: mc takes 21.00 s, cm 5.03 s more"));
  MigLoadedResult result = { .summary = summary };
  MigFigure *figure = mig_chart_cases (&result, &chart, NULL);
  g_assert_nonnull (strstr (figure->script->str, "cm link=250Mbit/s"));
  mig_figure_free (figure);
  add_case (longer, "cm link=250Mbit/s host.b.management-cpu=spare", times, 3, 0);
  result.summary = longer;
  figure = mig_chart_cases (&result, &chart, NULL);
  g_assert_nonnull (strstr (figure->script->str, "cm 250Mbit/s spare"));
  g_assert_nonnull (strstr (figure->script->str, "case: link, b.management-cpu"));
  mig_figure_free (figure);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/order-map/fields", test_fields);
  g_test_add_func ("/order-map/unknown", test_unknown);
  g_test_add_func ("/order-map/order", test_order);
  g_test_add_func ("/order-map/more", test_more);
  g_test_add_func ("/order-map/no-map", test_no_map);
  g_test_add_func ("/order-map/section", test_section);
  g_test_add_func ("/order-map/brief", test_brief);
  g_test_add_func ("/order-map/names", test_names);
  return g_test_run ();
}
