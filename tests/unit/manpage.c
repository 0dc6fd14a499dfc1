/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "tests/unit/manpage.h"

static char *
join_text (char **lines, guint *i)
{
  GString *text = g_string_new (NULL);

  while (lines[*i + 1] && *lines[*i + 1] != '.')
    g_string_append_printf (text, "%s%s", text->len ? " " : "", lines[++*i]);
  return g_string_free (text, FALSE);
}

GHashTable *
manpage_items (const char *name)
{
  GHashTable *items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *top = g_getenv ("top_srcdir");
  g_autofree char *path = g_build_filename (top ? top : ".", "doc", name, NULL);
  g_autofree char *source = NULL, *section = g_strdup ("");
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &source, NULL, &error);
  g_assert_no_error (error);
  g_auto (GStrv) lines = g_strsplit (source, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    {
      if (g_str_has_prefix (lines[i], ".Ss "))
        {
          g_free (section);
          section = g_strdup (lines[i] + 4);
        }
      if (!g_str_has_prefix (lines[i], ".It Cm "))
        continue;
      g_auto (GStrv) words = g_strsplit (lines[i] + 7, " Pq ", 2);
      g_autofree char *text = join_text (lines, &i);
      g_hash_table_add (items, g_strdup_printf ("%s|%s|%s|%s", section, words[0], words[1], text));
    }
  return items;
}

void
manpage_take (GHashTable *items, const char *section, const char *word, const char *unit,
              const char *text)
{
  g_autofree char *item = g_strdup_printf ("%s|%s|%s|%s.", section, word, unit, text);

  if (!g_hash_table_remove (items, item))
    g_error ("the manual page lacks: %s", item);
}

void
manpage_assert_empty (GHashTable *items, const char *suffix)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, items);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    {
      g_autofree char *section = g_strndup (item, strcspn (item, "|"));
      if (g_str_has_suffix (section, suffix))
        g_error ("the manual page has what the code has not: %s", (char *) item);
    }
}
