/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/number.h"
#include "report/table.h"

struct _MigTextTable {
  char *alignment;
  guint n_columns;
  GPtrArray *cells; /* row by row */
};

MigTextTable *
mig_text_table_new (const char *alignment)
{
  MigTextTable *self = g_new0 (MigTextTable, 1);

  self->alignment = g_strdup (alignment);
  self->n_columns = strlen (alignment);
  self->cells = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
mig_text_table_cell (MigTextTable *self, const char *text)
{
  g_ptr_array_add (self->cells, mig_text_clean (text));
}

void
mig_text_table_add_owned (MigTextTable *self, char *text)
{
  mig_text_table_cell (self, text);
  g_free (text);
}

/* text_width: columns of a terminal: wide (East Asian) characters take two, combining ones none. */
static guint
text_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

static void
pad (GString *out, guint n)
{
  for (; n > 0; n--)
    g_string_append_c (out, ' ');
}

static void
append_cell (GString *out, const char *text, guint width, gboolean right, gboolean last)
{
  guint room = width - text_width (text);

  if (right)
    pad (out, room);
  g_string_append (out, text);
  if (!right && !last)
    pad (out, room);
}

void
mig_text_table_append (const MigTextTable *self, guint indent, GString *out)
{
  g_autofree guint *widths = g_new0 (guint, self->n_columns);

  for (guint i = 0; i < self->cells->len; i++)
    widths[i % self->n_columns] = MAX (widths[i % self->n_columns],
                                       text_width (self->cells->pdata[i]));
  for (guint i = 0; i < self->cells->len; i++)
    {
      guint column = i % self->n_columns;
      gboolean last = column + 1 == self->n_columns;
      pad (out, column == 0 ? indent : 2);
      append_cell (out, self->cells->pdata[i], widths[column], self->alignment[column] == 'r',
                   last);
      if (last)
        g_string_append_c (out, '\n');
    }
}

guint
mig_text_table_columns (const MigTextTable *self)
{
  return self->n_columns;
}

guint
mig_text_table_rows (const MigTextTable *self)
{
  return self->cells->len / self->n_columns;
}

const char *
mig_text_table_get (const MigTextTable *self, guint row, guint column)
{
  return self->cells->pdata[row * self->n_columns + column];
}

gboolean
mig_text_table_is_right (const MigTextTable *self, guint column)
{
  return self->alignment[column] == 'r';
}

void
mig_text_table_free (MigTextTable *self)
{
  g_free (self->alignment);
  g_ptr_array_unref (self->cells);
  g_free (self);
}
