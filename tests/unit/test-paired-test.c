/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "paper/paired-test.h"
#include "summary/power.h"
#include "summary/race.h"
#include "summary/repeated-interval.h"
#include "tests/unit/recorded.h"

/* How many more repetitions a comparison of the paper takes, and its interval where a run looked
 * after each block. */

/* The number of repetitions that show a mean of one standard deviation is 10 (Cohen, table 2.4.1).
 */
static void
test_more (void)
{
  MigStat values;

  mig_stat_init (&values);
  for (guint i = 0; i < 3; i++)
    mig_stat_add (&values, i, i, (double) i);
  mig_stat_compute (&values);
  g_assert_cmpint (mig_paired_more (&values, 1, 0.05), ==, 7);
  /* among twelve comparisons it takes more */
  g_assert_cmpint (mig_paired_more (&values, 1, 0.05 / 12), >, 12);
  g_assert_true (MIG_IS_MISSING (mig_paired_more (&values, -1, 0.05)));
  /* however clear it seems: what is undecided takes one more */
  g_assert_cmpint (mig_paired_more (&values, 100, 0.05), ==, 1);
  mig_stat_clear (&values);
}

/* Where a run looked after each block, each look has a part of the error, and so takes more. */
static void
test_more_looked (void)
{
  MigPairedTest test = { .looked = TRUE };

  mig_stat_init (&test.difference);
  for (guint i = 0; i < 3; i++)
    mig_stat_add (&test.difference, i, i, (double) i);
  mig_stat_compute (&test.difference);
  gint64 n = 3 + mig_paired_test_more (&test, 1, 0.05);
  g_assert_cmpint (mig_power_runs_paired_at (1, 1, mig_error_spending_at (0.05, (guint) n)), <=, n);
  n--;
  g_assert_cmpint (mig_power_runs_paired_at (1, 1, mig_error_spending_at (0.05, (guint) n)), >, n);
  g_assert_true (MIG_IS_MISSING (mig_paired_test_more (&test, -1, 0.05)));
  test.looked = FALSE;
  g_assert_cmpint (mig_paired_test_more (&test, 1, 0.05), ==, 7);
  mig_stat_clear (&test.difference);
}

/* The recorded race tests claims: those comparisons that it does not ask of total time have an
 * interval that holds however often it looked, of a share of what total time has left: five of its
 * six pairs are decided one way, and the paper's conclusions share that. */
static void
test_looked (void)
{
  g_autoptr (MigLoadedResult) loaded = recorded_load ("recorded-lab-quarter");
  guint n_once = 0;

  g_assert_cmpfloat_with_epsilon (mig_race_released (loaded->summary->race), 5 * 0.05 / 12, 1e-12);
  for (guint c = 0; c < loaded->conclusions->len; c++)
    {
      const MigConclusion *conclusion = loaded->conclusions->pdata[c];
      for (guint i = 0; i < conclusion->evidence->len; i++)
        {
          const MigPairedTest *test = conclusion->evidence->pdata[i];
          const MigStat *d = &test->difference;
          g_assert_cmpint (test->raced, ==, !test->together);
          if (test->together)
            continue;
          g_assert_true (test->looked);
          g_assert_cmpfloat (test->error, >, 0);
          g_assert_cmpfloat (test->wide_low, ==, d->ci_low);
          if (d->n != MIG_FIRST_LOOK)
            continue;
          double error = mig_error_spending_at (test->error, d->n);
          double half = gsl_cdf_tdist_Qinv (error / 2, d->n - 1) * fmax (d->sd, test->resolution) /
                        sqrt (d->n);
          g_assert_cmpfloat_with_epsilon (d->ci_high - d->mean, half, 1e-6 * half);
          n_once++;
        }
    }
  g_assert_cmpuint (n_once, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paired-test/more", test_more);
  g_test_add_func ("/paired-test/more-looked", test_more_looked);
  g_test_add_func ("/paired-test/looked", test_looked);
  return g_test_run ();
}
