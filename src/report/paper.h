/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "analysis/summary.h"

/* The figures that the paper's text gives (Koto and Kono, figures 1 to 8), with what this data says.
 * Its hardware was another: compare the shape, not the seconds. */

typedef struct {
  const char *figure;  /* "6" */
  const char *what;    /* "total time, mm / cc" */
  const char *unit;    /* "s", "1", "%" */
  double paper;        /* NaN: the text gives no number ... */
  const char *says;    /* ... but this: "more than 2"; else NULL */
  double here;         /* NaN: not measured */
  double ratio;        /* of an amount: here / paper; NaN for ratios and shares themselves */
} MigPaperRow;

/* mig_paper_is_load_balancing: whether a study has the paper's cases cc, cm, mc and mm of a cpu class
 * "c" and a memory class "m". */
gboolean mig_paper_is_load_balancing (const MigSummary *summary);

/* mig_paper_axis: the one parameter that a study sweeps, if it is a number of every case; NULL
 * otherwise. mig_paper_is_rate: whether it is the dirty rate of the paper's figures 1 and 2. */
const MigParameterRecord *mig_paper_axis (const MigSummary *summary);
gboolean mig_paper_is_rate (const MigParameterRecord *parameter);

/* mig_paper_rows: GArray of MigPaperRow, those that the study's cases are like; NULL: none. */
GArray *mig_paper_rows (const MigSummary *summary);
