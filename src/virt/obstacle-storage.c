/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "virt/inspect.h"
#include "virt/internal.h"
#include "virt/obstacle-list.h"
#include "virt/obstacle-question.h"

/* What a destination lacks of a guest's disks and drives, as far as its libvirt tells. What no pool
 * has may be there all the same. */

#define DISKS "/domain/devices/disk"

/* what stays behind also where disks are copied */
#define NEVER_COPIED "readonly or shareable or @device='cdrom' or @device='floppy'"

/* look_at_paths: of files or devices, which an attribute of their source names. */
static void
look_at_paths (const MigObstacleQuestion *self, const char *disks, const char *attribute,
               const char *what, const char *advice)
{
  g_autofree char *xpath = g_strdup_printf ("%s/source/@%s", disks, attribute);
  g_auto (GStrv) paths = mig_question_texts (self, xpath);

  for (guint i = 0; paths[i]; i++)
    if (!mig_host_has_volume (self->to, paths[i]))
      mig_obstacle_add (self->obstacles, FALSE,
                        g_strdup_printf ("no storage pool there has its %s '%s'", what, paths[i]),
                        advice);
}

/* look_at_volume: libvirt itself looks for it so. volume: NULL: it is made there. */
static void
look_at_volume (const MigObstacleQuestion *self, const char *pool_name, const char *volume_name)
{
  virStoragePoolPtr pool = virStoragePoolLookupByName (self->to->connection, pool_name);
  virStorageVolPtr volume = NULL;

  if (!pool && virGetLastErrorCode () == VIR_ERR_NO_STORAGE_POOL)
    mig_obstacle_add (self->obstacles, TRUE,
                      g_strdup_printf ("it has no storage pool '%s'", pool_name),
                      "define and start it there (virsh pool-define)");
  if (!pool)
    return;
  if (virStoragePoolIsActive (pool) == 0)
    mig_obstacle_add (self->obstacles, TRUE,
                      g_strdup_printf ("its storage pool '%s' is not active", pool_name),
                      "start it there (virsh pool-start)");
  else if (volume_name && !(volume = virStorageVolLookupByName (pool, volume_name)) &&
           virGetLastErrorCode () == VIR_ERR_NO_STORAGE_VOL)
    mig_obstacle_add (
        self->obstacles, FALSE,
        g_strdup_printf ("its storage pool '%s' has no volume '%s'", pool_name, volume_name),
        "share the pool between the hosts, or have it read anew (virsh pool-refresh)");
  if (volume)
    virStorageVolFree (volume);
  virStoragePoolFree (pool);
}

static void
look_at_volumes (const MigObstacleQuestion *self, const char *disks, gboolean are_made)
{
  g_autofree char *source = g_strdup_printf ("%s/source[@pool and @volume]", disks);
  g_autofree char *of_pools = g_strconcat (source, "/@pool", NULL);
  g_autofree char *of_volumes = g_strconcat (source, "/@volume", NULL);
  g_auto (GStrv) pools = mig_question_texts (self, of_pools);
  g_auto (GStrv) volumes = mig_question_texts (self, of_volumes);

  for (guint i = 0; pools[i] && volumes[i]; i++)
    look_at_volume (self, pools[i], are_made ? NULL : volumes[i]);
}

/* look_at_directories: libvirt makes the file of a disk that it copies, in the pool of its
 * directory. */
static void
look_at_directories (const MigObstacleQuestion *self, const char *disks)
{
  g_autofree char *xpath = g_strdup_printf ("%s/source/@file", disks);
  g_auto (GStrv) files = mig_question_texts (self, xpath);

  for (guint i = 0; files[i]; i++)
    {
      g_autofree char *directory = g_path_get_dirname (files[i]);
      virStoragePoolPtr pool = virStoragePoolLookupByTargetPath (self->to->connection, directory);
      if (pool)
        virStoragePoolFree (pool);
      else if (virGetLastErrorCode () == VIR_ERR_NO_STORAGE_POOL)
        mig_obstacle_add (
            self->obstacles, FALSE,
            g_strdup_printf ("no active storage pool there has the directory '%s', to which its "
                             "disk '%s' is copied",
                             directory, files[i]),
            "define and start one there (virsh pool-define-as), or make the file");
    }
}

static void
look_at_disks (const MigObstacleQuestion *self, const char *disks)
{
  look_at_paths (self, disks, "file", "file",
                 "share it between the hosts, or eject it if it is an image in a drive");
  look_at_paths (self, disks, "dev", "device", "connect it to both hosts under that name");
}

void
mig_obstacles_of_storage (const MigObstacleQuestion *self)
{
  static const char stays[] = DISKS "[" NEVER_COPIED "]",
                    copied[] = DISKS "[not(" NEVER_COPIED ")]";

  if (self->flags->storage == MIG_STORAGE_STAYS)
    {
      look_at_disks (self, DISKS);
      look_at_volumes (self, DISKS, FALSE);
      return;
    }
  look_at_disks (self, stays);
  look_at_volumes (self, stays, FALSE);
  look_at_directories (self, copied);
  look_at_paths (self, copied, "dev", "device", "make one under that name there");
  look_at_volumes (self, copied, TRUE);
}
