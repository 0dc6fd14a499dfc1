/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "watch/internal.h"

/* so many are known at a time, but for an episode's */
#define MAX_NAMES 4096

/* What a guest is called in a result: by its domain's name; a second one of that name by
 * "NAME@HOST". By its UUID it keeps that as long as a host has it, also where it moves and gets
 * another name. */

void
mig_watch_name_free (gpointer data)
{
  MigWatchName *self = data;

  g_free (self->name);
  g_free (self);
}

/* find_free_name: the caller frees it. */
static char *
find_free_name (MigWatch *watch, const char *domain, const char *host)
{
  char *name = g_strdup (domain);

  for (guint i = 2; g_hash_table_contains (watch->names_taken, name); i++)
    {
      g_free (name);
      name = i == 2 ? g_strdup_printf ("%s@%s", domain, host)
                    : g_strdup_printf ("%s@%s#%u", domain, host, i);
    }
  return name;
}

char *
mig_watch_guest_name (MigWatch *watch, const char *uuid, const char *domain, const char *host)
{
  MigWatchName *known = g_hash_table_lookup (watch->names, uuid);

  if (!known)
    {
      if (!watch->in_episode && g_hash_table_size (watch->names) >= MAX_NAMES)
        mig_watch_forget_names (watch);
      known = g_new (MigWatchName, 1);
      known->name = find_free_name (watch, domain, host);
      g_hash_table_insert (watch->names, g_strdup (uuid), known);
      g_hash_table_add (watch->names_taken, known->name);
    }
  known->look = watch->look;
  return known->name;
}

void
mig_watch_free_names (MigWatch *watch)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, watch->names);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const MigWatchName *known = value;
      if (known->look == watch->look)
        continue;
      mig_watch_forget_samples (watch, known->name);
      g_hash_table_remove (watch->names_taken, known->name);
      g_hash_table_iter_remove (&iter);
    }
}

static gboolean
goes_on (const MigWatch *watch, const char *uuid)
{
  const GPtrArray *all = mig_migration_tracker_all (watch->tracker);

  for (guint i = 0; i < all->len; i++)
    if (strcmp (((const MigTrackedMigration *) all->pdata[i])->uuid, uuid) == 0)
      return TRUE;
  return FALSE;
}

void
mig_watch_forget_names (MigWatch *watch)
{
  GHashTableIter iter;
  gpointer uuid, value;

  g_hash_table_iter_init (&iter, watch->names);
  while (g_hash_table_iter_next (&iter, &uuid, &value))
    {
      if (goes_on (watch, uuid))
        continue;
      g_hash_table_remove (watch->names_taken, ((const MigWatchName *) value)->name);
      g_hash_table_iter_remove (&iter);
    }
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
