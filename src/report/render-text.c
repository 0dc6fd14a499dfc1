/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/text.h"
#include "report/document.h"
#include "report/number.h"

/* A document for a terminal. */

#define WIDTH 100 /* of a document that does not say */
#define INDENT 2
#define GAP 2          /* between the columns of a table */
#define NARROWEST 8    /* column that is still shortened */
#define ENTRY_INDENT 3 /* of what belongs to an entry, behind its number */

static void
pad (GString *out, guint n)
{
  for (; n > 0; n--)
    g_string_append_c (out, ' ');
}

/* A text in the making. */
typedef struct {
  GString *text;
  guint width;
  gboolean narrow; /* tables, too, are no wider */
} Output;

/* wrap: a paragraph, its lines at most as wide as the text, each behind indent spaces. */
static void
wrap (const Output *to, guint indent, const char *text)
{
  GString *out = to->text;
  g_autofree char *clean = mig_text_clean (text);
  g_auto (GStrv) words = g_strsplit (clean, " ", -1);
  guint used = 0;

  for (guint i = 0; words[i]; i++)
    {
      guint length = mig_text_width (words[i]);
      gboolean fits = used > 0 && indent + used + 1 + length <= to->width;
      if (used > 0)
        g_string_append_c (out, fits ? ' ' : '\n');
      if (!fits)
        {
          pad (out, indent);
          used = 0;
        }
      g_string_append (out, words[i]);
      used += length + (fits ? 1 : 0);
    }
  g_string_append_c (out, '\n');
}

/* append_whole: in one line, however long. */
static void
append_whole (GString *out, const MigBlock *block)
{
  g_autofree char *text = mig_block_text (block);
  g_autofree char *clean = mig_text_clean (text);

  g_string_append_printf (out, "%s\n", clean);
}

static void
wrap_block (const Output *to, guint indent, const MigBlock *block)
{
  g_autofree char *text = mig_block_text (block);

  if (block->role != MIG_ROLE_COMMAND)
    return wrap (to, indent, text);
  pad (to->text, indent);
  append_whole (to->text, block);
}

static void
append_cell (GString *out, const char *text, guint width, gboolean right, gboolean last)
{
  guint room = width - mig_text_width (text);

  if (right)
    pad (out, room);
  g_string_append (out, text);
  if (!right && !last)
    pad (out, room);
}

/* A table in the making. */
typedef struct {
  const MigGrid *grid;
  guint columns, n; /* cells of all rows */
  char **texts;
  guint *widths;
} Texts;

/* widest: the left-aligned column that is; columns: none can be narrower. */
static guint
widest (const Texts *self)
{
  guint found = self->columns;

  for (guint c = 0; c < self->columns; c++)
    if (!mig_grid_is_right (self->grid, c) && self->widths[c] > NARROWEST &&
        (found == self->columns || self->widths[c] > self->widths[found]))
      found = c;
  return found;
}

/* narrow: shortens texts, those of the widest columns first, until a row fits. */
static void
narrow (Texts *self, guint room)
{
  guint used = GAP * (self->columns - 1), column;

  for (guint c = 0; c < self->columns; c++)
    used += self->widths[c];
  for (; used > room && (column = widest (self)) < self->columns; used--)
    self->widths[column]--;
  for (guint i = 0; i < self->n; i++)
    {
      g_autofree char *whole = self->texts[i];
      guint width = self->widths[i % self->columns];
      self->texts[i] = mig_text_shorten (whole, width);
    }
}

static void
append_rows (GString *out, guint indent, const Texts *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      guint column = i % self->columns;
      gboolean last = column + 1 == self->columns;
      pad (out, column == 0 ? indent : GAP);
      append_cell (out, self->texts[i], self->widths[column],
                   mig_grid_is_right (self->grid, column), last);
      if (last)
        g_string_append_c (out, '\n');
    }
}

static void
append_table (const Output *to, guint indent, const MigGrid *grid)
{
  guint columns = mig_grid_columns (grid), n = mig_grid_rows (grid) * columns;
  g_autofree guint *widths = g_new0 (guint, columns);
  g_auto (GStrv) texts = g_new0 (char *, n + 1);
  Texts self = { grid, columns, n, texts, widths };

  for (guint i = 0; i < n; i++)
    {
      texts[i] = mig_cell_text (mig_grid_cell (grid, i / columns, i % columns));
      widths[i % columns] = MAX (widths[i % columns], mig_text_width (texts[i]));
    }
  if (to->narrow && columns > 0)
    narrow (&self, to->width > indent ? to->width - indent : 0);
  append_rows (to->text, indent, &self);
}

static void render (const MigBlock *block, guint indent, const Output *to);

static void
render_children (const MigBlock *block, guint indent, const Output *to)
{
  for (guint i = 0; i < block->children->len; i++)
    render (block->children->pdata[i], indent, to);
}

/* begin: a line that stands out, behind an empty one; that of a whole part, which may hold the name
 * of a file, is not broken. */
static void
begin (const MigBlock *block, const Output *to)
{
  if (to->text->len > 0)
    g_string_append_c (to->text, '\n');
  if (block->id)
    append_whole (to->text, block);
  else
    wrap_block (to, 0, block);
}

static void
render_lines (const MigBlock *list, guint indent, const Output *to)
{
  for (guint i = 0; i < list->children->len; i++)
    wrap_block (to, indent, list->children->pdata[i]);
}

/* render_apart: its tables and lists, without empty lines between them. */
static void
render_apart (const MigBlock *block, guint indent, const Output *to)
{
  if (to->text->len > 0 && block->children->len > 0)
    g_string_append_c (to->text, '\n');
  for (guint i = 0; i < block->children->len; i++)
    {
      const MigBlock *child = block->children->pdata[i];
      if (child->kind == MIG_BLOCK_LIST)
        render_lines (child, indent, to);
      else
        render (child, indent, to);
    }
}

static void
render (const MigBlock *block, guint indent, const Output *to)
{
  switch (block->kind)
    {
    case MIG_BLOCK_SECTION:
    case MIG_BLOCK_WARNING:
      if (block->children->len > 0)
        begin (block, to);
      render_children (block, INDENT, to);
      break;
    case MIG_BLOCK_ENTRY:
      wrap_block (to, indent, block);
      render_children (block, indent + ENTRY_INDENT, to);
      break;
    case MIG_BLOCK_PARAGRAPH:
      if (indent == 0)
        begin (block, to);
      else
        wrap_block (to, indent, block);
      break;
    case MIG_BLOCK_TABLE:
      append_table (to, indent, block->grid);
      break;
    case MIG_BLOCK_APART:
      render_apart (block, indent, to);
      break;
    case MIG_BLOCK_GROUP:
    case MIG_BLOCK_LIST:
    case MIG_BLOCK_FACTS:
      render_children (block, indent, to);
      break;
    case MIG_BLOCK_FIGURE:
    case MIG_BLOCK_FIGURES:
    case MIG_BLOCK_FOLD:
    default:
      break;
    }
}

void
mig_render_terminal (const MigDocument *document, GString *out)
{
  const Output to = { out, document->width ? document->width : WIDTH, document->width > 0 };
  const GPtrArray *head = document->head->children;

  for (guint i = 0; i < head->len; i++)
    append_whole (out, head->pdata[i]);
  render_children (document->body, 0, &to);
}
