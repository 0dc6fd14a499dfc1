/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* One value of one run. Runs of the same repetition are one block: they ran next to each other. */
typedef struct {
  gint64 run;
  gint64 repetition;
  double value;
  double score; /* modified z-score; NaN: not judged (mig_stat_is_outlier) */
} MigValue;

/* What a sample of n runs says. All but n and values are NaN where there is no value; the interval
 * and the standard deviation also where there is one only. */
typedef struct {
  guint n;
  double mean;
  double ci_low, ci_high; /* 95 % confidence interval of the mean, Student's t, n - 1 degrees */
  double sd;              /* standard deviation, n - 1 */
  double median, min, max;
  double cv;        /* coefficient of variation: sd / |mean| */
  double mad;       /* median absolute deviation from the median */
  guint n_outliers; /* values that mig_stat_is_outlier() flags: none is dropped */
  GArray *values;   /* of MigValue, as they were added */
} MigStat;

void mig_stat_init (MigStat *stat);
void mig_stat_clear (MigStat *stat);

/* mig_stat_add: one run's value; NaN is no value and is not counted. */
void mig_stat_add (MigStat *stat, gint64 run, gint64 repetition, double value);

/* mig_stat_compute: fills the other members from the values. */
void mig_stat_compute (MigStat *stat);

/* mig_stat_is_outlier: whether a value of a computed sample is flagged: its modified z-score
 * 0.6745 (value - median) / MAD is beyond +- MIG_OUTLIER_SCORE (B. Iglewicz, D. Hoaglin, "How to
 * Detect and Handle Outliers", ASQC, 1993; NIST/SEMATECH e-Handbook, 1.3.5.17). Where more than
 * half of the values are equal the MAD is 0, and (value - median) / (1.253314 x the mean absolute
 * deviation from the median) stands in for it. Samples of fewer than MIG_OUTLIER_MIN_N values are
 * not judged: two near values in three would make the third an outlier. */
#define MIG_OUTLIER_SCORE 3.5
#define MIG_OUTLIER_MIN_N 5
gboolean mig_stat_is_outlier (const MigValue *value);

/* mig_stat_interval: interval of the mean at a confidence level, e.g. 0.95:
 * mean +- t((1 + level) / 2; n - 1) sd / sqrt (n). FALSE (both NaN) where n < 2. */
gboolean mig_stat_interval (const MigStat *stat, double level, double *low, double *high);

/* mig_stat_combined: fills out (as below) with combine (a, b) of every repetition that has a value
 * in both; what is no number is left out. */
void mig_stat_combined (MigStat *out, const MigStat *a, const MigStat *b,
                        double (*combine) (double a, double b));

/* mig_stat_paired: fills difference (initialised by this call; cleared by the caller) with b - a of
 * every repetition that has a value in both, and computes it. */
void mig_stat_paired (MigStat *difference, const MigStat *a, const MigStat *b);
