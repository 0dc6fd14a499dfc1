/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* Evidence of a conclusion: comparisons collected first, judged together. */

/* mig_paired_test_add: compares a metric of two cases (of one class in them, or class_name NULL).
 * Not added where one of the cases has no such class. */
void mig_paired_test_add (MigConclusion *conclusion, const MigCaseSummary *a,
                          const MigCaseSummary *b, MigMetric metric, const char *class_name);

/* mig_paired_test_widen: after the last one: the intervals corrected for their number. */
void mig_paired_test_widen (MigConclusion *conclusion);

/* mig_paired_test_shown: the sign of the difference where the corrected interval excludes 0, else
 * 0.
 */
int mig_paired_test_shown (const MigPairedTest *evidence);

void mig_paired_test_free (gpointer evidence);
