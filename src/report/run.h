/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/loaded-result.h"

/* The report on a result. The same input gives the same bytes; the caller frees them. */

/* What a first screen is shown on. */
typedef struct {
  gboolean bars, ascii; /* a terminal; one that knows no more than ASCII */
  const char *page;     /* path of the page; NULL: there is none */
} MigScreen;

/* mig_report_overview: the first screen: at most 24 lines of 80 columns; a longer path counts as
 * the lines that it takes: the answer in sentences, one table, what disturbed the runs. */
char *mig_report_overview (const MigLoadedResult *result, const MigScreen *screen);

/* mig_report_text: all of it, for a terminal, at most about 110 columns, safe against control
 * characters in names. */
char *mig_report_text (const MigLoadedResult *result);

/* mig_report_markdown: the same as Markdown; names cannot become markup. */
char *mig_report_markdown (const MigLoadedResult *result);

/* mig_report_html: one page that needs nothing else. figures: of mig_figures_new(), drawn; why_not
 * (may be NULL): why they are not. */
char *mig_report_html (const MigLoadedResult *result, const GPtrArray *figures,
                       const char *why_not);

/* mig_report_front: what a report begins with, as sentences: the study, the orders compared, the
 * conclusions' verdicts. Frees its strings. */
GPtrArray *mig_report_front (const MigLoadedResult *result);
