/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "base/files.h"
#include "report/figures.h"
#include "report/run.h"
#include "report/json.h"
#include "report/loaded-result.h"
#include "tests/unit/case-values.h"
#include "tests/unit/synthetic.h"

/* Predictions written by hand, held to SYNTHETIC results, whose formula says what was measured. */

#define REPETITIONS 3
#define HEAD "case_label,order_name,guest,quantity,value_ns,low_ns,high_ns,model\n"

static MigLoadedResult *
load (const char *rows)
{
  const SyntheticOptions options = { REPETITIONS, 50 * MIG_NS_PER_MS, 40 * MIG_NS_PER_S, FALSE,
                                     TRUE };
  g_autoptr (GError) error = NULL;
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (top, "result", NULL);
  g_autofree char *file = g_build_filename (path, "predictions.csv", NULL);
  g_autofree char *csv = g_strconcat (HEAD, rows, NULL);

  synthetic_write (path, &options);
  g_assert_true (g_file_set_contents (file, csv, -1, &error));
  MigLoadedResult *report = mig_loaded_result_read_whole (path, &error);
  g_assert_no_error (error);
  g_assert_true (mig_files_remove_tree (top, &error));
  return report;
}

/* measured: mean of the sum that the formula gives. */
static double
measured (const char *label)
{
  double sum = 0;

  for (guint r = 1; r <= REPETITIONS; r++)
    sum += synthetic_time_s (label[0], 1, r) + synthetic_time_s (label[1], 2, r);
  return sum / REPETITIONS;
}

static char *
row (const char *label, const char *guest, const char *quantity, double value, double low,
     double high)
{
  return g_strdup_printf ("%s,plan,%s,%s,%.0f,%.0f,%.0f,by hand\n", label, guest, quantity,
                          value * 1e9, low * 1e9, high * 1e9);
}

static const MigPredictionCheck *
held (const MigLoadedResult *report, guint index, const char *guest, MigQuantity quantity)
{
  const MigPredictionCheck *found = mig_prediction_check_find (
      report->accuracy->cases->pdata[index], guest, quantity);
  g_assert_nonnull (found);
  return found;
}

static void
test_errors (void)
{
  double time = measured ("cm"), first = synthetic_time_s ('c', 1, 1);
  g_autofree char *near = row ("cm", "", "total-time", 1.1 * time, time / 2, 2 * time);
  g_autofree char *far = row ("cm", "m1", "total-time", 5, 4, 6);
  g_autofree char *start = row ("cm", "m1", "start", first, 0, 100);
  g_autofree char *sum = row ("cm", "", "downtime", 2.55, 2, 3);
  g_autofree char *worst = row ("cm", "", "worst-downtime", 2.5, 2, 3);
  g_autofree char *rows = g_strconcat (near, far, start, sum, worst,
                                       "cm,plan,,wall-time,9000000000,,,by hand\n", NULL);
  g_autoptr (MigLoadedResult) report = load (rows);
  const MigPredictionCheck *total = held (report, 0, NULL, MIG_QUANTITY_TOTAL_TIME);

  g_assert_cmpuint (total->measured.n, ==, REPETITIONS);
  g_assert_cmpfloat_with_epsilon (total->measured.mean, time, 1e-6);
  g_assert_cmpfloat_with_epsilon (total->error, 0.1, 1e-6);
  g_assert_cmpint (total->coverage, ==, MIG_COVERAGE_YES);
  g_assert_cmpuint (total->n_covered, ==, REPETITIONS);
  const MigPredictionCheck *of_m1 = held (report, 0, "m1", MIG_QUANTITY_TOTAL_TIME);
  g_assert_cmpint (of_m1->coverage, ==, MIG_COVERAGE_NO);
  g_assert_cmpuint (of_m1->n_covered, ==, 0);
  g_assert_cmpfloat (of_m1->error, <, 0);
  const MigPredictionCheck *began = held (report, 0, "m1", MIG_QUANTITY_START);
  g_assert_cmpfloat_with_epsilon (began->measured.min, first, 0.3);
  g_assert_true (isnan (began->error)); /* a start has no size to compare with */
  /* both guests' silence, within a heartbeat's period each */
  g_assert_cmpfloat_with_epsilon (held (report, 0, NULL, MIG_QUANTITY_DOWNTIME)->measured.mean,
                                  2.55, 0.11);
  g_assert_cmpfloat_with_epsilon (
      held (report, 0, NULL, MIG_QUANTITY_WORST_DOWNTIME)->measured.mean, 2.5, 0.06);
  const MigPredictionCheck *wall = held (report, 0, NULL, MIG_QUANTITY_WALL_TIME);
  g_assert_cmpint (wall->coverage, ==, MIG_COVERAGE_UNKNOWN); /* no interval */
  g_assert_false (isnan (wall->error));
  g_assert_cmpuint (report->accuracy->of_cases[MIG_QUANTITY_TOTAL_TIME].n, ==, 1);
  g_assert_cmpuint (report->accuracy->all.n, ==, 1);
  g_assert_cmpfloat_with_epsilon (report->accuracy->all.mean_absolute, -of_m1->error, 1e-9);
  g_assert_cmpuint (report->accuracy->all.n_interval, ==, 1);
  g_assert_cmpuint (report->accuracy->all.n_covered, ==, 0);
}

/* Lost work of a guest is measured while the migrations ran, in parts of which the case's is the
 * sum. */
static void
test_lost (void)
{
  g_autofree char *rows = g_strconcat (
      "cm,plan,,lost-work,1,,,x\ncm,plan,c1,lost-work,1,,,x\ncm,plan,m1,lost-work,1,,,x\n", NULL);
  g_autoptr (MigLoadedResult) report = load (rows);
  const MigCaseSummary *study_case = mig_summary_find_case (report->summary, "cm");
  double moving = held (report, 0, "c1", MIG_QUANTITY_LOST_WORK)->measured.mean +
                  held (report, 0, "m1", MIG_QUANTITY_LOST_WORK)->measured.mean;

  g_assert_cmpfloat_with_epsilon (moving, study_case->stats[MIG_METRIC_LOST_VMMG].mean, 1e-9);
  g_assert_cmpfloat_with_epsilon (held (report, 0, NULL, MIG_QUANTITY_LOST_WORK)->measured.mean,
                                  study_case->stats[MIG_METRIC_LOST_ALL].mean, 1e-9);
  g_assert_cmpfloat_with_epsilon (held (report, 0, NULL, MIG_QUANTITY_LOST_WORK)->error,
                                  -study_case->stats[MIG_METRIC_LOST_ALL].mean /
                                      study_case->stats[MIG_METRIC_WALL_TIME].mean,
                                  1e-6);
}

/* four: predictions of total time for the four cases, in the order cc, cm, mc, mm; guest: of rows
 * that say who moves. */
static char *
four (double cc, double cm, double mc, double mm)
{
  static const char *const labels[] = { "cc", "cm", "mc", "mm" };
  const double values[] = { cc, cm, mc, mm };
  GString *rows = g_string_new (NULL);

  for (guint i = 0; i < 4; i++)
    if (values[i] > 0)
      {
        g_autofree char *text = row (labels[i], "", "total-time", values[i], 0, 1000);
        g_string_append (rows, text);
      }
  return g_string_free (rows, FALSE);
}

static void
test_rank (void)
{
  g_autofree char *right = four (8, 16, 17, 22), *wrong = four (22, 17, 16, 8),
                  *few = four (8, 16, 0, 0);
  g_autoptr (MigLoadedResult) as_measured = load (right), reversed = load (wrong), two = load (few);

  g_assert_cmpfloat (measured ("cc"), <, measured ("cm"));
  g_assert_cmpuint (as_measured->accuracy->ranking.n, ==, 4);
  g_assert_cmpint (as_measured->accuracy->ranking.quantity, ==, MIG_QUANTITY_TOTAL_TIME);
  g_assert_cmpfloat (as_measured->accuracy->ranking.rank, >=, 0.79); /* cm and mc may have changed
                                                                        places */
  g_assert_cmpfloat_with_epsilon (as_measured->accuracy->ranking.rank,
                                  -reversed->accuracy->ranking.rank, 1e-9);
  g_assert_true (isnan (two->accuracy->ranking.rank));
}

/* best_of: two orders of the same two guests, each predicted; what becomes of the one predicted
 * best. */
static MigLoadedResult *
best_of (double cm, double mc)
{
  static const char *const guests[] = { "c1", "m1" };
  g_autofree char *sums = four (0, cm, mc, 0);
  g_autoptr (GString) rows = g_string_new (sums);

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *in_cm = row ("cm", guests[i], "total-time", 5, 0, 100);
      g_autofree char *in_mc = row ("mc", guests[1 - i], "total-time", 5, 0, 100);
      g_string_append_printf (rows, "%s%s", in_cm, in_mc);
    }
  return load (rows->str);
}

static void
test_best (void)
{
  gboolean cm_is_best = measured ("cm") < measured ("mc");
  g_autoptr (MigLoadedResult) right = cm_is_best ? best_of (1, 2) : best_of (2, 1);
  g_autoptr (MigLoadedResult) wrong = cm_is_best ? best_of (2, 1) : best_of (1, 2);
  const MigPredictionRanking *ranking = &wrong->accuracy->ranking;

  g_assert_cmpint (right->accuracy->ranking.best, ==, MIG_BEST_ORDER_SAME);
  g_assert_cmpstr (ranking->measured_best->label, ==, cm_is_best ? "cm" : "mc");
  g_assert_cmpstr (ranking->predicted_best->label, ==, cm_is_best ? "mc" : "cm");
  g_assert_cmpuint (ranking->difference.n, ==, REPETITIONS);
  g_assert_cmpfloat_with_epsilon (ranking->difference.mean,
                                  fabs (measured ("cm") - measured ("mc")), 1e-6);
  g_assert_cmpfloat (ranking->low_s, ==, ranking->difference.ci_low); /* of one other order */
  g_assert_cmpint (ranking->best, ==,
                   ranking->low_s > 0 ? MIG_BEST_ORDER_ANOTHER : MIG_BEST_ORDER_NO_DIFFERENCE);

  g_autofree char *c1 = row ("cc", "c1", "total-time", 5, 0, 100),
                  *m1 = row ("mm", "m1", "total-time", 5, 0, 100);
  g_autofree char *sums = four (8, 0, 0, 22);
  g_autofree char *others = g_strconcat (sums, c1, m1, NULL);
  g_autoptr (MigLoadedResult) different = load (others); /* other guests: another cost, not another
                                                          * order
                                                          */
  g_assert_cmpint (different->accuracy->ranking.best, ==, MIG_BEST_ORDER_UNKNOWN);
  g_assert_null (different->accuracy->ranking.predicted_best);
}

/* names_another: of 24 orders of the same guests that take equally long, five repetitions of each,
 * whether the one predicted best is said to be worse than the one measured best. */
static gboolean
names_another (GRand *random, const GPtrArray *records)
{
  g_autoptr (MigSummary) summary = mig_summary_new ();
  double values[5];

  for (guint i = 0; i < records->len; i++)
    {
      for (guint k = 0; k < G_N_ELEMENTS (values); k++)
        values[k] = 10 + case_values_normal (random);
      case_values_add (summary, ((const MigPredictionRecord *) records->pdata[i])->case_label,
                       MIG_METRIC_TOTAL_TIME, values, G_N_ELEMENTS (values));
    }
  g_autoptr (MigAccuracy) accuracy = mig_accuracy_new (summary, records);
  g_assert_cmpuint (accuracy->ranking.n, ==, records->len);
  g_assert_cmpint (accuracy->ranking.best, !=, MIG_BEST_ORDER_UNKNOWN);
  return accuracy->ranking.best == MIG_BEST_ORDER_ANOTHER;
}

static void
test_best_of_many (void)
{
  MigPredictionRecord rows[24];
  char labels[G_N_ELEMENTS (rows)][8];
  g_autoptr (GPtrArray) records = g_ptr_array_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (24);
  const guint rounds = 400;
  guint wrong = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_snprintf (labels[i], sizeof labels[i], "c%u", i);
      rows[i] = (MigPredictionRecord){ .case_label = labels[i],
                                       .quantity = (char *) "total-time",
                                       .value_ns = (i + 1) * MIG_NS_PER_S,
                                       .low_ns = MIG_MISSING_INT,
                                       .high_ns = MIG_MISSING_INT };
      g_ptr_array_add (records, &rows[i]);
    }
  for (guint round = 0; round < rounds; round++)
    wrong += names_another (random, records);
  g_test_message ("%u of %u", wrong, rounds);
  g_assert_cmpfloat (wrong, <=, 0.05 * rounds + 3 * sqrt (0.05 * 0.95 * rounds));
}

/* Foreign rows: what says nothing is left out, what comes twice counts once. */
static void
test_strange (void)
{
  g_autoptr (MigLoadedResult) none = load ("");
  g_autoptr (MigLoadedResult)
      useless = load (",p,,total-time,1,,,m\ncm,p,,total-time,,,,m\ncm,p,,fame,1,,,m\n"
                      "cm,p,c1,wall-time,1,,,m\ncm,p,,start,1,,,m\n");
  g_autoptr (MigLoadedResult) twice = load ("cm,p,,total-time,1,,,m\ncm,p,,total-time,2,,,m\n");
  g_autoptr (MigLoadedResult) unknown = load ("xy,p,c9,total-time,1000000000,,,m\n");

  g_assert_null (none->accuracy);
  g_assert_null (useless->accuracy);
  g_assert_cmpuint (((MigPredictionCase *) twice->accuracy->cases->pdata[0])->checks->len, ==, 1);
  g_assert_cmpuint (held (unknown, 0, "c9", MIG_QUANTITY_TOTAL_TIME)->measured.n, ==, 0);
  g_assert_true (isnan (unknown->accuracy->all.mean_absolute));
}

static void
test_text (void)
{
  double time = measured ("cm");
  g_autofree char *sum = row ("cm", "", "total-time", 1.1 * time, time / 2, 2 * time);
  g_autofree char *of_c1 = row ("cm", "c1", "downtime", 0.05, 0.01, 0.2);
  g_autofree char *rows = g_strconcat (sum, of_c1, NULL);
  g_autoptr (MigLoadedResult) report = load (rows), plain = load ("");
  g_autofree char *text = mig_report_text (report), *without = mig_report_text (plain);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_nonnull (strstr (text, "\nPredicted and measured\n"));
  g_assert_nonnull (strstr (text, "Predicted by: by hand."));
  g_assert_nonnull (strstr (text, "+10.0 %"));
  g_assert_nonnull (strstr (text, "yes (3 of 3)"));
  g_assert_null (strstr (without, "Predicted"));
  for (guint i = 0; lines[i]; i++)
    g_assert_cmpint (g_utf8_strlen (lines[i], -1), <=, 120);
}

static void
test_json (void)
{
  g_autofree char *sums = four (8, 16, 17, 22);
  g_autoptr (MigLoadedResult) report = load (sums), plain = load ("");
  g_autofree char *json = mig_report_json (report), *without = mig_report_json (plain);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (json_parser_load_from_data (parser, json, -1, &error));
  g_assert_no_error (error);
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  JsonObject *predictions = json_object_get_object_member (root, "predictions");
  JsonObject *first = json_array_get_object_element (
      json_object_get_array_member (predictions, "cases"), 0);
  JsonObject *of = json_array_get_object_element (
      json_object_get_array_member (first, "quantities"), 0);
  g_assert_cmpstr (json_object_get_string_member (first, "case"), ==, "cc");
  g_assert_cmpfloat (json_object_get_double_member (of, "predicted_s"), ==, 8);
  g_assert_cmpfloat (json_object_get_double_member (of, "predicted_s_high"), ==, 1000);
  g_assert_true (json_object_get_boolean_member (of, "within"));
  g_assert_true (json_object_get_null_member (of, "guest"));
  JsonObject *ranking = json_object_get_object_member (predictions, "ranking");
  g_assert_cmpint (json_object_get_int_member (ranking, "cases"), ==, 4);
  g_assert_null (strstr (without, "\"predictions\""));
}

/* Two figures, which stand in a section of their own; none of what was not predicted. */
static void
test_page (void)
{
  g_autofree char *sums = four (8, 16, 17, 22);
  g_autoptr (MigLoadedResult) report = load (sums), plain = load ("");
  g_autoptr (GPtrArray) figures = mig_figures_new (report), others = mig_figures_new (plain);
  guint n = 0;

  for (guint i = 0; i < figures->len; i++)
    n += ((MigFigure *) figures->pdata[i])->of_plan;
  g_assert_cmpuint (n, ==, 1); /* no downtime was predicted */
  g_assert_cmpuint (figures->len, ==, others->len + 1);
  g_autofree char *page = mig_report_html (report, figures, "no gnuplot"),
                  *bare = mig_report_html (plain, others, "none");
  g_assert_nonnull (strstr (page, "<section id=\"predictions\">"));
  g_assert_nonnull (strstr (page, "href=\"#predictions\""));
  g_assert_null (strstr (bare, "predictions"));
}

/* Of orders that are predicted alike none is the best predicted one. */
static void
test_tied (void)
{
  g_autoptr (MigLoadedResult) alike = best_of (30, 30.01), different = best_of (30, 31);

  g_assert_cmpint (alike->accuracy->ranking.best, ==, MIG_BEST_ORDER_TIED);
  g_assert_cmpuint (alike->accuracy->ranking.n_best, ==, 2);
  g_assert_cmpuint (different->accuracy->ranking.n_best, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/accuracy/errors", test_errors);
  g_test_add_func ("/accuracy/lost-work", test_lost);
  g_test_add_func ("/accuracy/rank", test_rank);
  g_test_add_func ("/accuracy/best", test_best);
  g_test_add_func ("/accuracy/tied", test_tied);
  g_test_add_func ("/accuracy/best-of-many", test_best_of_many);
  g_test_add_func ("/accuracy/strange", test_strange);
  g_test_add_func ("/accuracy/text", test_text);
  g_test_add_func ("/accuracy/json", test_json);
  g_test_add_func ("/accuracy/page", test_page);
  return g_test_run ();
}
