/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/guest.h"

/* Every change to a host is taken back, last first: at the end of the run, and, where migcost was
 * killed, at the next start from the journal that the stack keeps on the disk. */
typedef struct _MigUndo MigUndo;

/* mig_undo_new: with a journal in the user's state directory, locked while this process lives. */
MigUndo *mig_undo_new (GError **error);

/* mig_undo_push_*: a change is about to be made; to be called before it. The id names it. uuid: of
 * the domain: another one of its name is somebody else's. */
gboolean mig_undo_push_domain (MigUndo *undo, MigHost *host, const char *domain, const char *uuid,
                               guint *id, GError **error);
gboolean mig_undo_push_management_pin (MigUndo *undo, MigHost *host, const char *previous,
                                       guint *id, GError **error);
gboolean mig_undo_push_upload (MigUndo *undo, MigHost *host, const char *volume, guint *id,
                               GError **error);
gboolean mig_undo_push_guest_pin (MigUndo *undo, MigHost *host, const MigGuest *guest,
                                  const char *pins, guint *id, GError **error);
gboolean mig_undo_push_max_downtime (MigUndo *undo, MigHost *host, const MigGuest *guest,
                                     gint64 downtime_ns, guint *id, GError **error);
gboolean mig_undo_push_pool (MigUndo *undo, MigHost *host, const char *name, guint *id,
                             GError **error);

/* mig_undo_forget: the change has been taken back by other means. */
void mig_undo_forget (MigUndo *undo, guint id);

/* mig_undo_all: takes all changes back: domains, on the host that they were on first before those
 * that they were to go to, then the rest, last first. What was changed of a guest that was there
 * stays for all hosts while a migration takes it along. Goes on after a failure, the first error is
 * returned and what failed stays in the journal. */
gboolean mig_undo_all (MigUndo *undo, GError **error);
void mig_undo_free (MigUndo *undo); /* the journal is removed where nothing is left in it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigUndo, mig_undo_free)

/* mig_undo_end: takes all back, frees it, and warns of what is left to the next start. undo: NULL
 * is none. */
void mig_undo_end (MigUndo *undo);

/* mig_undo_recover: takes back what earlier processes of this user left that were killed. A host
 * that cannot be reached keeps its journal, with a warning, unless it is of a lab that has ended.
 * Sets the number of changes taken back. */
gboolean mig_undo_recover (guint *recovered, GError **error);

/* mig_undo_forget_host: the host at that URI is gone, and all that killed processes left on it. */
void mig_undo_forget_host (const char *uri);

/* mig_undo_recover_guest: of that the changes of a guest that was there alone. */
void mig_undo_recover_guest (const char *uuid);
