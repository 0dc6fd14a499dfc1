/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "paper/conclusions.h"
#include "paper/tables.h"

/* All that the paper claims, one claim a row: its four conclusions, the first two of time and of
 * downtime each, then the facts of its figures; and what a result says of each. Pure. */

typedef enum {
  MIG_CLAIM_SUPPORTED,
  MIG_CLAIM_REFUTED,
  MIG_CLAIM_UNDECIDED,
  MIG_CLAIM_OPEN,    /* nothing is claimed: a value for comparison */
  MIG_CLAIM_UNTESTED /* this result does not test it, or lacks what it takes */
} MigClaimVerdict;

/* mig_claim_verdict_text: "supported", "refuted", "undecided", "-", "not measured".
 * mig_claim_verdict_id: for programs: "supported", "refuted", "undecided", "no-claim",
 * "not-measured". */
const char *mig_claim_verdict_text (MigClaimVerdict verdict);
const char *mig_claim_verdict_id (guint verdict);

typedef struct {
  guint conclusion;      /* 1 to 4; 0: a figure's */
  const char *figure;    /* "6"; NULL: a conclusion's */
  const char *statement; /* a conclusion, as a sentence; NULL: a figure's */
  const char *subject;   /* what is claimed, or the figure's quantity */
  const char *quantity;  /* of a conclusion: "time", "downtime", "throughput", or both; else NULL */
  MigCost cost;          /* of a conclusion: which of its comparisons */
  const char *unit;      /* of values; of a conclusion "%": see MigClaimFinding */
  double paper;          /* the paper's number; NaN: it gives none ... */
  const char *says;      /* ... but this; else NULL */
  const char *claim;     /* what is judged, "above 0"; NULL: nothing */
  gboolean of_rates;     /* of work or CPU time, which observing takes from guests */
} MigClaim;

/* mig_claim_quantity: of what a comparison is: "time", "downtime" or "throughput". */
const char *mig_claim_quantity (MigMetric metric);

/* mig_claims_count: of all: those of conclusions, mig_claims_of_conclusions(), and then figures. */
guint mig_claims_count (void);
guint mig_claims_of_conclusions (void);
MigClaim mig_claim_at (guint index);

/* What a result says of a claim. Of a conclusion the value is that of one of its comparisons: how
 * much more case b costs (or gets done) than case a, in per cent of a's mean. Of 1 and 2, which all
 * comparisons have to support, the one that refutes it most clearly, else the undecided one that
 * is least favourable to it by its mean, else the least of those that support it; of 3 and 4, for
 * which one is enough, the clearest of those that support it, else the undecided one that takes
 * fewest repetitions. */
typedef struct {
  MigClaimVerdict verdict;
  double value, low, high; /* 95 % interval; NaN: not known */
  double magnitude;        /* that the interval's width is seen beside */
  guint n;                 /* repetitions */
  const char *case_a, *case_b;
  const char *quantity;    /* of a conclusion: "time", "downtime" or "throughput"; else NULL */
  const char *class_name;  /* of a conclusion: of such guests alone; NULL: of the whole case */
  guint n_tests, n_hold;   /* of a conclusion: comparisons, and how many support it */
  gboolean of_all;         /* that all of them have to */
  gint64 more_repetitions; /* of an undecided one: that would decide it, if it is as it seems, with
                              a chance of 80 %; missing: not known */
  gboolean leans_against;  /* ... so that they would refute it, not support it */
  double more_s; /* how long these would take here, of all cases that they are needed of; NaN */
} MigClaimFinding;

/* A result. */
typedef struct {
  const MigSummary *summary;
  const GPtrArray *conclusions; /* of mig_paper_test() */
  const GArray *rows;           /* of mig_paper_rows(); NULL: none */
} MigClaimSource;

/* mig_claims_decided: no conclusion is undecided. */
gboolean mig_claims_decided (const MigClaimSource *source);

MigClaimFinding mig_claim_find (guint index, const MigClaimSource *source);
