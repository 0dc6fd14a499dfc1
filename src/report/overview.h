/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/document.h"
#include "report/loaded-result.h"

/* What a result says at first sight: sentences, one table, what disturbed the runs. The same
 * content for the first screen and for the beginning of the page. */

/* mig_overview_answers: a paragraph of the sentences, or a list of those of several experiments;
 * most: no more than these are shown, the rest is counted. Without those that the map gives. */
void mig_overview_answers (MigBlock *parent, const MigLoadedResult *result, guint most);

/* mig_overview_table: a row per case: n, total time, downtime, lost work. An interval that is wider
 * than twice its value is "?", with how many repetitions would do. most: of rows; bar_room: columns
 * of the whole table, what is left of which bars of total time fill; 0: none; ascii: of '#'. */
typedef struct {
  guint most, bar_room;
  gboolean ascii;
} MigOverviewTable;
void mig_overview_table (MigBlock *parent, const MigLoadedResult *result,
                         const MigOverviewTable *how);

/* mig_overview_state: what disturbed the runs, and which are not counted: items. */
void mig_overview_state (MigBlock *parent, const MigLoadedResult *result);

/* mig_overview_why_incomplete: of a result that is, and what to do about it; the caller's. */
char *mig_overview_why_incomplete (const MigLoadedResult *result);
