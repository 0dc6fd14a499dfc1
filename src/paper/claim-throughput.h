/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* Conclusion 3: whether the faster migration spreads the load sooner (analysis/conclusions.h). */

/* mig_claim_throughput_add_pair: where a is faster than b (95 % interval), compares the throughput
 * of each class that stays behind in both. */
void mig_claim_throughput_add_pair (const MigSummary *summary, MigConclusion *conclusion,
                                    const MigCaseSummary *a, const MigCaseSummary *b);

/* mig_claim_throughput_judge: verdict and note, the rank orders. */
void mig_claim_throughput_judge (const MigSummary *summary, MigConclusion *conclusion);
