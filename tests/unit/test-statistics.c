/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/inference.h"
#include "summary/power.h"
#include "base/units.h"
#include "tests/unit/case-values.h"

/* Statistics against values that others have published. */

static void
stat_of (MigStat *stat, const double *values, guint n)
{
  mig_stat_init (stat);
  for (guint i = 0; i < n; i++)
    mig_stat_add (stat, i + 1, i + 1, values[i]);
  mig_stat_compute (stat);
}

static void
assert_near (double value, double expected, double tolerance)
{
  g_assert_cmpfloat_with_epsilon (value, expected, tolerance);
}

/* NIST Statistical Reference Datasets, univariate summary statistics
 * (https://www.itl.nist.gov/div898/strd/univ/homepage.html): data, certified mean and standard
 * deviation. NumAcc1 to 4 are made by their description. */
static const double lottery[] = {
  162, 671, 933, 414, 788, 730, 817, 33,  536, 875, 670, 236, 473, 167, 877, 980, 316, 950, 456,
  92,  517, 557, 956, 954, 104, 178, 794, 278, 147, 773, 437, 435, 502, 610, 582, 780, 689, 562,
  964, 791, 28,  97,  848, 281, 858, 538, 660, 972, 671, 613, 867, 448, 738, 966, 139, 636, 847,
  659, 754, 243, 122, 455, 195, 968, 793, 59,  730, 361, 574, 522, 97,  762, 431, 158, 429, 414,
  22,  629, 788, 999, 187, 215, 810, 782, 47,  34,  108, 986, 25,  644, 829, 630, 315, 567, 919,
  331, 207, 412, 242, 607, 668, 944, 749, 168, 864, 442, 533, 805, 372, 63,  458, 777, 416, 340,
  436, 140, 919, 350, 510, 572, 905, 900, 85,  389, 473, 758, 444, 169, 625, 692, 140, 897, 672,
  288, 312, 860, 724, 226, 884, 508, 976, 741, 476, 417, 831, 15,  318, 432, 241, 114, 799, 955,
  833, 358, 935, 146, 630, 830, 440, 642, 356, 373, 271, 715, 367, 393, 190, 669, 8,   861, 108,
  795, 269, 590, 326, 866, 64,  523, 862, 840, 219, 382, 998, 4,   628, 305, 747, 247, 34,  747,
  729, 645, 856, 974, 24,  568, 24,  694, 608, 480, 410, 729, 947, 293, 53,  930, 223, 203, 677,
  227, 62,  455, 387, 318, 562, 242, 428, 968,
};
static const double mavro[] = {
  2.00180, 2.00170, 2.00180, 2.00190, 2.00180, 2.00170, 2.00150, 2.00140, 2.00150, 2.00150,
  2.00170, 2.00180, 2.00180, 2.00190, 2.00190, 2.00210, 2.00200, 2.00160, 2.00140, 2.00130,
  2.00130, 2.00150, 2.00150, 2.00160, 2.00150, 2.00140, 2.00130, 2.00140, 2.00150, 2.00140,
  2.00150, 2.00160, 2.00150, 2.00160, 2.00190, 2.00200, 2.00200, 2.00210, 2.00220, 2.00230,
  2.00240, 2.00250, 2.00270, 2.00260, 2.00260, 2.00260, 2.00270, 2.00260, 2.00250, 2.00240,
};
static const double michelso[] = {
  299.85, 299.74, 299.90, 300.07, 299.93, 299.85, 299.95, 299.98, 299.98, 299.88, 300.00, 299.98,
  299.93, 299.65, 299.76, 299.81, 300.00, 300.00, 299.96, 299.96, 299.96, 299.94, 299.96, 299.94,
  299.88, 299.80, 299.85, 299.88, 299.90, 299.84, 299.83, 299.79, 299.81, 299.88, 299.88, 299.83,
  299.80, 299.79, 299.76, 299.80, 299.88, 299.88, 299.88, 299.86, 299.72, 299.72, 299.62, 299.86,
  299.97, 299.95, 299.88, 299.91, 299.85, 299.87, 299.84, 299.84, 299.85, 299.84, 299.84, 299.84,
  299.89, 299.81, 299.81, 299.82, 299.80, 299.77, 299.76, 299.74, 299.75, 299.76, 299.91, 299.92,
  299.89, 299.86, 299.88, 299.72, 299.84, 299.85, 299.85, 299.78, 299.89, 299.84, 299.78, 299.81,
  299.76, 299.81, 299.79, 299.81, 299.82, 299.85, 299.87, 299.87, 299.81, 299.74, 299.81, 299.94,
  299.95, 299.80, 299.81, 299.87,
};

static void
assert_certified (const double *values, guint n, double mean, double sd, double tolerance)
{
  MigStat stat;

  stat_of (&stat, values, n);
  g_assert_cmpuint (stat.n, ==, n);
  assert_near (stat.mean, mean, fabs (mean) * 1e-14);
  assert_near (stat.sd, sd, sd * tolerance);
  mig_stat_clear (&stat);
}

static void
test_nist_observed (void)
{
  assert_certified (lottery, G_N_ELEMENTS (lottery), 518.958715596330, 291.699727470969, 1e-13);
  assert_certified (mavro, G_N_ELEMENTS (mavro), 2.00185600000000, 0.000429123454003053, 1e-11);
  assert_certified (michelso, G_N_ELEMENTS (michelso), 299.852400000000, 0.0790105478190518, 1e-11);
}

/* NumAcc2 to 4: base + 0.2, then base + 0.1 and base + 0.3 in turn, 1001 values. The values are not
 * exact in binary: the larger the base, the fewer digits of the deviations there are to begin with.
 */
static void
test_nist_constructed (void)
{
  static const struct {
    double base, tolerance;
  } sets[] = { { 1, 1e-13 }, { 1000000, 1e-8 }, { 10000000, 1e-7 } };
  const double numacc1[] = { 10000001, 10000003, 10000002 };
  double values[1001];

  assert_certified (numacc1, 3, 10000002, 1, 1e-15);
  for (guint s = 0; s < G_N_ELEMENTS (sets); s++)
    {
      values[0] = sets[s].base + 0.2;
      for (guint i = 1; i < 1001; i++)
        values[i] = sets[s].base + (i % 2 ? 0.1 : 0.3);
      assert_certified (values, 1001, sets[s].base + 0.2, 0.1, sets[s].tolerance);
    }
}

/* "Student", Biometrika 6 (1908): hours of sleep gained by ten patients with two drugs. Tests as
 * R's manual prints them (example of t.test on its data set "sleep"). */
static const double sleep_a[] = { 0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0 };
static const double sleep_b[] = { 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4 };

static void
test_welch (void)
{
  MigStat a, b, difference;
  MigWelch test;

  stat_of (&a, sleep_a, 10);
  stat_of (&b, sleep_b, 10);
  mig_welch (&test, &a, &b, 1);
  assert_near (test.difference, 1.58, 1e-12);
  assert_near (test.t, 1.8608, 5e-5);
  assert_near (test.degrees, 17.776, 5e-4);
  assert_near (test.p, 0.07939, 5e-6);
  assert_near (test.low, -0.2054832, 5e-8);
  assert_near (test.high, 3.3654832, 5e-8);
  mig_stat_paired (&difference, &a, &b);
  assert_near (difference.ci_low, 0.7001142, 5e-8);
  assert_near (difference.ci_high, 2.4598858, 5e-8);
  mig_stat_clear (&difference);
  mig_stat_clear (&a);
  mig_stat_clear (&b);
}

/* NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.3: miles per gallon of cars from the USA
 * and Japan, by number, mean and standard deviation. */
static void
test_welch_handbook (void)
{
  const MigStat us = { .n = 249, .mean = 20.14458, .sd = 6.41470 };
  const MigStat japan = { .n = 79, .mean = 30.48101, .sd = 6.10771 };
  MigWelch test;

  mig_welch (&test, &us, &japan, 1);
  assert_near (test.t, 12.94627, 5e-5);
  assert_near (test.degrees, 136.8750, 5e-4);
}

/* Without scatter there is no t test; with a margin the samples must differ by more than that. */
static void
test_welch_edges (void)
{
  const MigStat three = { .n = 3, .mean = 3, .sd = 0 }, four = { .n = 3, .mean = 4, .sd = 0 };
  const MigStat one = { .n = 1, .mean = 3, .sd = NAN };
  const MigStat low = { .n = 8, .mean = 100, .sd = 1 }, high = { .n = 8, .mean = 110, .sd = 1 };
  const MigStat minus = { .n = 8, .mean = -100, .sd = 1 }, more = { .n = 8, .mean = -90, .sd = 1 };
  MigWelch test;
  int direction;

  mig_welch (&test, &three, &three, 1);
  g_assert_cmpfloat (test.p, ==, 1);
  g_assert_true (isnan (test.low) && isnan (test.t));
  mig_welch (&test, &three, &four, 1);
  assert_near (test.p, 0.1, 1e-12); /* 2 of the 20 ways to take three of six */
  mig_welch (&test, &three, &one, 1);
  g_assert_true (isnan (test.p) && isnan (test.difference));
  g_assert_true (isnan (mig_welch_beyond (&three, &one, 0.05, &direction)));
  g_assert_cmpfloat (mig_welch_beyond (&three, &four, 0.5, &direction), ==, 1);
  assert_near (mig_welch_beyond (&three, &four, 0.1, &direction), 0.1, 1e-12);
  g_assert_cmpfloat (mig_welch_beyond (&low, &high, 0.05, &direction), <, 1e-4);
  g_assert_cmpint (direction, ==, 1);
  g_assert_cmpfloat (mig_welch_beyond (&high, &low, 0.05, &direction), <, 1e-4);
  g_assert_cmpint (direction, ==, -1);
  g_assert_cmpfloat (mig_welch_beyond (&low, &high, 0.10, &direction), ==, 1);
  g_assert_cmpfloat (mig_welch_beyond (&low, &high, 0.15, &direction), ==, 1);
  g_assert_cmpfloat (mig_welch_beyond (&minus, &more, 0.05, &direction), <, 1e-4);
  g_assert_cmpfloat (mig_welch_beyond (&more, &minus, 0.05, &direction), <, 1e-4);
  /* without a margin it is the two-sided test */
  mig_welch (&test, &low, &high, 1);
  assert_near (mig_welch_beyond (&low, &high, 0, &direction), test.p, 1e-15);
}

/* Fisher, "The Design of Experiments" (1935): the lady tasting tea guessed 3 of 4 cups right; and
 * convictions of twins of criminals, 10 of 13 identical and 2 of 17 others (R's fisher.test prints
 * these p values). */
static void
test_fisher (void)
{
  assert_near (mig_fisher (3, 4, 1, 4), 0.4857143, 5e-8);
  assert_near (mig_fisher (2, 17, 10, 13), 0.0005367, 5e-8);
  assert_near (mig_fisher (0, 5, 5, 5), 2.0 / 252, 1e-12);
  g_assert_cmpfloat (mig_fisher (0, 5, 0, 7), ==, 1);
  g_assert_cmpfloat (mig_fisher (5, 5, 7, 7), ==, 1);
  g_assert_cmpfloat (mig_fisher (0, 0, 1, 3), ==, 1);
}

/* By hand: 0.005 x 4, 0.01 x 3, 0.03 x 2, and 0.04, which may not be below the one before. */
static void
test_holm (void)
{
  double p[] = { 0.01, NAN, 0.04, 0.03, 0.005 }, one[] = { 0.3 };

  mig_holm (p, G_N_ELEMENTS (p));
  assert_near (p[0], 0.03, 1e-15);
  g_assert_true (isnan (p[1]));
  assert_near (p[2], 0.06, 1e-15);
  assert_near (p[3], 0.06, 1e-15);
  assert_near (p[4], 0.02, 1e-15);
  mig_holm (one, 1);
  assert_near (one[0], 0.3, 1e-15);
  mig_holm (one, 0);
}

/* n for d at two-sided 5 % and power 0.80: as R's power.t.test and G*Power give them, rounded up.
 * The table 2.4.1 of J. Cohen, "Statistical Power Analysis for the Behavioral Sciences" (1988),
 * which was interpolated, has the same for two samples or one less (393 for d = 0.2, 64 for 0.5, 26
 * for 0.8). */
static void
test_runs_wanted (void)
{
  static const struct {
    double effect;
    guint two, pairs;
  } table[] = { { 0.2, 394, 199 }, { 0.3, 176, 90 }, { 0.4, 100, 52 },
                { 0.5, 64, 34 },   { 0.6, 45, 24 },  { 0.7, 34, 19 },
                { 0.8, 26, 15 },   { 1.0, 17, 10 },  { 1.2, 12, 8 } };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_assert_cmpint (mig_power_runs_two_samples (table[i].effect * 7, 7), ==, table[i].two);
      g_assert_cmpint (mig_power_runs_paired_at (-table[i].effect, 1, 0.05), ==, table[i].pairs);
    }
  g_assert_cmpint (mig_power_runs_paired_at (1, 0, 0.05), ==, 2);
  g_assert_cmpint (mig_power_runs_paired_at (1, 1e9, 0.05), ==, MIG_POWER_MOST_RUNS);
  g_assert_true (MIG_IS_MISSING (mig_power_runs_two_samples (0, 1)));
  g_assert_true (MIG_IS_MISSING (mig_power_runs_two_samples (1, NAN)));
}

/* R's manual, power.t.test (n = 20, delta = 1, sd = 1): 0.8689528, which leaves out the far tail,
 * here less than 1e-6. Without a difference the power is the error rate, at any size. */
static void
test_power (void)
{
  assert_near (mig_power_two_samples (1, 20), 0.8689528, 1e-6);
  for (guint n = 2; n < 300; n += 1 + n / 3)
    {
      assert_near (mig_power_two_samples (0, n), MIG_POWER_LEVEL, 1e-6);
      assert_near (mig_power_paired (0, n), MIG_POWER_LEVEL, 1e-4);
      g_assert_cmpfloat (mig_power_paired (0.5, n), <, mig_power_paired (0.5, n + 1));
    }
  g_assert_true (isnan (mig_power_paired (1, 1)));
}

/* drawn: share of samples of n normal values in which the paired test shows a difference. */
static double
drawn (double effect, guint n, guint rounds)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  guint shown = 0;

  for (guint round = 0; round < rounds; round++)
    {
      MigStat stat;
      mig_stat_init (&stat);
      for (guint i = 0; i < n; i++)
        mig_stat_add (&stat, i, i, effect + case_values_normal (random));
      mig_stat_compute (&stat);
      shown += stat.ci_low > 0 || stat.ci_high < 0;
      mig_stat_clear (&stat);
    }
  return (double) shown / rounds;
}

/* The power is what is found in samples: within 4 standard deviations of a binomial. */
static void
test_power_drawn (void)
{
  static const struct {
    double effect;
    guint n;
  } cases[] = { { 1, 3 }, { 3, 3 }, { 1, 10 }, { 0.8, 15 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double power = mig_power_paired (cases[i].effect, cases[i].n);
      assert_near (drawn (cases[i].effect, cases[i].n, 5000), power,
                   4 * sqrt (power * (1 - power) / 5000));
    }
}

static void
test_more_runs (void)
{
  const double values[] = { 95, 105, 95, 105, 100 };
  const MigStat one = { .n = 1, .mean = 3, .sd = NAN };
  MigStat stat;

  stat_of (&stat, values, 5); /* sd 5 = 5 % of the mean: d = 1 */
  g_assert_cmpint (mig_power_more_runs (&stat), ==, 17 - 5);
  g_assert_true (MIG_IS_MISSING (mig_power_more_runs (&one)));
  mig_stat_clear (&stat);
}

static guint
flagged (const MigStat *stat, guint index)
{
  return mig_stat_is_outlier (&g_array_index (stat->values, MigValue, index));
}

/* Scores worked out by hand: median 2.45, MAD 0.15. */
static void
test_outliers (void)
{
  const double values[] = { 2.1, 2.6, 2.4, 2.5, 2.3, 2.1, 2.3, 2.6, 8.2, 8.3 };
  MigStat stat;

  stat_of (&stat, values, 10);
  assert_near (stat.median, 2.45, 1e-12);
  assert_near (stat.mad, 0.15, 1e-12);
  assert_near (g_array_index (stat.values, MigValue, 8).score, 0.6745 * 5.75 / 0.15, 1e-9);
  assert_near (g_array_index (stat.values, MigValue, 0).score, 0.6745 * -0.35 / 0.15, 1e-9);
  g_assert_cmpuint (stat.n_outliers, ==, 2);
  g_assert_true (flagged (&stat, 8) && flagged (&stat, 9) && !flagged (&stat, 0));
  g_assert_cmpuint (stat.n, ==, 10); /* none is dropped */
  assert_near (stat.mean, 3.54, 1e-12);
  mig_stat_clear (&stat);
}

static void
test_outliers_without_mad (void)
{
  const double most[] = { 5, 5, 5, 5, 9 }, same[] = { 5, 5, 5, 5, 5, 5 },
               four[] = { 5, 5.1, 5, 900 };
  MigStat stat;

  stat_of (&stat, most, 5);
  g_assert_cmpfloat (stat.mad, ==, 0);
  assert_near (g_array_index (stat.values, MigValue, 4).score, 4 / (1.253314 * 0.8), 1e-9);
  g_assert_cmpuint (stat.n_outliers, ==, 1);
  mig_stat_clear (&stat);
  stat_of (&stat, same, 6);
  g_assert_cmpuint (stat.n_outliers, ==, 0);
  mig_stat_clear (&stat);
  stat_of (&stat, four, 4); /* too few to judge */
  g_assert_cmpuint (stat.n_outliers, ==, 0);
  g_assert_true (isnan (g_array_index (stat.values, MigValue, 3).score));
  mig_stat_clear (&stat);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/statistics/nist-observed", test_nist_observed);
  g_test_add_func ("/statistics/nist-constructed", test_nist_constructed);
  g_test_add_func ("/statistics/welch", test_welch);
  g_test_add_func ("/statistics/welch-handbook", test_welch_handbook);
  g_test_add_func ("/statistics/welch-edges", test_welch_edges);
  g_test_add_func ("/statistics/fisher", test_fisher);
  g_test_add_func ("/statistics/holm", test_holm);
  g_test_add_func ("/statistics/runs-wanted", test_runs_wanted);
  g_test_add_func ("/statistics/power", test_power);
  g_test_add_func ("/statistics/power-drawn", test_power_drawn);
  g_test_add_func ("/statistics/more-runs", test_more_runs);
  g_test_add_func ("/statistics/outliers", test_outliers);
  g_test_add_func ("/statistics/outliers-without-mad", test_outliers_without_mad);
  return g_test_run ();
}
