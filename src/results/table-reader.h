/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/columns.h"

/* Takes a record, which is valid during the call only; FALSE with error set: to stop. */
typedef gboolean (*MigRecordFunc) (gconstpointer record, gpointer data, GError **error);

/* mig_table_check_whole: of a table that nothing is added to any more: its file has a first line,
 * and a line break at its end. label: the file's name in messages. Errors: INVALID with "label:
 * what"; FAILED where reading fails. */
gboolean mig_table_check_whole (int fd, const char *label, GError **error);

/* mig_table_read: streams one table's CSV from a file descriptor (not closed) through a callback,
 * in constant memory. label: as above. A last line without a line break is half-written, and is
 * ignored; so is an empty file, whose first line is not written yet. Errors: INVALID with
 * "label:line: what"; whatever the callback returned; FAILED where reading fails. */
gboolean mig_table_read (int fd, MigTable table, const char *label, MigRecordFunc func,
                         gpointer data, GError **error);
