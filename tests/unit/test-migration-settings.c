/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "model/training.h"
#include "summary/case-settings.h"
#include "summary/compare.h"
#include "tests/unit/run-tables.h"

/* How the cases of a result migrate, by its study and its records; and what two results have of
 * it that differs. */

static MigSettings *
parse (const char *xml, const RunTables *t)
{
  return mig_settings_parse (xml, xml ? strlen (xml) : 0, t->parameters);
}

static void
add_parameter (RunTables *t, const char *label, const char *parameter, const char *value)
{
  const MigParameterRecord row = { (char *) label, (char *) parameter, (char *) value, NAN, NULL };
  run_tables_add (t->parameters, MIG_TABLE_PARAMETERS, &row);
}

static void
assert_setting (const MigSettings *settings, const char *label, MigSetting setting,
                const char *expected)
{
  g_assert_cmpstr (mig_settings_find (settings, label, setting), ==, expected);
}

static void
test_study (void)
{
  static const char xml[] =
      "<study name='s'><migration technique='multifd' tls='yes' bandwidth='10 MiB/s'"
      " max-downtime='0.3 s'/><experiment name='own'><migration copy-storage='all'/></experiment>"
      "<experiment name='other'/></study>";
  RunTables t;

  run_tables_init (&t);
  add_parameter (&t, "own/m", "experiment", "own");
  add_parameter (&t, "own/m tls=yes", "experiment", "own");
  add_parameter (&t, "own/m tls=yes", "tls", "yes");
  add_parameter (&t, "other/m bandwidth=20MiB/s", "experiment", "other");
  add_parameter (&t, "other/m bandwidth=20MiB/s", "bandwidth", "20 MiB/s");
  g_autoptr (MigSettings) settings = parse (xml, &t);
  assert_setting (settings, "m", MIG_SETTING_TECHNIQUE, "multifd");
  assert_setting (settings, "m", MIG_SETTING_TLS, "yes");
  assert_setting (settings, "m", MIG_SETTING_BANDWIDTH, "10 MiB/s");
  assert_setting (settings, "m", MIG_SETTING_MAX_DOWNTIME, "300 ms");
  assert_setting (settings, "m", MIG_SETTING_STOP_RULE, "hypervisor");
  assert_setting (settings, "m", MIG_SETTING_CONTROL, NULL);
  /* an experiment's own takes the place of the study's */
  assert_setting (settings, "own/m", MIG_SETTING_TECHNIQUE, "pre-copy");
  assert_setting (settings, "own/m", MIG_SETTING_TLS, "no");
  assert_setting (settings, "own/m", MIG_SETTING_STORAGE, "all");
  assert_setting (settings, "own/m tls=yes", MIG_SETTING_TLS, "yes");
  assert_setting (settings, "own/m tls=yes", MIG_SETTING_STORAGE, "all");
  assert_setting (settings, "other/m bandwidth=20MiB/s", MIG_SETTING_BANDWIDTH, "20 MiB/s");
  assert_setting (settings, "other/m bandwidth=20MiB/s", MIG_SETTING_TLS, "yes");
  run_tables_clear (&t);
}

/* What is the same is written the same, however the study writes it. */
static void
test_same (void)
{
  static const char *const studies[] = {
    "<study><migration bandwidth='10485760 B/s' max-downtime='300 ms' cache='64 MiB'/></study>",
    "<study><migration bandwidth=' 10MiB/s' max-downtime='0.3s' cache='65536 KiB'/></study>",
  };
  RunTables t;

  run_tables_init (&t);
  g_autoptr (MigSettings) a = parse (studies[0], &t), b = parse (studies[1], &t);
  for (guint i = 0; i < MIG_N_SETTINGS; i++)
    g_assert_cmpstr (mig_settings_find (a, "m", i), ==, mig_settings_find (b, "m", i));
  run_tables_clear (&t);
}

/* What stands in the place of a study, or is none. */
static void
test_others (void)
{
  static const char *const unknown[] = { NULL, "", "<watch><host name='a'/></watch>", "<study" };
  RunTables t;

  run_tables_init (&t);
  g_autoptr (MigSettings) execution = parse (
      "<execution><option name='tls' value='yes'/><option name='host' value='a=b'/></execution>",
      &t);
  assert_setting (execution, "plan-1", MIG_SETTING_TLS, "yes");
  assert_setting (execution, "plan-1", MIG_SETTING_BANDWIDTH, "none");
  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      g_autoptr (MigSettings) settings = parse (unknown[i], &t);
      for (guint k = 0; k < MIG_N_SETTINGS; k++)
        assert_setting (settings, "g", k, NULL);
    }
  run_tables_clear (&t);
}

/* summarise: a case of three runs, by a study; technique: what the records say; NULL: nothing. */
static MigSummary *
summarise (RunTables *t, const char *xml, const char *technique)
{
  static const MadeRun made = { 0 };

  run_tables_init (t);
  for (guint i = 1; i <= 3; i++)
    run_tables_add_run (t, i, &made);
  for (guint i = 0; i < t->migrations->len && technique; i++)
    ((MigMigrationRecord *) t->migrations->pdata[i])->technique = (char *) technique;
  g_autoptr (MigSettings) settings = parse (xml, t);
  g_autoptr (MigAnalysis)
      analysis = mig_analysis_new (t->schedule, t->runs, t->guests, t->migrations);
  mig_analysis_set_parameters (analysis, t->parameters);
  mig_analysis_set_settings (analysis, settings);
  return mig_analysis_finish (analysis);
}

static void
test_compare (void)
{
  static const MigCompareOptions options = { .threshold = 0.05 };
  RunTables of_a, of_b, of_c;
  g_autoptr (MigSummary) a = summarise (&of_a, "<study/>", NULL);
  g_autoptr (MigSummary) b = summarise (&of_b, "<study><migration tls='yes'/></study>", "multifd");
  g_autoptr (MigSummary) c = summarise (&of_c, "<watch/>", NULL);
  g_autoptr (MigComparison) same = mig_compare (a, a, &options);
  g_autoptr (MigComparison) other = mig_compare (a, b, &options);
  g_autoptr (MigComparison) unknown = mig_compare (c, b, &options);
  const MigFactChange *facts = (const MigFactChange *) (const void *) other->facts->data;

  g_assert_cmpuint (same->facts->len, ==, 0);
  g_assert_cmpuint (unknown->facts->len, ==, 0);
  g_assert_cmpuint (other->facts->len, ==, 2);
  g_assert_cmpstr (facts[0].scope, ==, "migrations");
  g_assert_cmpstr (facts[0].name, ==, "technique");
  g_assert_cmpstr (facts[0].base, ==, "pre-copy");
  g_assert_cmpstr (facts[0].now, ==, "multifd");
  g_assert_cmpstr (facts[1].name, ==, "TLS");
  g_assert_true (facts[0].matters && facts[1].matters);
  run_tables_clear (&of_a);
  run_tables_clear (&of_b);
  run_tables_clear (&of_c);
}

/* What is learnt from: by TLS where the study says so, without a sweep. */
static void
test_training (void)
{
  static const char *const studies[] = { "<study/>", "<study><migration tls='yes'/></study>" };
  static const char *const techniques[] = { "pre-copy", "pre-copy, TLS" };
  static const MadeRun made = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (studies); i++)
    {
      g_autoptr (GPtrArray) rounds = g_ptr_array_new ();
      RunTables t;
      run_tables_init (&t);
      run_tables_add_run (&t, 1, &made);
      ((MigGuestRecord *) t.guests->pdata[0])->memory_bytes = 64 << 20;
      g_autoptr (MigSettings) settings = parse (studies[i], &t);
      g_autoptr (MigAnalysis)
          analysis = mig_analysis_new (t.schedule, t.runs, t.guests, t.migrations);
      g_autoptr (MigTraining) training = mig_training_new (mig_analysis_runs (analysis), rounds,
                                                           t.environment, t.parameters, settings);
      g_assert_cmpuint (training->runs->len, ==, 1);
      g_assert_cmpstr (((const MigTrainingRun *) training->runs->pdata[0])->technique, ==,
                       techniques[i]);
      run_tables_clear (&t);
    }
}

static MigSummary *
with_cases (guint n, guint n_encrypted)
{
  MigSummary *summary = mig_summary_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = g_strdup_printf ("m%u", i);
      MigCaseSummary *added = mig_summary_add_case (summary, label);
      added->settings[MIG_SETTING_TLS] = g_strdup (i < n_encrypted ? MIG_SETTING_YES : "no");
    }
  return summary;
}

/* Which cases a difference is of: all, those named, or how many. */
static void
test_scope (void)
{
  static const struct {
    guint n, n_encrypted;
    const char *scope;
  } given[] = { { 3, 3, "migrations" },
                { 3, 2, "migrations of m0, m1" },
                { 9, 7, "migrations of 7 of 9 cases" } };

  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      g_autoptr (MigSummary) summary = with_cases (given[i].n, given[i].n_encrypted);
      g_autoptr (GPtrArray) changes = mig_case_settings_differ (NULL, summary->cases);
      g_assert_cmpuint (changes->len, ==, 1);
      g_assert_cmpstr (((const MigSettingChange *) changes->pdata[0])->scope, ==, given[i].scope);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/migration-settings/study", test_study);
  g_test_add_func ("/migration-settings/same", test_same);
  g_test_add_func ("/migration-settings/others", test_others);
  g_test_add_func ("/migration-settings/compare", test_compare);
  g_test_add_func ("/migration-settings/scope", test_scope);
  g_test_add_func ("/migration-settings/training", test_training);
  return g_test_run ();
}
