/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/records.h"
#include "summary/summary.h"

/* A picture: a gnuplot script and its data, drawn by mig_gnuplot_draw(). */
typedef struct {
  char *id;         /* "figure-6": of its files and within a page */
  char *experiment; /* that it is of; NULL: the study has none, or it is a time line */
  char *paper;   /* number of the paper's figure that it redraws: "6"; NULL: the paper has none */
  char *heading; /* "Total time, summed over the migrations" */
  char *caption; /* what is drawn, n, what error bars are */
  guint width, height;
  GString *script; /* without terminal and output; reads the file id.dat; gnuplot's variable `top`
                    * is where the figure may begin, in shares of the height */
  GString *data;
  const MigRunRecord *run; /* a time line of this run; NULL: of the whole result */
  gboolean of_plan; /* predictions beside measurements: it stands with them, not with the others */
  char *svg;        /* for a page; NULL: not drawn */
} MigFigure;

/* mig_figure_new: takes heading. part (may be NULL) is the one that it is of: the id begins with
 * its number and name where the study has experiments. */
MigFigure *mig_figure_new (const MigSummary *part, const char *id, const char *paper, char *heading,
                           guint width, guint height);
void mig_figure_free (gpointer figure);

/* mig_figure_identity: two axes of the same extent and the line on which both are equal, then what
 * plot has, each part behind ", ". low, high: of what is drawn, above 0: axes are logarithmic where
 * it spans much. */
void mig_figure_identity (MigFigure *figure, const char *x_title, const char *y_title, double low,
                          double high, const GString *plot);

/* An error bar, as gnuplot's vector with two heads: its own error bars blank out what is behind. */
#define MIG_FIGURE_BAR "heads size screen 0.008,90"

/* mig_figure_quote: a text as a string of gnuplot's. */
void mig_figure_quote (GString *out, const char *text);

/* mig_figure_set: "set WHAT 'text'". */
void mig_figure_set (MigFigure *figure, const char *option, const char *text);

/* mig_figure_number: a number in data or script, independent of the locale; NaN where missing. */
void mig_figure_number (GString *out, double value);

/* mig_figure_numbers: a line of data. */
void mig_figure_numbers (GString *out, guint n, const double *values);
