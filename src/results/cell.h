/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/columns.h"

/* One cell of a CSV file, both ways.
 *
 * Integers are decimal, doubles the shortest text that reads back as the same value, both
 * independent of the locale. Texts are UTF-8 in one line: a control character (line breaks too)
 * becomes a space, bytes that are not UTF-8 become U+FFFD, and what is beyond MIG_CELL_TEXT_MAX
 * bytes is cut off; so one row is one line, whatever a guest or a hypervisor said.
 *
 * Spreadsheets take a cell that begins with = + - or @ for a formula. A text that begins so and is
 * no decimal number, or that begins with an apostrophe, gets an apostrophe in front; reading takes
 * one leading apostrophe away. Both directions are exact.
 *
 * Missing is an empty cell without quotes; an empty text is a pair of quotes. */

#define MIG_CELL_TEXT_MAX (16 * 1024)
/* Integers are below this, either sign: 146 years in ns. So the difference of any two fits into 64
 * bits. One that is not is no measurement: written as missing, refused in reading. */
#define MIG_CELL_INT_LIMIT (G_GINT64_CONSTANT (1) << 62)
/* Longest cell and row that reading accepts: any of ours, all its characters doubled by quoting. */
#define MIG_CELL_MAX (64 * 1024)
#define MIG_ROW_MAX (1024 * 1024)

/* mig_cell_write_int / _double / _text: append one cell to a buffer, without a separator. */
void mig_cell_write_int (GString *out, gint64 value);
void mig_cell_write_double (GString *out, double value);
void mig_cell_write_text (GString *out, const char *text);

/* mig_cell_write: appends a record's member. */
void mig_cell_write (GString *out, const MigColumn *column, gconstpointer record);

/* mig_cell_parse_int / _double: the whole of text (size bytes and a NUL), or FALSE; *value is set
 * on success only. */
gboolean mig_cell_parse_int (const char *text, gsize size, gint64 *value);
gboolean mig_cell_parse_double (const char *text, gsize size, double *value);

/* mig_cell_unprotect: the text without the apostrophe that protects it (a pointer into it). */
const char *mig_cell_unprotect (const char *text);
