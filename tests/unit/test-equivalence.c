/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "paper/equivalence.h"

/* Whether two samples have the same mean, and how many more values show it. */

/* fill: n values around mean, whose standard deviation is sd. */
static void
fill (MigStat *stat, double mean, double sd, guint n)
{
  double step = n % 2 == 0 ? sqrt ((n - 1.0) / n) : 1;

  mig_stat_init (stat);
  for (guint i = 0; i < n; i++)
    mig_stat_add (stat, i, i, mean + (n % 2 && i == 0 ? 0 : i % 2 ? sd * step : -sd * step));
  mig_stat_compute (stat);
  g_assert_cmpfloat_with_epsilon (stat->sd, sd, 1e-9);
}

/* Two samples of n values, each of one standard deviation: Student's half width of the difference
 * of their means is t(2 n - 2) sqrt (2 / n) of it. */
static void
test_verdicts (void)
{
  static const struct {
    double a, b, sd;
    guint n_a, n_b;
    MigEquivalenceVerdict verdict;
    gboolean more_a, more_b;
  } tests[] = {
    /* half width 0.010: within 5 %, also where 0 is excluded */
    { 2, 2.005, 0.01, 9, 9, MIG_EQUIVALENCE_SAME, FALSE, FALSE },
    { 2, 2.04, 0.01, 9, 9, MIG_EQUIVALENCE_SAME, FALSE, FALSE },
    /* half width 0.1: beyond it */
    { 2, 2.3, 0.1, 9, 9, MIG_EQUIVALENCE_DIFFERENT, FALSE, FALSE },
    { 2, 1.7, 0.1, 9, 9, MIG_EQUIVALENCE_DIFFERENT, FALSE, FALSE },
    { 2, 2.05, 0.1, 9, 9, MIG_EQUIVALENCE_UNDECIDED, TRUE, TRUE },
    { 2, 2.05, 0.1, 70, 9, MIG_EQUIVALENCE_UNDECIDED, FALSE, TRUE },
    { 2, 2.05, 0.1, 1, 9, MIG_EQUIVALENCE_UNKNOWN, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      MigStat a, b;
      if (tests[i].n_a > 1)
        fill (&a, tests[i].a, tests[i].sd, tests[i].n_a);
      else
        {
          mig_stat_init (&a);
          mig_stat_add (&a, 0, 0, tests[i].a);
          mig_stat_compute (&a);
        }
      fill (&b, tests[i].b, tests[i].sd, tests[i].n_b);
      const MigEquivalence test = mig_equivalence_test (&a, &b);
      g_test_message ("test %u", i);
      g_assert_cmpint (test.verdict, ==, tests[i].verdict);
      g_assert_cmpint (!MIG_IS_MISSING (test.more_a) && test.more_a > 0, ==, tests[i].more_a);
      g_assert_cmpint (!MIG_IS_MISSING (test.more_b) && test.more_b > 0, ==, tests[i].more_b);
      mig_stat_clear (&a);
      mig_stat_clear (&b);
    }
}

/* A difference of half a standard deviation is shown by 64 of each (Cohen, table 2.4.1). */
static void
test_more (void)
{
  MigStat a, b;

  fill (&a, 1, 0.4, 4);
  fill (&b, 1.2, 0.4, 5);
  const MigEquivalence test = mig_equivalence_test (&a, &b);
  g_assert_cmpint (test.verdict, ==, MIG_EQUIVALENCE_UNDECIDED);
  g_assert_cmpint (test.more_a, ==, 60);
  g_assert_cmpint (test.more_b, ==, 59);
  mig_stat_clear (&a);
  mig_stat_clear (&b);
}

/* Of standard deviations 0.1 and 0.7, whose mean square is 0.5 squared, a difference of 0.25 takes
 * 64 of each alike; or 0.8 x 64 / 0.5 = 102.4 times 0.1 and 0.7. */
static void
test_allocation (void)
{
  MigStat a, b;

  fill (&a, 1, 0.1, 5);
  fill (&b, 1.25, 0.7, 4);
  MigEquivalence test = mig_equivalence_test (&a, &b);
  g_assert_cmpint (test.more_a, ==, 11 - 5);
  g_assert_cmpint (test.more_b, ==, 72 - 4);
  mig_stat_clear (&a);
  fill (&a, 1, 0.1, 12);
  test = mig_equivalence_test (&a, &b);
  g_assert_cmpint (test.more_a, ==, 0);
  g_assert_cmpint (test.more_b, ==, 72 - 4);
  mig_stat_clear (&a);
  mig_stat_clear (&b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/equivalence/verdicts", test_verdicts);
  g_test_add_func ("/equivalence/more", test_more);
  g_test_add_func ("/equivalence/allocation", test_allocation);
  return g_test_run ();
}
