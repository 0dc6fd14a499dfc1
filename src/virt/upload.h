/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/host.h"
#include "virt/upload-name.h"

/* Files for guests, as volumes in a place of their host: a storage pool or a directory, see
 * virt/pool.h.
 *
 * A volume "migcost-kernel-DIGEST", which somebody has put there, is used where it holds just that
 * content, and never changed or removed; what migcost puts there has an ending,
 * "migcost-kernel-DIGEST-f1-RANDOM", and what guests boot may then be used by others too, see
 * virt/shared-upload.h. */

/* mig_host_check_place: whether files can be put there; nothing is. Errors: FAILED where there is
 * no such place or it cannot be listed, UNSUPPORTED for a pool of a type that holds no files. */
gboolean mig_host_check_place (MigHost *host, const char *place, GError **error);

typedef struct {
  char *directory; /* the caller frees it */
  /* of its file system; what is free is so for root, users may have less (ext4: 5 % less) */
  guint64 capacity_bytes, free_bytes;
  gboolean remote; /* a pool of type 'netfs': other hosts may have the same storage */
} MigPlaceState;

/* mig_host_look_at_place: what a place is now. Errors: of mig_host_check_place(). */
gboolean mig_host_look_at_place (MigHost *host, const char *place, MigPlaceState *state,
                                 GError **error);

typedef struct {
  char *path; /* on the host; NULL: there is none that can be used. The caller frees it. */
  char *why;  /* what is the matter with the one that is there; NULL: nothing, or there is none. The
                 caller frees it. */
} MigFoundUpload;

/* mig_host_find_upload: a volume of that name that holds that content, read back and compared. One
 * that differs, or that cannot be read, is told of. Errors: FAILED where there is no such place. */
gboolean mig_host_find_upload (MigHost *host, const char *place, const char *name, const char *data,
                               gsize size, MigFoundUpload *found, GError **error);

/* mig_host_upload: makes a new volume of that name and content. Sets path, which the caller frees,
 * and how long it took. Errors: FAILED, also where there is one of that name. */
gboolean mig_host_upload (MigHost *host, const char *place, const char *name, const char *data,
                          gsize size, char **path, gint64 *took_ns, GError **error);

/* mig_host_make_volume: makes a new volume of that name (of mig_upload_own_name()) and size, which
 * is empty. Sets path, which the caller frees. Errors: as above. */
gboolean mig_host_make_volume (MigHost *host, const char *place, const char *name, guint64 bytes,
                               char **path, GError **error);

/* mig_host_find_volume: where a volume of that name is; NULL without error: there is none. The
 * caller frees it. */
char *mig_host_find_volume (MigHost *host, const char *place, const char *name, GError **error);

/* mig_host_remove_upload: where: as mig_upload_place_text() says. Only a volume with a name of
 * mig_upload_own_name() is ever removed. One that is gone is no error, nor is a directory that is
 * gone; a pool that libvirt does not know now is one, for it may come back. What another run uses
 * stays. */
gboolean mig_host_remove_upload (MigHost *host, const char *where, GError **error);
