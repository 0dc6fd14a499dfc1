/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/log.h"
#include "hosts/saved-image.h"
#include "measure/saved-guests.h"
#include "virt/save-image.h"

typedef struct {
  MigSavedImage *image; /* NULL: such guests boot */
  char *uuid;
  MigUndo *undo;
} Saved;

struct _MigSavedGuests {
  GMutex lock;
  MigUndo *undo;
  GHashTable *table; /* definition -> Saved */
  gboolean stopped;  /* no guest is saved any more */
  gboolean told;
};

static void
saved_free (gpointer data)
{
  Saved *one = data;

  if (!one)
    return;
  mig_saved_image_free (one->image, one->undo);
  g_free (one->uuid);
  g_free (one);
}

MigSavedGuests *
mig_saved_guests_new (MigUndo *undo)
{
  MigSavedGuests *saved = g_new0 (MigSavedGuests, 1);

  g_mutex_init (&saved->lock);
  saved->undo = undo;
  saved->table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, saved_free);
  return saved;
}

void
mig_saved_guests_free (MigSavedGuests *saved)
{
  if (!saved)
    return;
  g_hash_table_unref (saved->table);
  g_mutex_clear (&saved->lock);
  g_free (saved);
}

/* tell: under the lock. The first time aloud: what follows has mostly the same cause. */
static void
tell (MigSavedGuests *saved, const char *why)
{
  mig_log (saved->told ? MIG_LOG_DEBUG : MIG_LOG_WARNING,
           "guests that could be restored boot instead, which takes longer: %s", why);
  saved->told = TRUE;
}

gboolean
mig_saved_guests_allow (MigSavedGuests *saved, const MigRunHost *host, guint64 bytes,
                        guint64 guest_bytes)
{
  g_autoptr (GError) why = NULL;

  g_mutex_lock (&saved->lock);
  gboolean allowed = !saved->stopped;
  g_mutex_unlock (&saved->lock);
  if (!allowed || mig_saved_image_has_room (host, bytes, guest_bytes, &why))
    return allowed;
  g_mutex_lock (&saved->lock);
  saved->stopped = TRUE;
  tell (saved, why->message);
  g_mutex_unlock (&saved->lock);
  return FALSE;
}

void
mig_saved_guests_stop (MigSavedGuests *saved)
{
  g_mutex_lock (&saved->lock);
  saved->stopped = saved->told = TRUE;
  g_mutex_unlock (&saved->lock);
}

/* ---- the table ---- */

gboolean
mig_saved_guests_find (MigSavedGuests *saved, const char *definition, char **path, char **uuid)
{
  g_mutex_lock (&saved->lock);
  const Saved *one = g_hash_table_lookup (saved->table, definition);
  gboolean found = one && one->image;
  if (found)
    {
      *path = g_strdup (one->image->path);
      *uuid = g_strdup (one->uuid);
    }
  g_mutex_unlock (&saved->lock);
  return found;
}

gboolean
mig_saved_guests_wants (MigSavedGuests *saved, const char *definition)
{
  g_mutex_lock (&saved->lock);
  gboolean wanted = !saved->stopped && !g_hash_table_contains (saved->table, definition);
  g_mutex_unlock (&saved->lock);
  return wanted;
}

/* put: what was there before goes, with its file; hosts are not asked under the lock. */
static void
put (MigSavedGuests *saved, const char *definition, Saved *one, const GError *why)
{
  gpointer key = NULL, before = NULL;

  g_mutex_lock (&saved->lock);
  g_hash_table_steal_extended (saved->table, definition, &key, &before);
  g_hash_table_insert (saved->table, g_strdup (definition), one);
  if (why)
    tell (saved, why->message);
  g_mutex_unlock (&saved->lock);
  g_free (key);
  saved_free (before);
}

void
mig_saved_guests_save (MigSavedGuests *saved, const char *definition, const MigRunHost *host,
                       MigGuest *guest)
{
  g_autoptr (GError) why = NULL;
  const char *uuid = mig_guest_uuid (guest);
  Saved *one = g_new0 (Saved, 1);

  one->undo = saved->undo;
  one->uuid = g_strdup (uuid);
  one->image = mig_saved_image_new (host, uuid, saved->undo, &why);
  if (!one->image || !mig_guest_save (guest, one->image->path, &why))
    {
      saved_free (one);
      one = g_new0 (Saved, 1);
    }
  put (saved, definition, one, why);
}

void
mig_saved_guests_refuse (MigSavedGuests *saved, const char *definition, const GError *why)
{
  put (saved, definition, g_new0 (Saved, 1), why);
}
