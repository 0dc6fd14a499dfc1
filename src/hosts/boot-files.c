/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "hosts/boot-files.h"
#include "lab/boot-image.h"
#include "lab/lab.h"
#include "virt/shared-upload.h"

#define MAX_FILE_BYTES (256 * MIG_MIB)
#define KEPT_S ((gint64) 7 * 24 * 60 * 60)

/* A file as it lies on this machine, and where it is to go. */
typedef struct {
  const char *role, *path, *place;
  gboolean remove; /* at the end */
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

static void
tell (const MigRunHost *host, const File *file, const char *name, const MigFoundUpload *found)
{
  if (found->path)
    mig_info ("%s of the guests: already uploaded, as '%s', on host '%s'", file->role, found->path,
              host->study->name);
  if (found->why)
    mig_warning ("ignoring '%s' in '%s' on host '%s', and leaving it alone: %s", name, file->place,
                 host->study->name, found->why);
}

/* find_there: what somebody has put there. NULL without error: nobody has. */
static char *
find_there (const MigRunHost *host, const File *file, GError **error)
{
  MigFoundUpload found;

  if (!mig_host_find_upload (host->host, file->place, file->name, file->data, file->size, &found,
                             error))
    return NULL;
  tell (host, file, file->name, &found);
  g_free (found.why);
  return found.path;
}

/* ---- what runs share ---- */

static gboolean
note_upload (const MigRunHost *host, const File *file, const char *name, MigUndo *undo, guint *id,
             GError **error)
{
  g_autofree char *where = mig_upload_place_text (file->place, name);
  return mig_undo_push_upload (undo, host->host, where, id, error);
}

/* lease: a mark that this run uses that upload; its name. The caller frees it. */
static char *
lease (const MigRunHost *host, const File *file, const char *own, MigUndo *undo, guint *id,
       GError **error)
{
  g_autofree char *beginning = mig_upload_lease_name (own);
  g_autofree char *name = mig_upload_own_name (beginning);
  g_autofree char *path = NULL;

  if (!note_upload (host, file, name, undo, id, error) ||
      !mig_host_make_volume (host->host, file->place, name, 0, &path, error))
    return NULL;
  return g_steal_pointer (&name);
}

static void
release (const MigRunHost *host, const File *file, const char *mark, MigUndo *undo, guint id)
{
  g_autofree char *where = mig_upload_place_text (file->place, mark);

  if (mig_host_remove_upload (host->host, where, NULL))
    mig_undo_forget (undo, id);
}

/* use: one that a run has left. NULL without error: it cannot be used. What is to be removed goes
 * into the journal before its lease, which is taken back first. */
static char *
use (const MigRunHost *host, const File *file, const char *own, MigUndo *undo, GError **error)
{
  MigFoundUpload found;
  guint id;

  if (file->remove && !note_upload (host, file, own, undo, &id, error))
    return NULL;
  g_autofree char *mark = lease (host, file, own, undo, &id, error);
  if (!mark || !mig_host_use_shared_upload (host->host, file->place, own, file->data, file->size,
                                            &found, error))
    return NULL;
  tell (host, file, own, &found);
  if (!found.path)
    release (host, file, mark, undo, id);
  g_free (found.why);
  return found.path;
}

/* find_shared: NULL without error: no run has left one that can be used. */
static char *
find_shared (const MigRunHost *host, const File *file, MigUndo *undo, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_auto (GStrv) names = mig_host_shared_uploads (host->host, file->place, file->name, &problem);
  char *path = NULL;

  for (guint i = 0; names && names[i] && !path && !problem; i++)
    path = use (host, file, names[i], undo, &problem);
  if (problem)
    g_propagate_error (error, g_steal_pointer (&problem));
  return path;
}

static void
remove_old (const MigRunHost *host, const File *file, const char *name, MigUndo *undo)
{
  g_autofree char *where = mig_upload_place_text (file->place, name);
  gboolean gone;
  guint id;

  if (!mig_undo_push_upload (undo, host->host, where, &id, NULL) ||
      !mig_host_remove_shared_upload (host->host, where, &gone, NULL))
    return; /* again at the end */
  mig_undo_forget (undo, id);
  if (gone)
    mig_info ("removed '%s' from '%s' on host '%s': it is older than a week, and no run uses it",
              name, file->place, host->study->name);
}

/* remove_others: what earlier runs have left and nobody needs; of no consequence where it fails. */
static void
remove_others (const MigRunHost *host, const File *file, const char *own, const char *mark,
               MigUndo *undo)
{
  g_auto (GStrv) old = mig_host_old_uploads (host->host, file->place, own, mark, KEPT_S, NULL);

  for (guint i = 0; old && old[i]; i++)
    remove_old (host, file, old[i], undo);
}

static char *
upload (const MigRunHost *host, const File *file, MigUndo *undo, GError **error)
{
  g_autofree char *own = mig_upload_own_name (file->name);
  g_autofree char *amount = mig_units_format_bytes ((gint64) file->size);
  char *path = NULL;
  gint64 took_ns = 0;
  guint id = 0, mark_id = 0;

  mig_info ("uploading the %s of the guests, '%s' (%s), to host '%s'", file->role, file->path,
            amount, host->study->name);
  if (!note_upload (host, file, own, undo, &id, error))
    return NULL;
  g_autofree char *mark = lease (host, file, own, undo, &mark_id, error);
  if (!mark || !mig_host_upload (host->host, file->place, own, file->data, file->size, &path,
                                 &took_ns, error))
    return NULL;
  g_autofree char *took = mig_units_format_duration (took_ns);
  mig_info ("it is '%s', in %s", path, took);
  if (!file->remove)
    mig_undo_forget (undo, id);
  remove_others (host, file, own, mark, undo);
  return path;
}

/* send_file: one whose content is there. */
static char *
send_file (const MigRunHost *host, File *file, MigUndo *undo, GError **error)
{
  g_autoptr (GError) problem = NULL;

  file->name = mig_upload_name (file->role, file->data, file->size);
  char *there = find_there (host, file, &problem);
  if (!there && !problem)
    there = find_shared (host, file, undo, &problem);
  if (problem)
    g_propagate_error (error, g_steal_pointer (&problem));
  else if (!there)
    there = upload (host, file, undo, error);
  return there;
}

static char *
send_kernel (const MigRunHost *host, const File *where, const char *path, MigUndo *undo,
             GError **error)
{
  g_auto (File) file = *where;

  file.role = "kernel";
  file.path = path;
  file.data = mig_files_load (path, "what guests boot", MAX_FILE_BYTES, &file.size, error);
  return file.data ? send_file (host, &file, undo, error) : NULL;
}

static char *
send_initrd (const MigRunHost *host, const File *where, const char *path, const char *kernel,
             MigDevices devices, MigUndo *undo, GError **error)
{
  g_auto (File) file = *where;

  file.role = "initrd";
  file.path = path;
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

gboolean
mig_boot_files_send (MigRunHost *host, const char *place, MigDevices devices, gboolean remove,
                     MigUndo *undo, GError **error)
{
  const File where = { .place = place, .remove = remove };
  g_autofree char *kernel = mig_guest_kernel_find (error);
  g_autofree char *initrd = kernel ? mig_files_find_program ("guest.cpio.gz") : NULL;

  if (kernel && !initrd)
    g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
                 "guest.cpio.gz is missing; install migcost, or use ./run in its source tree");
  if (!initrd)
    return FALSE;
  g_clear_pointer (&host->kernel, g_free);
  g_clear_pointer (&host->initrd, g_free);
  host->kernel = send_kernel (host, &where, kernel, undo, error);
  host->initrd = host->kernel ? send_initrd (host, &where, initrd, kernel, devices, undo, error)
                              : NULL;
  return host->initrd != NULL;
}
