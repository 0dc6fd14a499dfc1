/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/host.h"

/* Where files for guests go on a host: a storage pool by its name, or a directory, which begins
 * with a '/'. A directory is reached through the pool that has it, or else through a transient one
 * that is there for the moment only: libvirt allows one pool for a directory, and what lies there
 * is not its own. */

/* mig_pool_transient_name: what the transient pool of such a place is called,
 * "migcost-dir-0123456789abcdef", which the caller frees; NULL where it is a pool's name. */
char *mig_pool_transient_name (const char *place);

/* mig_host_end_pool: a transient pool of such a name that was left is ended; the directory and what
 * is in it stay. One that is gone, or of another kind, is no error. */
gboolean mig_host_end_pool (MigHost *host, const char *name, GError **error);
