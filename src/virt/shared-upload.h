/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/upload.h"

/* Uploads that stay for the next run, and are used by any number of them at once. A run that uses
 * one has a lease on it, a volume of mig_upload_lease_name() with an ending of its own, which it
 * makes before anything else and takes away at its end as it does with an upload. */

/* mig_host_shared_uploads: the names of volumes of that name (of mig_upload_name()) with an ending,
 * which the caller frees; NULL with the error. */
char **mig_host_shared_uploads (MigHost *host, const char *place, const char *name, GError **error);

/* mig_host_use_shared_upload: whether one on which the caller has a lease can be used: it is there,
 * nobody removes it, and its size, its end and pieces of it are right. */
gboolean mig_host_use_shared_upload (MigHost *host, const char *place, const char *own,
                                     const char *data, gsize size, MigFoundUpload *found,
                                     GError **error);

/* mig_host_old_uploads: the names of shared uploads, other than own, of the same role that were
 * made so long before the lease, a volume there: by the host's own clock. The caller frees them;
 * NULL with the error. */
char **mig_host_old_uploads (MigHost *host, const char *place, const char *own, const char *lease,
                             gint64 age_s, GError **error);

/* mig_host_remove_shared_upload: unless somebody has a lease on it. where: as
 * mig_upload_place_text() says. Sets whether it is gone. */
gboolean mig_host_remove_shared_upload (MigHost *host, const char *where, gboolean *gone,
                                        GError **error);
