/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/loaded-result.h"

/* The report on a result. The same input gives the same bytes; the caller frees them. */

/* mig_report_text: for a terminal, at most about 110 columns, safe against control characters in
 * names. */
char *mig_report_text (const MigLoadedResult *result);

/* mig_report_html: one page that needs nothing else. figures: of mig_figures_new(), drawn; why_not
 * (may be NULL): why they are not. */
char *mig_report_html (const MigLoadedResult *result, const GPtrArray *figures,
                       const char *why_not);

/* mig_report_front: what a report begins with, as sentences: the study, the orders compared, the
 * conclusions' verdicts. Frees its strings. */
GPtrArray *mig_report_front (const MigLoadedResult *result);
