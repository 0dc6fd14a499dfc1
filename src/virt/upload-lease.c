/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "virt/upload-lease.h"
#include "virt/upload-name.h"

char **
mig_pool_names (virStoragePoolPtr pool, const char *beginning)
{
  virStorageVolPtr *volumes = NULL;
  int n = virStoragePoolListAllVolumes (pool, &volumes, 0);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (n < 0)
    return NULL;
  for (int i = 0; i < n; i++)
    {
      const char *name = virStorageVolGetName (volumes[i]);
      if (name && g_str_has_prefix (name, beginning))
        g_strv_builder_add (names, name);
      virStorageVolFree (volumes[i]);
    }
  free (volumes);
  return g_strv_builder_end (names);
}

gboolean
mig_upload_is_marked (virStoragePoolPtr pool, const char *mark)
{
  g_auto (GStrv) marks = mig_pool_names (pool, mark);

  return !marks || marks[0];
}

/* forget_removals: also those that killed processes have left: what they mark is gone. */
static void
forget_removals (virStoragePoolPtr pool, const char *removal)
{
  g_auto (GStrv) marks = mig_pool_names (pool, removal);

  for (guint i = 0; marks && marks[i]; i++)
    {
      g_autoptr (virStorageVol) mark = virStorageVolLookupByName (pool, marks[i]);
      if (mark)
        virStorageVolDelete (mark, 0);
    }
}

gboolean
mig_pool_take_away_unused (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task,
                           GError **error)
{
  g_autofree char *lease = mig_upload_lease_name (task->name);
  g_autofree char *removal = mig_upload_removal_name (task->name);
  g_autofree char *own = mig_upload_own_name (removal);
  g_autoptr (virStorageVol) mark = mig_pool_make_volume (pool, own, 0);
  gboolean *gone = task->result;

  if (!mark || !mig_pool_refresh (pool))
    {
      mig_virt_error (error, "cannot mark '%s' in the storage pool '%s' of host '%s' for removal",
                      task->name, task->place, host->name);
      return FALSE;
    }
  gboolean used = mig_upload_is_marked (pool, lease);
  gboolean ok = used || mig_pool_take_away (pool, host, task, error);
  if (ok && gone)
    *gone = !used;
  if (used)
    virStorageVolDelete (mark, 0);
  else if (ok)
    forget_removals (pool, removal);
  return ok;
}
