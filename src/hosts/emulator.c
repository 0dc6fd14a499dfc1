/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "hosts/emulator.h"

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

guint64
mig_emulator_version (const char *path)
{
  const char *argv[] = { path, "--version", NULL };
  g_autofree char *out = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL,
                     &status, &error) ||
      !g_spawn_check_wait_status (status, &error))
    {
      mig_warning ("cannot ask the emulator '%s' for its version: %s", path, error->message);
      return 0;
    }
  return mig_emulator_parse_version (out);
}
