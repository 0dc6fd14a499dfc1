/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* The facts that the paper's text gives (Koto and Kono, figures 1 to 8), with what this data says.
 * Its hardware was another: a number of seconds is there to be looked at; what is judged is a claim
 * that can hold on any hardware, such as which of two is the larger. */

typedef enum {
  MIG_PAPER_HOLDS, /* the 95 % interval lies within what is claimed */
  MIG_PAPER_FAILS, /* ... wholly outside, or a difference that does not reach MIG_PAPER_MARGIN */
  MIG_PAPER_NOT_SHOWN, /* neither, or one repetition only */
  MIG_PAPER_NO_CLAIM,  /* for comparison only */
  MIG_PAPER_MISSING    /* not measured */
} MigPaperVerdict;

/* mig_paper_verdict_text: "holds", "does not hold", "not shown", "-", "not measured". */
const char *mig_paper_verdict_text (MigPaperVerdict verdict);

/* mig_paper_verdict_id: for programs: "holds", "does-not-hold", "not-shown", "no-claim",
 * "not-measured". */
const char *mig_paper_verdict_id (guint verdict);

typedef struct {
  guint fact;          /* its number, from 0 */
  const char *figure;  /* "6" */
  const char *subject; /* "total time, mm / cc" */
  const char *unit;    /* "s", "1", "%" */
  double paper;        /* NaN: the text gives no number ... */
  const char *says;    /* ... but this: "more than 2"; else NULL */
  const char *claim;   /* "above 1"; NULL: none */
  gboolean of_rates;   /* of work or CPU time, which observing takes from guests */
  double here;         /* mean over the repetitions; NaN: not measured */
  guint n;             /* of these */
  double low, high;    /* its 95 % interval; NaN: one repetition. Of a difference that was chosen
                        * among several, corrected for their number (Bonferroni) */
  double magnitude; /* that the interval's width is seen beside: of seconds the larger of the means
                     * that the value is formed of; of a ratio itself; of per cent: 100 */
  double ratio;     /* of an amount: here / paper; NaN for ratios and shares themselves */
  MigPaperVerdict verdict;
  gint64 more_repetitions; /* that would decide the claim, if it is as it seems; missing: unknown */
  gboolean leans_against;  /* ... as it seems, that it does not hold */
  const char *case_a, *case_b; /* labels of the cases that it is formed of; NULL: not measured */
} MigPaperRow;

/* The following take a part of a summary (analysis/parts.h). */

/* mig_paper_is_load_balancing: whether it has the paper's cases cc, cm, mc and mm of a cpu class
 * "c" and a memory class "m". */
gboolean mig_paper_is_load_balancing (const MigSummary *part);

/* mig_paper_axis: the one parameter that it sweeps, if it is a number of every case; NULL
 * otherwise. mig_paper_is_rate: whether it is the dirty rate of the paper's figures 1 and 2. */
const MigParameterRecord *mig_paper_axis (const MigSummary *part);
gboolean mig_paper_is_rate (const MigParameterRecord *parameter);

/* mig_paper_n_facts: how many rows the paper has. mig_paper_fact: one, without any measurement. */
guint mig_paper_n_facts (void);
MigPaperRow mig_paper_fact (guint fact);

/* mig_paper_rows: of a whole summary: GArray of MigPaperRow, by figure, those that the study's
 * cases are like; NULL: none. */
GArray *mig_paper_rows (const MigSummary *summary);
