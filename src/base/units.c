/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/units.h"

#define LONGEST_S 9e9 /* that 64 bits of nanoseconds hold */

typedef struct {
  const char *name;
  double factor;
} Unit;

static const Unit byte_units[] = {
  { "", 1 },
  { "B", 1 },
  { "kB", 1e3 },
  { "KB", 1e3 },
  { "MB", 1e6 },
  { "GB", 1e9 },
  { "TB", 1e12 },
  { "KiB", 1024. },
  { "MiB", 1048576. },
  { "GiB", 1073741824. },
  { "TiB", 1099511627776. },
  { NULL, 0 },
};

static const Unit duration_units[] = {
  { "ns", 1 },  { "us", 1e3 },   { "µs", 1e3 },   { "ms", 1e6 },
  { "s", 1e9 }, { "min", 60e9 }, { "h", 3600e9 }, { NULL, 0 },
};

static const Unit rate_units[] = {
  { "bit/s", 1 / 8. }, { "kbit/s", 1e3 / 8 }, { "Mbit/s", 1e6 / 8 },    { "Gbit/s", 1e9 / 8 },
  { "B/s", 1 },        { "kB/s", 1e3 },       { "MB/s", 1e6 },          { "GB/s", 1e9 },
  { "KiB/s", 1024. },  { "MiB/s", 1048576. }, { "GiB/s", 1073741824. }, { NULL, 0 },
};

static const Unit percent_units[] = {
  { "%", 0.01 },
  { NULL, 0 },
};

static gboolean
parse (const char *text, const Unit *units, const char *quantity, const char *example,
       double *value, GError **error)
{
  char *end = NULL;
  const char *start = text;

  while (g_ascii_isspace (*start))
    start++;
  double number = g_ascii_strtod (start, &end);
  /* the second test keeps out "nan", "inf" and "-1", the third hexadecimal */
  if (isfinite (number) && g_ascii_isdigit (*start) && g_ascii_tolower (start[1]) != 'x')
    {
      g_autofree char *unit = g_strstrip (g_strdup (end));
      for (const Unit *u = units; u->name; u++)
        if (strcmp (u->name, unit) == 0 && number * u->factor < 9e18)
          {
            *value = number * u->factor;
            return TRUE;
          }
      if (*unit == '\0' && number == 0)
        {
          *value = 0;
          return TRUE;
        }
    }
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "'%s' is not %s; expected something like %s",
               text, quantity, example);
  return FALSE;
}

gboolean
mig_units_parse_bytes (const char *text, guint64 *bytes, GError **error)
{
  double value;
  if (!parse (text, byte_units, "an amount of memory", "'512 MiB' or '460 MB'", &value, error))
    return FALSE;
  *bytes = (guint64) (value + 0.5);
  return TRUE;
}

gboolean
mig_units_parse_duration (const char *text, gint64 *ns, GError **error)
{
  double value;
  if (!parse (text, duration_units, "a duration", "'30 s' or '10 ms'", &value, error))
    return FALSE;
  *ns = (gint64) (value + 0.5);
  return TRUE;
}

gboolean
mig_units_parse_rate (const char *text, guint64 *bytes_per_s, GError **error)
{
  double value;
  if (!parse (text, rate_units, "a rate", "'1 Gbit/s' or '117 MiB/s'", &value, error))
    return FALSE;
  *bytes_per_s = (guint64) (value + 0.5);
  return TRUE;
}

gboolean
mig_units_parse_percent (const char *text, double *ratio, GError **error)
{
  return parse (text, percent_units, "a percentage", "'5%' or '2.5%'", ratio, error);
}

/* format: value in the largest unit of which there is at least one, with three significant digits.
 */
static char *
format (gint64 value, const Unit *units, const char *const *order)
{
  if (MIG_IS_MISSING (value))
    return g_strdup ("-");

  const Unit *best = NULL;
  for (guint i = 0; order[i]; i++)
    for (const Unit *u = units; u->name; u++)
      if (strcmp (u->name, order[i]) == 0 && (!best || fabs ((double) value) >= u->factor))
        best = u;

  double scaled = value / best->factor;
  int decimals = fabs (scaled) >= 99.95 || scaled == 0 ? 0 : fabs (scaled) >= 9.995 ? 1 : 2;
  char pattern[16], number[G_ASCII_DTOSTR_BUF_SIZE];
  g_snprintf (pattern, sizeof pattern, "%%.%df", decimals);
  g_ascii_formatd (number, sizeof number, pattern, scaled);
  return g_strdup_printf ("%s %s", number, best->name);
}

char *
mig_units_format_bytes (gint64 bytes)
{
  static const char *const order[] = { "B", "kB", "MB", "GB", "TB", NULL };
  return format (bytes, byte_units, order);
}

char *
mig_units_format_duration (gint64 ns)
{
  static const char *const order[] = { "ns", "us", "ms", "s", NULL };
  return format (ns, duration_units, order);
}

char *
mig_units_format_rate (gint64 bytes_per_s)
{
  static const char *const order[] = { "B/s", "kB/s", "MB/s", "GB/s", NULL };
  return format (bytes_per_s, rate_units, order);
}

char *
mig_units_format_seconds (double seconds)
{
  return mig_units_format_duration (mig_units_ns (seconds));
}

double
mig_units_seconds (gint64 ns)
{
  return MIG_IS_MISSING (ns) ? NAN : (double) ns / MIG_NS_PER_S;
}

double
mig_units_seconds_between (gint64 from_ns, gint64 to_ns)
{
  if (MIG_IS_MISSING (from_ns) || MIG_IS_MISSING (to_ns))
    return NAN;
  return mig_units_seconds (to_ns - from_ns);
}

gint64
mig_units_ns (double seconds)
{
  return isfinite (seconds) ? (gint64) (CLAMP (seconds, -LONGEST_S, LONGEST_S) * MIG_NS_PER_S)
                            : MIG_MISSING_INT;
}

guint64
mig_units_limit_mib (guint64 bytes_per_s)
{
  guint64 mib = bytes_per_s / MIG_MIB + (bytes_per_s % MIG_MIB >= MIG_MIB / 2);
  guint64 set = mib * MIG_MIB, off = set > bytes_per_s ? set - bytes_per_s : bytes_per_s - set;

  return off <= bytes_per_s / 20 ? mib : 0;
}

gboolean
mig_units_parse_limit (const char *text, guint64 *bytes_per_s, GError **error)
{
  if (!mig_units_parse_rate (text, bytes_per_s, error))
    return FALSE;
  if (*bytes_per_s == 0 || mig_units_limit_mib (*bytes_per_s))
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "'%s' cannot be set: libvirt limits a migration to whole MiB/s; expected something "
               "like '%" G_GUINT64_FORMAT " MiB/s'",
               text, *bytes_per_s / MIG_MIB + 1);
  return FALSE;
}
