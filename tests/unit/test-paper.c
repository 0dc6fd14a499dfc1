/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "summary/analysis.h"
#include "summary/experiments.h"
#include "report/figure.h"
#include "paper/conclusions.h"
#include "paper/table-shape.h"
#include "results/columns.h"

/* Studies of several experiments, and what a study says of the paper's facts: from records made by
 * hand. Guests move one after the other, each for as many seconds as its class and place say, and
 * stand still for a tenth of that; repetitions differ by a little. */

#define S MIG_NS_PER_S

typedef struct {
  GPtrArray *schedule, *runs, *guests, *migrations, *parameters;
  gint64 number;
} Tables;

static void
tables_init (Tables *t)
{
  *t = (Tables){ g_ptr_array_new_with_free_func (g_free), g_ptr_array_new_with_free_func (g_free),
                 g_ptr_array_new_with_free_func (g_free), g_ptr_array_new_with_free_func (g_free),
                 g_ptr_array_new_with_free_func (g_free), 0 };
}

static void
tables_clear (Tables *t)
{
  GPtrArray **all[] = { &t->schedule, &t->runs, &t->guests, &t->migrations, &t->parameters };
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_clear_pointer (all[i], g_ptr_array_unref);
}

static void
add_parameter (Tables *t, const char *label, const char *name, const char *value, double number)
{
  const MigParameterRecord record = { (char *) label, (char *) name, (char *) value, number,
                                      (char *) "pages/s" };
  g_ptr_array_add (t->parameters, mig_record_copy (MIG_TABLE_PARAMETERS, &record));
}

/* add_guest: of the run, and its migration where seconds are given; *at_ns goes on. */
static void
add_guest (Tables *t, const char *name, char class_name, double seconds, guint step, gint64 *at_ns)
{
  char of[] = { class_name, '\0' };
  MigGuestRecord guest;
  MigMigrationRecord m;

  mig_record_init (MIG_TABLE_GUESTS, &guest);
  mig_record_init (MIG_TABLE_MIGRATIONS, &m);
  guest.run = m.run = t->number;
  guest.guest = m.guest = (char *) name;
  guest.class_name = of;
  guest.workload = (char *) (class_name == 'c' ? "cpu" : "memory");
  guest.migrates = seconds > 0;
  g_ptr_array_add (t->guests, mig_record_copy (MIG_TABLE_GUESTS, &guest));
  if (!(seconds > 0))
    return;
  m.status = (char *) "ok";
  m.step = step;
  m.start_ns = *at_ns;
  m.end_ns = *at_ns += (gint64) (seconds * S);
  m.suspended_ns = m.end_ns - (gint64) (0.1 * seconds * S);
  m.resumed_ns = m.end_ns;
  g_ptr_array_add (t->migrations, mig_record_copy (MIG_TABLE_MIGRATIONS, &m));
}

/* add_runs: repetitions of a case that moves guests of these classes, for so many seconds each. */
static void
add_runs (Tables *t, const char *label, const char *moves, const double *seconds, gint64 window_s,
          guint repetitions)
{
  for (guint i = 0; i < repetitions; i++)
    {
      gint64 start_ns = (1 + t->number++) * 1000 * S, at_ns = start_ns + 5 * S;
      const MigScheduleRecord item = { t->number, (char *) label, i + 1 };
      MigRunRecord run;
      mig_record_init (MIG_TABLE_RUNS, &run);
      run.run = t->number;
      run.case_label = (char *) label;
      run.repetition = i + 1;
      run.status = (char *) "ok";
      run.started_ns = run.ready_ns = run.window_start_ns = start_ns;
      run.migrations_start_ns = at_ns;
      run.window_end_ns = start_ns + window_s * S;
      for (guint k = 0; moves[k]; k++)
        {
          char name[] = { moves[k], (char) ('1' + k), '\0' };
          add_guest (t, name, moves[k], seconds[k] * (1 + 0.01 * ((i + k) % 3)), k + 1, &at_ns);
        }
      add_guest (t, "c9", 'c', 0, 0, &at_ns);
      add_guest (t, "m9", 'm', 0, 0, &at_ns);
      run.migrations_end_ns = at_ns;
      run.ended_ns = MAX (run.window_end_ns, at_ns);
      g_ptr_array_add (t->schedule, mig_record_copy (MIG_TABLE_SCHEDULE, &item));
      g_ptr_array_add (t->runs, mig_record_copy (MIG_TABLE_RUNS, &run));
    }
}

static MigSummary *
analyse (const Tables *t)
{
  g_autoptr (MigAnalysis)
      analysis = mig_analysis_new (t->schedule, t->runs, t->guests, t->migrations);
  mig_analysis_set_parameters (analysis, t->parameters);
  return mig_analysis_finish (analysis);
}

/* seek_row: NULL: there is none. */
static const MigPaperRow *
seek_row (const GArray *rows, const char *figure, const char *subject)
{
  for (guint i = 0; rows && i < rows->len; i++)
    {
      const MigPaperRow *row = &g_array_index (rows, MigPaperRow, i);
      if (strcmp (row->figure, figure) == 0 && g_str_has_prefix (row->subject, subject))
        return row;
    }
  return NULL;
}

static const MigPaperRow *
find_row (const GArray *rows, const char *figure, const char *subject)
{
  const MigPaperRow *row = seek_row (rows, figure, subject);

  if (!row)
    g_error ("no row '%s' of figure %s", subject, figure);
  return row;
}

static void
add_balancing (Tables *t, const char *prefix, guint repetitions)
{
  static const struct {
    const char *moves;
    double seconds[2];
  } cases[] = {
    { "cc", { 3, 2 } }, { "cm", { 3, 30 } }, { "mc", { 40, 2 } }, { "mm", { 40, 35 } }
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *label = g_strconcat (prefix, cases[i].moves, NULL);
      add_runs (t, label, cases[i].moves, cases[i].seconds, 100, repetitions);
      if (*prefix)
        add_parameter (t, label, "experiment", "load-balancing", NAN);
    }
}

static void
test_verdicts (void)
{
  Tables t;
  tables_init (&t);
  add_balancing (&t, "", 5);
  g_autoptr (MigSummary) summary = analyse (&t);
  g_autoptr (GArray) rows = mig_paper_rows (summary);

  const MigPaperRow *row = find_row (rows, "6", "total time, mm less cc");
  g_assert_cmpint (row->verdict, ==, MIG_PAPER_HOLDS);
  g_assert_cmpfloat_with_epsilon (row->here, 70, 1.5);
  g_assert_cmpfloat (row->low, <, row->here);
  g_assert_cmpfloat (row->high, >, row->here);
  g_assert_cmpfloat_with_epsilon (row->paper, 76.44, 1e-9);
  g_assert_cmpint (find_row (rows, "6", "total time, mc less cm")->verdict, ==, MIG_PAPER_HOLDS);
  g_assert_cmpint (find_row (rows, "6", "total time, cc")->verdict, ==, MIG_PAPER_NO_CLAIM);
  /* the mVM stands still for longer in mc here: the paper has it the other way */
  row = find_row (rows, "5", "the mVM's own downtime, cm / mc");
  g_assert_cmpint (row->verdict, ==, MIG_PAPER_FAILS);
  g_assert_cmpfloat_with_epsilon (row->here, 0.75, 0.01);
  g_assert_cmpint (find_row (rows, "5", "downtime, cm less mc")->verdict, ==, MIG_PAPER_HOLDS);
  g_assert_cmpint (find_row (rows, "7", "a cVM left")->verdict, ==, MIG_PAPER_MISSING);
  tables_clear (&t);
}

/* One repetition has no interval: nothing is shown, in either direction. */
static void
test_one_repetition (void)
{
  Tables t;
  tables_init (&t);
  add_balancing (&t, "", 1);
  g_autoptr (MigSummary) summary = analyse (&t);
  g_autoptr (GArray) rows = mig_paper_rows (summary);

  for (guint i = 0; i < rows->len; i++)
    {
      const MigPaperRow *row = &g_array_index (rows, MigPaperRow, i);
      g_assert_cmpint (row->verdict, !=, MIG_PAPER_HOLDS);
      g_assert_cmpint (row->verdict, !=, MIG_PAPER_FAILS);
      g_assert_true (isnan (row->low) && isnan (row->high));
    }
  tables_clear (&t);
}

/* A study of two guests, each of which moves alone, or both in either order: what figures 4 to 6
 * say of these, and nothing of what it lacks. */
static void
test_two_guests (void)
{
  static const double first_c[] = { 3, 30 }, first_m[] = { 40, 2 };
  Tables t;
  tables_init (&t);
  add_runs (&t, "c", "c", first_c, 100, 5);
  add_runs (&t, "m", "m", first_m, 100, 5);
  add_runs (&t, "cm", "cm", first_c, 100, 5);
  add_runs (&t, "mc", "mc", first_m, 100, 5);
  g_autoptr (MigSummary) summary = analyse (&t);
  g_autoptr (GArray) rows = mig_paper_rows (summary);

  g_assert_false (mig_paper_is_load_balancing (summary));
  g_assert_cmpint (find_row (rows, "4", "total time")->verdict, ==, MIG_PAPER_HOLDS);
  g_assert_cmpint (find_row (rows, "5", "downtime, cm less mc")->verdict, ==, MIG_PAPER_HOLDS);
  g_assert_cmpint (find_row (rows, "5", "the mVM's own downtime, cm / mc")->verdict, ==,
                   MIG_PAPER_FAILS);
  g_assert_cmpint (find_row (rows, "6", "total time, mc less cm")->verdict, ==, MIG_PAPER_HOLDS);
  g_assert_null (seek_row (rows, "6", "total time, cc"));
  g_assert_null (seek_row (rows, "6", "total time, mm"));
  g_assert_null (seek_row (rows, "5", "downtime, mm less cc"));
  tables_clear (&t);
}

/* cc and cm alone: rows of figure 8, and of 6, that are formed of them. */
static void
test_two_of_four_cases (void)
{
  static const double computing[] = { 3, 2 }, first_c[] = { 3, 30 };
  Tables t;
  tables_init (&t);
  add_runs (&t, "cc", "cc", computing, 100, 5);
  add_runs (&t, "cm", "cm", first_c, 100, 5);
  g_autoptr (MigSummary) summary = analyse (&t);
  g_autoptr (GArray) rows = mig_paper_rows (summary);

  g_assert_nonnull (seek_row (rows, "8", "... cc above cm"));
  g_assert_cmpfloat_with_epsilon (find_row (rows, "6", "total time, cc")->here, 5, 0.2);
  g_assert_null (seek_row (rows, "6", "total time, mc less cm"));
  g_assert_null (seek_row (rows, "8", "an mVM left"));
  tables_clear (&t);
}

/* Two orders that differ by less than a hundredth: that the one is better is refuted, for time and
 * for downtime, and so is that they differ. */
static void
test_no_difference (void)
{
  static const double first_c[] = { 10, 30 }, first_m[] = { 30, 10 }, computing[] = { 5, 5 },
                      updating[] = { 30, 30 };
  Tables t;
  tables_init (&t);
  add_runs (&t, "cc", "cc", computing, 100, 6);
  add_runs (&t, "cm", "cm", first_c, 100, 6);
  add_runs (&t, "mc", "mc", first_m, 100, 6);
  add_runs (&t, "mm", "mm", updating, 100, 6);
  g_autoptr (MigSummary) summary = analyse (&t);
  g_autoptr (GArray) rows = mig_paper_rows (summary);
  g_autoptr (GPtrArray) conclusions = mig_paper_test (summary);
  const MigConclusion *first = conclusions->pdata[0], *second = conclusions->pdata[1];

  g_assert_cmpint (find_row (rows, "6", "total time, mc less cm")->verdict, ==, MIG_PAPER_FAILS);
  g_assert_cmpint (find_row (rows, "5", "downtime, cm less mc")->verdict, ==, MIG_PAPER_FAILS);
  g_assert_cmpint (find_row (rows, "6", "total time, mm less cc")->verdict, ==, MIG_PAPER_HOLDS);
  for (MigCost cost = MIG_COST_ANY; cost <= MIG_COST_DOWNTIME; cost++)
    {
      g_assert_cmpint (mig_conclusion_judge (first, cost), ==, MIG_VERDICT_NOT_SUPPORTED);
      g_assert_cmpint (mig_conclusion_judge (second, cost), ==, MIG_VERDICT_NOT_SUPPORTED);
    }
  g_assert_cmpint (second->verdict, ==, MIG_VERDICT_NOT_SUPPORTED);
  tables_clear (&t);
}

static void
add_sweep (Tables *t, const char *prefix, double fastest_s)
{
  static const struct {
    const char *value;
    double number, seconds;
  } points[] = { { "1", 1, 5 }, { "1920", 1920, 6 }, { "0", NAN, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    {
      g_autofree char *label = g_strdup_printf ("%sm rate=%s", prefix, points[i].value);
      double seconds = points[i].seconds > 0 ? points[i].seconds : fastest_s;
      add_runs (t, label, "m", &seconds, 25, 5);
      if (*prefix)
        add_parameter (t, label, "experiment", "dirty-rate", NAN);
      add_parameter (t, label, "workload.m.rate", points[i].value, points[i].number);
    }
}

/* A rate of 0 is no number, and the fastest of all: the sweep is one all the same. */
static void
test_sweep (void)
{
  Tables t;
  tables_init (&t);
  add_sweep (&t, "", 60);
  g_autoptr (MigSummary) summary = analyse (&t);
  g_autoptr (GPtrArray) parts = mig_summary_by_experiment (summary);
  g_autoptr (GArray) rows = mig_paper_rows (summary);

  g_assert_cmpuint (parts->len, ==, 1);
  const MigParameterRecord *axis = mig_paper_axis (parts->pdata[0]);
  g_assert_nonnull (axis);
  g_assert_true (mig_paper_is_rate (axis));
  g_assert_false (isnan (axis->value_number));
  g_assert_true (isinf (mig_paper_axis_value (mig_summary_find_case (summary, "m rate=0"))));
  g_assert_cmpint (mig_paper_shape (parts->pdata[0]), ==, MIG_PAPER_SWEEP);
  g_assert_cmpint (find_row (rows, "1", "downtime")->verdict, ==, MIG_PAPER_HOLDS);
  g_assert_cmpint (find_row (rows, "2", "total time")->verdict, ==, MIG_PAPER_HOLDS);
  tables_clear (&t);
}

/* Downtimes that differ by 0.7 s: the paper's differ by 2 s, on other hardware; what counts is that
 * they grow. */
static void
test_small_sweep (void)
{
  Tables t;
  tables_init (&t);
  add_sweep (&t, "", 12);
  g_autoptr (MigSummary) summary = analyse (&t);
  g_autoptr (GArray) rows = mig_paper_rows (summary);

  g_assert_cmpint (find_row (rows, "1", "downtime")->verdict, ==, MIG_PAPER_HOLDS);
  g_assert_cmpint (find_row (rows, "2", "total time")->verdict, ==, MIG_PAPER_HOLDS);
  tables_clear (&t);
}

static void
test_experiments (void)
{
  Tables t;
  tables_init (&t);
  add_sweep (&t, "dirty-rate/", 60);
  add_balancing (&t, "load-balancing/", 5);
  g_autoptr (MigSummary) summary = analyse (&t);
  g_autoptr (GPtrArray) parts = mig_summary_by_experiment (summary);
  g_autoptr (GArray) rows = mig_paper_rows (summary);

  g_assert_cmpuint (parts->len, ==, 2);
  const MigSummary *sweep = parts->pdata[0], *balancing = parts->pdata[1];
  g_assert_cmpstr (sweep->experiment, ==, "dirty-rate");
  g_assert_cmpstr (balancing->experiment, ==, "load-balancing");
  g_assert_cmpuint (sweep->cases->len, ==, 3);
  g_assert_cmpuint (balancing->cases->len, ==, 4);
  g_assert_cmpuint (sweep->runs->len + balancing->runs->len, ==, summary->runs->len);
  g_assert_cmpuint (balancing->migrations->len, ==, 40);
  /* each has a window of its own */
  g_assert_cmpint (sweep->common_window_ns, ==, 25 * S);
  g_assert_cmpint (balancing->common_window_ns, ==, 100 * S);
  g_assert_cmpint (summary->common_window_ns, ==, 25 * S);
  g_assert_cmpstr (mig_summary_find_case (summary, "load-balancing/cc")->name, ==, "cc");
  g_assert_true (mig_paper_is_load_balancing (balancing));
  g_assert_false (mig_paper_is_load_balancing (sweep));
  g_assert_cmpint (find_row (rows, "1", "downtime")->verdict, ==, MIG_PAPER_HOLDS);
  g_assert_cmpint (find_row (rows, "6", "total time, mm less cc")->verdict, ==, MIG_PAPER_HOLDS);
  tables_clear (&t);
}

/* Experiments are named by whoever wrote the study; files of figures are not. */
static void
test_figure_names (void)
{
  MigSummary part = { .experiment = "../../etc/x'$(y)", .number = 3 };
  MigFigure *figure = mig_figure_new (&part, "downtime", NULL, g_strdup ("heading"), 10, 10);

  g_assert_cmpstr (figure->id, ==, "3-------etc-x---y--downtime");
  g_assert_cmpstr (figure->experiment, ==, part.experiment);
  mig_figure_free (figure);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paper/verdicts", test_verdicts);
  g_test_add_func ("/paper/one-repetition", test_one_repetition);
  g_test_add_func ("/paper/two-guests", test_two_guests);
  g_test_add_func ("/paper/two-of-four-cases", test_two_of_four_cases);
  g_test_add_func ("/paper/no-difference", test_no_difference);
  g_test_add_func ("/paper/sweep", test_sweep);
  g_test_add_func ("/paper/small-sweep", test_small_sweep);
  g_test_add_func ("/paper/experiments", test_experiments);
  g_test_add_func ("/paper/figure-names", test_figure_names);
  return g_test_run ();
}
