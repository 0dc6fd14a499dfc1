/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "virt/upload-name.h"

#define VOLUME_PREFIX "migcost-"
#define DIGEST_CHARS 16
#define FORMAT "f1" /* of names and marks */

/* names as expressions: digests and random numbers are of the same length. Volumes of the first
 * builds name no format, and have the marks of this one. */
#define NUMBER "[0-9a-f]{" G_STRINGIFY (DIGEST_CHARS) "}"
#define OF_ROLE(role) "^" VOLUME_PREFIX role "-" NUMBER
#define OWN(role) OF_ROLE (role) "(-" FORMAT ")?-" NUMBER "\\z"
#define ANY_ROLE "[a-z]+"
#define SHARED_ROLE "(kernel|initrd)"

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
  return g_strdup_printf ("%s-" FORMAT "-%08x%08x", name, g_random_int (), g_random_int ());
}

gboolean
mig_upload_is_own (const char *name)
{
  return g_regex_match_simple (OWN (ANY_ROLE), name, 0, 0);
}

gboolean
mig_upload_is_foreign (const char *name)
{
  return g_regex_match_simple (OF_ROLE (ANY_ROLE) "-f[0-9]+-", name, 0, 0) &&
         !mig_upload_is_own (name);
}

gboolean
mig_upload_is_shared (const char *name)
{
  return g_regex_match_simple (OWN (SHARED_ROLE), name, 0, 0);
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

/* ---- where one is ---- */

static char *
new_removal_mark (const char *own)
{
  g_autofree char *beginning = mig_upload_removal_name (own);
  return mig_upload_own_name (beginning);
}

static gboolean
is_removal_mark (const char *mark, const char *own)
{
  g_autofree char *beginning = mig_upload_removal_name (own);
  return g_str_has_prefix (mark, beginning) && mig_upload_is_own (mark);
}

char *
mig_upload_place_text (const char *place, const char *name)
{
  g_autofree char *mark = mig_upload_is_shared (name) ? new_removal_mark (name) : NULL;
  return g_strconcat (place, "/", name, mark ? " " : NULL, mark, NULL);
}

gboolean
mig_upload_place_parse (const char *text, MigUploadPlace *place)
{
  const char *slash = strrchr (text, '/');

  if (!slash || slash == text)
    return FALSE;
  g_auto (GStrv) parts = g_strsplit (slash + 1, " ", 2);
  if (!parts[0])
    return FALSE;
  place->place = g_strndup (text, slash - text);
  place->name = g_strdup (parts[0]);
  place->mark = NULL;
  if (mig_upload_is_shared (place->name))
    place->mark = parts[1] && is_removal_mark (parts[1], place->name)
                      ? g_strdup (parts[1])
                      : new_removal_mark (place->name);
  return TRUE;
}

void
mig_upload_place_clear (MigUploadPlace *place)
{
  g_free (place->place);
  g_free (place->name);
  g_free (place->mark);
}
