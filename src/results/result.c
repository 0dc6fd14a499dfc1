/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/units.h"
#include "results/result.h"
#include "results/table-writer.h"

/* of a table that is loaded whole: far more than a study's schedule can have */
#define ROWS_MAX 1000000
/* more than a study may have, which grows by what is asked for in place of its own */
#define STUDY_MAX_BYTES (2 * MIG_MIB)

struct _MigResult {
  MigDir dir;
  MigManifest manifest;
  gboolean complete;
};

/* Every version has written these, and there is no answer without them. Others may be of a later
 * version, or are left out where a result is kept, as heartbeats and samples are for their size. */
static const MigTable indispensable[] = { MIG_TABLE_RUNS, MIG_TABLE_GUESTS, MIG_TABLE_MIGRATIONS };

static char *
file_name (MigTable table)
{
  return g_strconcat (mig_table_info (table)->name, ".csv", NULL);
}

/* check_whole: a table of a complete result. */
static gboolean
check_whole (const MigDir *dir, MigTable table, GError **error)
{
  g_autofree char *name = file_name (table);
  g_autofree char *label = g_build_filename (dir->path, name, NULL);

  if (!mig_dir_has (dir, name))
    {
      for (guint i = 0; i < G_N_ELEMENTS (indispensable); i++)
        if (indispensable[i] == table)
          {
            g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                         "%s: missing from a result that is marked complete: damaged; copy it "
                         "again",
                         label);
            return FALSE;
          }
      return TRUE;
    }
  int fd = mig_dir_open_file (dir, name, O_RDONLY, error);
  if (fd < 0)
    return FALSE;
  gboolean ok = mig_table_check_whole (fd, label, error);
  close (fd);
  return ok;
}

MigResult *
mig_result_open (const char *path, GError **error)
{
  g_autoptr (MigResult) self = g_new0 (MigResult, 1);

  if (!mig_dir_open (&self->dir, path, error) ||
      !mig_manifest_load (&self->manifest, &self->dir, error))
    return NULL;
  self->complete = mig_dir_has (&self->dir, "COMPLETE");
  for (guint i = 0; self->complete && i < MIG_N_TABLES; i++)
    if (!check_whole (&self->dir, i, error))
      return NULL;
  return g_steal_pointer (&self);
}

const MigManifest *
mig_result_manifest (const MigResult *self)
{
  return &self->manifest;
}

const char *
mig_result_path (const MigResult *self)
{
  return self->dir.path;
}

gboolean
mig_result_is_complete (const MigResult *self)
{
  return self->complete;
}

char *
mig_result_study (const MigResult *self, gsize *size)
{
  return mig_dir_load (&self->dir, "study.xml", STUDY_MAX_BYTES, size, NULL);
}

gboolean
mig_result_can_grow (const MigResult *self, GError **error)
{
  for (guint i = 0; i < MIG_N_TABLES; i++)
    if (!mig_table_writer_check (&self->dir, i, error))
      return FALSE;
  return TRUE;
}

gboolean
mig_result_foreach (MigResult *self, MigTable table, MigRecordFunc func, gpointer data,
                    GError **error)
{
  g_autofree char *name = file_name (table);
  g_autofree char *label = g_build_filename (self->dir.path, name, NULL);

  if (!mig_dir_has (&self->dir, name))
    return TRUE;
  int fd = mig_dir_open_file (&self->dir, name, O_RDONLY, error);
  if (fd < 0)
    return FALSE;
  gboolean ok = mig_table_read (fd, table, label, func, data, error);
  close (fd);
  return ok;
}

typedef struct {
  MigTable table;
  GPtrArray *rows;
} Loading;

static gboolean
keep_row (gconstpointer record, gpointer data, GError **error)
{
  Loading *loading = data;

  if (loading->rows->len == ROWS_MAX)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "table '%s' has more than %d rows; expected a result directory",
                   mig_table_info (loading->table)->name, ROWS_MAX);
      return FALSE;
    }
  g_ptr_array_add (loading->rows, mig_record_copy (loading->table, record));
  return TRUE;
}

GPtrArray *
mig_result_load (MigResult *self, MigTable table, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  Loading loading = { table, rows };

  if (!mig_result_foreach (self, table, keep_row, &loading, error))
    return NULL;
  return g_steal_pointer (&rows);
}

void
mig_result_free (MigResult *self)
{
  if (!self)
    return;
  mig_dir_close (&self->dir);
  mig_manifest_clear (&self->manifest);
  g_free (self);
}
