/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "watch/internal.h"

/* so many are known at a time, but for an episode's */
#define MAX_NAMES 4096

/* What a guest is called in a result: by its domain's name; a second one of that name by
 * "NAME@HOST". By its UUID it keeps that, also where it moves and gets another name. */

char *
mig_watch_guest_name (MigWatch *watch, const char *uuid, const char *domain, const char *host)
{
  char *name = g_hash_table_lookup (watch->names, uuid);

  if (name)
    return name;
  if (!watch->in_episode && g_hash_table_size (watch->names) >= MAX_NAMES)
    mig_watch_forget_names (watch);
  name = g_strdup (domain);
  for (guint i = 2; g_hash_table_contains (watch->names_taken, name); i++)
    {
      g_free (name);
      name = i == 2 ? g_strdup_printf ("%s@%s", domain, host)
                    : g_strdup_printf ("%s@%s#%u", domain, host, i);
    }
  g_hash_table_insert (watch->names, g_strdup (uuid), name);
  g_hash_table_add (watch->names_taken, name);
  return name;
}

void
mig_watch_forget_names (MigWatch *watch)
{
  g_hash_table_remove_all (watch->names_taken);
  g_hash_table_remove_all (watch->names);
}

MigHost *
mig_watch_host (const MigWatch *watch, int host)
{
  const MigWatched *watched = host < 0 ? NULL : watch->hosts->pdata[host];
  return watched && watched->host ? watched->host->host : NULL;
}

const char *
mig_watch_name (const MigWatch *watch, int host)
{
  return host < 0 ? NULL : ((MigWatched *) watch->hosts->pdata[host])->study.name;
}
