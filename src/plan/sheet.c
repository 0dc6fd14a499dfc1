/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <csv.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "plan/sheet.h"
#include "results/cell.h"

#define COLUMNS_MAX 256
/* characters of the first line that a message shows */
#define SHOWN 60

static const char separators[] = { ',', ';', '\t', '|' };

typedef struct {
  MigSheet *sheet;
  struct csv_parser parser;
  GPtrArray *cells; /* of the row that is being read */
  guint line, row_line;
  gboolean hash;
  gboolean first_only; /* stop after one row */
  gsize row_bytes;
  GError *error;
} Parser;

gboolean
mig_sheet_error (GError **error, const char *label, guint line, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *clean = mig_text_printable (text, 0);
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "%s:%u: %s", label, line, clean);
  return FALSE;
}

static void
free_row (gpointer data)
{
  MigSheetRow *row = data;

  g_strfreev (row->cells);
  g_free (row);
}

void
mig_sheet_free (MigSheet *self)
{
  g_ptr_array_unref (self->rows);
  g_free (self);
}

static void
on_cell (void *cell, size_t size, void *data)
{
  Parser *self = data;

  if (self->error)
    return;
  if (size > MIG_CELL_MAX)
    mig_sheet_error (&self->error, self->sheet->label, self->line,
                     "cell longer than %d bytes (a quote that never ends?)", MIG_CELL_MAX);
  else if (self->cells->len == COLUMNS_MAX)
    mig_sheet_error (&self->error, self->sheet->label, self->line, "more than %d columns",
                     COLUMNS_MAX);
  else
    g_ptr_array_add (self->cells, g_strndup (cell ? cell : "", size));
}

static gboolean
is_empty (const GPtrArray *cells)
{
  for (guint i = 0; i < cells->len; i++)
    if (*(const char *) cells->pdata[i])
      return FALSE;
  return TRUE;
}

static void
on_row (int terminator, void *data)
{
  Parser *self = data;

  if (!self->error && !is_empty (self->cells))
    {
      MigSheetRow *row = g_new0 (MigSheetRow, 1);
      row->line = self->row_line;
      row->hash = self->hash;
      row->n = self->cells->len;
      g_ptr_array_add (self->cells, NULL);
      row->cells = (char **) g_ptr_array_steal (self->cells, NULL);
      g_ptr_array_add (self->sheet->rows, row);
    }
  g_ptr_array_set_size (self->cells, 0);
  self->row_bytes = 0;
}

/* line_length: with its end, which is LF, CR LF or CR. */
static gsize
line_length (const char *text)
{
  gsize n = strcspn (text, "\r\n");

  return n + (text[n] == '\r' && text[n + 1] == '\n' ? 2 : text[n] ? 1 : 0);
}

static gboolean
feed (Parser *self, const char *line, gsize size)
{
  self->row_bytes += size;
  if (self->row_bytes > MIG_ROW_MAX)
    mig_sheet_error (&self->error, self->sheet->label, self->row_line,
                     "row longer than %d bytes (a quote that never ends?)", MIG_ROW_MAX);
  else if (csv_parse (&self->parser, line, size, on_cell, on_row, self) != size)
    mig_sheet_error (&self->error, self->sheet->label, self->line, "not valid CSV: %s",
                     csv_strerror (csv_error (&self->parser)));
  return !self->error;
}

/* parse: what follows the comments. */
static gboolean
parse (Parser *self, const char *text)
{
  gboolean open = FALSE;

  for (; *text && !self->error; self->line++)
    {
      gsize size = line_length (text);
      if (!open)
        {
          self->row_line = self->line;
          self->hash = *text == '#';
        }
      if (!feed (self, text, size))
        return FALSE;
      open = self->parser.pstate != 0 && self->row_bytes > 0;
      if (self->first_only && self->sheet->rows->len > 0)
        return TRUE;
      text += size;
    }
  if (!self->error && csv_fini (&self->parser, on_cell, on_row, self) != 0)
    mig_sheet_error (&self->error, self->sheet->label, self->row_line,
                     "a quoted cell that begins here never ends");
  return !self->error;
}

static MigSheet *
parse_with (const char *text, const char *label, char separator, guint line, gboolean first_only,
            GError **error)
{
  Parser self = { .line = line, .first_only = first_only };
  g_autoptr (MigSheet) sheet = g_new0 (MigSheet, 1);

  sheet->label = label;
  sheet->rows = g_ptr_array_new_with_free_func (free_row);
  if (csv_init (&self.parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "cannot set up the CSV parser for '%s'",
                   label);
      return NULL;
    }
  csv_set_delim (&self.parser, separator);
  self.sheet = sheet;
  self.cells = g_ptr_array_new_with_free_func (g_free);
  gboolean ok = parse (&self, text);
  if (!ok)
    g_propagate_error (error, self.error);
  g_ptr_array_unref (self.cells);
  csv_free (&self.parser);
  return ok ? g_steal_pointer (&sheet) : NULL;
}

/* known_with: how many columns of the first row are known; 0 where it is not valid. */
static guint
known_with (const char *text, const char *label, char separator, MigSheetKnown known)
{
  g_autoptr (MigSheet) sheet = parse_with (text, label, separator, 1, TRUE, NULL);
  guint n = 0;

  for (guint i = 0; sheet && sheet->rows->len > 0 && i < mig_sheet_row (sheet, 0)->n; i++)
    n += known (mig_sheet_row (sheet, 0)->cells[i]);
  return n;
}

/* skip: comments, empty lines and 'sep=' before the first row. */
static const char *
skip (const char *text, guint *line, char *separator)
{
  for (;; ++*line)
    {
      gsize size = line_length (text);
      const char *bare = *text == '"' ? text + 1 : text;
      gboolean says = g_ascii_strncasecmp (bare, "sep=", 4) == 0 && bare[4] && bare[4] != '\r' &&
                      bare[4] != '\n';
      if (says)
        *separator = bare[4];
      if (size == 0 || (!says && *text != '#' && *text != '\r' && *text != '\n'))
        return text;
      text += size;
    }
}

/* find_separator: of which most columns are known; 0: none, or two alike. */
static char
find_separator (const char *text, const char *label, MigSheetKnown known, guint *n_known)
{
  char best = 0;

  *n_known = 0;
  for (guint i = 0; i < G_N_ELEMENTS (separators); i++)
    {
      guint n = known_with (text, label, separators[i], known);
      if (n == *n_known)
        best = 0;
      if (n <= *n_known)
        continue;
      best = separators[i];
      *n_known = n;
    }
  return best;
}

MigSheet *
mig_sheet_parse (const char *text, const char *label, MigSheetKnown known, char *separator,
                 GError **error)
{
  guint line = 1, n_known = 0;
  const char *start = skip (text, &line, separator);
  g_autofree char *first = g_strndup (start, strcspn (start, "\r\n"));
  g_autofree char *shown = mig_text_printable (first, SHOWN);

  if (*start == '\0')
    mig_sheet_error (error, label, line,
                     "the file holds no rows; expected a first line such as "
                     "vm,host,memory,cpus");
  else if (*separator == 0 && (*separator = find_separator (start, label, known, &n_known)) == 0)
    {
      if (n_known > 0)
        mig_sheet_error (error, label, line,
                         "'%s' can be separated in more than one way; expected the column names, "
                         "separated by commas",
                         shown);
      else
        mig_sheet_error (error, label, line,
                         "no column names were found in '%s'; expected a first line such as "
                         "vm,host,memory,cpus, or a format with --read-as",
                         shown);
    }
  else
    return parse_with (start, label, *separator, line, FALSE, error);
  return NULL;
}
