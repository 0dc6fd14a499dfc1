/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/host.h"

/* A guest as it runs on one host (a libvirt domain). After a migration the guest on the destination
 * is another MigGuest. */
typedef struct _MigGuest MigGuest;

/* mig_guest_start: creates a transient domain from xml, paused. Errors: FAILED; EXISTS where a
 * domain of that name is there. */
MigGuest *mig_guest_start (MigHost *host, const char *xml, GError **error);
gboolean mig_guest_resume (MigGuest *guest, GError **error);

/* mig_guest_lookup: the guest of that name, be it running or only defined; NULL and
 * MIG_ERROR_FAILED where there is none. */
MigGuest *mig_guest_lookup (MigHost *host, const char *name, GError **error);

/* mig_guest_lookup_uuid: the guest with that UUID, whatever its name; the same otherwise. */
MigGuest *mig_guest_lookup_uuid (MigHost *host, const char *uuid, GError **error);

/* What mig_guest_get_info says of a guest at that moment. */
typedef struct {
  gboolean running; /* neither paused nor shut off */
  guint64 memory_bytes;
  guint vcpus;       /* online */
  gboolean emulated; /* its virtual CPUs are software (libvirt's type "qemu") */
} MigGuestInfo;

/* mig_guest_get_info: FALSE: it is gone, or the host is. */
gboolean mig_guest_get_info (MigGuest *guest, MigGuestInfo *look);

/* mig_guest_is_same: whether both are one guest, by UUID, be it on two hosts. */
gboolean mig_guest_is_same (const MigGuest *one, const MigGuest *other);

void mig_guest_free (MigGuest *guest); /* the domain lives on */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigGuest, mig_guest_free)

MigHost *mig_guest_host (const MigGuest *guest);
const char *mig_guest_name (const MigGuest *guest);

/* mig_guest_uuid: a migration keeps it, and no other guest has it, even where one has the same
 * name. */
const char *mig_guest_uuid (const MigGuest *guest);

/* Where a guest is on a host, by the hypervisor's word. */
typedef enum {
  MIG_GUEST_ABSENT,
  MIG_GUEST_RUNNING,
  MIG_GUEST_PAUSED,
  MIG_GUEST_DEAD,
  MIG_GUEST_ARRIVING /* what waits on a destination for a migration to bring the guest: not it */
} MigGuestState;

/* mig_guest_state_text: "running", "not there yet". */
const char *mig_guest_state_text (MigGuestState state);

/* mig_host_guest_state: of the guest with that UUID. Errors: FAILED where the host does not tell.
 */
gboolean mig_host_guest_state (MigHost *host, const char *uuid, MigGuestState *state,
                               GError **error);

/* How a guest that is not there any more left its host. */
typedef enum {
  MIG_GUEST_END_UNKNOWN, /* the host does not tell: it crashed, or nothing is kept of it */
  MIG_GUEST_END_ORDERLY, /* it was shut down, destroyed or saved */
  MIG_GUEST_END_MIGRATED
} MigGuestEnd;

/* mig_host_guest_end: of the guest with that UUID, by the definition that is shut off now. */
MigGuestEnd mig_host_guest_end (MigHost *host, const char *uuid);

/* mig_guest_destroy: ends it; one that is gone already is no error. */
gboolean mig_guest_destroy (MigGuest *guest, GError **error);

/* mig_host_destroy_marked: ends the domain of that UUID, where it carries migcost's mark (its
 * metadata): nothing foreign is ever destroyed. FALSE: it may be there still: also where the host
 * does not tell whether it is, or whose. */
gboolean mig_host_destroy_marked (MigHost *host, const char *uuid, GError **error);

/* mig_guest_macs: of its network cards; NULL-ended, never NULL; the caller frees it with
 * g_strfreev(). */
char **mig_guest_macs (MigGuest *guest);

/* mig_guest_xml: as libvirt returns it; for_migration: as it may be given to a migration. */
char *mig_guest_xml (MigGuest *guest, gboolean for_migration, GError **error);
