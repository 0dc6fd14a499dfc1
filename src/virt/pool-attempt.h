/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by the files of this room only. */

#include "virt/volume-content.h"

/* What is to be done with a volume of a place, virt/pool.h. */
typedef struct {
  const char *place, *name;
  MigContent content;
  gpointer result; /* as the action says */
} MigPoolTask;

typedef gboolean (*MigPoolAction) (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task,
                                   GError **error);

/* mig_pool_attempt: opens the pool and does it, until it is done or fails for a reason of its own:
 * two runs may have the same transient pool open, and the first to close it ends it. A named one is
 * its owner's to start: where it was stopped meanwhile, the error says so. again: in place of the
 * action after an attempt that was cut off. failure: why the pool cannot be opened, if that is what
 * failed. */
gboolean mig_pool_attempt (virConnectPtr connection, MigHost *host, MigPoolAction action,
                           MigPoolAction again, const MigPoolTask *task, MigPoolFailure *failure,
                           GError **error);

/* mig_pool_attempt_apart: the same over a connection of its own, as long transfers have. */
gboolean mig_pool_attempt_apart (MigHost *host, MigPoolAction action, MigPoolAction again,
                                 const MigPoolTask *task, GError **error);

/* mig_pool_ended_reading: whether what is the matter with a volume (NULL: nothing) is that its pool
 * was ended while it was read; then that is the error. */
gboolean mig_pool_ended_reading (virStoragePoolPtr pool, const MigHost *host,
                                 const MigPoolTask *task, const char *why, GError **error);

/* mig_pool_take_away: a MigPoolAction: the volume is removed, or gone already. */
gboolean mig_pool_take_away (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task,
                             GError **error);

/* mig_pool_make_volume: one without content; NULL with libvirt's error. */
virStorageVolPtr mig_pool_make_volume (virStoragePoolPtr pool, const char *name, gsize size);

/* mig_volume_path: where it is; NULL with the error. The caller frees it. */
char *mig_volume_path (virStorageVolPtr volume, const MigHost *host, const MigPoolTask *task,
                       GError **error);
