/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "results/result.h"
#include "results/table-writer.h"

#define COMPLETE "COMPLETE"

typedef struct {
  int fd;
  gsize size;
} OpenFile;

struct _MigResultWriter {
  GMutex lock;
  MigDir dir;
  MigTableWriter *tables[MIG_N_TABLES];
  GHashTable *files; /* name -> OpenFile: appended to since the last commit */
  gint64 last_run;
  gboolean complete; /* it was when it was opened, and nothing may be appended yet */
  GError *failure;   /* the first one; kept */
};

static void
open_file_free (gpointer data)
{
  OpenFile *file = data;
  close (file->fd);
  g_free (file);
}

static gboolean
open_tables (MigResultWriter *self, GError **error)
{
  for (guint i = 0; i < MIG_N_TABLES; i++)
    {
      self->tables[i] = mig_table_writer_open (&self->dir, i, &self->last_run, error);
      if (!self->tables[i])
        return FALSE;
    }
  return TRUE;
}

static MigResultWriter *
writer_alloc (void)
{
  MigResultWriter *self = g_new0 (MigResultWriter, 1);

  g_mutex_init (&self->lock);
  self->dir.fd = -1;
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, open_file_free);
  return self;
}

MigResultWriter *
mig_result_writer_new (const char *path, const char *study_xml, gsize study_xml_size,
                       const MigManifest *manifest, GError **error)
{
  g_autoptr (MigResultWriter) self = writer_alloc ();

  if (!mig_dir_create (&self->dir, path, error) || !mig_dir_lock (&self->dir, error) ||
      !mig_dir_save (&self->dir, "study.xml", study_xml, study_xml_size, error) ||
      !mig_manifest_save (manifest, &self->dir, error) || !open_tables (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

static MigResultWriter *
open_existing (const char *path, gboolean may_be_complete, GError **error)
{
  g_autoptr (MigResultWriter) self = writer_alloc ();
  MigManifest manifest = { 0 };

  if (!mig_dir_open (&self->dir, path, error) || !mig_dir_lock (&self->dir, error) ||
      !mig_manifest_load (&manifest, &self->dir, error))
    return NULL;
  mig_manifest_clear (&manifest);
  self->complete = mig_dir_has (&self->dir, COMPLETE);
  if (self->complete && !may_be_complete)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "nothing to resume: result directory '%s' is complete", path);
      return NULL;
    }
  return open_tables (self, error) ? g_steal_pointer (&self) : NULL;
}

MigResultWriter *
mig_result_writer_resume (const char *path, GError **error)
{
  return open_existing (path, FALSE, error);
}

MigResultWriter *
mig_result_writer_reopen (const char *path, GError **error)
{
  return open_existing (path, TRUE, error);
}

/* enter: takes the lock; FALSE, without it, where an earlier call failed. */
static gboolean
enter (MigResultWriter *self, GError **error)
{
  g_mutex_lock (&self->lock);
  if (!self->failure)
    return TRUE;
  g_propagate_error (error, g_error_copy (self->failure));
  g_mutex_unlock (&self->lock);
  return FALSE;
}

/* leave: releases the lock; keeps the failure, if there was one, and hands it on. */
static gboolean
leave (MigResultWriter *self, GError *failure, GError **error)
{
  self->failure = failure;
  if (failure)
    g_propagate_error (error, g_error_copy (failure));
  g_mutex_unlock (&self->lock);
  return !failure;
}

gboolean
mig_result_writer_continue (MigResultWriter *self, GError **error)
{
  GError *failure = NULL;

  if (!enter (self, error))
    return FALSE;
  if (self->complete && mig_dir_remove (&self->dir, COMPLETE, &failure))
    self->complete = FALSE;
  return leave (self, failure, error);
}

gboolean
mig_result_writer_append (MigResultWriter *self, MigTable table, gconstpointer record,
                          GError **error)
{
  GError *failure = NULL;

  g_return_val_if_fail ((guint) table < MIG_N_TABLES && !self->complete, FALSE);
  if (!enter (self, error))
    return FALSE;
  mig_table_writer_append (self->tables[table], record, &failure);
  return leave (self, failure, error);
}

static void
commit_files (MigResultWriter *self, GError **failure)
{
  GHashTableIter iter;
  gpointer name, data;

  g_hash_table_iter_init (&iter, self->files);
  while (!*failure && g_hash_table_iter_next (&iter, &name, &data))
    if (fsync (((OpenFile *) data)->fd) < 0)
      mig_error_set_errno (failure, errno, "cannot write '%s/%s'", self->dir.path, (char *) name);
  g_hash_table_remove_all (self->files);
}

/* commit_all: the table of runs last: a run that it names has all its rows. */
static void
commit_all (MigResultWriter *self, GError **failure)
{
  for (guint i = 0; i < MIG_N_TABLES && !*failure; i++)
    if (i != MIG_TABLE_RUNS)
      mig_table_writer_commit (self->tables[i], failure);
  commit_files (self, failure);
  if (!*failure && mig_table_writer_commit (self->tables[MIG_TABLE_RUNS], failure))
    mig_dir_sync (&self->dir, failure);
}

gboolean
mig_result_writer_commit (MigResultWriter *self, GError **error)
{
  GError *failure = NULL;

  if (!enter (self, error))
    return FALSE;
  commit_all (self, &failure);
  return leave (self, failure, error);
}

gboolean
mig_result_writer_save (MigResultWriter *self, const char *name, const char *data, gsize size,
                        GError **error)
{
  GError *failure = NULL;

  if (!enter (self, error))
    return FALSE;
  mig_dir_save (&self->dir, name, data, size, &failure);
  return leave (self, failure, error);
}

gboolean
mig_result_writer_has (MigResultWriter *self, const char *name)
{
  return mig_dir_has (&self->dir, name);
}

static OpenFile *
find_file (MigResultWriter *self, const char *name, GError **failure)
{
  OpenFile *file = g_hash_table_lookup (self->files, name);
  struct stat st;

  if (file)
    return file;
  int fd = mig_dir_open_file (&self->dir, name, O_WRONLY | O_CREAT | O_APPEND, failure);
  if (fd < 0)
    return NULL;
  file = g_new0 (OpenFile, 1);
  file->fd = fd;
  file->size = fstat (fd, &st) == 0 ? st.st_size : 0;
  g_hash_table_insert (self->files, g_strdup (name), file);
  return file;
}

gboolean
mig_result_writer_append_file (MigResultWriter *self, const char *name, const char *data,
                               gsize size, gsize max_bytes, GError **error)
{
  GError *failure = NULL;

  if (!enter (self, error))
    return FALSE;
  OpenFile *file = find_file (self, name, &failure);
  if (file)
    {
      gsize room = max_bytes == 0 ? size : max_bytes > file->size ? max_bytes - file->size : 0;
      gsize n = MIN (size, room);
      if (mig_dir_write_all (&self->dir, name, file->fd, data, n, &failure))
        file->size += n;
    }
  return leave (self, failure, error);
}

gboolean
mig_result_writer_finish (MigResultWriter *self, GError **error)
{
  GError *failure = NULL;

  if (!enter (self, error))
    return FALSE;
  commit_all (self, &failure);
  if (!failure)
    mig_dir_save (&self->dir, COMPLETE, "", 0, &failure);
  return leave (self, failure, error);
}

const char *
mig_result_writer_path (MigResultWriter *self)
{
  return self->dir.path;
}

gint64
mig_result_writer_last_run (MigResultWriter *self)
{
  return self->last_run;
}

void
mig_result_writer_free (MigResultWriter *self)
{
  if (!self)
    return;
  for (guint i = 0; i < MIG_N_TABLES; i++)
    if (self->tables[i])
      {
        if (!self->failure)
          mig_table_writer_flush (self->tables[i], NULL);
        mig_table_writer_free (self->tables[i]);
      }
  g_hash_table_unref (self->files);
  g_clear_error (&self->failure);
  mig_dir_close (&self->dir);
  g_mutex_clear (&self->lock);
  g_free (self);
}
