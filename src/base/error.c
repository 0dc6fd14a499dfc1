/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"

GQuark
mig_error_quark (void)
{
  return g_quark_from_static_string ("mig-error-quark");
}

gboolean
mig_error_of_option (gboolean ok, const char *name, GError **error)
{
  if (!ok && error && *error)
    {
      (*error)->code = MIG_ERROR_USAGE;
      g_prefix_error (error, "--%s: ", name);
    }
  return ok;
}

void
mig_error_set_errno (GError **error, int errnum, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "%s: %s", text, g_strerror (errnum));
}
