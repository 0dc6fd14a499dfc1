/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/statfs.h>

#include "base/error.h"
#include "base/log.h"
#include "hosts/saved-image.h"
#include "virt/upload.h"

/* what a guest's kernel, its initramfs and its devices fill */
#define KERNEL_BYTES (96 * MIG_MIB)
/* what is left to everybody else */
#define RESERVE_BYTES (256 * MIG_MIB)
/* the same of a pool, at least: of what is free there, root alone may have as much */
#define RESERVE_PERCENT 5

gboolean
mig_saved_image_can (const MigRunHost *host)
{
  return host->save_directory || host->save_place;
}

guint64
mig_saved_image_size (const MigRunHost *host, const MigStudyGuest *guest)
{
  gboolean memory = strcmp (guest->workload->type, "memory") == 0;
  guint64 bytes = KERNEL_BYTES + (memory ? guest->workload->wss_bytes : 0);

  return host->save_directory ? MIN (bytes, guest->memory_bytes) : guest->memory_bytes;
}

/* ---- room ---- */

/* machine_of: as its URI names it; the caller frees it. */
static char *
machine_of (const MigHost *host)
{
  char *server = mig_host_uri_server (mig_host_uri (host));
  return server ? server : g_strdup ("localhost");
}

static gboolean
are_one_machine (const MigHost *one, const MigHost *other)
{
  g_autofree char *its = machine_of (one), *others = machine_of (other);
  return strcmp (its, others) == 0;
}

gboolean
mig_saved_images_share (const MigRunHost *one, const MigRunHost *other)
{
  return one == other || one->save_directory || other->save_directory || one->save_remote ||
         other->save_remote || are_one_machine (one->host, other->host);
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
has_room_in_lab (const MigRunHost *host, guint64 bytes, guint64 guest_bytes, GError **error)
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

static gboolean
has_room_in_place (const MigRunHost *host, guint64 bytes, GError **error)
{
  g_autofree char *place = g_strdup_printf ("'%s' on host '%s'", host->save_place,
                                            host->study->name);
  MigPlaceState state;

  if (!mig_host_look_at_place (host->host, host->save_place, &state, error))
    return FALSE;
  g_free (state.directory);
  guint64 reserve_bytes = MAX (RESERVE_BYTES, state.capacity_bytes / 100 * RESERVE_PERCENT);
  return is_enough (place, state.free_bytes, bytes + reserve_bytes, error);
}

gboolean
mig_saved_image_has_room (const MigRunHost *host, guint64 bytes, guint64 guest_bytes,
                          GError **error)
{
  return host->save_directory ? has_room_in_lab (host, bytes, guest_bytes, error)
                              : has_room_in_place (host, bytes, error);
}

/* ---- a file ---- */

/* name_volume: not made as one: its hypervisor makes the file, for itself alone. */
static gboolean
name_volume (MigSavedImage *image, const MigRunHost *host, const char *uuid, MigUndo *undo,
             GError **error)
{
  g_autofree char *stem = mig_upload_name ("guest", uuid, strlen (uuid));
  g_autofree char *name = mig_upload_own_name (stem);
  g_autofree char *volume = mig_upload_place_text (host->save_place, name);

  if (!mig_undo_push_upload (undo, host->host, volume, &image->undo_id, error))
    return FALSE;
  image->host = host->host;
  image->volume = g_steal_pointer (&volume);
  image->path = g_build_filename (host->save_path, name, NULL);
  return TRUE;
}

MigSavedImage *
mig_saved_image_new (const MigRunHost *host, const char *uuid, MigUndo *undo, GError **error)
{
  MigSavedImage *image = g_new0 (MigSavedImage, 1);

  if (host->save_directory)
    image->path = g_strdup_printf ("%s/%s.save", host->save_directory, uuid);
  else if (!name_volume (image, host, uuid, undo, error))
    g_clear_pointer (&image, g_free);
  return image;
}

void
mig_saved_image_free (MigSavedImage *image, MigUndo *undo)
{
  g_autoptr (GError) error = NULL;

  if (!image)
    return;
  if (!image->volume)
    g_unlink (image->path);
  else if (mig_host_remove_upload (image->host, image->volume, &error))
    mig_undo_forget (undo, image->undo_id);
  else
    mig_warning ("%s; migcost tries again at the end", error->message);
  g_free (image->volume);
  g_free (image->path);
  g_free (image);
}
