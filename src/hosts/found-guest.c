/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "hosts/found-guest.h"

void
mig_found_guest_clear (MigFoundGuest *found)
{
  g_clear_pointer (&found->guest, mig_guest_free);
  g_clear_pointer (&found->stranger_uuid, g_free);
}

/* Takes the guest in, where it is the one that is looked for. */
static void
take_guest (MigFoundGuest *found, MigGuest *guest, const MigGuestInfo *info, const MigRunHost *host,
            gboolean home)
{
  gboolean same = found->guest && mig_guest_is_same (found->guest, guest);

  if (same)
    found->also = home ? found->where : host;
  else if (home)
    found->also = NULL;
  if (found->guest && !home)
    {
      mig_guest_free (guest);
      return;
    }
  mig_guest_free (found->guest);
  found->guest = guest;
  found->info = *info;
  found->where = host;
}

static void
look_at (MigFoundGuest *found, const MigRunHost *host, const MigStudyGuest *wanted,
         const char *uuid)
{
  gboolean home = g_strcmp0 (host->study->name, wanted->host->name) == 0;
  g_autoptr (MigGuest) named = mig_guest_lookup (host->host, wanted->domain, NULL);
  gboolean stranger = named && uuid && strcmp (mig_guest_uuid (named), uuid) != 0;
  MigGuestInfo info;

  if (stranger)
    {
      g_free (found->stranger_uuid);
      found->stranger = host;
      found->stranger_uuid = g_strdup (mig_guest_uuid (named));
    }
  g_autoptr (MigGuest) there = uuid ? mig_guest_lookup_uuid (host->host, uuid, NULL)
                                    : g_steal_pointer (&named);
  if (there && mig_guest_get_info (there, &info) && info.running)
    take_guest (found, g_steal_pointer (&there), &info, host, home);
}

gboolean
mig_found_guest_search (MigFoundGuest *found, const GPtrArray *hosts, const MigStudyGuest *guest,
                        const char *uuid)
{
  *found = (MigFoundGuest){ NULL };
  for (guint i = 0; i < hosts->len; i++)
    look_at (found, hosts->pdata[i], guest, uuid);
  return found->guest != NULL;
}
