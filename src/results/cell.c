/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <csv.h>
#include <math.h>
#include <string.h>

#include "results/cell.h"

void
mig_cell_write_int (GString *out, gint64 value)
{
  char digits[24];
  char *p = digits + sizeof digits;
  guint64 rest = value < 0 ? -(guint64) value : (guint64) value;

  if (value <= -MIG_CELL_INT_LIMIT || value >= MIG_CELL_INT_LIMIT) /* MIG_MISSING_INT too */
    return;
  do
    *--p = '0' + rest % 10;
  while (rest /= 10);
  if (value < 0)
    *--p = '-';
  g_string_append_len (out, p, digits + sizeof digits - p);
}

void
mig_cell_write_double (GString *out, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (isfinite (value))
    g_string_append (out, g_ascii_dtostr (number, sizeof number, value));
}

static const char *
skip_digits (const char *p)
{
  while (g_ascii_isdigit (*p))
    p++;
  return p;
}

/* is_decimal: [+-] digits [. digits] [e [+-] digits] and nothing else. */
static gboolean
is_decimal (const char *text)
{
  const char *p = text + (*text == '-' || *text == '+');
  const char *end = skip_digits (p);

  if (end == p)
    return FALSE;
  if (*end == '.')
    end = skip_digits (end + 1);
  if (*end == 'e' || *end == 'E')
    {
      p = end + 1;
      p += *p == '-' || *p == '+';
      end = skip_digits (p);
      if (end == p)
        return FALSE;
    }
  return *end == '\0';
}

static gboolean
needs_protection (const char *text)
{
  return *text == '\'' || (*text && strchr ("=+-@", *text) && !is_decimal (text));
}

const char *
mig_cell_unprotect (const char *text)
{
  return *text == '\'' ? text + 1 : text;
}

/* is_plain: can stand in a cell as it is, without quotes. Names nearly always can. */
static gboolean
is_plain (const char *text)
{
  const char *p = text;

  if (!g_ascii_isalnum (*p))
    return FALSE;
  while (g_ascii_isalnum (*p) || (*p && strchr (" ._-+:/()=", *p)))
    p++;
  return *p == '\0' && p[-1] != ' ' && p - text <= MIG_CELL_TEXT_MAX;
}

/* tidy: valid UTF-8, one line, not too long, protected. */
static char *
tidy (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, strnlen (text, MIG_CELL_TEXT_MAX));

  if (strlen (valid) > MIG_CELL_TEXT_MAX)
    *g_utf8_find_prev_char (valid, valid + MIG_CELL_TEXT_MAX + 1) = '\0';
  for (char *p = valid; *p; p++)
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  return g_strconcat (needs_protection (valid) ? "'" : "", valid, NULL);
}

void
mig_cell_write_text (GString *out, const char *text)
{
  if (!text)
    return;
  if (is_plain (text))
    {
      g_string_append (out, text);
      return;
    }
  g_autofree char *cell = tidy (text);
  gsize size = strlen (cell), at = out->len;
  gsize quoted = csv_write2 (NULL, 0, cell, size, CSV_QUOTE);
  g_string_set_size (out, at + quoted);
  csv_write2 (out->str + at, quoted, cell, size, CSV_QUOTE);
}

void
mig_cell_write (GString *out, const MigColumn *column, gconstpointer record)
{
  const void *member = (const char *) record + column->offset;

  switch (column->type)
    {
    case MIG_TYPE_INT:
      mig_cell_write_int (out, *(const gint64 *) member);
      break;
    case MIG_TYPE_DOUBLE:
      mig_cell_write_double (out, *(const double *) member);
      break;
    case MIG_TYPE_STRING:
      mig_cell_write_text (out, *(const char *const *) member);
      break;
    }
}

gboolean
mig_cell_parse_int (const char *text, gsize size, gint64 *value)
{
  gboolean negative = *text == '-';
  const char *p = text + negative;
  guint64 sum = 0;

  if (!g_ascii_isdigit (*p) || (gsize) (skip_digits (p) - text) != size)
    return FALSE;
  for (; *p; p++)
    {
      guint digit = *p - '0';
      sum = sum * 10 + digit;
      if (sum >= (guint64) MIG_CELL_INT_LIMIT)
        return FALSE;
    }
  *value = negative ? -(gint64) sum : (gint64) sum;
  return TRUE;
}

gboolean
mig_cell_parse_double (const char *text, gsize size, double *value)
{
  if (strlen (text) != size || !is_decimal (text))
    return FALSE;
  double number = g_ascii_strtod (text, NULL);
  if (!isfinite (number))
    return FALSE;
  *value = number;
  return TRUE;
}
