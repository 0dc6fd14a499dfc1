/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "virt/upload-name.h"

#define VOLUME_PREFIX "migcost-"
#define DIGEST_CHARS 16
#define ENDING_CHARS 16

static const char *const shared_roles[] = { "kernel", "initrd" };

char *
mig_upload_name (const char *role, const char *data, gsize size)
{
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) data,
                                                         size);
  return g_strdup_printf (VOLUME_PREFIX "%s-%.*s", role, DIGEST_CHARS, digest);
}

char *
mig_upload_own_name (const char *name)
{
  return g_strdup_printf ("%s-%08x%08x", name, g_random_int (), g_random_int ());
}

gboolean
mig_upload_is_own (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "-", -1);
  guint n = g_strv_length (parts);

  return g_str_has_prefix (name, VOLUME_PREFIX) && n >= 4 &&
         strlen (parts[n - 2]) == DIGEST_CHARS && strlen (parts[n - 1]) == ENDING_CHARS &&
         strspn (parts[n - 1], "0123456789abcdef") == ENDING_CHARS;
}

gboolean
mig_upload_is_shared (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (shared_roles); i++)
    {
      g_autofree char *start = g_strdup_printf (VOLUME_PREFIX "%s-", shared_roles[i]);
      if (g_str_has_prefix (name, start))
        return mig_upload_is_own (name);
    }
  return FALSE;
}

/* the ending, as long as a digest, takes the place of one */
char *
mig_upload_lease_name (const char *own)
{
  return g_strdup_printf (VOLUME_PREFIX "lease%s", strrchr (own, '-'));
}

char *
mig_upload_removal_name (const char *own)
{
  return g_strdup_printf (VOLUME_PREFIX "removal%s", strrchr (own, '-'));
}
