/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/columns.h"

/* Takes a record, which is valid during the call only; FALSE with error set: to stop. */
typedef gboolean (*MigRecordFunc) (gconstpointer record, gpointer data, GError **error);

/* mig_table_read: streams one table's CSV from a file descriptor (not closed) through a callback,
 * in constant memory. label: the file's name in messages. whole: a last line without a line
 * break is an error, since the file was cut off; otherwise it is half-written and ignored. Errors:
 * INVALID with "label:line: what"; whatever the callback returned; FAILED where reading fails. */
gboolean mig_table_read (int fd, MigTable table, const char *label, gboolean whole,
                         MigRecordFunc func, gpointer data, GError **error);
