/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"
#include "hosts/undo.h"
#include "virt/guest.h"

/* Guests as they were when they were ready, one of each definition and host, for as long as the run
 * lasts: repetitions restore them instead of booting. Their files are hosts/saved-image.h's. From
 * any thread. */
typedef struct _MigSavedGuests MigSavedGuests;

MigSavedGuests *mig_saved_guests_new (MigUndo *undo); /* which outlives it */
void mig_saved_guests_free (MigSavedGuests *saved);   /* removes the files */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigSavedGuests, mig_saved_guests_free)

/* mig_saved_guests_allow: whether files of so many bytes may be made for that host, beside guests
 * that take so many bytes: mig_saved_image_has_room(). FALSE: no guest is saved any more, which is
 * said once. */
gboolean mig_saved_guests_allow (MigSavedGuests *saved, const MigRunHost *host, guint64 bytes,
                                 guint64 guest_bytes);

/* mig_saved_guests_stop: no guest is saved any more, nor is it said why one could not be. */
void mig_saved_guests_stop (MigSavedGuests *saved);

/* mig_saved_guests_find: definition: all that makes two guests alike, their host included. Sets the
 * file and the UUID of the guest in it, which the caller frees. FALSE: none was saved. */
gboolean mig_saved_guests_find (MigSavedGuests *saved, const char *definition, char **path,
                                char **uuid);

/* mig_saved_guests_wants: whether such a guest is worth saving: it is not saved, saving it has not
 * failed, nor restoring it. */
gboolean mig_saved_guests_wants (MigSavedGuests *saved, const char *definition);

/* mig_saved_guests_save: ends the guest, whatever comes of it: where that fails, such guests boot,
 * which is said once. */
void mig_saved_guests_save (MigSavedGuests *saved, const char *definition, const MigRunHost *host,
                            MigGuest *guest);

/* mig_saved_guests_refuse: it could not be restored: such guests boot from now on. */
void mig_saved_guests_refuse (MigSavedGuests *saved, const char *definition, const GError *why);
