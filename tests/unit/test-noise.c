/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "summary/noise.h"
#include "tests/unit/run-tables.h"

/* Runs that were disturbed or failed, and what is swept. */

#define S MIG_NS_PER_S

static const MigRunSummary *
run_of (const MigSummary *summary, guint index)
{
  return summary->runs->pdata[index];
}

static void
test_noise (void)
{
  static const MadeRun runs[] = {
    { 0, 0, 1e9, NULL },      { 0.2, 0, 1e9, NULL },           { 0, 0.3, 1e9, NULL },
    { 0, 0, 0.7e9, NULL },    { 0.04, 0.24, 1e9, NULL, 0.09 }, { 0.1, 0.3, 0.5e9, NULL },
    { 0, 0, 1e9, NULL, 0.2 }, { 0, 0, 1e9, NULL, 0, 0.019 },   { 0, 0, 1e9, NULL, 0, 0.03 },
  };
  RunTables t;

  run_tables_init (&t);
  run_tables_add_fact (&t, "a", "cpus", "8");
  run_tables_add_fact (&t, "a", "cpu used", "0");
  run_tables_add_fact (&t, "link", "rate configured", "125000000");
  run_tables_add_fact (&t, "link", "rate measured", "119000000");
  g_autoptr (MigSummary) summary = run_tables_analyse (&t, runs, G_N_ELEMENTS (runs));
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      g_assert_cmpfloat_with_epsilon (run_of (summary, i)->stolen_share, runs[i].stolen, 1e-6);
      g_assert_cmpfloat_with_epsilon (run_of (summary, i)->others_share, runs[i].others, 1e-6);
      g_assert_cmpfloat_with_epsilon (run_of (summary, i)->sending_share, runs[i].sent_bytes / 1e9,
                                      1e-9);
    }
  g_assert_null (run_of (summary, 0)->noise);
  g_assert_cmpstr (run_of (summary, 1)->noise, ==,
                   "20.0 % of a CPU's time was stolen from host 'a'");
  g_assert_cmpstr (run_of (summary, 2)->noise, ==,
                   "30.0 % of a CPU's time was used by others than the guests on host 'a'");
  g_assert_cmpstr (run_of (summary, 3)->noise, ==, "it sent at 70.0 % of the case's median rate");
  g_assert_null (run_of (summary, 4)->noise);
  g_assert_nonnull (strstr (run_of (summary, 5)->noise, "'a'; 30.0 % of"));
  g_assert_nonnull (strstr (run_of (summary, 5)->noise, "; it sent at 50.0 %"));
  g_assert_cmpstr (run_of (summary, 6)->noise, ==,
                   "migcost itself waited for a CPU for 20.0 % of the window");
  g_assert_null (run_of (summary, 7)->noise);
  g_assert_cmpstr (run_of (summary, 8)->noise, ==, "observing took 3.0 % of a CPU");
  g_assert_cmpuint (summary->n_noisy, ==, 6);
  g_assert_cmpuint (summary->n_noise_known, ==, 9);
  g_assert_false (summary->link_is_slow);
  /* all of them count */
  g_assert_cmpuint (((MigCaseSummary *) summary->cases->pdata[0])->n_sound, ==, 9);
  run_tables_clear (&t);
}

/* All CPUs of a host are sampled where the study names none; nothing can be told without samples.
 */
static void
test_noise_unknown (void)
{
  static const MadeRun runs[] = { { 0, 0, 1e9, NULL }, { 0, 0, 0.1e9, NULL } };
  RunTables t;

  run_tables_init (&t);
  run_tables_add_fact (&t, "a", "cpus", "2");
  run_tables_add_fact (&t, "link", "rate configured", "125000000");
  run_tables_add_fact (&t, "link", "rate measured", "80000000");
  g_autoptr (MigSummary) summary = run_tables_analyse (&t, runs, 2);
  g_assert_cmpfloat_with_epsilon (run_of (summary, 0)->stolen_share, 1, 1e-6); /* of the second CPU
                                                                                */
  g_assert_true (summary->link_is_slow);
  /* two runs are too few to say which is the slow one */
  g_assert_null (strstr (run_of (summary, 1)->noise, "it sent"));
  run_tables_clear (&t);

  run_tables_init (&t);
  g_autoptr (MigSummary) blind = run_tables_analyse (&t, runs, 2);
  g_assert_true (isnan (run_of (blind, 0)->stolen_share)); /* how many CPUs? */
  g_assert_true (isnan (blind->link_bytes_per_s) && !blind->link_is_slow);
  run_tables_clear (&t);
}

/* Where the management works on another host's CPU, what it takes there is not looked for on the
 * host's own: of 0.5 CPUs for 15 s of 20, half. */
static void
test_noise_lent (void)
{
  static const MadeRun run = { 0, 0, 1e9, NULL };

  for (guint lent = 0; lent < 2; lent++)
    {
      RunTables t;
      run_tables_init (&t);
      run_tables_add_fact (&t, "a", "cpu used", "0");
      run_tables_add_fact (&t, "a", "cpus owned", "0");
      run_tables_add_fact (&t, "b", "cpus owned", "1");
      if (lent)
        run_tables_add_fact (&t, "a", "management cpu", "1");
      run_tables_add_run (&t, 1, &run);
      for (guint i = 0; i < t.samples->len; i++)
        {
          MigSampleRecord *sample = t.samples->pdata[i];
          gint64 passed_ns = sample->time_ns - 100 * S;
          if (sample->guest)
            sample->management_ns = MIN (passed_ns, 15 * S) / 4;
        }
      g_autoptr (MigSummary) summary = run_tables_analyse (&t, NULL, 0);
      g_assert_cmpfloat_with_epsilon (run_of (summary, 0)->others_share, lent ? 0.25 * 15 / 20 : 0,
                                      1e-6);
      run_tables_clear (&t);
    }
}

/* The source's sample of a guest that runs on the destination counts nowhere; where memory follows
 * the guest, the source still sends. */
static void
test_leftover (void)
{
  static const MadeRun run = { 0, 0, 1e9, NULL };
  static const struct {
    const char *technique, *host;
    double at_s;
    gboolean counts;
  } cases[] = {
    { "pre-copy", "a", 13, TRUE },     { "pre-copy", "a", 14.5, FALSE },
    { "pre-copy", "b", 14.5, TRUE },   { "post-copy", "a", 14.5, TRUE },
    { "post-copy", "a", 15.5, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      RunTables t;
      run_tables_init (&t);
      run_tables_add_run (&t, 1, &run);
      MigMigrationRecord *migration = t.migrations->pdata[0];
      const MigSampleRecord *any = t.samples->pdata[0];
      migration->technique = (char *) cases[i].technique;
      migration->resumed_ns = any->time_ns + 14 * S;
      g_autoptr (MigAnalysis)
          analysis = mig_analysis_new (t.schedule, t.runs, t.guests, t.migrations);
      MigSampleRecord sample = *any;
      sample.host = (char *) cases[i].host;
      sample.time_ns += (gint64) (cases[i].at_s * S);
      g_assert_true (mig_analysis_add_sample (analysis, &sample) == cases[i].counts);
      run_tables_clear (&t);
    }
}

static void
test_failures (void)
{
  static const MadeRun runs[] = {
    { 0, 0, 1e9, "lost the link" },
    { 0, 0, 1e9, NULL },
    { 0, 0, 1e9, "no memory" },
    { 0, 0, 1e9, "lost the link" },
  };
  RunTables t;

  run_tables_init (&t);
  g_autoptr (MigSummary) summary = run_tables_analyse (&t, runs, G_N_ELEMENTS (runs));
  const MigCaseSummary *study_case = summary->cases->pdata[0];
  g_assert_cmpuint (study_case->n_runs, ==, 4);
  g_assert_cmpuint (study_case->n_sound, ==, 1);
  g_assert_cmpuint (study_case->failures->len, ==, 2);
  const MigFailureCount *first = study_case->failures->pdata[0],
                        *second = study_case->failures->pdata[1];
  g_assert_cmpstr (first->reason, ==, "migration of 'g' failed: lost the link");
  g_assert_cmpuint (first->n, ==, 2);
  g_assert_cmpuint (second->n, ==, 1);
  run_tables_clear (&t);
}

static void
test_parameters (void)
{
  static const MadeRun runs[] = { { 0, 0, 1e9, NULL } };
  const MigParameterRecord rate = { .case_label = (char *) "g",
                                    .parameter = (char *) "workload.m.rate",
                                    .value = (char *) "15360",
                                    .value_number = 15360,
                                    .unit = (char *) "pages/s" };
  const MigParameterRecord other = { .case_label = (char *) "nowhere",
                                     .parameter = (char *) "link",
                                     .value = (char *) "1 Gbit/s",
                                     .value_number = 125e6,
                                     .unit = (char *) "bytes/s" };
  RunTables t;

  run_tables_init (&t);
  run_tables_add (t.parameters, MIG_TABLE_PARAMETERS, &rate);
  run_tables_add (t.parameters, MIG_TABLE_PARAMETERS, &other);
  g_autoptr (MigSummary) summary = run_tables_analyse (&t, runs, 1);
  run_tables_clear (&t); /* the summary has a reference of its own */
  const MigCaseSummary *study_case = summary->cases->pdata[0];
  g_assert_cmpuint (study_case->parameters->len, ==, 1);
  const MigParameterRecord *found = study_case->parameters->pdata[0];
  g_assert_cmpstr (found->parameter, ==, "workload.m.rate");
  g_assert_cmpfloat (found->value_number, ==, 15360);
}

/* Round trips of a run bound the downtimes of its migrations alone; those of all runs are summed up
 * by host. */
static void
test_round_trips (void)
{
  static const MadeRun run = { 0, 0, 1e9, NULL };
  const MigRoundTripRecord rows[] = {
    { MIG_MISSING_INT, (char *) "a", 40, 1000, 500, 9000000 },
    { 1, (char *) "a", 40, 3000, 400, 2000000 },
    { 1, (char *) "b", 40, 2000, 700, 5000000 },
    { 3, (char *) "a", 40, 5000, 600, 4000000 },
    { 2, (char *) "b", 40, MIG_MISSING_INT, 1, 1 },
  };
  RunTables t;

  run_tables_init (&t);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    run_tables_add (t.round_trips, MIG_TABLE_ROUND_TRIPS, &rows[i]);
  for (gint64 i = 1; i <= 2; i++)
    {
      run_tables_add_run (&t, i, &run);
      MigMigrationRecord *m = t.migrations->pdata[i - 1];
      m->suspended_ns = m->end_ns - S;
      m->resumed_ns = m->suspended_ns + S / 10;
    }
  g_autoptr (MigSummary) summary = run_tables_analyse (&t, NULL, 0);
  run_tables_clear (&t);
  const MigMigrationSummary *first = summary->migrations->pdata[0],
                            *second = summary->migrations->pdata[1];
  g_assert_cmpfloat_with_epsilon (first->downtime_events_s, 0.1, 1e-9);
  g_assert_cmpfloat_with_epsilon (first->downtime_events_low_s, 0.095, 1e-9);
  g_assert_cmpfloat_with_epsilon (first->downtime_events_high_s, 0.102, 1e-9);
  g_assert_true (isnan (second->downtime_events_low_s) && isnan (second->downtime_events_high_s));

  g_assert_cmpuint (summary->round_trips->len, ==, 2);
  const MigRoundTripSummary *a = summary->round_trips->pdata[0],
                            *b = summary->round_trips->pdata[1];
  g_assert_cmpstr (a->host, ==, "a");
  g_assert_cmpint (a->calls, ==, 120);
  g_assert_cmpfloat_with_epsilon (a->median_s, 3e-6, 1e-12);
  g_assert_cmpfloat_with_epsilon (a->low_s, 0.4e-6, 1e-12);
  g_assert_cmpfloat_with_epsilon (a->high_s, 9e-3, 1e-12);
  g_assert_cmpint (b->calls, ==, 40);
}

/* Guests of which nobody said a class are of one class, which has their values. */
static void
test_no_class (void)
{
  static const MadeRun runs[] = { { 0, 0, 1e9, NULL }, { 0, 0, 1e9, NULL } };
  RunTables t;

  run_tables_init (&t);
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      run_tables_add_run (&t, i + 1, &runs[i]);
      ((MigGuestRecord *) t.guests->pdata[i])->class_name = NULL;
    }
  g_autoptr (MigAnalysis) analysis = mig_analysis_new (t.schedule, t.runs, t.guests, t.migrations);
  g_autoptr (MigSummary) summary = mig_analysis_finish (analysis);
  g_assert_cmpuint (summary->classes->len, ==, 1);
  const MigStat *time = mig_case_stat (mig_summary_find_case (summary, "g"), MIG_METRIC_GUEST_TIME,
                                       "?");
  g_assert_cmpuint (time->n, ==, 2);
  run_tables_clear (&t);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/noise/runs", test_noise);
  g_test_add_func ("/noise/unknown", test_noise_unknown);
  g_test_add_func ("/noise/lent", test_noise_lent);
  g_test_add_func ("/noise/leftover", test_leftover);
  g_test_add_func ("/noise/failures", test_failures);
  g_test_add_func ("/noise/parameters", test_parameters);
  g_test_add_func ("/noise/round-trips", test_round_trips);
  g_test_add_func ("/noise/no-class", test_no_class);
  return g_test_run ();
}
