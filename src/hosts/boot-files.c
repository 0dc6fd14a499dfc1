/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "hosts/boot-files.h"
#include "lab/boot-image.h"
#include "lab/lab.h"
#include "virt/pool.h"
#include "virt/upload.h"

#define MAX_FILE_BYTES (256 * MIG_MIB)

/* A file as it lies on this machine, and where it is to go. */
typedef struct {
  const char *role, *path, *place;
  char *data, *name;
  gsize size;
} File;

static void
file_clear (File *file)
{
  g_free (file->data);
  g_free (file->name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (File, file_clear)

/* NULL without error: it is not there yet. */
static char *
find_there (const MigRunHost *host, const File *file, GError **error)
{
  MigFoundUpload found;

  if (!mig_host_find_upload (host->host, file->place, file->name, file->data, file->size, &found,
                             error))
    return NULL;
  if (found.path)
    mig_info ("%s of the guests: already uploaded, as '%s', on host '%s'", file->role, found.path,
              host->study->name);
  if (found.why)
    mig_warning ("ignoring '%s' in '%s' on host '%s', and leaving it alone: %s", file->name,
                 file->place, host->study->name, found.why);
  g_free (found.why);
  return found.path;
}

static char *
upload (const MigRunHost *host, const File *file, MigUndo *undo, GError **error)
{
  g_autofree char *own = mig_upload_own_name (file->name);
  g_autofree char *volume = g_strdup_printf ("%s/%s", file->place, own);
  g_autofree char *amount = mig_units_format_bytes ((gint64) file->size);
  char *path = NULL;
  gint64 took_ns = 0;
  guint id = 0;

  mig_info ("uploading the %s of the guests, '%s' (%s), to host '%s'", file->role, file->path,
            amount, host->study->name);
  if (!mig_undo_push_upload (undo, host->host, volume, &id, error) ||
      !mig_host_upload (host->host, file->place, own, file->data, file->size, &path, &took_ns,
                        error))
    return NULL;
  g_autofree char *took = mig_units_format_duration (took_ns);
  mig_info ("it is '%s', in %s", path, took);
  return path;
}

/* send_file: one whose content is there. */
static char *
send_file (const MigRunHost *host, File *file, MigUndo *undo, GError **error)
{
  g_autoptr (GError) problem = NULL;

  file->name = mig_upload_name (file->role, file->data, file->size);
  char *there = find_there (host, file, &problem);
  if (problem)
    g_propagate_error (error, g_steal_pointer (&problem));
  else if (!there)
    there = upload (host, file, undo, error);
  return there;
}

static char *
send_kernel (const MigRunHost *host, const char *place, const char *path, MigUndo *undo,
             GError **error)
{
  g_auto (File) file = { .role = "kernel", .path = path, .place = place };

  file.data = mig_files_load (path, "what guests boot", MAX_FILE_BYTES, &file.size, error);
  return file.data ? send_file (host, &file, undo, error) : NULL;
}

static char *
send_initrd (const MigRunHost *host, const char *place, const char *path, const char *kernel,
             MigDevices devices, MigUndo *undo, GError **error)
{
  g_auto (File) file = { .role = "initrd", .path = path, .place = place };

  if (devices)
    {
      GByteArray *image = mig_boot_image_new (path, kernel, devices, error);
      if (!image)
        return NULL;
      file.size = image->len;
      file.data = (char *) g_byte_array_free (image, FALSE);
    }
  else
    file.data = mig_files_load (path, "what guests boot", MAX_FILE_BYTES, &file.size, error);
  return file.data ? send_file (host, &file, undo, error) : NULL;
}

/* A directory may be reached through a pool that is there for the moment only. */
static gboolean
note_pool (const MigRunHost *host, const char *place, MigUndo *undo, GError **error)
{
  g_autofree char *name = mig_pool_transient_name (place);
  guint id;

  return !name || mig_undo_push_pool (undo, host->host, name, &id, error);
}

gboolean
mig_boot_files_send (MigRunHost *host, const char *place, MigDevices devices, MigUndo *undo,
                     GError **error)
{
  g_autofree char *kernel = mig_guest_kernel_find (error);
  g_autofree char *initrd = kernel ? mig_files_find_program ("guest.cpio.gz") : NULL;

  if (kernel && !initrd)
    g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
                 "guest.cpio.gz is missing; install migcost, or use ./run in its source tree");
  if (!initrd || !note_pool (host, place, undo, error))
    return FALSE;
  g_clear_pointer (&host->kernel, g_free);
  g_clear_pointer (&host->initrd, g_free);
  host->kernel = send_kernel (host, place, kernel, undo, error);
  host->initrd = host->kernel ? send_initrd (host, place, initrd, kernel, devices, undo, error)
                              : NULL;
  return host->initrd != NULL;
}
