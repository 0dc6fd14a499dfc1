/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What migcost calls its volumes: whoever shares a pool is safe from everybody else by the names.
 */

/* mig_upload_name: what a file of that content is called: "migcost-kernel-0123456789abcdef". role:
 * without a dash. The caller frees it. */
char *mig_upload_name (const char *role, const char *data, gsize size);

/* mig_upload_own_name: that with an ending that nobody else has. The caller frees it. */
char *mig_upload_own_name (const char *name);

/* mig_upload_is_own: whether some run of migcost has made a volume of that name. */
gboolean mig_upload_is_own (const char *name);

/* mig_upload_is_shared: whether other runs may use it, too: what guests boot. */
gboolean mig_upload_is_shared (const char *name);

/* mig_upload_lease_name: without its ending, what a run calls the mark that it uses that upload of
 * an own name; mig_upload_removal_name: that it removes it. The caller frees them. */
char *mig_upload_lease_name (const char *own);
char *mig_upload_removal_name (const char *own);
