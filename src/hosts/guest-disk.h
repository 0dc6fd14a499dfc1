/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"
#include "hosts/undo.h"

/* A disk of one guest in one repetition: an empty file of its own, in the lab's directory, or the
 * hosts' disk-pool, which they share; or, where migrations copy it, one on each host where the
 * guest comes to be. */
typedef struct {
  char *path;   /* on all its hosts, or its host alone */
  char *volume; /* "PLACE/NAME" on the host where it was made; NULL: a file of this machine */
  MigHost *host;
  guint undo_id; /* of a volume */
} MigGuestDisk;

/* mig_guest_disk_new: undo takes a volume away where nobody else did; the lab's files go with it.
 * Errors: the host has no storage for it, with what to do; FAILED. */
MigGuestDisk *mig_guest_disk_new (const MigRunHost *host, const char *guest, guint64 bytes,
                                  MigUndo *undo, GError **error);

/* mig_guest_disk_free: removes it. NULL: nothing; the guest must have ended. */
void mig_guest_disk_free (MigGuestDisk *disk, MigUndo *undo);

/* mig_guest_disk_cache: the cache mode that a guest's disk has on that host: what the study says,
 * or none; in the lab libvirt's default, as its files are in memory, which no cache can be kept out
 * of. NULL: libvirt's default. */
const char *mig_guest_disk_cache (const MigRunHost *host, const MigStudyGuest *guest);

/* mig_guest_disk_is_coherent: libvirt cannot know that all hosts see each write to it at once: they
 * are one machine. */
gboolean mig_guest_disk_is_coherent (const MigRunHost *host);

/* mig_guest_disk_try: whether one can be made on that host: a small one is. Errors: of
 * mig_guest_disk_new(). */
gboolean mig_guest_disk_try (const MigRunHost *host, MigUndo *undo, GError **error);

/* mig_guest_disk_is_shared: whether what is made on a host is there by the same path on another
 * one: a small volume is made and looked for. why_not: set where it is not; the caller frees it.
 * Errors: FAILED. */
gboolean mig_guest_disk_is_shared (const MigRunHost *host, const MigRunHost *other, MigUndo *undo,
                                   char **why_not, GError **error);
