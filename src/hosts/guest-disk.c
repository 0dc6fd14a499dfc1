/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "hosts/guest-disk.h"
#include "virt/upload.h"

#define TRIAL_BYTES 4096

/* ---- one of the lab's: a file ---- */

/* make_file: that daemons which are other users may open; their directory is the lab's own. */
static gboolean
make_file (const char *path, guint64 bytes, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean ok = fd >= 0 && ftruncate (fd, (off_t) bytes) == 0 && fchmod (fd, 0666) == 0;

  if (!ok)
    mig_error_set_errno (error, errno, "cannot make the guest's disk '%s'", path);
  if (fd >= 0)
    close (fd);
  return ok;
}

static gboolean
make_in_lab (MigGuestDisk *disk, const MigRunHost *host, const char *guest, guint64 bytes,
             GError **error)
{
  disk->path = g_strdup_printf ("%s/%s-%08x.img", host->disk_directory, guest, g_random_int ());
  return make_file (disk->path, bytes, error);
}

/* ---- one of a pool: a volume ---- */

static gboolean
make_in_pool (MigGuestDisk *disk, const MigRunHost *host, const char *guest, guint64 bytes,
              MigUndo *undo, GError **error)
{
  const char *place = host->study->disk_pool;
  g_autofree char *stem = mig_upload_name ("disk", guest, strlen (guest));
  g_autofree char *name = mig_upload_own_name (stem);
  g_autofree char *volume = mig_upload_place_text (place, name);

  if (!mig_undo_push_upload (undo, host->host, volume, &disk->undo_id, error))
    return FALSE;
  disk->volume = g_steal_pointer (&volume);
  return mig_host_make_volume (host->host, place, name, bytes, &disk->path, error);
}

/* ---- either ---- */

static gboolean
lacks_storage (const MigRunHost *host, GError **error)
{
  if (host->disk_directory || host->study->disk_pool)
    return FALSE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
               "host '%s' has no storage for guests' disks%s%s", host->study->name,
               host->disk_why_not ? ": " : "",
               host->disk_why_not ? host->disk_why_not
                                  : "; give its <host> a disk-pool (that all hosts share, unless "
                                    "disks are copied), or pass --disk-pool");
  return TRUE;
}

MigGuestDisk *
mig_guest_disk_new (const MigRunHost *host, const char *guest, guint64 bytes, MigUndo *undo,
                    GError **error)
{
  MigGuestDisk *disk = g_new0 (MigGuestDisk, 1);

  disk->host = host->host;
  if (!lacks_storage (host, error) &&
      (host->disk_directory ? make_in_lab (disk, host, guest, bytes, error)
                            : make_in_pool (disk, host, guest, bytes, undo, error)))
    return disk;
  mig_guest_disk_free (disk, undo);
  return NULL;
}

void
mig_guest_disk_free (MigGuestDisk *disk, MigUndo *undo)
{
  g_autoptr (GError) error = NULL;

  if (!disk)
    return;
  if (disk->volume && mig_host_remove_upload (disk->host, disk->volume, &error))
    mig_undo_forget (undo, disk->undo_id);
  else if (disk->volume)
    mig_warning ("%s; migcost tries again at the end", error->message);
  else if (disk->path && g_unlink (disk->path) < 0 && errno != ENOENT)
    mig_warning ("cannot remove the guest's disk '%s': %s", disk->path, g_strerror (errno));
  g_free (disk->volume);
  g_free (disk->path);
  g_free (disk);
}

const char *
mig_guest_disk_cache (const MigRunHost *host, const MigStudyGuest *guest)
{
  return guest->disk_cache ? guest->disk_cache : host->disk_directory ? NULL : "none";
}

gboolean
mig_guest_disk_is_coherent (const MigRunHost *host)
{
  return host->disk_directory != NULL;
}

gboolean
mig_guest_disk_try (const MigRunHost *host, MigUndo *undo, GError **error)
{
  MigGuestDisk *disk = mig_guest_disk_new (host, "trial", TRIAL_BYTES, undo, error);
  gboolean made = disk != NULL;

  mig_guest_disk_free (disk, undo);
  return made;
}

/* find_there: why_not: set where the volume is not there by that path. */
static gboolean
find_there (const MigGuestDisk *disk, const MigRunHost *other, char **why_not, GError **error)
{
  g_autoptr (GError) problem = NULL;
  const char *name = strrchr (disk->volume, '/') + 1;
  g_autofree char *path = mig_host_find_volume (other->host, other->study->disk_pool, name,
                                                &problem);

  if (problem)
    g_propagate_error (error, g_steal_pointer (&problem));
  else if (!path)
    *why_not = g_strdup_printf ("what is made in its disk-pool, '%s', is not in '%s' of host '%s'",
                                disk->path, other->study->disk_pool, other->study->name);
  else if (strcmp (path, disk->path) != 0)
    *why_not = g_strdup_printf ("what is '%s' here is '%s' on host '%s'", disk->path, path,
                                other->study->name);
  else
    return TRUE;
  return FALSE;
}

gboolean
mig_guest_disk_is_shared (const MigRunHost *host, const MigRunHost *other, MigUndo *undo,
                          char **why_not, GError **error)
{
  *why_not = NULL;
  if (host->disk_directory)
    return TRUE;
  if (lacks_storage (host, error) || lacks_storage (other, error))
    return FALSE;
  MigGuestDisk *disk = mig_guest_disk_new (host, "trial", TRIAL_BYTES, undo, error);
  gboolean shared = disk && find_there (disk, other, why_not, error);
  mig_guest_disk_free (disk, undo);
  return shared;
}
