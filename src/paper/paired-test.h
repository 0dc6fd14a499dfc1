/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/repeated-interval.h"
#include "summary/summary.h"

/* Evidence for a claim: comparisons collected first (an array of MigPairedTest), judged together.
 */

typedef enum {
  MIG_VERDICT_SUPPORTED,
  MIG_VERDICT_NOT_SUPPORTED,
  MIG_VERDICT_INCONCLUSIVE,
  MIG_VERDICT_NOT_TESTED
} MigVerdict;

/* mig_verdict_text: "supported", "not supported", "inconclusive", "not tested by this study". */
const char *mig_verdict_text (MigVerdict verdict);

/* mig_verdict_id: for programs: "supported", "not-supported", "inconclusive", "not-tested". */
const char *mig_verdict_id (guint verdict);

/* A difference of less than this share of the larger mean is none that matters. */
#define MIG_PAPER_MARGIN 0.05

/* One comparison of two cases. difference: b less a, paired within the repetitions. */
typedef struct {
  const char *a, *b; /* case labels */
  MigMetric metric;
  const char *class_name; /* NULL: of the whole case */
  double mean_a, mean_b;
  MigStat difference;
  gboolean together; /* its interval holds together with others already (paired-time.h) */
  gboolean looked;   /* its error is spent over the looks (repeated-interval.h): of time or downtime
                        of a race, or of all that a race asks of claims */
  gboolean raced;    /* a race asks it (claim-look.h): */
  MigRepeatedInterval look;   /* ... its interval, */
  double error;               /* ... and the error of that; 0: it is not looked at yet */
  double resolution;          /* ... and the least standard deviation, in the metric's unit */
  double wide_low, wide_high; /* interval at the level corrected for the number of comparisons */
  MigVerdict verdict;         /* what this comparison says about the claim */
} MigPairedTest;

/* mig_paired_tests_new: an empty array that frees its tests. */
GPtrArray *mig_paired_tests_new (void);

/* mig_paired_test_add: compares a metric of two cases (of one class in them, or class_name NULL).
 * Not added where one of the cases has no such class. */
void mig_paired_test_add (const MigSummary *summary, GPtrArray *tests, const MigCaseSummary *a,
                          const MigCaseSummary *b, MigMetric metric, const char *class_name);

/* mig_paired_tests_widen: after the last one: the intervals corrected for their number, but of what
 * a race asks. */
void mig_paired_tests_widen (GPtrArray *tests);

/* mig_paired_test_key: two that compare the same, whichever is a, have the same one. The caller
 * frees it. */
char *mig_paired_test_key (const MigPairedTest *test);

/* mig_paired_test_is_alike: its corrected interval lies within the margin. */
gboolean mig_paired_test_is_alike (const MigPairedTest *test);

/* mig_paired_test_margin: what a difference is at least that matters, in the metric's unit. */
double mig_paired_test_margin (const MigPairedTest *test);

/* mig_paired_more: how many more repetitions, at least one, would show at that level that the mean
 * of these values is that far from a bound, if it is. Missing: it is on the wrong side of it
 * (distance below 0), or fewer than two values. */
gint64 mig_paired_more (const MigStat *values, double distance, double level);

/* mig_paired_test_more: mig_paired_more() of a test at that error of its interval, which is spent
 * over the looks where the test's is. */
gint64 mig_paired_test_more (const MigPairedTest *test, double distance, double error);

/* mig_paired_test_shown: the sign of the difference where the corrected interval excludes 0, else
 * 0. */
int mig_paired_test_shown (const MigPairedTest *test);
