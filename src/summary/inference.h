/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/stats.h"

/* Tests of hypotheses about two samples, and their correction for being many. */

/* mean (b) - scale x mean (a). NaN where there is none. */
typedef struct {
  double difference;
  double t, degrees;               /* Welch's statistic; NaN where neither sample scatters */
  double pooled_t, pooled_degrees; /* Student's, with one variance */
  double safe_degrees;             /* n - 1 of the smaller sample; NaN: not needed */
  double low, high;                /* 95 % confidence interval, Welch's */
  double p;                        /* of no difference, two-sided: the largest of the tests' */
} MigWelch;

#define MIG_WELCH_TELLS 4

/* mig_welch: Welch's t test (B. L. Welch, Biometrika 34, 1947), which does not ask for equal
 * variances, with Satterthwaite's degrees of freedom, of the mean of b against scale times that of
 * a. Those degrees are estimated, and for few values of a and many of b far out in the tail, where
 * a correction for many tests looks, Welch's p is several times too small. Student's test is exact
 * there where the variances are equal. Where the sample with fewer values scatters more, both are
 * too small; Welch's statistic with n - 1 degrees of the smaller sample never is (M. Mickey, M.
 * Brown, Annals of Mathematical Statistics 37, 1966). It is taken too where the numbers of values
 * differ and the mean of the smaller sample seems to be the less certain one, or that sample has
 * fewer than MIG_WELCH_TELLS values, which cannot tell that. p is the largest of them. Everything
 * is NaN where a sample has fewer than two values. Where all values of each are equal, there is
 * neither t nor interval: p is then 1 for no difference, else the smallest that a permutation test
 * of so many values can give, 2 na! nb! / (na + nb)!. */
void mig_welch (MigWelch *result, const MigStat *a, const MigStat *b, double scale);

/* mig_welch_beyond: p of the null hypothesis that the mean of b lies within margin (a share, 0 or
 * more) of the mean of a to either side. *direction: 1 where b is the larger, else -1. Each side is
 * tested at half of the level, so that p <= level errs in at most that share of all comparisons. */
double mig_welch_beyond (const MigStat *a, const MigStat *b, double margin, int *direction);

/* mig_fisher: Fisher's exact test, two-sided, of hits_a among n_a against hits_b among n_b: the sum
 * of all tables that are no likelier than this one. 1 where there is nothing to test. */
double mig_fisher (guint hits_a, guint n_a, guint hits_b, guint n_b);

/* mig_holm: adjusts p values in place (S. Holm, Scandinavian Journal of Statistics 6, 1979): of all
 * whose adjusted p is at most the level, the chance that even one null hypothesis is true is at
 * most the level, however they depend on each other. NaN stays NaN and is not counted. */
void mig_holm (double *p, guint n);
