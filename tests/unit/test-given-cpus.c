/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "model/training.h"
#include "results/given-cpus.h"
#include "tests/unit/run-tables.h"

/* Which CPUs a case gave a host's guests and its management, by facts and by what is swept; and
 * what a model makes of it. */

#define CASE "g"

static void
add_swept (RunTables *t, const char *parameter, const char *value)
{
  const MigParameterRecord row = { (char *) CASE, (char *) parameter, (char *) value, NAN, NULL };
  run_tables_add (t->parameters, MIG_TABLE_PARAMETERS, &row);
}

typedef struct {
  const char *cpus, *owned, *used, *management; /* facts of host a; NULL: there is none */
  const char *other_owned;                      /* of host b */
  const char *cpu, *apart;                      /* swept; NULL: not */
  MigGivenCpus expected;
} Given;

static const Given given[] = {
  /* a host of its own: nothing pinned; one CPU for all; apart; wherever there is room */
  { "8", NULL, NULL, NULL, NULL, NULL, NULL, { 8, 0, NULL, 8 } },
  { "8", NULL, "0", NULL, NULL, NULL, NULL, { 1, 0, NULL, 1 } },
  { "8", NULL, "0", "0", NULL, NULL, NULL, { 1, 0, NULL, 1 } },
  { "8", NULL, "0", "3", NULL, NULL, NULL, { 1, 1, NULL, 2 } },
  { "8", NULL, "0", "all", NULL, NULL, NULL, { 1, 7, NULL, 1 } },
  { "8", NULL, NULL, "3", NULL, NULL, NULL, { 8, 0, NULL, 8 } },
  /* what is swept counts instead */
  { "8", NULL, "0", NULL, NULL, "none", NULL, { 8, 0, NULL, 8 } },
  { "8", NULL, NULL, NULL, NULL, "2", NULL, { 1, 0, NULL, 1 } },
  { "8", NULL, "0", NULL, NULL, NULL, "0", { 1, 0, NULL, 1 } },
  { "8", NULL, "0", NULL, NULL, NULL, "5", { 1, 1, NULL, 2 } },
  { "8", NULL, "0", NULL, NULL, NULL, "spare", { 1, 1, NULL, 2 } },
  { "8", NULL, "0", "3", NULL, NULL, "0", { 1, 0, NULL, 1 } },
  { "8", NULL, "0", NULL, NULL, NULL, "none", { 1, 7, NULL, 1 } },
  /* of the lab: the study's 0 is the first that it owns */
  { "4", "2,3", "2", NULL, "0,1", NULL, "0", { 1, 0, NULL, 1 } },
  { "4", "2,3", "2", NULL, "0,1", NULL, "1", { 1, 1, NULL, 2 } },
  { "4", "2,3", "2", NULL, "0,1", NULL, "spare", { 1, 1, NULL, 2 } },
  { "2", "1", "1", NULL, "0", NULL, "spare", { 1, 1, "b", 1 } },
  { "2", "1", "1", "0", "0", NULL, NULL, { 1, 1, "b", 1 } },
  { "2", "1", "1", "0", "0", NULL, "0", { 1, 0, NULL, 1 } },
  /* a result that somebody has made up: what is no number of a CPU is not known */
  { "8", NULL, "99999999999999999999", NULL, NULL, NULL, NULL, { 8, 0, NULL, 8 } },
  { "8", NULL, "1e300", NULL, NULL, NULL, NULL, { 8, 0, NULL, 8 } },
  { "8", NULL, "nan", NULL, NULL, NULL, NULL, { 8, 0, NULL, 8 } },
  { "8", "99999999999,3", "2", NULL, "0", NULL, "0", { 1, 7, NULL, 1 } },
  { "8", "2,3", "2", NULL, "0", NULL, "2147483647", { 1, 7, NULL, 1 } },
  { "2", "1", "1", "0", "4294967296", NULL, NULL, { 1, 1, NULL, 1 } },
};

/* Which host lends a spare CPU, by the first CPU of each. */
static void
test_lender (void)
{
  static const struct {
    int first[4];
    guint n, host, lender;
  } rows[] = {
    { { 0, 1 }, 2, 0, 1 },       { { 0, 1 }, 2, 1, 0 },       { { 0, 0 }, 2, 0, 2 },
    { { 0, 0, 1 }, 3, 0, 2 },    { { 0, 1, 0 }, 3, 1, 2 },    { { 0, 1, 0 }, 3, 2, 1 },
    { { 0, 1, 0, 1 }, 4, 3, 0 }, { { 0, 1, 2, 3 }, 4, 1, 2 }, { { 0 }, 1, 0, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GArray) first = g_array_new (FALSE, FALSE, sizeof (int));
      g_array_append_vals (first, rows[i].first, rows[i].n);
      g_assert_cmpuint (mig_cpu_lender (first, rows[i].host), ==, rows[i].lender);
    }
}

static void
add_facts (RunTables *t, const Given *of)
{
  const char *const names[] = { "cpus", "cpus owned", "cpu used", "management cpu" };
  const char *const values[] = { of->cpus, of->owned, of->used, of->management };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    run_tables_add_fact (t, "a", names[i], values[i] ? values[i] : "");
  run_tables_add_fact (t, "b", "cpus", of->cpus);
  run_tables_add_fact (t, "b", "cpu used", of->other_owned ? of->other_owned : "0");
  run_tables_add_fact (t, "b", "cpus owned", of->other_owned ? of->other_owned : "");
  if (of->cpu)
    add_swept (t, "cpu", of->cpu);
  if (of->apart)
    add_swept (t, "host.a.management-cpu", of->apart);
  add_swept (t, "host.b.management-cpu", "0");
}

static void
test_given (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      const MigGivenCpus *expected = &given[i].expected;
      RunTables t;
      run_tables_init (&t);
      add_facts (&t, &given[i]);
      g_autoptr (MigCpuTable) table = mig_cpu_table_new (t.environment, t.parameters);
      MigGivenCpus found = mig_cpu_table_find (table, CASE, "a");
      g_assert_cmpfloat (found.guests, ==, expected->guests);
      g_assert_cmpfloat (found.management, ==, expected->management);
      g_assert_cmpstr (found.lender, ==, expected->lender);
      g_assert_cmpfloat (found.sampled, ==, expected->sampled);
      /* nothing is known of another case's sweep, nor of another host */
      g_assert_true (isnan (mig_cpu_table_find (table, "x", "c").guests));
      run_tables_clear (&t);
    }
}

/* The fleet of a run: its hosts have the CPUs of its case. */
static void
test_trained (void)
{
  static const MadeRun made = { 0, 0, 1e9, NULL };
  g_autoptr (GPtrArray) rounds = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      const MigGivenCpus *expected = &given[i].expected;
      RunTables t;
      run_tables_init (&t);
      add_facts (&t, &given[i]);
      run_tables_add_run (&t, 1, &made);
      ((MigGuestRecord *) t.guests->pdata[0])->memory_bytes = 64 << 20;
      g_autoptr (MigAnalysis)
          analysis = mig_analysis_new (t.schedule, t.runs, t.guests, t.migrations);
      g_autoptr (MigTraining) training = mig_training_new (mig_analysis_runs (analysis), rounds,
                                                           t.environment, t.parameters, NULL);
      g_assert_cmpuint (training->runs->len, ==, 1);
      const MigFleet *fleet = ((MigTrainingRun *) training->runs->pdata[0])->fleet;
      const MigFleetHost *host = mig_fleet_host (fleet, mig_fleet_find_host (fleet, "a"));
      g_assert_cmpfloat (host->cpus, ==, expected->guests);
      g_assert_cmpfloat (host->management_cpus, ==, expected->lender ? 0 : expected->management);
      guint lender = mig_fleet_find_host (fleet, expected->lender);
      g_assert_cmpuint (host->borrows_from, ==, lender == MIG_NO_INDEX ? 0 : lender + 1);
      g_clear_pointer (&training, mig_training_free);
      g_clear_pointer (&analysis, mig_analysis_free);
      run_tables_clear (&t);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/given-cpus/given", test_given);
  g_test_add_func ("/given-cpus/lender", test_lender);
  g_test_add_func ("/given-cpus/trained", test_trained);
  return g_test_run ();
}
