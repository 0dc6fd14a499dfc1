/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/obstacle.h"

/* What a host is, as far as it decides which disks libvirt takes for safe. */
typedef struct {
  guint64 libvirt_version, qemu_version; /* as in MigHostInfo; 0: unknown */
  gboolean local;                        /* its files can be looked at from here */
} MigDiskHost;

/* mig_domain_disk_obstacles: disks of a guest of QEMU that libvirt does not let it leave that host
 * with, or that its migration may damage, unless the flags say otherwise: added to obstacles, of
 * MigGuestObstacle. Nothing is asked of the host. */
void mig_domain_disk_obstacles (const char *xml, const MigDiskHost *host,
                                const MigMigrationFlags *flags, GPtrArray *obstacles);
