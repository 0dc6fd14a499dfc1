/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/statfs.h>

#include "base/error.h"
#include "base/log.h"
#include "measure/saved-guests.h"
#include "virt/save-image.h"

/* what a guest's kernel, its initramfs and its devices fill */
#define KERNEL_BYTES (96 * MIG_MIB)
/* what is left to everybody else */
#define RESERVE_BYTES (256 * MIG_MIB)

typedef struct {
  char *path, *uuid; /* NULL: such guests boot */
} Saved;

struct _MigSavedGuests {
  GMutex lock;
  GHashTable *table; /* definition -> Saved */
  gboolean stopped;  /* no guest is saved any more */
  gboolean told;
};

static void
saved_free (gpointer data)
{
  Saved *one = data;

  if (one->path)
    g_unlink (one->path);
  g_free (one->path);
  g_free (one->uuid);
  g_free (one);
}

MigSavedGuests *
mig_saved_guests_new (void)
{
  MigSavedGuests *saved = g_new0 (MigSavedGuests, 1);

  g_mutex_init (&saved->lock);
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

/* ---- room ---- */

guint64
mig_saved_guests_size (const MigStudyGuest *guest)
{
  gboolean memory = strcmp (guest->workload->type, "memory") == 0;
  guint64 bytes = KERNEL_BYTES + (memory ? guest->workload->wss_bytes : 0);

  return guest->memory_bytes ? MIN (bytes, guest->memory_bytes) : bytes;
}

static gboolean
is_enough (const char *what, guint64 free_bytes, guint64 needed_bytes, GError **error)
{
  if (free_bytes >= needed_bytes)
    return TRUE;
  g_autofree char *there = mig_units_format_bytes ((gint64) free_bytes);
  g_autofree char *needed = mig_units_format_bytes ((gint64) needed_bytes);
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "saving them needs %s of %s, and %s is free",
               needed, what, there);
  return FALSE;
}

static gboolean
has_room (const MigRunHost *host, guint64 bytes, guint64 guest_bytes, GError **error)
{
  g_autofree char *place = g_strdup_printf ("'%s'", host->save_directory);
  struct statfs there;
  guint64 free_bytes;

  if (statfs (host->save_directory, &there) < 0)
    {
      mig_error_set_errno (error, errno, "cannot look at %s", place);
      return FALSE;
    }
  if (!is_enough (place, (guint64) there.f_bavail * (guint64) there.f_bsize, bytes + RESERVE_BYTES,
                  error))
    return FALSE;
  if (there.f_type != TMPFS_MAGIC && there.f_type != RAMFS_MAGIC)
    return TRUE;
  return mig_host_free_memory (host->host, &free_bytes, error) &&
         is_enough ("memory", free_bytes, bytes + guest_bytes + RESERVE_BYTES, error);
}

gboolean
mig_saved_guests_allow (MigSavedGuests *saved, const MigRunHost *host, guint64 bytes,
                        guint64 guest_bytes)
{
  g_autoptr (GError) why = NULL;

  g_mutex_lock (&saved->lock);
  if (!saved->stopped && !has_room (host, bytes, guest_bytes, &why))
    {
      saved->stopped = TRUE;
      tell (saved, why->message);
    }
  gboolean allowed = !saved->stopped;
  g_mutex_unlock (&saved->lock);
  return allowed;
}

/* ---- the table ---- */

gboolean
mig_saved_guests_find (MigSavedGuests *saved, const char *definition, char **path, char **uuid)
{
  g_mutex_lock (&saved->lock);
  const Saved *one = g_hash_table_lookup (saved->table, definition);
  gboolean found = one && one->path;
  if (found)
    {
      *path = g_strdup (one->path);
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

static void
put (MigSavedGuests *saved, const char *definition, Saved *one, const GError *why)
{
  g_mutex_lock (&saved->lock);
  g_hash_table_replace (saved->table, g_strdup (definition), one);
  if (why)
    tell (saved, why->message);
  g_mutex_unlock (&saved->lock);
}

void
mig_saved_guests_save (MigSavedGuests *saved, const char *definition, const MigRunHost *host,
                       MigGuest *guest)
{
  g_autoptr (GError) why = NULL;
  Saved *one = g_new0 (Saved, 1);

  one->uuid = g_strdup (mig_guest_uuid (guest));
  one->path = g_strdup_printf ("%s/%s.save", host->save_directory, one->uuid);
  if (!mig_guest_save (guest, one->path, &why))
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
