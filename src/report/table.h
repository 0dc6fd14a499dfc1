/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A table of texts, its columns aligned when it is printed. */
typedef struct _MigTextTable MigTextTable;

/* mig_text_table_new: alignment: one letter per column, 'l' or 'r'. */
MigTextTable *mig_text_table_new (const char *alignment);

/* mig_text_table_cell: the next cell, from left to right, row by row; made safe for a terminal. */
void mig_text_table_cell (MigTextTable *table, const char *text);
/* mig_text_table_add_owned: the same; frees text. */
void mig_text_table_add_owned (MigTextTable *table, char *text);

/* mig_text_table_append: all rows, each behind indent spaces. */
void mig_text_table_append (const MigTextTable *table, guint indent, GString *out);

/* What it holds, for other renderers. */
guint mig_text_table_columns (const MigTextTable *table);
guint mig_text_table_rows (const MigTextTable *table);
const char *mig_text_table_get (const MigTextTable *table, guint row, guint column);
gboolean mig_text_table_is_right (const MigTextTable *table, guint column);

void mig_text_table_free (MigTextTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigTextTable, mig_text_table_free)
