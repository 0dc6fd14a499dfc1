/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/document.h"
#include "report/loaded-result.h"

/* What a result says at first sight: sentences, one table, what disturbed the runs. The same
 * content for the first screen and for the beginning of the page. */

/* How much of it is shown; the rest is counted. */
typedef struct {
  guint rows, answers, remarks; /* at most */
  guint remark_chars;           /* of each; 0: any number */
  gboolean legend;              /* what letters and signs of a table mean */
  gboolean more_time;           /* how to continue the run */
  gboolean claims;              /* which of the paper's are supported */
} MigOverviewLimits;

#define MIG_OVERVIEW_ALL                                                                           \
  ((MigOverviewLimits){ G_MAXUINT, G_MAXUINT, G_MAXUINT, 0, TRUE, TRUE, TRUE })

/* mig_overview_answers: a paragraph of the sentences, or a list of those of several experiments.
 * Without those that the map gives. */
void mig_overview_answers (MigBlock *parent, const MigLoadedResult *result,
                           const MigOverviewLimits *limits);

/* mig_overview_table: a row per case: n, total time, downtime, lost work. An interval that is wider
 * than twice its value is "?", with how many repetitions would do. width: of the whole table, in
 * columns; 0: any. Work lost is left out where the cases could not be told apart beside it. bars:
 * of total time, as wide as what is left; ascii: of '#'. */
typedef struct {
  guint width;
  gboolean bars, ascii;
} MigOverviewTable;
void mig_overview_table (MigBlock *parent, const MigLoadedResult *result,
                         const MigOverviewLimits *limits, const MigOverviewTable *how);

/* mig_overview_state: what disturbed the runs, and which are not counted: items. */
void mig_overview_state (MigBlock *parent, const MigLoadedResult *result,
                         const MigOverviewLimits *limits);

/* mig_overview_why_incomplete: of a result that is, and what to do about it, or of one that is
 * marked complete and lacks rows; the caller's. NULL: it is complete. */
char *mig_overview_why_incomplete (const MigLoadedResult *result);
