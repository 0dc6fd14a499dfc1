/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/change.h"
#include "hosts/undo.h"

/* For undo.c, undo-each.c and undo-left.c only. */

struct _MigUndo {
  GMutex lock;
  char *path;
  int fd;
  GPtrArray *changes; /* of MigChange */
  guint last_id;
};

/* undo.c: what is taken back, in the journal too. */
void mig_undo_forget_at (MigUndo *undo, guint index);

/* mig_undo_directory: of the journals; the caller frees it. mig_undo_open_abandoned: a journal
 * whose owner is dead; NULL: it lives, or the file is gone. */
char *mig_undo_directory (void);
MigUndo *mig_undo_open_abandoned (const char *path);

/* What is said of each change: that something was taken back; that it could not be. */
typedef struct {
  void (*taken) (const MigChange *change, gpointer data);
  void (*failed) (const MigChange *change, const GError *error, gpointer data);
  gpointer data;
} MigUndoTeller;

/* undo-each.c: takes all changes back and forgets them, but for those that failed; (L).
 * mig_undo_guests: those of guests that were there; uuid: of one of them; NULL: of all. */
void mig_undo_each (MigUndo *undo, const MigUndoTeller *teller);
void mig_undo_guests (MigUndo *undo, const char *uuid, const MigUndoTeller *teller);
