/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by the files of this room only. */

#include "virt/internal.h"
#include "virt/pool.h"

static inline void
mig_pool_unref (virStoragePoolPtr pool)
{
  if (pool)
    virStoragePoolFree (pool);
}

static inline void
mig_volume_unref (virStorageVolPtr volume)
{
  if (volume)
    virStorageVolFree (volume);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStoragePool, mig_pool_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStorageVol, mig_volume_unref)

/* mig_pool_open: the active pool of a place, its list of volumes fresh. NULL with the error. */
virStoragePoolPtr mig_pool_open (virConnectPtr connection, const MigHost *host, const char *place,
                                 GError **error);

/* mig_pool_refresh: has libvirt look at what is there now. FALSE with libvirt's error. */
gboolean mig_pool_refresh (virStoragePoolPtr pool);

/* mig_pool_close: one of mig_pool_open, which ends where it is transient. Two runs may have the
 * same one open: the other's calls then say that it is gone, and are to be made again. */
void mig_pool_close (virStoragePoolPtr pool);

/* mig_pool_is_gone: whether libvirt's last error of this thread says that there is no such pool, or
 * no such directory. */
gboolean mig_pool_is_gone (void);
