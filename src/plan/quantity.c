/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "plan/quantity.h"

/* What the largest machine of a fleet has, as a rule: the unit that comes nearest is likely. */
#define USUAL_BYTES (128. * MIG_GIB)

static const char *const unknown[] = { "-", "--", "n/a", "na", "nan", "null", "none", "?" };

/* Spellings of units; case counts in those where it makes a difference. */
static const struct {
  MigKind kind;
  const char *unit;
  const char *spellings[6];
} units[] = {
  { MIG_KIND_AMOUNT, "B", { "b", "byte", "bytes" } },
  { MIG_KIND_AMOUNT, "kB", { "kb" } },
  { MIG_KIND_AMOUNT, "MB", { "mb" } },
  { MIG_KIND_AMOUNT, "GB", { "gb" } },
  { MIG_KIND_AMOUNT, "TB", { "tb" } },
  { MIG_KIND_AMOUNT, "KiB", { "kib", "ki" } },
  { MIG_KIND_AMOUNT, "MiB", { "mib", "mi" } },
  { MIG_KIND_AMOUNT, "GiB", { "gib", "gi" } },
  { MIG_KIND_AMOUNT, "TiB", { "tib", "ti" } },
  { MIG_KIND_RATE, "bit/s", { "bit/s", "bps", "bit_s", "bit_per_s" } },
  { MIG_KIND_RATE, "kbit/s", { "kbit/s", "kbps", "kbit_s", "kbit_per_s" } },
  { MIG_KIND_RATE, "Mbit/s", { "mbit/s", "mbps", "mbit_s", "mbit_per_s" } },
  { MIG_KIND_RATE, "Gbit/s", { "gbit/s", "gbps", "gbit_s", "gbit_per_s", "gbe" } },
  { MIG_KIND_RATE, "B/s", { "b/s", "bytes_per_s", "bytes/s" } },
  { MIG_KIND_RATE, "kB/s", { "kb/s" } },
  { MIG_KIND_RATE, "MB/s", { "mb/s" } },
  { MIG_KIND_RATE, "GB/s", { "gb/s" } },
  { MIG_KIND_RATE, "KiB/s", { "kib/s", "kib_per_s" } },
  { MIG_KIND_RATE, "MiB/s", { "mib/s", "mib_per_s" } },
  { MIG_KIND_RATE, "GiB/s", { "gib/s", "gib_per_s" } },
  { MIG_KIND_DURATION, "ns", { "ns" } },
  { MIG_KIND_DURATION, "us", { "us", "µs" } },
  { MIG_KIND_DURATION, "ms", { "ms", "msec" } },
  { MIG_KIND_DURATION, "s", { "s", "sec", "seconds" } },
  { MIG_KIND_DURATION, "min", { "min", "minutes" } },
  { MIG_KIND_DURATION, "h", { "h", "hours" } },
  { MIG_KIND_CPU, "cpus", { "cpus", "cpu", "cores" } },
  { MIG_KIND_CPU, "share", { "share", "fraction" } },
  { MIG_KIND_CPU, "%", { "percent" } },
};

char *
mig_quantity_clean (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *p = text; *p; p = g_utf8_next_char (p))
    g_string_append_unichar (out,
                             g_unichar_isspace (g_utf8_get_char (p)) ? ' ' : g_utf8_get_char (p));
  char *clean = g_strstrip (g_string_free (out, FALSE));
  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    if (g_ascii_strcasecmp (clean, unknown[i]) == 0)
      *clean = '\0';
  return clean;
}

static gboolean
is_part (char c)
{
  return g_ascii_isdigit (c) || c == '.' || c == ',';
}

/* length_of: of the number at the beginning, with its sign, groups and exponent. */
static gsize
length_of (const char *text)
{
  gsize n = *text == '-' || *text == '+';

  if (!g_ascii_isdigit (text[n]))
    return 0;
  while (is_part (text[n]) ||
         ((text[n] == ' ' || text[n] == '\'') && strspn (text + n + 1, "0123456789") == 3))
    n++;
  gsize sign = text[n + 1] == '-' || text[n + 1] == '+';
  if ((text[n] == 'e' || text[n] == 'E') && g_ascii_isdigit (text[n + 1 + sign]))
    n += 1 + sign + strspn (text + n + 1 + sign, "0123456789");
  return n;
}

/* is_grouped: digits before the comma, and groups of three behind it. */
static gboolean
is_grouped (const char *text, gsize n)
{
  gsize digits = strspn (text, "0123456789");

  if (digits < 1 || digits > 3 || *text == '0')
    return FALSE;
  while (digits < n && text[digits] == ',' && strspn (text + digits + 1, "0123456789") == 3)
    digits += 4;
  return digits == n || text[digits] == '.';
}

void
mig_quantity_look (MigNumberStyle *style, const char *clean, guint line)
{
  gsize sign = *clean == '-' || *clean == '+', n = length_of (clean);
  g_autofree char *number = g_strndup (clean + sign, n > sign ? n - sign : 0);
  const char *comma = strchr (number, ','), *last = strrchr (number, ',');

  if (!comma)
    return;
  if (!is_grouped (number, strlen (number)))
    style->decimal_comma = style->decimal_comma ? style->decimal_comma : line;
  else if (comma != last || strchr (number, '.'))
    style->grouping_comma = style->grouping_comma ? style->grouping_comma : line;
  else if (!style->unclear)
    {
      style->unclear = line;
      style->shown = g_strdup (clean);
    }
}

void
mig_number_style_clear (MigNumberStyle *style)
{
  g_clear_pointer (&style->shown, g_free);
}

char *
mig_quantity_number (const MigNumberStyle *style, const char *clean, const char **rest)
{
  gsize n = length_of (clean);
  GString *number = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    if (clean[i] == ',' && style->decimal_comma)
      g_string_append_c (number, '.');
    else if (clean[i] != ' ' && clean[i] != '\'' && clean[i] != ',' &&
             !(clean[i] == '.' && style->decimal_comma && memchr (clean + i, ',', n - i)))
      g_string_append_c (number, clean[i]);
  *rest = clean + n + strspn (clean + n, " ");
  if (n > 0)
    return g_string_free (number, FALSE);
  g_string_free (number, TRUE);
  return NULL;
}

const char *
mig_quantity_unit (MigKind kind, const char *text)
{
  const char *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (units[i].kind == kind && strcmp (units[i].unit, text) == 0)
      return units[i].unit;
  /* Mb/s is no MB/s */
  if (kind == MIG_KIND_RATE && strstr (text, "b/s"))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    for (guint j = 0; units[i].kind == kind && units[i].spellings[j]; j++)
      if (g_ascii_strcasecmp (units[i].spellings[j], text) == 0)
        found = units[i].unit;
  return found;
}

const char *
mig_quantity_unit_at (MigKind kind, guint index)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (units[i].kind == kind && index-- == 0)
      return units[i].unit;
  return NULL;
}

const char *
mig_quantity_likely (double most)
{
  static const struct {
    const char *unit;
    double bytes;
  } likely[] = { { "bytes", 1 }, { "KiB", MIG_KIB }, { "MiB", MIG_MIB }, { "GiB", MIG_GIB } };
  guint best = 0;

  for (guint i = 1; i < G_N_ELEMENTS (likely) && most > 0; i++)
    if (fabs (log (most * likely[i].bytes / USUAL_BYTES)) <
        fabs (log (most * likely[best].bytes / USUAL_BYTES)))
      best = i;
  return likely[best].unit;
}
