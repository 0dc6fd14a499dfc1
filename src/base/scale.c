/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/scale.h"

#define SMALLEST 0.01

/* parse_number: a decimal number that nothing but the end may follow. */
static gboolean
parse_number (const char *text, const char *end, double *number)
{
  char *after;

  if (!g_ascii_isdigit (*text))
    return FALSE;
  *number = g_ascii_strtod (text, &after);
  return after == end && isfinite (*number);
}

gboolean
mig_scale_parse (const char *text, double *scale, GError **error)
{
  const char *slash = strchr (text, '/'), *end = text + strlen (text);
  double number = 0, divisor = 1;

  if (parse_number (text, slash ? slash : end, &number) &&
      (!slash || parse_number (slash + 1, end, &divisor)) && divisor > 0 &&
      number / divisor >= SMALLEST && number / divisor <= 1)
    {
      *scale = number / divisor;
      return TRUE;
    }
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "'%s' is not a scale; expected a share from 1/100 to 1, such as '1/4' or '0.25'",
               text);
  return FALSE;
}

/* in_units: the next whole number of units, but for an error of the arithmetic. */
static guint64
in_units (double bytes, guint64 unit)
{
  return (guint64) ceil (bytes / (double) unit - 1e-9) * unit;
}

guint64
mig_scale_memory (double scale, guint64 bytes)
{
  if (scale >= 1 || bytes <= MIG_SCALE_KERNEL_BYTES)
    return bytes;
  return MIG_SCALE_KERNEL_BYTES +
         in_units (scale * (double) (bytes - MIG_SCALE_KERNEL_BYTES), MIG_MIB);
}

double
mig_scale_full_memory (double scale, double bytes)
{
  double kernel = (double) MIG_SCALE_KERNEL_BYTES;
  return scale >= 1 || bytes <= kernel ? bytes : kernel + (bytes - kernel) / scale;
}

guint64
mig_scale_bytes (double scale, guint64 bytes)
{
  if (scale >= 1 || bytes == 0)
    return bytes;
  return MAX (in_units (scale * (double) bytes, MIG_PAGE_BYTES), MIG_PAGE_BYTES);
}

gint64
mig_scale_duration (double scale, gint64 ns, gint64 least_ns)
{
  return scale >= 1 ? ns : MAX (MIN (least_ns, ns), (gint64) llround (scale * (double) ns));
}
