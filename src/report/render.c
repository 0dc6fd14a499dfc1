/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/document.h"

char *
mig_document_render (const MigDocument *self)
{
  GString *out = g_string_new (NULL);

  (mig_block_is_page (self->body) ? mig_render_page : mig_render_terminal) (self, out);
  return g_string_free (out, FALSE);
}
