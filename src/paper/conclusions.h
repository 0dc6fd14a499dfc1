/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "paper/paired-test.h"

typedef struct {
  guint number; /* 1 to 4, as in the paper's conclusions */
  const char *claim;
  const char *test; /* how it was decided */
  MigVerdict verdict;
  char *note;          /* e.g. the rank orders; may be NULL */
  GPtrArray *evidence; /* of MigPairedTest */
  guint n_asked; /* of a race: comparisons besides those of total time, of 3 also those of cases of
                    which it is not known which is the faster */
} MigConclusion;

/* Of what a conclusion speaks: 1 and 2 are claims of two quantities. */
typedef enum { MIG_COST_ANY, MIG_COST_TIME, MIG_COST_DOWNTIME } MigCost;

/* mig_conclusion_about: whether a test of its evidence is about that. */
gboolean mig_conclusion_about (const MigPairedTest *test, MigCost cost);

/* mig_conclusion_judge: of conclusion 1 or 2: its verdict by the tests about one of the two alone.
 */
MigVerdict mig_conclusion_judge (const MigConclusion *conclusion, MigCost cost);

/* mig_paper_test: the paper's four conclusions, tested on the data. All comparisons are of two
 * cases A and B by the differences B - A within the same repetition (block), with a t interval of
 * their mean. "Shown" means: the interval at the 95 % level, corrected for the number of
 * comparisons of the conclusion (Bonferroni), excludes 0. Time is the total time, downtime the
 * first of guest, events, reported that every case has; of a run that ends when it is decided, that
 * every case had at its first look (mig_race_set).
 *
 * A class that updates no memory (cpu, idle) is less dirty than one that does; of two that do, the
 * one with the smaller dirty rate, then the smaller working set.
 *
 * 1. "Migrating CPU-bound VMs first shortens migration time and downtime": for all pairs of cases
 * of the same length where A moves fewer memory-updating guests than B, or the same guests with all
 *    CPU-bound ones first while B does not: A < B, for time and for downtime.
 * 2. "The smaller update rate and range go first": for all pairs with the same guests where A moves
 *    them from the least to the most dirty class and B does not: A < B, for time and downtime.
 * For both: supported where every comparison's 95 % interval lies above 0 (an intersection of tests
 * needs no correction); not supported where one is shown to be below 0, or above it by no more than
 * MIG_PAPER_MARGIN; else inconclusive.
 * 3. "A short migration time does not always mean that the load is spread sooner": for all pairs
 *    where A is faster than B (95 % interval) and a class stays behind in both: the throughput of
 * one guest of that class. Supported where for one of them A's is shown lower than B's; not
 * supported where for all A's is shown higher; else inconclusive.
 * 4. "The same VM costs a different amount under a different load of the host": for all pairs of
 *    orders of the same guests, for each class in them: time and downtime of one migration.
 *    Supported where one difference is shown; not supported where every 95 % interval lies within
 *    MIG_PAPER_MARGIN to both sides; else inconclusive.
 * In a run that ends when it is decided, a test has the interval of claim-look.h, which is also its
 * corrected one: all decisions of the run hold together. Conclusion 3 then rests on pairs of which
 * total time has decided which is the faster, so on none of which it does not ask that (race.h: as
 * of cases whose migrations run at the same time); without any it is not tested. It is not
 * supported only where it has decided all that leave a guest of the same class behind: what comes
 * later may support it. Cases whose migrations run at the same time are left out of 1, 2 and 4. A
 * conclusion without a pair of cases is "not tested by this study". Returns an array of
 * MigConclusion, by number, that frees them and borrows from the summary; empty where the study
 * tests none. */
GPtrArray *mig_paper_test (const MigSummary *summary);
