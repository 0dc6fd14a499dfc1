/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "plan/input.h"
#include "results/observing-facts.h"
#include "tests/unit/result-fixture.h"

/* Facts that are intervals: three rows, one fact. */

static MigEnvironmentRecord
row_named (const char *name)
{
  return (MigEnvironmentRecord){ .scope = (char *) "migcost",
                                 .name = (char *) name,
                                 .value = (char *) "1" };
}

static void
test_rows (ResultFixture *f, gconstpointer data)
{
  const MigObservingFacts facts = { .work = { 0.998, 0.977, 1.01849 },
                                    .cpu = { 0.49, NAN, 0.51 },
                                    .blocks = 29 },
                          none = { .blocks = 0 };
  MigResultWriter *writer = result_fixture_writer (f);

  g_assert_true (mig_observing_facts_write (writer, MIG_COST_BEFORE, &facts, NULL));
  g_assert_true (mig_observing_facts_write (writer, MIG_COST_DURING, &none, NULL));
  mig_result_writer_free (writer);
  g_autofree char *text = result_fixture_get (f, "environment.csv");
  g_assert_cmpstr (text, ==,
                   "scope,name,value,unit\n"
                   "migcost,observed work before migrations,0.9980,\n"
                   "migcost,observed work before migrations low,0.9770,\n"
                   "migcost,observed work before migrations high,1.0185,\n"
                   "migcost,observing cpu before migrations,0.4900,\"% of a CPU\"\n"
                   "migcost,observing cpu before migrations low,\"\",\"% of a CPU\"\n"
                   "migcost,observing cpu before migrations high,0.5100,\"% of a CPU\"\n"
                   "migcost,observing blocks before migrations,29,\n");
  g_autoptr (MigResult) result = result_fixture_open (f);
  g_autoptr (GPtrArray) rows = mig_result_load (result, MIG_TABLE_ENVIRONMENT, NULL);
  MigFactInterval work = mig_fact_interval (rows, MIG_FACT_COST_WORK_BEFORE, NULL),
                  cpu = mig_fact_interval (rows, MIG_FACT_COST_CPU_BEFORE, NULL),
                  during = mig_fact_interval (rows, MIG_FACT_COST_WORK_DURING, NULL);
  g_assert_cmpfloat (work.value, ==, 0.998);
  g_assert_cmpfloat (work.low, ==, 0.977);
  g_assert_cmpfloat (work.high, ==, 1.0185);
  g_assert_cmpfloat (cpu.value, ==, 0.49);
  g_assert_true (isnan (cpu.low));
  g_assert_true (isnan (during.value) && isnan (during.low) && isnan (during.high));
  g_assert_cmpfloat (mig_fact_number (rows, MIG_FACT_COST_WORK_BEFORE, NULL), ==, 0.998);
}

static void
test_fact_of (void)
{
  static const struct {
    const char *name;
    MigFact fact;
  } rows[] = {
    { "observed work before migrations", MIG_FACT_COST_WORK_BEFORE },
    { "observed work before migrations low", MIG_FACT_COST_WORK_BEFORE },
    { "observed work before migrations high", MIG_FACT_COST_WORK_BEFORE },
    { "observed work before migrations higher", MIG_N_FACTS },
    { "peak memory", MIG_FACT_OWN_MEMORY },
    { "peak memory low", MIG_N_FACTS }, /* no interval */
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const MigEnvironmentRecord row = row_named (rows[i].name);
      g_assert_cmpuint (mig_fact_of (&row), ==, rows[i].fact);
    }
}

/* The end that a run was given last holds. */
static void
test_superseded (ResultFixture *f, gconstpointer data)
{
  MigResultWriter *writer = result_fixture_writer (f);

  mig_fact_write (writer, MIG_FACT_UNTIL, NULL, "5%", NULL);
  mig_fact_write_int (writer, MIG_FACT_TIME_LIMIT, NULL, 300, NULL);
  mig_fact_write (writer, MIG_FACT_OPTION, NULL, "start=boot", NULL);
  mig_fact_write_int (writer, MIG_FACT_TIME_LIMIT, NULL, 1200, NULL);
  mig_fact_write (writer, MIG_FACT_OPTION, NULL, "start=restore", NULL);
  mig_fact_write_int (writer, MIG_FACT_TIME_LIMIT, NULL, 900, NULL);
  mig_result_writer_free (writer);
  g_autoptr (MigResult) result = result_fixture_open (f);
  g_autoptr (GPtrArray) rows = mig_result_load (result, MIG_TABLE_ENVIRONMENT, NULL);
  g_assert_cmpuint (rows->len, ==, 6);
  mig_facts_drop_superseded (rows);
  g_assert_cmpuint (rows->len, ==, 4); /* both options, a row each */
  g_assert_cmpfloat (mig_fact_number (rows, MIG_FACT_TIME_LIMIT, NULL), ==, 900);
  g_assert_cmpstr (mig_fact_find (rows, MIG_FACT_UNTIL, NULL), ==, "5%");
  g_autoptr (MigPlanInput) input = mig_plan_input_load (f->path, NULL); /* whoever reads them */
  g_assert_cmpfloat (
      mig_fact_number (mig_plan_input_environment (input), MIG_FACT_TIME_LIMIT, NULL), ==, 900);
}

static void
test_text (void)
{
  const MigObservingFacts facts = { { 0.1, 0.05, 1 / 3. }, { 2, NAN, INFINITY }, 4 };
  g_autofree char *text = mig_observing_facts_to_text (&facts);
  MigObservingFacts read;

  g_assert_true (mig_observing_facts_from_text (text, &read));
  g_assert_cmpfloat (read.work.value, ==, 0.1);
  g_assert_cmpfloat (read.work.low, ==, 0.05);
  g_assert_cmpfloat (read.work.high, ==, 1 / 3.);
  g_assert_cmpfloat (read.cpu.value, ==, 2);
  g_assert_true (isnan (read.cpu.low) && isinf (read.cpu.high));
  g_assert_cmpuint (read.blocks, ==, 4);
  g_assert_false (mig_observing_facts_from_text ("1 2 3", &read));
  g_assert_false (mig_observing_facts_from_text ("1 2 3 4 5 6 -7", &read));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/facts/interval", ResultFixture, NULL, result_fixture_set_up, test_rows,
              result_fixture_tear_down);
  g_test_add ("/facts/superseded", ResultFixture, NULL, result_fixture_set_up, test_superseded,
              result_fixture_tear_down);
  g_test_add_func ("/facts/fact-of", test_fact_of);
  g_test_add_func ("/facts/observing-text", test_text);
  return g_test_run ();
}
