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
mig_upload_is_marked (virStoragePoolPtr pool, const MigHost *host, const MigPoolTask *task,
                      const char *mark, gboolean *marked, GError **error)
{
  g_auto (GStrv) marks = mig_pool_names (pool, mark);

  if (marks)
    *marked = marks[0] != NULL;
  else
    mig_virt_error (error, "cannot look for marks of '%s' in the storage pool '%s' of host '%s'",
                    task->name, task->place, host->name);
  return marks != NULL;
}

static gboolean
forget (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, const char *mark,
        GError **error)
{
  const MigPoolTask of_mark = { task->place, mark, { NULL, 0 }, NULL };
  return mig_pool_take_away (pool, host, &of_mark, error);
}

/* forget_removals: also those that killed processes have left: what they mark is gone. */
static gboolean
forget_removals (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, GError **error)
{
  g_autofree char *removal = mig_upload_removal_name (task->name);
  g_auto (GStrv) marks = mig_pool_names (pool, removal);

  if (!marks)
    mig_virt_error (error, "cannot list the storage pool '%s' of host '%s'", task->place,
                    host->name);
  for (guint i = 0; marks && marks[i]; i++)
    if (!forget (pool, host, task, marks[i], error))
      return FALSE;
  return marks != NULL;
}

/* mark_removal: an attempt that was cut off may have done so already. */
static gboolean
mark_removal (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, const char *name,
              GError **error)
{
  g_autoptr (virStorageVol) mark = virStorageVolLookupByName (pool, name);

  if (!mark)
    mark = mig_pool_make_volume (pool, name, 0);
  if (mark && mig_pool_refresh (pool))
    return TRUE;
  mig_virt_error (error, "cannot mark '%s' in the storage pool '%s' of host '%s' for removal",
                  task->name, task->place, host->name);
  return FALSE;
}

gboolean
mig_pool_take_away_unused (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task,
                           GError **error)
{
  MigUploadRemoval *removal = task->result;
  g_autofree char *lease = mig_upload_lease_name (task->name);
  gboolean used = FALSE;

  if (!mark_removal (pool, host, task, removal->mark, error) ||
      !mig_upload_is_marked (pool, host, task, lease, &used, error) ||
      !(used || mig_pool_take_away (pool, host, task, error)))
    {
      forget (pool, host, task, removal->mark, NULL);
      return FALSE;
    }
  removal->gone = !used;
  return used ? forget (pool, host, task, removal->mark, error)
              : forget_removals (pool, host, task, error);
}
