/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "plan/fleet-text.h"

/* Encodings that are told by their first bytes: marks, or the zeros of Latin letters in UTF-16. */
static const struct {
  const char *name, *start;
  gsize size;    /* of the start */
  gboolean mark; /* it is no part of the text */
  gboolean zeros_first, zeros_second;
} encodings[] = {
  { "UTF-8", "\xef\xbb\xbf", 3, TRUE, FALSE, FALSE },
  { "UTF-16LE", "\xff\xfe", 2, TRUE, FALSE, FALSE },
  { "UTF-16BE", "\xfe\xff", 2, TRUE, FALSE, FALSE },
  { "UTF-16LE", "", 0, FALSE, FALSE, TRUE },
  { "UTF-16BE", "", 0, FALSE, TRUE, FALSE },
};

void
mig_fleet_text_recognise (GString *recognised, const char *format, ...)
{
  va_list args;

  if (recognised->len > 0)
    g_string_append (recognised, "; ");
  va_start (args, format);
  g_string_append_vprintf (recognised, format, args);
  va_end (args);
}

static guint
line_at (const char *bytes, gsize offset)
{
  guint line = 1;

  for (gsize i = 0; i < offset; i++)
    line += bytes[i] == '\n' || (bytes[i] == '\r' && bytes[i + 1] != '\n');
  return line;
}

/* encoding_of: its index; the table's length: none of them. */
static guint
encoding_of (const char *bytes, gsize size)
{
  guint i = 0;

  for (; i < G_N_ELEMENTS (encodings); i++)
    {
      gboolean zeros = encodings[i].zeros_first || encodings[i].zeros_second;
      if (!zeros && size >= encodings[i].size &&
          memcmp (bytes, encodings[i].start, encodings[i].size) == 0)
        break;
      if (zeros && size >= 4 && (bytes[0] == 0) == encodings[i].zeros_first &&
          (bytes[1] == 0) == encodings[i].zeros_second &&
          (bytes[2] == 0) == encodings[i].zeros_first &&
          (bytes[3] == 0) == encodings[i].zeros_second)
        break;
    }
  return i;
}

static char *
check_utf8 (const char *bytes, gsize size, const char *label, GError **error)
{
  const char *end = NULL;
  g_autofree char *copy = g_strndup (bytes, size);

  if (g_utf8_validate_len (bytes, size, &end))
    return g_steal_pointer (&copy);
  guint line = line_at (bytes, end - bytes);
  if (*end == '\0')
    g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "%s:%u: holds a zero byte; expected text",
                 label, line);
  else
    g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                 "%s:%u: byte 0x%02x is not UTF-8; save the file as UTF-8 or UTF-16", label, line,
                 (guchar) *end);
  return NULL;
}

char *
mig_fleet_text_decode (const char *bytes, gsize size, const char *label, GString *recognised,
                       GError **error)
{
  guint found = encoding_of (bytes, size);
  g_autoptr (GError) cause = NULL;
  gsize length;

  if (found == G_N_ELEMENTS (encodings))
    return check_utf8 (bytes, size, label, error);
  if (encodings[found].mark)
    {
      bytes += encodings[found].size;
      size -= encodings[found].size;
    }
  if (strcmp (encodings[found].name, "UTF-8") == 0)
    return check_utf8 (bytes, size, label, error);
  g_autofree char *text = g_convert (bytes, size, "UTF-8", encodings[found].name, NULL, &length,
                                     &cause);
  mig_fleet_text_recognise (recognised, "%s", encodings[found].name);
  if (text)
    return check_utf8 (text, length, label, error);
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "%s:1: cannot be read as %s: %s", label,
               encodings[found].name, cause->message);
  return NULL;
}
