/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/document.h"

static void
clear_span (gpointer span)
{
  g_free (((MigSpan *) span)->link);
  g_free (((MigSpan *) span)->text);
}

static void
block_free (gpointer data)
{
  MigBlock *self = data;

  g_free (self->id);
  g_array_unref (self->spans);
  g_ptr_array_unref (self->children);
  mig_grid_free (self->grid);
  g_free (self->svg);
  g_free (self->caption);
  g_free (self);
}

static MigBlock *
block_new (MigMedium medium, MigBlockKind kind)
{
  MigBlock *self = g_new0 (MigBlock, 1);

  self->kind = kind;
  self->medium = medium;
  self->spans = g_array_new (FALSE, FALSE, sizeof (MigSpan));
  g_array_set_clear_func (self->spans, clear_span);
  self->children = g_ptr_array_new_with_free_func (block_free);
  return self;
}

MigDocument *
mig_document_new (MigMedium medium, const char *kicker, char *title)
{
  MigDocument *self = g_new0 (MigDocument, 1);

  self->kicker = g_strdup (kicker);
  self->title = title;
  self->head = block_new (medium, MIG_BLOCK_GROUP);
  self->body = block_new (medium, MIG_BLOCK_GROUP);
  return self;
}

void
mig_document_free (MigDocument *self)
{
  g_free (self->kicker);
  g_free (self->title);
  g_free (self->heading);
  g_free (self->figures);
  block_free (self->head);
  block_free (self->body);
  g_free (self);
}

gboolean
mig_block_is_page (const MigBlock *block)
{
  return block->medium == MIG_MEDIUM_PAGE;
}

gboolean
mig_block_is_terminal (const MigBlock *block)
{
  return block->medium == MIG_MEDIUM_TERMINAL;
}

MigBlock *
mig_block_add (MigBlock *parent, MigBlockKind kind)
{
  MigBlock *block = block_new (parent->medium, kind);

  g_ptr_array_add (parent->children, block);
  return block;
}

static void G_GNUC_PRINTF (2, 0) add_text (MigBlock *block, const char *format, va_list args)
{
  const MigSpan span = { .text = g_strdup_vprintf (format, args) };
  g_array_append_val (block->spans, span);
}

MigBlock *
mig_block_section (MigBlock *parent, const char *id, const char *format, ...)
{
  MigBlock *block = mig_block_add (parent, MIG_BLOCK_SECTION);
  va_list args;

  block->id = g_strdup (id);
  va_start (args, format);
  add_text (block, format, args);
  va_end (args);
  return block;
}

MigBlock *
mig_block_paragraph (MigBlock *parent, MigRole role, const char *format, ...)
{
  MigBlock *block = mig_block_add (parent, MIG_BLOCK_PARAGRAPH);
  va_list args;

  block->role = role;
  va_start (args, format);
  add_text (block, format, args);
  va_end (args);
  return block;
}

MigBlock *
mig_block_item (MigBlock *parent, const char *format, ...)
{
  guint n = parent->children->len;
  MigBlock *list = n > 0 ? parent->children->pdata[n - 1] : NULL;
  va_list args;

  if (!list || list->kind != MIG_BLOCK_LIST)
    list = mig_block_add (parent, MIG_BLOCK_LIST);
  MigBlock *item = mig_block_add (list, MIG_BLOCK_PARAGRAPH);
  va_start (args, format);
  add_text (item, format, args);
  va_end (args);
  return item;
}

void
mig_block_items (MigBlock *parent, const GPtrArray *lines)
{
  for (guint i = 0; lines && i < lines->len; i++)
    mig_block_item (parent, "%s", (const char *) lines->pdata[i]);
}

void
mig_block_table (MigBlock *parent, MigGrid *grid)
{
  if (grid)
    mig_block_add (parent, MIG_BLOCK_TABLE)->grid = grid;
}

MigBlock *
mig_block_figure (MigBlock *parent, const char *id, const char *svg, const char *caption)
{
  MigBlock *block = mig_block_add (parent, MIG_BLOCK_FIGURE);

  block->id = g_strdup (id);
  block->svg = g_strdup (svg);
  block->caption = g_strdup (caption);
  return block;
}

void
mig_block_span (MigBlock *block, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  add_text (block, format, args);
  va_end (args);
}

void
mig_block_strong (MigBlock *block, const char *text)
{
  const MigSpan span = { .strong = TRUE, .text = g_strdup (text) };
  g_array_append_val (block->spans, span);
}

void
mig_block_mark (MigBlock *block, MigMark mark, const char *text)
{
  const MigSpan span = { .mark = mark, .text = g_strdup (text) };
  g_array_append_val (block->spans, span);
}

void
mig_block_link (MigBlock *block, const char *id, const char *text)
{
  const MigSpan span = { .link = g_strdup (id), .text = g_strdup (text) };
  g_array_append_val (block->spans, span);
}

char *
mig_block_text (const MigBlock *block)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < block->spans->len; i++)
    g_string_append (text, g_array_index (block->spans, MigSpan, i).text);
  return g_string_free (text, FALSE);
}
