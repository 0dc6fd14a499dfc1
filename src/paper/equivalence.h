/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "paper/paired-test.h"
#include "summary/inference.h"

/* Whether two samples have the same mean, as far as it matters. Pure. */

typedef enum {
  MIG_EQUIVALENCE_SAME,
  MIG_EQUIVALENCE_DIFFERENT,
  MIG_EQUIVALENCE_UNDECIDED,
  MIG_EQUIVALENCE_UNKNOWN /* a sample has fewer than two values, or none scatters */
} MigEquivalenceVerdict;

typedef struct {
  MigWelch welch; /* mean of b less that of a */
  MigEquivalenceVerdict verdict;
  gint64 more_a, more_b; /* of an undecided one: values of each that would decide it, if it is as it
                            seems, with a chance of 80 %; MIG_POWER_MOST_RUNS: too many to
                            tell; else missing */
} MigEquivalence;

/* mig_equivalence_test: the same: the 95 % interval of the difference (Welch) lies within
 * MIG_PAPER_MARGIN of the larger mean to both sides (two one-sided tests: D. J. Schuirmann, Journal
 * of Pharmacokinetics and Biopharmaceutics 15, 1987); different: it does not, and excludes 0. */
MigEquivalence mig_equivalence_test (const MigStat *a, const MigStat *b);
