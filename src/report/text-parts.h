/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/load.h"
#include "report/table.h"

/* Parts of the text report, each with its heading; a part without content appends nothing. */
void mig_text_recommendations (const MigSummary *summary, GString *out);
void mig_text_conclusions (const GPtrArray *conclusions, GString *out);
void mig_text_paper (const MigSummary *summary, GString *out);
void mig_text_environment (const MigReport *report, GString *out);

/* mig_text_wrap: appends a paragraph, its lines at most 100 columns, each behind indent spaces. */
void mig_text_wrap (GString *out, guint indent, const char *text);

/* mig_text_line: mig_text_wrap() of a formatted text behind two spaces. */
void mig_text_line (GString *out, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* What every renderer says, as tables whose first row is their heading ... */

/* mig_table_costs, _work: a row per case; NULL: no sound run. */
MigTextTable *mig_table_costs (const MigSummary *summary);
MigTextTable *mig_table_work (const MigSummary *summary);
/* mig_table_evidence: a row per comparison; telling: of those only that are not inconclusive. */
MigTextTable *mig_table_evidence (const MigConclusion *conclusion, gboolean telling);

/* mig_text_window: "50.0 s": over which throughput left behind is taken. The caller frees it. */
char *mig_text_window (const MigSummary *summary);

/* mig_table_paper: the paper's figures beside these; figure: that one only ("6"), NULL: all. NULL:
 * there are none. */
MigTextTable *mig_table_paper (const MigSummary *summary, const char *figure);

/* mig_paper_counts: how many claims hold, in a sentence; NULL: the study is like none of its. The
 * caller frees it. */
char *mig_paper_counts (const MigSummary *summary);

/* mig_paper_explained: how to read that table, in a paragraph. */
const char *mig_paper_explained (void);

/* ... and as lists of sentences. */
typedef struct {
  char *heading;
  GPtrArray *lines; /* of char *; a list may be empty, and is not shown then */
} MigTextList;

/* mig_text_lists: how sure, what was disturbed, what failed, what is missing: of MigTextList. */
GPtrArray *mig_text_lists (const MigReport *report);

/* Its parts: each appends its lists. */
void mig_lines_data_quality (const MigSummary *summary, GPtrArray *lists);
void mig_lines_destinations (const MigSummary *summary, GPtrArray *lists);
void mig_lines_noise (const MigSummary *summary, GPtrArray *lists);
void mig_lines_outliers (const MigSummary *summary, GPtrArray *lists);
void mig_lines_failures (const MigSummary *summary, GPtrArray *lists);
void mig_lines_missing (const MigReport *report, GPtrArray *lists);

/* mig_lines_begin: a new list; returns its lines. mig_lines_add: one more. */
GPtrArray *mig_lines_begin (GPtrArray *lists, const char *format, ...) G_GNUC_PRINTF (2, 3);
void mig_lines_add (GPtrArray *lines, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* mig_finding_order: which of two orders, in one or two sentences. mig_finding_more: how many more
 * repetitions would show a difference; NULL: that does not matter. The caller frees both. */
char *mig_finding_order (const MigRecommendation *recommendation);
char *mig_finding_more (const MigRecommendation *recommendation);
