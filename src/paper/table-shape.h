/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "paper/tables.h"

/* Which of the paper's experiments a part of a summary is like, and which of its cases is which. */

typedef enum {
  MIG_PAPER_SWEEP = 1,     /* figures 1, 2: the dirty rate */
  MIG_PAPER_ONE = 2,       /* figure 3: a memory guest moves alone */
  MIG_PAPER_EITHER = 4,    /* figure 4: ... and in another case a cpu guest */
  MIG_PAPER_BALANCING = 8, /* figures 5 to 8: cc, cm, mc and mm, or some of these */
} MigPaperShape;

/* mig_paper_shape: all that hold. */
MigPaperShape mig_paper_shape (const MigSummary *part);

typedef enum {
  MIG_PAPER_CC,
  MIG_PAPER_CM,
  MIG_PAPER_MC,
  MIG_PAPER_MM,
  MIG_PAPER_CPU_ALONE,
  MIG_PAPER_MEMORY_ALONE,
  MIG_PAPER_LARGEST,
  MIG_PAPER_SMALLEST /* by the mean of a metric */
} MigPaperCase;

/* mig_paper_case: NULL: it has none. */
const MigCaseSummary *mig_paper_case (const MigSummary *part, MigPaperCase role, MigMetric metric);

/* mig_paper_axis_value: of the parameter of mig_paper_axis(); HUGE_VAL: a rate without limit; NaN:
 * it is none. */
double mig_paper_axis_value (const MigCaseSummary *study_case);
