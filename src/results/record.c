/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "results/columns.h"

/* A row of any table, by its columns. */

void
mig_record_init (MigTable table, gpointer record)
{
  const MigTableInfo *info = mig_table_info (table);

  memset (record, 0, info->record_size);
  for (guint i = 0; i < info->n_columns; i++)
    {
      const MigColumn *column = &info->columns[i];
      gpointer member = G_STRUCT_MEMBER_P (record, column->offset);
      switch (column->type)
        {
        case MIG_TYPE_INT:
          *(gint64 *) member = MIG_MISSING_INT;
          break;
        case MIG_TYPE_DOUBLE:
          *(double *) member = NAN;
          break;
        case MIG_TYPE_STRING:
          *(char **) member = NULL;
          break;
        }
    }
}

void
mig_record_clear (MigTable table, gpointer record)
{
  const MigTableInfo *info = mig_table_info (table);

  for (guint i = 0; i < info->n_columns; i++)
    if (info->columns[i].type == MIG_TYPE_STRING)
      g_free (G_STRUCT_MEMBER (char *, record, info->columns[i].offset));
  mig_record_init (table, record);
}

/* 0: it is no string, or missing. */
static gsize
string_size (gconstpointer record, const MigColumn *column)
{
  const char *text = column->type == MIG_TYPE_STRING
                         ? G_STRUCT_MEMBER (const char *, record, column->offset)
                         : NULL;
  return text ? strlen (text) + 1 : 0;
}

gpointer
mig_record_copy (MigTable table, gconstpointer record)
{
  const MigTableInfo *info = mig_table_info (table);
  gsize size = info->record_size;

  for (guint i = 0; i < info->n_columns; i++)
    size += string_size (record, &info->columns[i]);
  char *copy = g_malloc (size), *end = copy + info->record_size;
  memcpy (copy, record, info->record_size);
  for (guint i = 0; i < info->n_columns; i++)
    {
      gsize length = string_size (record, &info->columns[i]);
      if (length == 0)
        continue;
      char **member = G_STRUCT_MEMBER_P (copy, info->columns[i].offset);
      *member = memcpy (end, *member, length);
      end += length;
    }
  return copy;
}

void
mig_record_free (MigTable table, gpointer record)
{
  if (!record)
    return;
  mig_record_clear (table, record);
  g_free (record);
}
