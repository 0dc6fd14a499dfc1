/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/figure.h"

#define MIG_SHOW_FORMATS "text, json, csv, markdown, html or pdf"

/* mig_show_format: the names of the formats, from index 0 to NULL. */
const char *mig_show_format (guint index);

/* mig_show_result: the report of a result directory in a format (MIG_SHOW_FORMATS) behind out.
 * output: the file that it will be written to, NULL: none; figures of HTML and PDF are kept beside
 * it, in OUTPUT.figures. Errors: USAGE where there is no such format; INVALID where the directory
 * can't be read; FAILED where a PDF can't be drawn. */
gboolean mig_show_result (const char *directory, const char *format, const char *output,
                          GString *out, GError **error);

/* mig_show_overview: the first screen behind out; with bars where standard output is a terminal.
 * Errors: as mig_show_result(). */
gboolean mig_show_overview (const char *directory, GString *out, GError **error);

/* mig_show_write_page: the page of a result directory, with its figures, in that directory; without
 * figures, and without a warning, where they cannot be drawn. */
#define MIG_SHOW_PAGE "report.html"
gboolean mig_show_write_page (const char *directory, GError **error);

/* mig_show_figures: draws them in a directory; NULL: in one that is gone afterwards. Where that
 * fails, a page without them is still worth having: warns, and returns what is missing. */
char *mig_show_figures (GPtrArray *figures, const char *directory);
