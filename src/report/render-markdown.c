/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/document.h"
#include "report/number.h"

/* A document as Markdown (CommonMark, with the tables of GitHub's). Names that a result holds
 * cannot become markup. */

#define WIDTH 120     /* of a document that does not say */
#define FIRST_LEVEL 2 /* of the headings of sections: the title has 1 */
#define DEEPEST_LEVEL 6

typedef struct {
  GString *text;
  guint width;
  const char *figures; /* where figures lie, relative to the text; NULL: nowhere */
} Output;

/* append_escaped: what would be markup anywhere in a line. */
static void
append_escaped (GString *out, const char *text)
{
  g_autofree char *clean = mig_text_clean (text);

  for (const char *p = clean; *p; p++)
    if (*p == '<')
      g_string_append (out, "&lt;");
    else if (*p == '>')
      g_string_append (out, "&gt;");
    else if (*p == '&')
      g_string_append (out, "&amp;");
    else
      {
        if (strchr ("\\`*_[]|~", *p))
          g_string_append_c (out, '\\');
        g_string_append_c (out, *p);
      }
}

/* begins_markup: whether a word would be markup at the beginning of a line. */
static gboolean
begins_markup (const char *word)
{
  gsize digits = strspn (word, "0123456789");

  return *word == '#' || (*word && strspn (word, "-+=") == strlen (word)) ||
         (digits > 0 && (word[digits] == '.' || word[digits] == ')') && !word[digits + 1]);
}

static void
append_word_that_begins (GString *out, const char *word)
{
  gsize digits = strspn (word, "0123456789");

  if (begins_markup (word))
    {
      g_string_append_len (out, word, (gssize) digits);
      g_string_append_c (out, '\\');
      word += digits;
    }
  g_string_append (out, word);
}

static char *
spans_text (const MigBlock *block)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < block->spans->len; i++)
    {
      const MigSpan *span = &g_array_index (block->spans, MigSpan, i);
      gboolean strong = (span->strong || span->mark != MIG_MARK_NONE) && *span->text;
      g_string_append (text, strong ? "**" : "");
      append_escaped (text, span->text);
      g_string_append (text, strong ? "**" : "");
    }
  return g_string_free (text, FALSE);
}

/* part: from a blank line on. */
static void
part (GString *out)
{
  if (out->len > 0)
    g_string_append_c (out, '\n');
}

/* wrap: a text that is Markdown: lines at most as wide as the text, the first behind what it begins
 * with, the others behind as many spaces. */
static void
wrap (const Output *to, const char *begin, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  glong indent = (glong) strlen (begin), used = indent;
  gboolean first = TRUE;

  g_string_append (to->text, begin);
  for (guint i = 0; words[i]; i++)
    {
      glong length = g_utf8_strlen (words[i], -1);
      if (length == 0)
        continue;
      if (!first && used + 1 + length > (glong) to->width)
        {
          g_string_append_printf (to->text, "\n%*s", (int) indent, "");
          used = indent;
          first = TRUE;
        }
      if (first)
        append_word_that_begins (to->text, words[i]);
      else
        g_string_append_printf (to->text, " %s", words[i]);
      used += length + (first ? 0 : 1);
      first = FALSE;
    }
  g_string_append_c (to->text, '\n');
}

static void
wrap_block (const Output *to, const char *begin, const MigBlock *block)
{
  g_autofree char *text = spans_text (block);
  wrap (to, begin, text);
}

/* append_command: a block of code: nothing in it is markup, and its line is not broken. */
static void
append_command (GString *out, const MigBlock *block)
{
  g_autofree char *text = mig_block_text (block);
  g_autofree char *clean = mig_text_clean (text);

  g_string_append_printf (out, "    %s\n", clean);
}

static void
append_paragraph (const Output *to, const MigBlock *block)
{
  part (to->text);
  if (block->role == MIG_ROLE_COMMAND)
    append_command (to->text, block);
  else
    wrap_block (to, "", block);
}

static void
append_list (const Output *to, const MigBlock *list)
{
  part (to->text);
  for (guint i = 0; i < list->children->len; i++)
    wrap_block (to, "- ", list->children->pdata[i]);
}

/* append_row: one of a table; an empty first cell of a heading is one all the same. */
static void
append_row (GString *out, const MigGrid *grid, guint row)
{
  for (guint i = 0; i < mig_grid_columns (grid); i++)
    {
      g_autofree char *text = mig_cell_text (mig_grid_cell (grid, row, i));
      g_string_append (out, i == 0 ? "| " : " ");
      append_escaped (out, text);
      g_string_append (out, " |");
    }
  g_string_append_c (out, '\n');
}

static void
append_table (GString *out, const MigGrid *grid)
{
  part (out);
  for (guint row = 0; row < mig_grid_rows (grid); row++)
    {
      append_row (out, grid, row);
      for (guint i = 0; row == 0 && i < mig_grid_columns (grid); i++)
        g_string_append_printf (out, "%s%s|", i == 0 ? "|" : "",
                                mig_grid_is_right (grid, i) ? "---:" : "---");
      g_string_append (out, row == 0 ? "\n" : "");
    }
}

static void
append_heading (GString *out, guint level, const char *text)
{
  part (out);
  for (guint i = 0; i < MIN (level, DEEPEST_LEVEL); i++)
    g_string_append_c (out, '#');
  g_string_append_printf (out, " %s\n", text);
}

/* append_picture: a reference to its file, which mig_gnuplot_draw() has named. */
static void
append_picture (const Output *to, const MigBlock *block)
{
  g_autofree char *directory = g_uri_escape_string (to->figures, "/", TRUE);
  g_autofree char *heading = spans_text (block);

  part (to->text);
  g_string_append_printf (to->text, "![%s](%s/%s.svg)\n", heading, directory, block->id);
}

static void render (const MigBlock *block, guint level, const Output *to);

static void
render_children (const MigBlock *block, guint level, const Output *to)
{
  for (guint i = 0; i < block->children->len; i++)
    render (block->children->pdata[i], level, to);
}

static void
render_section (const MigBlock *block, guint level, const Output *to)
{
  g_autofree char *heading = spans_text (block);

  append_heading (to->text, level, heading);
  render_children (block, level + 1, to);
}

static void
render_figure (const MigBlock *block, guint level, const Output *to)
{
  if (!to->figures)
    return;
  g_autoptr (GString) caption = g_string_new (NULL);
  append_escaped (caption, block->caption);
  append_picture (to, block);
  part (to->text);
  wrap (to, "", caption->str);
  render_children (block, level, to);
}

static void
render (const MigBlock *block, guint level, const Output *to)
{
  switch (block->kind)
    {
    case MIG_BLOCK_SECTION:
      if (block->children->len > 0)
        render_section (block, level, to);
      break;
    case MIG_BLOCK_ENTRY:
      render_section (block, level, to);
      break;
    case MIG_BLOCK_WARNING:
      if (block->children->len == 0)
        break;
      if (block->spans->len > 0)
        append_paragraph (to, block);
      render_children (block, level, to);
      break;
    case MIG_BLOCK_PARAGRAPH:
      append_paragraph (to, block);
      break;
    case MIG_BLOCK_LIST:
      append_list (to, block);
      break;
    case MIG_BLOCK_TABLE:
      append_table (to->text, block->grid);
      break;
    case MIG_BLOCK_FIGURE:
      render_figure (block, level, to);
      break;
    case MIG_BLOCK_APART:
    case MIG_BLOCK_GROUP:
    case MIG_BLOCK_FACTS:
    case MIG_BLOCK_FIGURES:
      render_children (block, level, to);
      break;
    case MIG_BLOCK_FOLD:
    default:
      break;
    }
}

void
mig_render_markdown (const MigDocument *document, GString *out)
{
  const Output to = { out, document->width ? document->width : WIDTH, document->figures };
  g_autoptr (GString) title = g_string_new (NULL);

  append_escaped (title, document->heading ? document->heading : document->title);
  append_heading (out, 1, title->str);
  render_children (document->head, FIRST_LEVEL, &to);
  render_children (document->body, FIRST_LEVEL, &to);
}
