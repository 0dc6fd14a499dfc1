/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* The total time, or another metric, of one case less another one's, within the repetitions that
 * have both. */

/* mig_looked_interval: of the values' mean at that error; looked: of values that a run looked at
 * after each block, of which it may have ended: the error is spent as repeated-interval.h tells.
 * NaN: too few values. */
void mig_looked_interval (const MigStat *values, double error, gboolean looked, double *low,
                          double *high);

/* mig_looked_more: how many more values would show, by such an interval, that their mean is that
 * far from a bound, if it is; in the end at what is left of the error after so many. Missing:
 * distance is 0, or fewer than two values. */
gint64 mig_looked_more (const MigStat *values, double distance, double error, gboolean looked);

/* mig_paired_time: b's less a's, s (mig_stat_paired; the caller clears difference). Where the run's
 * race asked it (race.h), ci_low and ci_high are the race's: they hold for all its pairs together
 * and however often one looks; NaN below MIG_FIRST_LOOK values. TRUE: they are. */
gboolean mig_paired_time (const MigSummary *summary, MigStat *difference, const MigCaseSummary *a,
                          const MigCaseSummary *b);

typedef struct {
  guint n;
  double mean_s, low_s, high_s; /* NaN: no common repetition; ends: fewer than two */
  gboolean asked;               /* by the run's race, whose interval it is */
  gboolean alike;               /* decided by the race: no difference beyond its margin */
  gint64 more_repetitions; /* that would show it at that error, if it is as large as it seems, or
                              decide what was asked; 0: it is; missing: unknown */
} MigTimeDifference;

/* mig_time_difference: b's less a's; error: of its interval, at which the run looked once. Where it
 * was a race, the interval is that of mig_paired_time(); of a pair that it did not ask the error is
 * spent as repeated-interval.h tells. */
MigTimeDifference mig_time_difference (const MigSummary *summary, const MigCaseSummary *a,
                                       const MigCaseSummary *b, double error);

/* mig_time_interval: the same without more_repetitions, which are missing: they take longest. */
MigTimeDifference mig_time_interval (const MigSummary *summary, const MigCaseSummary *a,
                                     const MigCaseSummary *b, double error);

/* mig_time_more: how many more repetitions would show a difference of that size at that error, with
 * power 0.8, where those of the two within a repetition scatter as they do; 0: none. Missing where
 * fewer than two have both. */
gint64 mig_time_more (const MigSummary *summary, const MigCaseSummary *a, const MigCaseSummary *b,
                      double difference_s, double error);

/* mig_metric_difference: the same of another metric of the whole case, which no race asks. */
MigTimeDifference mig_metric_difference (const MigSummary *summary, MigMetric metric,
                                         const MigCaseSummary *a, const MigCaseSummary *b,
                                         double error);
