/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/document.h"

static void (*const renderers[]) (const MigDocument *document, GString *out) = {
  [MIG_MEDIUM_TERMINAL] = mig_render_terminal,
  [MIG_MEDIUM_PAGE] = mig_render_page,
  [MIG_MEDIUM_MARKDOWN] = mig_render_markdown,
};

char *
mig_document_render (const MigDocument *self)
{
  GString *out = g_string_new (NULL);

  renderers[self->body->medium](self, out);
  return g_string_free (out, FALSE);
}
