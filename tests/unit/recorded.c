/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "tests/unit/recorded.h"

static char *
path_of (const char *name)
{
  const char *top = g_getenv ("top_srcdir") ? g_getenv ("top_srcdir") : ".";

  return g_build_filename (top, "tests", "data", name, NULL);
}

MigLoadedResult *
recorded_load (const char *name)
{
  g_autofree char *path = path_of (name);
  g_autoptr (GError) error = NULL;
  MigLoadedResult *loaded = mig_loaded_result_read (path, &error);

  g_assert_no_error (error);
  return loaded;
}

typedef struct {
  MigResultWriter *writer;
  MigTable table;
  gint64 last_run;
} Copy;

static gboolean
copy_row (gconstpointer record, gpointer data, GError **error)
{
  const Copy *copy = data;
  gboolean of_runs = strcmp (mig_table_info (copy->table)->columns[0].name, "run") == 0;

  return (of_runs && *(const gint64 *) record > copy->last_run) ||
         mig_result_writer_append (copy->writer, copy->table, record, error);
}

void
recorded_renew (const char *name, gint64 last_run, const char *directory)
{
  g_autofree char *path = path_of (name), *study = g_build_filename (path, "study.xml", NULL);
  g_autofree char *xml = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_autoptr (MigResult) result = mig_result_open (path, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (study, &xml, &size, NULL));
  g_autoptr (MigResultWriter)
      writer = mig_result_writer_new (directory, xml, size, mig_result_manifest (result), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < MIG_N_TABLES; i++)
    {
      Copy copy = { writer, i, last_run };
      mig_result_foreach (result, i, copy_row, &copy, &error);
      g_assert_no_error (error);
    }
  g_assert_true (mig_result_writer_finish (writer, NULL));
}
