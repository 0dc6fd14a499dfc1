/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "analysis/summary.h"

/* The figures that the paper's text gives for its load-balancing scenario (Koto and Kono, figures 5
 * to 8), with what this data says. Its hardware was another: compare the shape, not the seconds. */

typedef struct {
  const char *figure;  /* "6" */
  const char *what;    /* "total time, mm / cc" */
  const char *unit;    /* "s", "1", "%" */
  double paper;
  double here;         /* NaN: not measured */
  double ratio;        /* of an amount: here / paper; NaN for ratios and shares themselves */
} MigPaperRow;

/* mig_paper_is_load_balancing: whether a study has the paper's cases cc, cm, mc and mm of a cpu class
 * "c" and a memory class "m". */
gboolean mig_paper_is_load_balancing (const MigSummary *summary);

/* mig_paper_rows: GArray of MigPaperRow; NULL where the study is another one. */
GArray *mig_paper_rows (const MigSummary *summary);
