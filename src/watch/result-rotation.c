/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "results/dir.h"
#include "watch/result-rotation.h"

struct _MigResultRotation {
  char *path, *study_xml;
  guint64 full_bytes;
  guint keep, number;
  GQueue paths; /* of those that are there, the oldest first */
  MigResultWriter *writer;
};

static gboolean
open_next (MigResultRotation *self, GError **error)
{
  char *path = g_strdup_printf ("%s/%04u", self->path, self->number + 1);
  MigManifest manifest = { .study_name = (char *) MIG_WATCH_NAME,
                           .study_title = (char *) MIG_WATCH_TITLE,
                           .started_utc_ns = mig_clock_utc_now (),
                           .started_clock_ns = mig_clock_now () };

  self->writer = mig_result_writer_new (path, self->study_xml, strlen (self->study_xml), &manifest,
                                        error);
  if (!self->writer)
    {
      g_free (path);
      return FALSE;
    }
  self->number++;
  g_queue_push_tail (&self->paths, path);
  while (g_queue_get_length (&self->paths) > self->keep)
    {
      g_autofree char *oldest = g_queue_pop_head (&self->paths);
      g_autoptr (GError) cause = NULL;
      if (mig_files_remove_tree (oldest, &cause))
        mig_info ("removed the oldest result, %s", oldest);
      else
        mig_warning ("%s", cause->message);
    }
  return TRUE;
}

MigResultRotation *
mig_result_rotation_new (const char *path, const char *study_xml, guint64 full_bytes, guint keep,
                         GError **error)
{
  g_autoptr (MigResultRotation) self = g_new0 (MigResultRotation, 1);
  MigDir dir = { -1, NULL };

  g_queue_init (&self->paths);
  self->path = g_strdup (path);
  self->study_xml = g_strdup (study_xml);
  self->full_bytes = full_bytes;
  self->keep = MAX (keep, 1);
  if (!mig_dir_create (&dir, path, error))
    return NULL;
  mig_dir_close (&dir);
  return open_next (self, error) ? g_steal_pointer (&self) : NULL;
}

MigResultWriter *
mig_result_rotation_writer (const MigResultRotation *self)
{
  return self->writer;
}

/* What the files of a result take; it has no folders that grow. */
static guint64
size_of (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint64 sum = 0;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      struct stat st;
      if (lstat (file, &st) == 0)
        sum += (guint64) st.st_size;
    }
  return sum;
}

gboolean
mig_result_rotation_is_full (const MigResultRotation *self)
{
  return size_of (mig_result_writer_path (self->writer)) >= self->full_bytes;
}

gboolean
mig_result_rotation_commit (MigResultRotation *self, gboolean *fresh, GError **error)
{
  *fresh = FALSE;
  if (!mig_result_writer_commit (self->writer, error))
    return FALSE;
  if (!mig_result_rotation_is_full (self))
    return TRUE;
  if (!mig_result_rotation_finish (self, error))
    return FALSE;
  *fresh = TRUE;
  return open_next (self, error);
}

gboolean
mig_result_rotation_finish (MigResultRotation *self, GError **error)
{
  gboolean ok = mig_result_writer_finish (self->writer, error);
  g_clear_pointer (&self->writer, mig_result_writer_free);
  return ok;
}

void
mig_result_rotation_free (MigResultRotation *self)
{
  if (!self)
    return;
  g_clear_pointer (&self->writer, mig_result_writer_free);
  g_queue_clear_full (&self->paths, g_free);
  g_free (self->path);
  g_free (self->study_xml);
  g_free (self);
}
