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

/* Why a pool cannot be opened. */
typedef enum {
  MIG_POOL_NO_FAILURE,
  MIG_POOL_UNKNOWN,      /* libvirt has no pool of that name */
  MIG_POOL_NO_DIRECTORY, /* nor is anything left of what was in it */
  MIG_POOL_UNFIT,        /* its type is not one of files */
  MIG_POOL_REFUSED,      /* and will be, whoever else uses the place */
  MIG_POOL_PASSING,      /* another attempt may open it */
} MigPoolFailure;

/* mig_pool_open: the active pool of a place, of a type that holds files, its list of volumes fresh.
 * NULL with failure and error: UNSUPPORTED, FAILED. */
virStoragePoolPtr mig_pool_open (virConnectPtr connection, const MigHost *host, const char *place,
                                 MigPoolFailure *failure, GError **error);

/* mig_pool_refresh: has libvirt look at what is there now, and starts a persistent pool again that
 * libvirt has stopped for that. FALSE with libvirt's error. */
gboolean mig_pool_refresh (virStoragePoolPtr pool);

/* mig_pool_close: one of mig_pool_open, which ends where it is transient. Two runs may have the
 * same one open: the other's calls then say that it is gone, and are to be made again. */
void mig_pool_close (virStoragePoolPtr pool);

/* mig_pool_directory: where its volumes lie on the host; NULL with libvirt's error. The caller
 * frees it. */
char *mig_pool_directory (virStoragePoolPtr pool);

/* mig_pool_is_remote: whether other hosts may have the same storage, by its type. */
gboolean mig_pool_is_remote (virStoragePoolPtr pool);

/* mig_pool_was_ended: by another run, or by its owner, while it was open. */
gboolean mig_pool_was_ended (virStoragePoolPtr pool);

/* mig_pool_is_gone: whether libvirt's last error of this thread says that there is no such pool, or
 * no such directory. */
gboolean mig_pool_is_gone (void);
