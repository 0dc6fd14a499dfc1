/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by the files of this room only. */

#include "virt/pool-private.h"

/* Bytes of a volume, as they lie on this machine. */
typedef struct {
  const char *data;
  gsize size;
} MigContent;

/* mig_volume_send: writes it. */
gboolean mig_volume_send (virStorageVolPtr volume, MigContent content, GError **error);

/* mig_volume_differing: reads it back; NULL: it holds that content; otherwise what is known, which
 * the caller frees. One that cannot be read does not differ: nothing is known of it. */
char *mig_volume_differing (virStorageVolPtr volume, MigContent content);

/* mig_volume_differing_in_part: the same of its size, its end, and pieces all over it, anew each
 * time: what is little beside its upload. It is sent from its beginning to its end, so one that was
 * cut off lacks the end. */
char *mig_volume_differing_in_part (virStorageVolPtr volume, MigContent content);
