/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "results/cell.h"
#include "results/table-writer.h"

#define BUFFER_SIZE (64 * 1024)

struct _MigTableWriter {
  const MigDir *dir;
  const MigTableInfo *info;
  char *name; /* "migrations.csv" */
  int fd;
  gboolean dirty; /* written since the last fsync */
  GString *buffer;
};

static char *
header_line (const MigTableInfo *info)
{
  GString *line = g_string_new (NULL);

  for (guint i = 0; i < info->n_columns; i++)
    g_string_append_printf (line, "%s%s", i ? "," : "", info->columns[i].name);
  g_string_append_c (line, '\n');
  return g_string_free (line, FALSE);
}

static gboolean
fail_errno (MigTableWriter *self, GError **error)
{
  mig_error_set_errno (error, errno, "cannot write '%s/%s'", self->dir->path, self->name);
  return FALSE;
}

/* find_newline: offset of the last line break before end, or -1; one row is one line and a line is
 * at most MIG_ROW_MAX, so one block is enough. *block receives it. */
static gboolean
load_tail (MigTableWriter *self, off_t end, GString *block, GError **error)
{
  gsize want = MIN (end, 2 * MIG_ROW_MAX);

  g_string_set_size (block, want);
  for (gsize have = 0; have < want;)
    {
      gssize n = pread (self->fd, block->str + have, want - have, end - want + have);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return fail_errno (self, error);
      have += n;
    }
  return TRUE;
}

/* last_row_run: the last row's first cell where it is the run. */
static void
last_row_run (MigTableWriter *self, const GString *block, gint64 *last_run)
{
  const char *end = block->str + block->len - 1; /* the last line break */
  const char *before = block->len > 1 ? g_strrstr_len (block->str, end - block->str, "\n") : NULL;
  gint64 run;

  if (!before || strcmp (self->info->columns[0].name, "run") != 0)
    return;
  const char *cell = before + 1;
  g_autofree char *text = g_strndup (cell, strcspn (cell, ",\n"));
  if (mig_cell_parse_int (text, strlen (text), &run) && run > *last_run)
    *last_run = run;
}

/* has_header: whether the file begins with the first line that this version writes. */
static gboolean
has_header (int fd, const MigTableInfo *info)
{
  g_autofree char *header = header_line (info);
  gsize length = strlen (header);
  g_autofree char *start = g_malloc0 (length + 1);

  return pread (fd, start, length, 0) == (gssize) length && strcmp (start, header) == 0;
}

static gboolean
fail_columns (const MigDir *dir, const char *name, GError **error)
{
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "%s/%s:1: its columns differ from those that this version of migcost writes; "
               "start a new result directory instead of resuming",
               dir->path, name);
  return FALSE;
}

/* mend: cuts a half-written last line off and goes to the end. */
static gboolean
mend (MigTableWriter *self, gint64 *last_run, GError **error)
{
  struct stat st;
  g_autoptr (GString) block = g_string_new (NULL);

  if (fstat (self->fd, &st) < 0)
    return fail_errno (self, error);
  if (!load_tail (self, st.st_size, block, error))
    return FALSE;
  const char *newline = block->len ? g_strrstr_len (block->str, block->len, "\n") : NULL;
  gsize kept = newline ? (gsize) (newline + 1 - block->str) : 0;
  off_t size = st.st_size - block->len + kept;
  g_string_truncate (block, kept);
  if (size != st.st_size && ftruncate (self->fd, size) < 0)
    return fail_errno (self, error);
  if (lseek (self->fd, size, SEEK_SET) < 0)
    return fail_errno (self, error);
  if (size == 0)
    {
      g_autofree char *header = header_line (self->info);
      g_string_append (self->buffer, header);
      return TRUE;
    }
  if (!has_header (self->fd, self->info))
    return fail_columns (self->dir, self->name, error);
  last_row_run (self, block, last_run);
  return TRUE;
}

MigTableWriter *
mig_table_writer_open (const MigDir *dir, MigTable table, gint64 *last_run, GError **error)
{
  MigTableWriter *self = g_new0 (MigTableWriter, 1);

  self->dir = dir;
  self->info = mig_table_info (table);
  self->name = g_strconcat (self->info->name, ".csv", NULL);
  self->buffer = g_string_new (NULL);
  self->fd = mig_dir_open_file (dir, self->name, O_RDWR | O_CREAT, error);
  if (self->fd < 0 || !mend (self, last_run, error))
    g_clear_pointer (&self, mig_table_writer_free);
  return self;
}

gboolean
mig_table_writer_check (const MigDir *dir, MigTable table, GError **error)
{
  const MigTableInfo *info = mig_table_info (table);
  g_autofree char *name = g_strconcat (info->name, ".csv", NULL);

  if (!mig_dir_has (dir, name))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "%s/%s is missing: another version of migcost wrote this result; start a new "
                   "result directory instead of resuming",
                   dir->path, name);
      return FALSE;
    }
  int fd = mig_dir_open_file (dir, name, O_RDONLY, error);
  if (fd < 0)
    return FALSE;
  gboolean ok = has_header (fd, info);
  close (fd);
  return ok || fail_columns (dir, name, error);
}

gboolean
mig_table_writer_flush (MigTableWriter *self, GError **error)
{
  if (self->buffer->len == 0)
    return TRUE;
  if (!mig_dir_write_all (self->dir, self->name, self->fd, self->buffer->str, self->buffer->len,
                          error))
    return FALSE;
  g_string_truncate (self->buffer, 0);
  self->dirty = TRUE;
  return TRUE;
}

gboolean
mig_table_writer_append (MigTableWriter *self, gconstpointer record, GError **error)
{
  for (guint i = 0; i < self->info->n_columns; i++)
    {
      if (i > 0)
        g_string_append_c (self->buffer, ',');
      mig_cell_write (self->buffer, &self->info->columns[i], record);
    }
  g_string_append_c (self->buffer, '\n');
  return self->buffer->len < BUFFER_SIZE || mig_table_writer_flush (self, error);
}

gboolean
mig_table_writer_commit (MigTableWriter *self, GError **error)
{
  if (!mig_table_writer_flush (self, error))
    return FALSE;
  if (self->dirty && fsync (self->fd) < 0)
    return fail_errno (self, error);
  self->dirty = FALSE;
  return TRUE;
}

void
mig_table_writer_free (MigTableWriter *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_string_free (self->buffer, TRUE);
  g_free (self->name);
  g_free (self);
}
