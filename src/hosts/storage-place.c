/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "hosts/storage-place.h"
#include "virt/pool.h"
#include "virt/upload.h"

/* note_pool: a directory may be reached through a pool that is there for the moment only. */
static gboolean
note_pool (const MigRunHost *host, const char *place, MigUndo *undo, GError **error)
{
  g_autofree char *name = mig_pool_transient_name (place);
  guint id;

  return !name || mig_undo_push_pool (undo, host->host, name, &id, error);
}

gboolean
mig_storage_place_prepare (MigRunHost *host, const char *place, MigUndo *undo, GError **error)
{
  return note_pool (host, place, undo, error) && mig_host_check_place (host->host, place, error);
}
