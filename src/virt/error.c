/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "virt/internal.h"

static MigErrorCode
error_code (int libvirt_code)
{
  switch (libvirt_code)
    {
    case VIR_ERR_NO_SUPPORT:
    case VIR_ERR_OPERATION_UNSUPPORTED:
    case VIR_ERR_CONFIG_UNSUPPORTED:
    case VIR_ERR_ARGUMENT_UNSUPPORTED:
    case VIR_ERR_MIGRATE_UNSAFE: /* by what the guest has on its source, wherever it goes */
      return MIG_ERROR_UNSUPPORTED;
    case VIR_ERR_DOM_EXIST:
      return MIG_ERROR_EXISTS;
    case VIR_ERR_OPERATION_TIMEOUT:
      return MIG_ERROR_TIMEOUT;
    case VIR_ERR_OPERATION_ABORTED:
      return MIG_ERROR_INTERRUPTED;
    default:
      return MIG_ERROR_FAILED;
    }
}

void
mig_virt_error (GError **error, const char *format, ...)
{
  const virErrorPtr last = virGetLastError ();
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *cause = g_strdup (last && last->message ? last->message
                                                           : "no reason given by libvirt");
  g_strdelimit (cause, "\n\r", ' ');
  g_set_error (error, MIG_ERROR, error_code (last ? last->code : 0), "%s: %s", text,
               g_strchomp (cause));
}

gboolean
mig_virt_unsupported (void)
{
  const virErrorPtr last = virGetLastError ();
  return last && error_code (last->code) == MIG_ERROR_UNSUPPORTED;
}
