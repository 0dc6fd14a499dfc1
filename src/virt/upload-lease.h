/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by the files of this room only. */

#include "virt/pool-attempt.h"

/* Who uses an upload that others may use, too, and who removes it: marks, which are empty volumes
 * beside it, called after its ending. A run makes its lease first and looks for a removal then;
 * what is to be removed is marked first, and then looked at for leases. So one of the two sees the
 * other, without a lock that a killed process would keep. */

/* mig_pool_names: names in that pool with that beginning, "": all of them, which the caller frees;
 * NULL with libvirt's error. */
char **mig_pool_names (virStoragePoolPtr pool, const char *beginning);

/* mig_upload_is_marked: sets whether there is a mark that begins so. Errors: FAILED, the pool
 * cannot be listed. */
gboolean mig_upload_is_marked (virStoragePoolPtr pool, const MigHost *host, const MigPoolTask *task,
                               const char *mark, gboolean *marked, GError **error);

/* A removal: its mark, the same in every attempt, so that one that was cut off leaves none. */
typedef struct {
  const char *mark;
  gboolean gone; /* whether it is; else somebody uses it */
} MigUploadRemoval;

/* mig_pool_take_away_unused: a MigPoolAction: like mig_pool_take_away(), but what somebody has a
 * lease on stays. result: a MigUploadRemoval. When it is done there is no mark left. */
gboolean mig_pool_take_away_unused (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task,
                                    GError **error);
