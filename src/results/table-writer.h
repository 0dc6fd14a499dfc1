/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/columns.h"
#include "results/dir.h"

/* Appends rows to one table's CSV file through a buffer. Not thread-safe: the result writer locks.
 */
typedef struct _MigTableWriter MigTableWriter;

/* mig_table_writer_open: opens or creates the file. In an existing one a half-written last line is
 * cut off; *last_run becomes the run of its last row where the table has one and it is higher.
 * Errors: INVALID where its first line is not this table's. */
MigTableWriter *mig_table_writer_open (const MigDir *dir, MigTable table, gint64 *last_run,
                                       GError **error);

/* mig_table_writer_check: whether the file is there and can be opened by the above, without doing
 * so. Errors: INVALID where it is not, or its first line is not this table's. */
gboolean mig_table_writer_check (const MigDir *dir, MigTable table, GError **error);

/* mig_table_writer_append: one row; goes to the file when the buffer is full. */
gboolean mig_table_writer_append (MigTableWriter *writer, gconstpointer record, GError **error);

/* mig_table_writer_commit: all rows are on the disk. */
gboolean mig_table_writer_commit (MigTableWriter *writer, GError **error);

/* mig_table_writer_free: drops what was not written: flush or commit first. */
gboolean mig_table_writer_flush (MigTableWriter *writer, GError **error);
void mig_table_writer_free (MigTableWriter *writer);
