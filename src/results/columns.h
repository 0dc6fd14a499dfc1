/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/records.h"

typedef enum { MIG_TYPE_INT, MIG_TYPE_DOUBLE, MIG_TYPE_STRING } MigColumnType;

typedef struct {
  const char *name; /* as in the CSV's first line; carries its unit as a suffix */
  MigColumnType type;
  const char *unit;    /* "ns", "bytes", "pages/s", "1"; NULL for texts */
  const char *meaning; /* one sentence */
  gsize offset;        /* in the record */
} MigColumn;

typedef struct {
  const char *name; /* "migrations": file is migrations.csv */
  const char *meaning;
  gsize record_size;
  gsize line_offset; /* in the record: a guint, the row's line in its file; 0: it is not kept */
  guint n_columns;
  const MigColumn *columns;
} MigTableInfo;

/* mig_table_info: the one description of a table. Never NULL for a valid table. */
const MigTableInfo *mig_table_info (MigTable table);

/* mig_record_init: all members missing. mig_record_clear: frees its strings, then the same. */
void mig_record_init (MigTable table, gpointer record);
void mig_record_clear (MigTable table, gpointer record);

/* mig_record_copy: a deep copy in one piece, its strings behind it: g_free() frees it all.
 * mig_record_free: one whose strings are pieces of their own. */
gpointer mig_record_copy (MigTable table, gconstpointer record);
void mig_record_free (MigTable table, gpointer record);
