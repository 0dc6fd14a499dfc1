/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"
#include "hosts/undo.h"

/* The file of a guest that is saved, for its host to restore it from: in the directory of a host of
 * the lab, which takes it along when it goes, or in the place of another host to which what guests
 * boot is uploaded, there a volume of migcost's by its name. */
typedef struct {
  char *path;    /* on that host */
  char *volume;  /* "PLACE/NAME" there; NULL: a file of this machine */
  MigHost *host; /* of a volume */
  guint undo_id; /* the same */
} MigSavedImage;

/* mig_saved_image_can: whether that host has room for such files at all. */
gboolean mig_saved_image_can (const MigRunHost *host);

/* mig_saved_image_size: the most that a guest's takes there: in the lab what its kernel and its
 * workload fill, as the rest of its memory is constant and not stored; elsewhere, where guests may
 * be other people's templates and hypervisors that store all, its memory. */
guint64 mig_saved_image_size (const MigRunHost *host, const MigStudyGuest *guest);

/* mig_saved_images_share: whether files of these two hosts may lie on the same storage: that of the
 * lab, of one machine, as their URIs name it, or of a pool of type 'netfs'. A host's own do. */
gboolean mig_saved_images_share (const MigRunHost *one, const MigRunHost *other);

/* mig_saved_image_has_room: whether files of so many bytes leave enough free there (256 MiB; of a
 * pool, where that is more, 5 %: hypervisors write as root, whom no file system's reserve stops)
 * and, where they are known to lie in memory, beside guests that take so many bytes. Errors:
 * FAILED. */
gboolean mig_saved_image_has_room (const MigRunHost *host, guint64 bytes, guint64 guest_bytes,
                                   GError **error);

/* mig_saved_image_new: names one for the guest of that UUID; nothing is made yet. Undo takes a
 * volume away where nobody else did. Errors: FAILED. */
MigSavedImage *mig_saved_image_new (const MigRunHost *host, const char *uuid, MigUndo *undo,
                                    GError **error);

/* mig_saved_image_free: removes it, where it was made. NULL: nothing. */
void mig_saved_image_free (MigSavedImage *image, MigUndo *undo);
