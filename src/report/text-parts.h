/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/load.h"

/* Parts of the text report, each with its heading; a part without content appends nothing. */
void mig_text_recommendations (const MigSummary *summary, GString *out);
void mig_text_conclusions (const MigSummary *summary, GString *out);
void mig_text_paper (const MigSummary *summary, GString *out);
void mig_text_sureness (const MigSummary *summary, GString *out);
void mig_text_noise (const MigSummary *summary, GString *out);
void mig_text_outliers (const MigSummary *summary, GString *out);
void mig_text_failures (const MigSummary *summary, GString *out);
void mig_text_missing (const MigReport *report, GString *out);
void mig_text_environment (const MigReport *report, GString *out);

/* mig_text_line: mig_text_wrap() of a formatted text behind two spaces. */
void mig_text_line (GString *out, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* mig_text_wrap: appends a paragraph, its lines at most 100 columns, each behind indent spaces. */
void mig_text_wrap (GString *out, guint indent, const char *text);
