/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/host.h"

typedef struct {
  char *path;      /* on the host; the caller frees it */
  gboolean reused; /* it was there, with this content */
  gint64 took_ns;
} MigUpload;

/* mig_upload_name: what a file of that content is called there: "migcost-kernel-0123456789abcdef". The caller
 * frees it. */
char *mig_upload_name (const char *what, const char *data, gsize size);

/* mig_host_upload: makes a volume of that name and content in an active storage pool, or finds it there. Sets
 * upload on success only. */
gboolean mig_host_upload (MigHost *host, const char *pool, const char *name, const char *data, gsize size,
                          MigUpload *upload, GError **error);

/* mig_host_remove_upload: place is "POOL/NAME"; only a volume whose name begins as migcost's do is ever
 * removed, and one that is gone is no error. */
gboolean mig_host_remove_upload (MigHost *host, const char *place, GError **error);
