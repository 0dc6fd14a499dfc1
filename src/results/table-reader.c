/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <csv.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "results/cell.h"
#include "results/table-reader.h"

#define BLOCK_SIZE (64 * 1024)
#define COLUMNS_MAX 256
/* characters of a bad cell that an error message shows; they may be anything */
#define CELL_SHOWN 40

typedef struct {
  MigTable table;
  const MigTableInfo *info;
  const char *label;
  MigRecordFunc func;
  gpointer data;
  struct csv_parser parser;
  guint64 line; /* physical line that is being parsed, from 1 */
  gboolean have_header;
  guint cell; /* index of the next cell in its row */
  gsize row_bytes;
  GArray *columns; /* of const MigColumn *, as in the first line; NULL: unknown */
  GString **texts; /* one per column of the table: the row's texts, memory reused */
  gpointer record;
  GError *error;
} Reader;

G_GNUC_PRINTF (2, 3)
static void
fail (Reader *self, const char *format, ...)
{
  va_list args;

  if (self->error)
    return;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (&self->error, MIG_ERROR, MIG_ERROR_INVALID, "%s:%" G_GUINT64_FORMAT ": %s",
               self->label, self->line, text);
}

static const MigColumn *
find_column (const MigTableInfo *info, const char *name)
{
  for (guint i = 0; i < info->n_columns; i++)
    if (strcmp (info->columns[i].name, name) == 0)
      return &info->columns[i];
  return NULL;
}

static void
header_cell (Reader *self, const char *name)
{
  const MigColumn *column = find_column (self->info, name);

  if (self->columns->len == COLUMNS_MAX)
    {
      fail (self, "more than %d columns", COLUMNS_MAX);
      return;
    }
  for (guint i = 0; column && i < self->columns->len; i++)
    if (g_array_index (self->columns, const MigColumn *, i) == column)
      fail (self, "duplicate column '%s'", name);
  g_array_append_val (self->columns, column);
}

static void
end_header (Reader *self)
{
  const MigColumn *key = &self->info->columns[0];

  self->have_header = TRUE;
  for (guint i = 0; i < self->columns->len; i++)
    if (g_array_index (self->columns, const MigColumn *, i) == key)
      return;
  fail (self,
        "column '%s' is missing; expected the column names of table '%s', separated by commas",
        key->name, self->info->name);
}

static void
text_cell (Reader *self, const MigColumn *column, const char *text, gsize size)
{
  if (strlen (text) != size || !g_utf8_validate_len (text, size, NULL))
    {
      fail (self, "column '%s' holds bytes that are not UTF-8 text", column->name);
      return;
    }
  const char *bare = mig_cell_unprotect (text);
  GString *copy = self->texts[column - self->info->columns];
  g_string_truncate (copy, 0);
  g_string_append_len (copy, bare, size - (bare - text));
  G_STRUCT_MEMBER (char *, self->record, column->offset) = copy->str;
}

static void
data_cell (Reader *self, const char *text, gsize size)
{
  if (self->cell >= self->columns->len)
    {
      fail (self, "more cells than the %u columns of the first line", self->columns->len);
      return;
    }
  const MigColumn *column = g_array_index (self->columns, const MigColumn *, self->cell);
  if (!column || !text)
    return;
  gpointer member = G_STRUCT_MEMBER_P (self->record, column->offset);
  gboolean ok = TRUE;
  switch (column->type)
    {
    case MIG_TYPE_INT:
      ok = mig_cell_parse_int (text, size, member);
      break;
    case MIG_TYPE_DOUBLE:
      ok = mig_cell_parse_double (text, size, member);
      break;
    case MIG_TYPE_STRING:
      text_cell (self, column, text, size);
      break;
    }
  if (ok)
    return;
  g_autofree char *shown = mig_text_printable (text, CELL_SHOWN);
  fail (self, "'%s' in column '%s' is not %s", shown, column->name,
        column->type == MIG_TYPE_INT ? "an integer" : "a number");
}

/* forget_row: all members missing. The texts belong to the reader: init, not clear. */
static void
forget_row (Reader *self)
{
  mig_record_init (self->table, self->record);
  self->cell = 0;
  self->row_bytes = 0;
}

static void
on_cell (void *cell, size_t size, void *data)
{
  Reader *self = data;

  if (self->error)
    return;
  if (size > MIG_CELL_MAX)
    fail (self, "cell longer than %d bytes (a quote that never ends?)", MIG_CELL_MAX);
  else if (self->have_header)
    data_cell (self, cell, size);
  else
    header_cell (self, cell ? cell : "");
  self->cell++;
}

static void
on_row (int terminator, void *data)
{
  Reader *self = data;

  if (self->error)
    return;
  if (!self->have_header)
    end_header (self);
  else if (self->cell != self->columns->len)
    fail (self, "%u cells where the first line has %u columns", self->cell, self->columns->len);
  else
    {
      if (self->info->line_offset)
        G_STRUCT_MEMBER (guint, self->record, self->info->line_offset) = (guint) self->line;
      self->func (self->record, self->data, &self->error);
    }
  forget_row (self);
}

static int
no_space (unsigned char c)
{
  return 0;
}

/* feed: (a piece of) one physical line. */
static gboolean
feed (Reader *self, const char *bytes, gsize size)
{
  self->row_bytes += size;
  if (self->row_bytes > MIG_ROW_MAX)
    fail (self, "row longer than %d bytes (a quote that never ends?)", MIG_ROW_MAX);
  else if (csv_parse (&self->parser, bytes, size, on_cell, on_row, self) != size)
    fail (self, "not valid CSV: %s", csv_strerror (csv_error (&self->parser)));
  return !self->error;
}

/* feed_block: whole lines up to the last line break; *used: bytes taken. */
static gboolean
feed_block (Reader *self, const char *block, gsize size, gsize *used)
{
  const char *start = block, *newline;

  while ((newline = memchr (start, '\n', block + size - start)))
    {
      gsize length = newline + 1 - start;
      if (self->line == 1 && length >= 3 && memcmp (start, "\xef\xbb\xbf", 3) == 0)
        start += 3, length -= 3;
      if (!feed (self, start, length))
        return FALSE;
      start = newline + 1;
      self->line++;
    }
  *used = start - block;
  return TRUE;
}

static gboolean
finish (Reader *self)
{
  if (self->parser.pstate != 0 && self->row_bytes > 0)
    {
      /* a line break is behind us, yet the row is still open */
      fail (self, "a quoted cell never ends");
      return FALSE;
    }
  if (self->line > 1 && !self->have_header)
    fail (self, "lines without text, and no header: damaged; copy it again");
  return !self->error;
}

static gboolean
read_all (Reader *self, int fd)
{
  g_autofree char *block = g_malloc (MIG_ROW_MAX + BLOCK_SIZE);
  gsize have = 0;

  for (;;)
    {
      gssize got = read (fd, block + have, BLOCK_SIZE);
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        {
          mig_error_set_errno (&self->error, errno, "cannot read '%s'", self->label);
          return FALSE;
        }
      if (got == 0)
        return finish (self);
      gsize used;
      have += got;
      if (!feed_block (self, block, have, &used))
        return FALSE;
      have -= used;
      memmove (block, block + used, have);
      if (have > MIG_ROW_MAX)
        {
          fail (self, "line longer than %d bytes", MIG_ROW_MAX);
          return FALSE;
        }
    }
}

gboolean
mig_table_check_whole (int fd, const char *label, GError **error)
{
  char last;
  off_t size = lseek (fd, 0, SEEK_END);

  if (size < 0 || (size > 0 && pread (fd, &last, 1, size - 1) != 1))
    {
      mig_error_set_errno (error, errno, "cannot read '%s'", label);
      return FALSE;
    }
  if (size > 0 && last == '\n')
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "%s: %s; copy it again", label,
               size == 0 ? "empty, without a header: damaged"
                         : "the last line has no line break: the file was cut off");
  return FALSE;
}

gboolean
mig_table_read (int fd, MigTable table, const char *label, MigRecordFunc func, gpointer data,
                GError **error)
{
  const MigTableInfo *info = mig_table_info (table);
  Reader self = {
    .table = table, .info = info, .label = label, .func = func, .data = data, .line = 1
  };

  if (csv_init (&self.parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL | CSV_EMPTY_IS_NULL) !=
      0)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "cannot set up the CSV parser for '%s'",
                   label);
      return FALSE;
    }
  csv_set_space_func (&self.parser, no_space);
  self.columns = g_array_new (FALSE, FALSE, sizeof (const MigColumn *));
  self.texts = g_new (GString *, info->n_columns);
  for (guint i = 0; i < info->n_columns; i++)
    self.texts[i] = g_string_new (NULL);
  self.record = g_malloc0 (info->record_size);
  forget_row (&self);

  gboolean ok = read_all (&self, fd);
  if (!ok)
    g_propagate_error (error, self.error);

  for (guint i = 0; i < info->n_columns; i++)
    g_string_free (self.texts[i], TRUE);
  g_free (self.texts);
  g_free (self.record);
  g_array_unref (self.columns);
  csv_free (&self.parser);
  return ok;
}
