/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "lab/lab.h"

/* A distribution's kernel made for virtual machines has the consoles built in and boots faster. */
static gboolean
is_cloud (const char *name)
{
  return strstr (name, "-cloud-") != NULL;
}

static gboolean
is_better (const char *name, const char *than)
{
  if (!than)
    return TRUE;
  if (is_cloud (name) != is_cloud (than))
    return is_cloud (name);
  return strverscmp (name, than) > 0;
}

/* find_in: the best readable vmlinuz-VERSION of a directory, or NULL. */
static char *
find_in (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  g_autofree char *best = NULL;
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      if (!g_str_has_prefix (name, "vmlinuz-") || !is_better (name, best) ||
          !g_file_test (path, G_FILE_TEST_IS_REGULAR) || g_access (path, R_OK) < 0)
        continue;
      g_free (best);
      best = g_strdup (name);
    }
  return best ? g_build_filename (directory, best, NULL) : NULL;
}

char *
mig_guest_kernel_find (GError **error)
{
  const char *given = g_getenv ("MIGCOST_KERNEL");
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "migcost", "kernel", NULL);
  char *path;

  if (given && *given)
    {
      if (g_access (given, R_OK) == 0)
        return g_strdup (given);
      mig_error_set_errno (error, errno, "cannot read the guest kernel '%s' (MIGCOST_KERNEL)",
                           given);
      return NULL;
    }
  path = find_in (cache);
  if (!path)
    path = find_in ("/boot");
  if (!path)
    g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
                 "no guest kernel found: neither '%s' nor '/boot' has a vmlinuz-* that this user "
                 "can read; run ./quickstart in migcost's sources to fetch one, install one "
                 "(Debian: linux-image-cloud-amd64), or set MIGCOST_KERNEL to its path",
                 cache);
  return path;
}
