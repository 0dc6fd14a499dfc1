/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/figure.h"

/* mig_report_html: the whole report as one page that needs nothing else. figures: of
 * mig_figures_new(), drawn; why_not (may be NULL): why they are not. The same input gives the same
 * bytes. The caller frees it. */
char *mig_report_html (const MigReport *report, const GPtrArray *figures, const char *why_not);

/* mig_report_front: what a report begins with, as sentences: the study, the orders compared, the
 * conclusions' verdicts. Frees its strings. */
GPtrArray *mig_report_front (const MigReport *report);
