/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "paper/paired-test.h"

/* Conclusion 3: whether the faster migration spreads the load sooner (paper/conclusions.h). */

/* mig_claim_throughput_add_pair: where a is faster than b (95 % interval; of a race, decided),
 * compares the throughput of each class that stays behind in both. */
void mig_claim_throughput_add_pair (const MigSummary *summary, GPtrArray *evidence,
                                    const MigCaseSummary *a, const MigCaseSummary *b);

/* mig_claim_throughput_count: comparisons that may become evidence, of two cases of which a race
 * asks which is faster. */
guint mig_claim_throughput_count (const MigSummary *summary);

/* mig_claim_throughput_judge: the claim's verdict, and those of its evidence; of a race it is not
 * tested where nothing may become evidence, and not refuted while more may. *note: the rank orders,
 * the caller's; NULL where it is not tested. */
MigVerdict mig_claim_throughput_judge (const MigSummary *summary, GPtrArray *evidence, char **note);
