/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "base/files.h"
#include "results/cell.h"
#include "plan/fleet-file.h"
#include "plan/fleet-text.h"
#include "plan/fleet-tools.h"

#define SIZE_MAX_BYTES (64 * 1024 * 1024)

MigFleetDraft *
mig_fleet_file_load (const char *path, const MigFleetReading *reading, GError **error)
{
  static const MigFleetReading own = { 0 };
  gsize size;
  g_autofree char *bytes = mig_files_load (path, "the fleet", SIZE_MAX_BYTES + 1, &size, error);
  g_autoptr (MigFleetDraft) draft = mig_fleet_draft_new ();

  if (!bytes)
    return NULL;
  if (size > SIZE_MAX_BYTES)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "'%s' is longer than %d bytes", path,
                   SIZE_MAX_BYTES);
      return NULL;
    }
  g_autofree char *text = mig_fleet_text_decode (bytes, size, path, draft->recognised, error);
  reading = reading ? reading : &own;
  if (!text || !mig_fleet_read (draft, reading->format, text, path, reading->units, error))
    return NULL;
  return g_steal_pointer (&draft);
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
