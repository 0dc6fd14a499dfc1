/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/document.h"
#include "report/number.h"

/* A document for a terminal. */

#define WIDTH 100 /* of a document that does not say */
#define INDENT 2
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
} Output;

/* wrap: a paragraph, its lines at most as wide as the text, each behind indent spaces. */
static void
wrap (const Output *to, guint indent, const char *text)
{
  GString *out = to->text;
  g_autofree char *clean = mig_text_clean (text);
  g_auto (GStrv) words = g_strsplit (clean, " ", -1);
  glong used = 0;

  for (guint i = 0; words[i]; i++)
    {
      glong length = g_utf8_strlen (words[i], -1);
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

static void
wrap_block (const Output *to, guint indent, const MigBlock *block)
{
  g_autofree char *text = mig_block_text (block);
  wrap (to, indent, text);
}

/* text_width: columns of a terminal: wide (East Asian) characters take two, combining ones none. */
static guint
text_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

static void
append_cell (GString *out, const char *text, guint width, gboolean right, gboolean last)
{
  guint room = width - text_width (text);

  if (right)
    pad (out, room);
  g_string_append (out, text);
  if (!right && !last)
    pad (out, room);
}

static void
append_table (GString *out, guint indent, const MigGrid *grid)
{
  guint columns = mig_grid_columns (grid), n = mig_grid_rows (grid) * columns;
  g_autofree guint *widths = g_new0 (guint, columns);
  g_auto (GStrv) texts = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    {
      texts[i] = mig_cell_text (mig_grid_cell (grid, i / columns, i % columns));
      widths[i % columns] = MAX (widths[i % columns], text_width (texts[i]));
    }
  for (guint i = 0; i < n; i++)
    {
      guint column = i % columns;
      gboolean last = column + 1 == columns;
      pad (out, column == 0 ? indent : 2);
      append_cell (out, texts[i], widths[column], mig_grid_is_right (grid, column), last);
      if (last)
        g_string_append_c (out, '\n');
    }
}

static void render (const MigBlock *block, guint indent, const Output *to);

static void
render_children (const MigBlock *block, guint indent, const Output *to)
{
  for (guint i = 0; i < block->children->len; i++)
    render (block->children->pdata[i], indent, to);
}

/* append_whole: in one line, however long. */
static void
append_whole (GString *out, const MigBlock *block)
{
  g_autofree char *text = mig_block_text (block);
  g_autofree char *clean = mig_text_clean (text);

  g_string_append_printf (out, "%s\n", clean);
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
      append_table (to->text, indent, block->grid);
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
  const Output to = { out, document->width ? document->width : WIDTH };
  const GPtrArray *head = document->head->children;

  for (guint i = 0; i < head->len; i++)
    append_whole (out, head->pdata[i]);
  render_children (document->body, 0, &to);
}
