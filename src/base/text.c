/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/text.h"

static char *
clean (const char *text, gsize size, gsize max_chars, const char *keep)
{
  g_autofree char *valid = g_utf8_make_valid (text, size);
  GString *out = g_string_sized_new (strlen (valid));
  gsize count = 0;

  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (max_chars && count++ == max_chars)
        {
          g_string_append (out, "...");
          break;
        }
      gboolean kept = c < 0x80 && strchr (keep, (int) c);
      g_string_append_unichar (out, kept || g_unichar_isprint (c) ? c : ' ');
    }
  return g_string_free (out, FALSE);
}

char *
mig_text_printable (const char *text, gsize max_chars)
{
  return clean (text, strlen (text), max_chars, "");
}

char *
mig_text_printable_lines (const char *text, gsize size)
{
  return clean (text, size, 0, "\n\t");
}

char *
mig_text_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text ? text : "-", -1);
  GString *clean = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (c);
      gboolean bad = type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
                     type == G_UNICODE_SURROGATE || type == G_UNICODE_LINE_SEPARATOR ||
                     type == G_UNICODE_PARAGRAPH_SEPARATOR || type == G_UNICODE_PRIVATE_USE;
      g_string_append_unichar (clean, bad ? '?' : c);
    }
  return g_string_free (clean, FALSE);
}

static guint
char_width (gunichar c)
{
  return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
}

guint
mig_text_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p; p = g_utf8_next_char (p))
    width += char_width (g_utf8_get_char (p));
  return width;
}

/* beginning: the bytes of as many characters as take at most so many columns. */
static gsize
beginning (const char *text, guint columns)
{
  const char *p = text;

  for (guint width = 0; *p; p = g_utf8_next_char (p))
    if ((width += char_width (g_utf8_get_char (p))) > columns)
      break;
  return (gsize) (p - text);
}

char *
mig_text_shorten (const char *text, guint columns)
{
  guint width = mig_text_width (text), room = columns > 3 ? columns - 3 : 0;

  if (width <= columns)
    return g_strdup (text);
  if (room == 0)
    return g_strndup ("...", columns);
  gsize head = beginning (text, room / 3);
  const char *tail = text + head;
  while (mig_text_width (tail) > room - room / 3)
    tail = g_utf8_next_char (tail);
  return g_strdup_printf ("%.*s...%s", (int) head, text, tail);
}
