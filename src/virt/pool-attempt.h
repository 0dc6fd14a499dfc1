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
 * two runs may have the same transient pool open, and the first to close it ends it. again: in
 * place of the action after an attempt that was cut off. missing: whether there is no such place.
 */
gboolean mig_pool_attempt (virConnectPtr connection, MigHost *host, MigPoolAction action,
                           MigPoolAction again, const MigPoolTask *task, gboolean *missing,
                           GError **error);

/* mig_pool_attempt_apart: the same over a connection of its own, as long transfers have. */
gboolean mig_pool_attempt_apart (MigHost *host, MigPoolAction action, MigPoolAction again,
                                 const MigPoolTask *task, GError **error);

/* mig_pool_was_ended: by another run that has it open. */
gboolean mig_pool_was_ended (virStoragePoolPtr pool);

/* mig_pool_take_away: a MigPoolAction: the volume is removed, or gone already. */
gboolean mig_pool_take_away (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task,
                             GError **error);

/* mig_pool_make_volume: one without content; NULL with libvirt's error. */
virStorageVolPtr mig_pool_make_volume (virStoragePoolPtr pool, const char *name, gsize size);

/* mig_volume_path: where it is; NULL with the error. The caller frees it. */
char *mig_volume_path (virStorageVolPtr volume, const MigHost *host, const MigPoolTask *task,
                       GError **error);
