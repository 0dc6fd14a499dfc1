/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/figure.h"

/* gnuplot draws the figures: a process of its own, without a shell and without the user's settings.
 */

#define MIG_GNUPLOT_MISSING                                                                        \
  "no figures, because gnuplot is not installed: install it (Debian, Ubuntu: gnuplot-nox; "        \
  "others: gnuplot)"

gboolean mig_gnuplot_available (void);

/* mig_gnuplot_draw: writes ID.gp and ID.dat of every figure into a directory, which is made where
 * it is missing; there gnuplot draws ID.svg, which becomes figure->svg. Files of these names are
 * replaced, others stay. Errors: FAILED with gnuplot's words. */
gboolean mig_gnuplot_draw (GPtrArray *figures, const char *directory, GError **error);

/* mig_gnuplot_pdf: one page per figure, with heading and caption, behind a page of lines (char *):
 * as figures.gp in that directory, which makes figures.pdf. *pdf: its content, without the time of
 * its making: epoch_s stands for it. */
gboolean mig_gnuplot_pdf (const GPtrArray *figures, const GPtrArray *lines, const char *directory,
                          gint64 epoch_s, GBytes **pdf, GError **error);
