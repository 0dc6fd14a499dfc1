/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/html.h"
#include "report/table.h"

/* Pieces of a page. All texts are escaped, and control characters in them made harmless. */

/* mig_html_text: a text alone. mig_html_element: in an element: name is "p" or "p class=\"x\"". */
void mig_html_text (GString *out, const char *text);
void mig_html_element (GString *out, const char *name, const char *text);

/* mig_html_table: its first row is the heading. NULL: nothing. */
void mig_html_table (GString *out, const MigTextTable *table);

/* mig_html_list: sentences (char *); nothing where there are none. */
void mig_html_list (GString *out, const GPtrArray *lines);

/* mig_html_section: begins one; id: of its link in the page's contents. "</section>" ends it. */
void mig_html_section (GString *out, const char *id, const char *heading);

/* mig_html_verdict: a verdict, marked. */
void mig_html_verdict (GString *out, MigVerdict verdict);

/* mig_html_head: from the document's beginning to the body's: title and style. */
void mig_html_head (GString *out, const char *title);

/* What a section shows. */
typedef struct {
  const MigReport *report;
  const GPtrArray *figures;
  const char *why_not; /* figures are not drawn; NULL: they are */
} MigPage;

/* mig_html_figure: a picture that was drawn, below its heading and above its caption. */
void mig_html_figure (GString *out, const MigFigure *figure, const MigReport *report,
                      gboolean wide);

/* mig_html_accuracy: only where mig_html_has_accuracy(). */
gboolean mig_html_has_accuracy (const MigPage *page);
void mig_html_accuracy (GString *out, const MigPage *page);

void mig_html_figures (GString *out, const MigPage *page);
gboolean mig_html_has_conclusions (const MigPage *page);
void mig_html_conclusions (GString *out, const MigPage *page);
void mig_html_timelines (GString *out, const MigPage *page);
void mig_html_tables (GString *out, const MigPage *page);
void mig_html_sureness (GString *out, const MigPage *page);
void mig_html_environment (GString *out, const MigPage *page);
void mig_html_metrics (GString *out, const MigPage *page);
