/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "paper/paired-test.h"

/* How a run that ends when it is decided looks at the claims that its study tests: at each of the
 * comparisons that they rest on by a repeated confidence interval (repeated-interval.h). Total time
 * comes first, and keeps all of its error (race.h). What that releases (mig_race_released) is
 * divided equally among the conclusions, and of each among its comparisons (Bonferroni, weighted);
 * one of two conclusions has both shares. So the chance that any decision of the run is wrong,
 * about total time or a claim, is at most MIG_RACE_ERROR, however often it looks.
 *
 * All looks so far are taken anew with what is released now: it only grows, and intervals get
 * narrower with it. Nothing is looked at before each case has a sound repetition or is given up:
 * only then it is known what is asked. */

/* The comparisons of a conclusion: those that are known, and how many may be asked besides those of
 * total time; 0: none. */
typedef struct {
  const GPtrArray *tests; /* of MigPairedTest */
  guint n_asked;
} MigClaimEvidence;

/* mig_claims_look: gives the tests of n conclusions that such a run asks (raced) their intervals.
 */
void mig_claims_look (const MigSummary *summary, const MigClaimEvidence *conclusions, guint n);
