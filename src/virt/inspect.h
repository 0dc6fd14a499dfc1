/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/guest.h"

/* Questions to a host before anything is started on it. None of them changes anything. */

typedef enum {
  MIG_CPU_UNKNOWN, /* the driver cannot tell */
  MIG_CPU_INCOMPATIBLE,
  MIG_CPU_IDENTICAL,
  MIG_CPU_SUPERSET, /* the other one has more */
} MigCpuMatch;

/* mig_host_compare_cpu: whether a guest that sees the CPU of `from` can run on `to`. */
MigCpuMatch mig_host_compare_cpu (MigHost *from, MigHost *to);

/* mig_host_baseline_cpu: the best CPU model that both have; NULL: the driver cannot tell. The
 * caller frees it. */
char *mig_host_baseline_cpu (MigHost *one, MigHost *other);

/* mig_host_guests: all guests that run there now, or are paused: GPtrArray of MigGuest. Domain-0 is
 * none, nor is what waits for a migration that goes on: that guest is still where it comes from. */
GPtrArray *mig_host_guests (MigHost *host, GError **error);

/* mig_host_arriving_guests: what waits there for migrations that go on: GPtrArray of MigGuest,
 * never NULL; empty where the driver does not tell. */
GPtrArray *mig_host_arriving_guests (MigHost *host);

/* mig_host_marked_guests: names of the running domains that carry migcost's mark; NULL-ended, never
 * NULL. The caller frees it with g_strfreev(). */
char **mig_host_marked_guests (MigHost *host);

/* mig_host_is_local: whether it is this machine, by its URI. */
gboolean mig_host_is_local (const MigHost *host);

/* What to do where libvirt has no driver for storage, which is a package of its own on Debian 13.
 */
#define MIG_STORAGE_DRIVER_ADVICE                                                                  \
  "install libvirt-daemon-driver-storage there, and start its libvirt daemon anew"

/* mig_host_pools: active storage pools, and what is free in all of them. FALSE: the driver has no
 * storage. */
gboolean mig_host_pools (MigHost *host, guint *pools, guint64 *free_bytes);

/* mig_host_has_volume: whether a file of that path is a volume of an active pool. */
gboolean mig_host_has_volume (MigHost *host, const char *path);
