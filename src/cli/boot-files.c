/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "cli/boot-files.h"
#include "lab/lab.h"
#include "virt/upload.h"

#define MAX_FILE_BYTES (256 * MIG_MIB)

static char *
send_file (const MigRunHost *host, const char *pool, const char *what, const char *file, MigUndo *undo, GError **error)
{
  MigUpload upload = { NULL };
  gsize size = 0;
  guint id = 0;
  g_autofree char *data = mig_files_load (file, "what guests boot", MAX_FILE_BYTES, &size, error);

  if (!data)
    return NULL;
  g_autofree char *name = mig_upload_name (what, data, size);
  g_autofree char *place = g_strdup_printf ("%s/%s", pool, name);
  g_autofree char *amount = mig_units_format_bytes ((gint64) size);
  mig_info ("%s of the guests, '%s' (%s), goes to host '%s'", what, file, amount, host->study->name);
  if (!mig_undo_push_upload (undo, host->host, place, &id, error)
      || !mig_host_upload (host->host, pool, name, data, size, &upload, error))
    return NULL;
  if (upload.reused)
    mig_undo_forget (undo, id); /* it stays, for whoever has put it there */
  g_autofree char *took = mig_units_format_duration (upload.took_ns);
  mig_info ("it %s '%s', in %s", upload.reused ? "is there already, as" : "is", upload.path, took);
  return upload.path;
}

gboolean
mig_boot_files_send (MigRunHost *host, const char *pool, MigUndo *undo, GError **error)
{
  g_autofree char *kernel = mig_guest_kernel_find (error);
  g_autofree char *initrd = kernel ? mig_files_find_program ("guest.cpio.gz") : NULL;

  if (kernel && !initrd)
    g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
                 "guest.cpio.gz is missing; install migcost, or use ./run in its source folder");
  if (!initrd)
    return FALSE;
  host->kernel = send_file (host, pool, "kernel", kernel, undo, error);
  host->initrd = host->kernel ? send_file (host, pool, "initrd", initrd, undo, error) : NULL;
  return host->initrd != NULL;
}
