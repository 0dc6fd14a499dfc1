/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "measure/internal.h"

/* libvirt tells the version of the QEMU that it would choose by itself, and no call of its tells
 * that of another one. Where the host is this machine the program is asked; its answer begins with
 * "QEMU emulator version 10.0.2 (Debian ...)". */

static gboolean
is_this_machine (MigHost *host)
{
  g_autoptr (GUri) uri = g_uri_parse (mig_host_uri (host), G_URI_FLAGS_NONE, NULL);
  const char *server = uri ? g_uri_get_host (uri) : NULL;
  return uri && (!server || *server == '\0');
}

guint64
mig_emulator_parse_version (const char *text)
{
  static const char word[] = " version ";
  const char *at = strstr (text, word);
  guint64 version = 0;

  if (!at || !g_ascii_isdigit (at[strlen (word)]))
    return 0;
  at += strlen (word);
  for (guint scale = 1000000; scale; scale /= 1000)
    {
      char *end = NULL;
      guint64 part = g_ascii_strtoull (at, &end, 10);
      version += MIN (part, 999) * scale;
      if (*end != '.')
        break;
      at = end + 1;
    }
  return version;
}

static guint64
ask_version (const char *emulator)
{
  const char *argv[] = { emulator, "--version", NULL };
  g_autofree char *out = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL,
                     &status, &error) ||
      !g_spawn_check_wait_status (status, &error))
    {
      mig_warning ("cannot ask the emulator '%s' for its version: %s", emulator, error->message);
      return 0;
    }
  return mig_emulator_parse_version (out);
}

void
mig_run_host_set_emulator (MigRunHost *host, const char *emulator)
{
  const MigHostInfo *info = mig_host_info (host->host);

  g_free (host->emulator);
  host->emulator = g_strdup (emulator);
  host->hypervisor_version = info->hypervisor_version;
  if (emulator && g_strcmp0 (info->driver, "QEMU") == 0)
    host->hypervisor_version = is_this_machine (host->host) ? ask_version (emulator) : 0;
}
