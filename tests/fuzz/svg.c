/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/svg.h"
#include "tests/fuzz/fuzz.h"

static void
on_element (GMarkupParseContext *context, const char *element, const char **names,
            const char **values, gpointer data, GError **error)
{
  static const char *const active[] = { "script", "a",       "image", "foreignObject",
                                        "style",  "animate", "set",   "iframe" };

  for (guint i = 0; i < G_N_ELEMENTS (active); i++)
    g_assert_cmpstr (element, !=, active[i]);
  for (guint i = 0; names[i]; i++)
    {
      g_autofree char *lower = g_ascii_strdown (values[i], -1);
      g_assert (!g_str_has_prefix (names[i], "on"));
      g_assert (!strstr (lower, "url("));
      g_assert (strcmp (names[i], "href") != 0 || g_str_has_prefix (values[i], "#p-"));
    }
}

/* A picture as a drawing program left it. What becomes part of a page is well formed, runs nothing
 * and loads nothing. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const GMarkupParser parser = { .start_element = on_element };
  g_autoptr (GError) error = NULL;
  g_autofree char *svg = mig_svg_inline ((const char *) data, (gssize) size, "p", "a <picture>",
                                         &error);

  g_assert (!svg == (error != NULL));
  if (svg)
    {
      g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
      g_assert (g_markup_parse_context_parse (context, svg, -1, &error));
      g_assert (g_markup_parse_context_end_parse (context, &error));
    }
  return 0;
}
