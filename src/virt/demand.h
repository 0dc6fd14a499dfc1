/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/study.h"
#include "virt/guest.h"

/* What a running guest asks of its host. None of these calls changes, stops or talks to the guest.
 */

typedef struct {
  gint64 memory_bytes;   /* that it has now */
  gint64 resident_bytes; /* what the host had to give it of that so far; missing: the driver does
                            not tell */
  guint vcpus;
} MigGuestSize;

gboolean mig_guest_size (MigGuest *guest, MigGuestSize *size, GError **error);

/* mig_guest_disk_bytes: what a migration that copies disks has to copy of the guest's: as much as
 * their files are long; of one with a backing file, unless that stays, as much as the guest sees.
 * xml: its own, as mig_guest_xml() has it; NULL: the host does not tell. Missing: that, or it does
 * not tell of the disks. */
gint64 mig_guest_disk_bytes (MigGuest *guest, const char *xml, MigStorageCopy storage);

#define MIG_DIRTY_RATE_MAX_S 60

/* mig_guest_has_dirty_ring: KVM tells by itself which of the guest's pages were written: its
 * definition says so, and this libvirt can ask for it. */
gboolean mig_guest_has_dirty_ring (MigGuest *guest);

/* mig_guest_start_dirty_rate: the hypervisor takes a sample of the guest's pages now and again
 * after so many seconds, at most MIG_DIRTY_RATE_MAX_S; how many differ is found out then. ring: it
 * counts all pages that are written meanwhile instead, by the dirty ring. Errors: UNSUPPORTED where
 * the connection has no such thing; FAILED. Both with libvirt's cause. */
gboolean mig_guest_start_dirty_rate (MigGuest *guest, guint seconds, gboolean ring, GError **error);

/* mig_guest_dirty_rate: what was found, in bytes/s of distinct pages; FALSE: nothing yet. */
gboolean mig_guest_dirty_rate (MigGuest *guest, gint64 *bytes_per_s);
