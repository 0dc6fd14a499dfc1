/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/quantity.h"
#include "summary/stats.h"

/* A table of typed cells, row by row; the first row is its heading. (MigTable is one of a
 * result's.) Cells are added from left to right. A number that is NaN is missing: "-". */
typedef struct _MigGrid MigGrid;

/* How a verdict is marked on a page. */
typedef enum { MIG_MARK_NONE, MIG_MARK_OPEN, MIG_MARK_GOOD, MIG_MARK_BAD } MigMark;

typedef enum {
  MIG_CELL_TEXT,      /* NULL: missing */
  MIG_CELL_NUMBER,    /* value, digits, unit */
  MIG_CELL_INTERVAL,  /* low, high, digits */
  MIG_CELL_PREDICTED, /* value, low, high: "8.90 (5.20 to 15.3)" */
  MIG_CELL_AROUND,    /* value, high: "8.90 ± 0.25" */
  MIG_CELL_PICTURE    /* text: an SVG of this program's own, for pages */
} MigCellKind;

typedef struct {
  MigCellKind kind;
  MigMark mark;
  double value, low, high;
  guint digits;     /* behind the point */
  gboolean sign;    /* also where it is positive */
  const char *unit; /* "%"; NULL: none */
  char *text;
} MigCell;

/* mig_grid_new: alignment: one letter per column, 'l' or 'r'; headings: as many, NULL at the end.
 */
MigGrid *mig_grid_new (const char *alignment, const char *const *headings);

void mig_grid_text (MigGrid *grid, const char *text);
void mig_grid_format (MigGrid *grid, const char *format, ...) G_GNUC_PRINTF (2, 3);
void mig_grid_count (MigGrid *grid, gint64 n);
void mig_grid_number (MigGrid *grid, double value, guint digits);
/* mig_grid_measure: a number of about three digits. mig_grid_percent: a ratio; mig_grid_error: with
 * its sign. */
void mig_grid_measure (MigGrid *grid, double value);
void mig_grid_percent (MigGrid *grid, double ratio);
void mig_grid_error (MigGrid *grid, double ratio);
void mig_grid_interval (MigGrid *grid, double low, double high, guint digits);
void mig_grid_predicted (MigGrid *grid, MigPredicted predicted);
void mig_grid_around (MigGrid *grid, MigPredicted predicted);
/* mig_grid_stat: as mig_number_stat(). */
void mig_grid_stat (MigGrid *grid, const MigStat *stat, double factor, guint n_expected);
void mig_grid_mark (MigGrid *grid, MigMark mark, const char *text);
/* mig_grid_picture: takes it. */
void mig_grid_picture (MigGrid *grid, char *svg);

guint mig_grid_columns (const MigGrid *grid);
guint mig_grid_rows (const MigGrid *grid);
const MigCell *mig_grid_cell (const MigGrid *grid, guint row, guint column);
gboolean mig_grid_is_right (const MigGrid *grid, guint column);

/* mig_cell_text: as people read it, safe for a terminal. The caller frees it. */
char *mig_cell_text (const MigCell *cell);

void mig_grid_free (MigGrid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigGrid, mig_grid_free)
