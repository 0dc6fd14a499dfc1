/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "results/cell.h"
#include "plan/fleet-file.h"
#include "results/table-reader.h"

static void
free_row (gpointer record)
{
  mig_record_free (MIG_TABLE_FLEET, record);
}

static gboolean
keep_row (gconstpointer record, gpointer data, GError **error)
{
  g_ptr_array_add (data, mig_record_copy (MIG_TABLE_FLEET, record));
  return TRUE;
}

GPtrArray *
mig_fleet_file_load (const char *path, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (free_row);
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    {
      mig_error_set_errno (error, errno, "cannot read '%s'", path);
      return NULL;
    }
  gboolean ok = mig_table_read (fd, MIG_TABLE_FLEET, path, TRUE, keep_row, rows, error);
  close (fd);
  return ok ? g_steal_pointer (&rows) : NULL;
}

gboolean
mig_fleet_file_save (const char *path, const GPtrArray *rows, GError **error)
{
  const MigTableInfo *info = mig_table_info (MIG_TABLE_FLEET);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < info->n_columns; i++)
    g_string_append_printf (text, "%s%s", i ? "," : "", info->columns[i].name);
  g_string_append_c (text, '\n');
  for (guint row = 0; row < rows->len; row++)
    {
      for (guint i = 0; i < info->n_columns; i++)
        {
          if (i > 0)
            g_string_append_c (text, ',');
          mig_cell_write (text, &info->columns[i], rows->pdata[row]);
        }
      g_string_append_c (text, '\n');
    }
  return mig_files_write (path, text->str, text->len, error);
}
