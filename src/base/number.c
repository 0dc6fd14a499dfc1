/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/number.h"

char *
mig_number (double value, guint decimals)
{
  char format[8], text[G_ASCII_DTOSTR_BUF_SIZE + 64];

  if (!isfinite (value) || fabs (value) > 1e60)
    return g_strdup ("-");
  g_snprintf (format, sizeof format, "%%.%uf", MIN (decimals, 9));
  g_ascii_formatd (text, sizeof text, format, value);
  /* no "-0.00" */
  if (*text == '-' && strspn (text + 1, "0.") == strlen (text + 1))
    return g_strdup (text + 1);
  return g_strdup (text);
}

guint
mig_number_decimals (double value)
{
  double size = fabs (value);
  return size < 1 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0;
}

char *
mig_number_measure (double value)
{
  return mig_number (value, mig_number_decimals (value));
}
