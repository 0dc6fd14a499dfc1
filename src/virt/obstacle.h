/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/study.h"
#include "virt/guest.h"

/* What stands in the way of a guest's migration, as far as its definition and its hosts tell. */
typedef struct {
  gboolean certain; /* libvirt refuses; else it depends on what cannot be seen from here */
  char *reason;     /* "it has 2 snapshots" */
  char *advice;     /* "delete them" */
} MigGuestObstacle;

/* mig_domain_obstacles: those that its XML shows: GPtrArray of MigGuestObstacle, which it frees.
 * libvirt_version: of its host, as in MigHostInfo; 0: unknown. Pure. */
GPtrArray *mig_domain_obstacles (const char *xml, guint64 libvirt_version);

/* mig_guest_obstacles: the same of a guest that is to be migrated so, and what else its host knows
 * of it. xml: as mig_guest_xml() has it; NULL: the host does not tell. */
GPtrArray *mig_guest_obstacles (MigGuest *guest, const char *xml, const MigMigrationFlags *flags);

/* What a guest that is to be migrated so needs of any host, by the same XML. The guest must outlive
 * it. */
typedef struct _MigGuestNeeds MigGuestNeeds;

MigGuestNeeds *mig_guest_needs_new (MigGuest *guest, const char *xml,
                                    const MigMigrationFlags *flags);
void mig_guest_needs_free (MigGuestNeeds *needs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigGuestNeeds, mig_guest_needs_free)

/* mig_guest_obstacles_at: why that host cannot take the guest, or may fail to, as far as its
 * libvirt tells: names, networks, bridges, machine types, CPU, storage, NUMA nodes, huge pages.
 * The same array. */
GPtrArray *mig_guest_obstacles_at (const MigGuestNeeds *needs, MigHost *to);
