/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Rows of cells, as spreadsheets and other tools write them. */

typedef struct {
  guint line;    /* of the file, from 1, where it begins */
  gboolean hash; /* it begins with a bare # */
  char **cells;  /* never NULL */
  guint n;
} MigSheetRow;

typedef struct {
  const char *label; /* the file's name in messages; borrowed */
  GPtrArray *rows;   /* of MigSheetRow; those whose cells are all empty are left out */
} MigSheet;

/* mig_sheet_parse: text: UTF-8. separator: 0: found by the header's names, of which `known` knows
 * those that matter; *separator is set. Lines that begin with # before the first row are comments;
 * a first line 'sep=;' gives the separator. Errors: INVALID with "label:line: what". */
typedef gboolean (*MigSheetKnown) (const char *name);
MigSheet *mig_sheet_parse (const char *text, const char *label, MigSheetKnown known,
                           char *separator, GError **error);
void mig_sheet_free (MigSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigSheet, mig_sheet_free)

static inline const MigSheetRow *
mig_sheet_row (const MigSheet *sheet, guint index)
{
  return (const MigSheetRow *) g_ptr_array_index (sheet->rows, index);
}

/* mig_sheet_error: "label:line: text". Always FALSE. */
gboolean mig_sheet_error (GError **error, const char *label, guint line, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
