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

/* mig_upload_is_marked: whether there is a mark that begins so; TRUE where it cannot be known. */
gboolean mig_upload_is_marked (virStoragePoolPtr pool, const char *mark);

/* mig_pool_take_away_unused: a MigPoolAction: like mig_pool_take_away(), but what somebody has a
 * lease on stays. result: a gboolean, whether it is gone; NULL: nobody asks. */
gboolean mig_pool_take_away_unused (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task,
                                    GError **error);
