/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Lines of a console, out of pieces as they arrive. Plain C and libc only. */

/* long enough for a kernel's message; what is longer is cut */
#define MIG_LINE_READER_MAX 1024

/* All 0 is one that has read nothing. */
typedef struct {
  char text[MIG_LINE_READER_MAX + 1]; /* the line so far, NUL-ended */
  size_t length;
  bool whole;    /* text is a whole line: the next piece begins another */
  bool skipping; /* inside a line that was too long */
} MigLineReader;

/* mig_line_reader_next: takes from data up to the end of a line, and moves data and size behind it.
 * TRUE: the whole line is in text, until the next call; FALSE: all was taken, and the line goes on.
 */
bool mig_line_reader_next (MigLineReader *reader, const char **data, size_t *size);

/* mig_line_reader_append: takes data, without a line break, into the line that goes on. */
void mig_line_reader_append (MigLineReader *reader, const char *data, size_t size);
