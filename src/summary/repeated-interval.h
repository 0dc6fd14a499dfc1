/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Confidence intervals that hold however often one looks (repeated confidence intervals:
 * C. Jennison, B. W. Turnbull, Journal of the Royal Statistical Society B 51, 1989, pages 305 to
 * 361). The error that is allowed is spent over the looks (K. K. G. Lan, D. L. DeMets, Biometrika
 * 70, 1983): the interval of n values is Student's,
 *   mean +- t(1 - e(n) / 2; n - 1) sd / sqrt (n),  e(n) = error x 2 / (n (n - 1)) for n >= 3.
 * The e(n) add up to the error, so by Bonferroni's inequality the chance that even one of all
 * intervals, for any number of values, misses the mean is at most the error: for normal values
 * exactly so, whatever their standard deviation, and however the looks depend on each other. Early
 * looks get most of it, because differences between cases are mostly large against their scatter.
 */

/* A look at fewer values gives no interval. */
#define MIG_FIRST_LOOK 3
#define MIG_SPENDING_CACHED 64

/* mig_error_spending_at: e(n); 0 below MIG_FIRST_LOOK. */
double mig_error_spending_at (double error, guint n);

/* The error of a repeated interval, and how it is spent. */
typedef struct {
  double error;
  double factors[MIG_SPENDING_CACHED]; /* half widths in standard deviations, as far as known */
} MigErrorSpending;

void mig_error_spending_init (MigErrorSpending *self, double error);

/* mig_error_spending_factor: half of the interval's width for n values, in standard deviations of
 * the values; HUGE_VAL below MIG_FIRST_LOOK. */
double mig_error_spending_factor (MigErrorSpending *self, guint n);

/* Values, one after the other, and what holds of their mean: the intersection of all looks, with
 * as little error as each of them. */
typedef struct {
  guint n;
  double mean, squares; /* sum of squared deviations */
  double low, high;     /* infinite before the first look */
} MigRepeatedInterval;

void mig_repeated_interval_init (MigRepeatedInterval *self);

/* mig_repeated_interval_add: a value, and a look. resolution: the standard deviation is taken for
 * at least this: equal values do not mean that there is no scatter. Where two looks contradict each
 * other, one of which errs then, the last one counts. */
void mig_repeated_interval_add (MigRepeatedInterval *self, MigErrorSpending *spending, double value,
                                double resolution);

/* mig_repeated_interval_sd: NaN below two values. */
double mig_repeated_interval_sd (const MigRepeatedInterval *self);
