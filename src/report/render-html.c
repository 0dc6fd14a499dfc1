/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/document.h"
#include "report/number.h"
#include "report/page-style.h"

/* A document as a page. All texts are escaped, and control characters in them made harmless; only
 * the pictures are put in as they are. */

#define SECTION_LEVEL 2 /* of the headings of sections: h2; those in them: h3 */

static void
append_text (GString *out, const char *text)
{
  g_autofree char *clean = mig_text_clean (text);
  g_autofree char *escaped = g_markup_escape_text (clean, -1);
  g_string_append (out, escaped);
}

static void
append_marked (GString *out, MigMark mark, const char *text)
{
  static const char *const classes[] = {
    [MIG_MARK_OPEN] = "open",
    [MIG_MARK_GOOD] = "supported",
    [MIG_MARK_BAD] = "not-supported",
  };

  if (mark != MIG_MARK_NONE)
    g_string_append_printf (out, "<span class=\"verdict %s\">", classes[mark]);
  append_text (out, text);
  if (mark != MIG_MARK_NONE)
    g_string_append (out, "</span>");
}

static void
append_spans (GString *out, const MigBlock *block)
{
  for (guint i = 0; i < block->spans->len; i++)
    {
      const MigSpan *span = &g_array_index (block->spans, MigSpan, i);
      g_string_append (out, span->strong ? "<b>" : "");
      if (span->link)
        g_string_append_printf (out, "<a href=\"#%s\">", span->link);
      append_marked (out, span->mark, span->text);
      g_string_append (out, span->link ? "</a>" : "");
      g_string_append (out, span->strong ? "</b>" : "");
    }
}

/* append_element: name: "p class=\"meta\""; of it end is "p". */
static void
append_element (GString *out, const char *name, const char *end, const MigBlock *block)
{
  g_string_append_printf (out, "<%s>", name);
  append_spans (out, block);
  g_string_append_printf (out, "</%s>\n", end);
}

static void
append_cell (GString *out, const MigCell *cell, const char *name, gboolean right)
{
  g_autofree char *text = mig_cell_text (cell);

  g_string_append_printf (out, "<%s%s>", name, right ? " class=\"r\"" : "");
  if (cell->kind == MIG_CELL_PICTURE)
    g_string_append (out, cell->text);
  else
    append_marked (out, cell->mark, text);
  g_string_append_printf (out, "</%s>", name);
}

static void
append_table (GString *out, const MigGrid *grid)
{
  g_string_append (out, "<div class=\"scroll\"><table>\n");
  for (guint row = 0; row < mig_grid_rows (grid); row++)
    {
      g_string_append (out, "<tr>");
      for (guint i = 0; i < mig_grid_columns (grid); i++)
        append_cell (out, mig_grid_cell (grid, row, i), row == 0 ? "th" : "td",
                     mig_grid_is_right (grid, i));
      g_string_append (out, "</tr>\n");
    }
  g_string_append (out, "</table></div>\n");
}

static void render (const MigBlock *block, guint level, GString *out);

static void
render_children (const MigBlock *block, guint level, GString *out)
{
  for (guint i = 0; i < block->children->len; i++)
    render (block->children->pdata[i], level, out);
}

static void
render_section (const MigBlock *block, guint level, GString *out)
{
  const char end[] = { 'h', (char) ('0' + level), '\0' };

  if (block->id)
    g_string_append_printf (out, "<section id=\"%s\">\n", block->id);
  append_element (out, end, end, block);
  render_children (block, level + 1, out);
  if (block->id)
    g_string_append (out, "</section>\n");
}

static void
render_figure (const MigBlock *block, guint level, GString *out)
{
  g_string_append_printf (out, "<figure id=\"%s\">\n", block->id);
  if (block->spans->len > 0)
    append_element (out, "h3", "h3", block);
  g_string_append_printf (out, "<div class=\"scroll%s\">%s</div>\n<figcaption>",
                          block->wide ? " wide" : "", block->svg);
  append_text (out, block->caption);
  g_string_append (out, "</figcaption>\n");
  render_children (block, level, out);
  g_string_append (out, "</figure>\n");
}

/* render_within: the children in an element, behind the block's own text where it has some. */
static void
render_within (const MigBlock *block, const char *begin, const char *end, guint level, GString *out)
{
  g_string_append_printf (out, "<%s>\n", begin);
  if (block->spans->len > 0)
    append_element (out, block->kind == MIG_BLOCK_FOLD ? "summary" : "p",
                    block->kind == MIG_BLOCK_FOLD ? "summary" : "p", block);
  render_children (block, level, out);
  g_string_append_printf (out, "</%s>\n", end);
}

static void
render_list (const MigBlock *block, GString *out)
{
  g_string_append (out, "<ul>\n");
  for (guint i = 0; i < block->children->len; i++)
    append_element (out, "li", "li", block->children->pdata[i]);
  g_string_append (out, "</ul>\n");
}

static void
render (const MigBlock *block, guint level, GString *out)
{
  static const char *const paragraphs[] = {
    [MIG_ROLE_PLAIN] = "p",
    [MIG_ROLE_META] = "p class=\"meta\"",
    [MIG_ROLE_ANSWER] = "p class=\"answer\"",
    [MIG_ROLE_COMMAND] = "p",
  };

  switch (block->kind)
    {
    case MIG_BLOCK_SECTION:
      if (block->children->len == 0)
        return;
      return render_section (block, level, out);
    case MIG_BLOCK_ENTRY:
      return render_section (block, level, out);
    case MIG_BLOCK_PARAGRAPH:
      return append_element (out, paragraphs[block->role], "p", block);
    case MIG_BLOCK_LIST:
      return render_list (block, out);
    case MIG_BLOCK_TABLE:
      return append_table (out, block->grid);
    case MIG_BLOCK_WARNING:
      if (block->children->len == 0 && block->spans->len == 0)
        return;
      return render_within (block, "div class=\"warn\"", "div", level, out);
    case MIG_BLOCK_FIGURE:
      return render_figure (block, level, out);
    case MIG_BLOCK_FIGURES:
      return render_within (block, "div class=\"figures\"", "div", level, out);
    case MIG_BLOCK_FACTS:
      return render_within (block, "div class=\"facts\"", "div", level, out);
    case MIG_BLOCK_FOLD:
      return render_within (block, block->open ? "details open=\"\"" : "details", "details", level,
                            out);
    case MIG_BLOCK_APART:
    case MIG_BLOCK_GROUP:
    default:
      return render_children (block, level, out);
    }
}

static void
append_links (GString *out, const MigBlock *body)
{
  g_string_append (out, "<nav>");
  for (guint i = 0; i < body->children->len; i++)
    {
      const MigBlock *block = body->children->pdata[i];
      if (block->kind != MIG_BLOCK_SECTION || block->children->len == 0)
        continue;
      g_string_append_printf (out, "<a href=\"#%s\">", block->id);
      append_spans (out, block);
      g_string_append (out, "</a>\n");
    }
  g_string_append (out, "</nav>\n");
}

void
mig_render_page (const MigDocument *document, GString *out)
{
  mig_page_begin (document->title, out);
  g_string_append_printf (out, "<header>\n<p class=\"meta\">%s</p>\n<h1>", document->kicker);
  append_text (out, document->heading ? document->heading : document->title);
  g_string_append (out, "</h1>\n");
  render_children (document->head, SECTION_LEVEL, out);
  if (document->links)
    append_links (out, document->body);
  g_string_append (out, "</header>\n<main>\n");
  render_children (document->body, SECTION_LEVEL, out);
  g_string_append (out, "</main>\n</body>\n</html>\n");
}
