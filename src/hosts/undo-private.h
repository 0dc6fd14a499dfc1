/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/change.h"
#include "hosts/undo.h"

/* For undo.c and undo-each.c only. */

struct _MigUndo {
  GMutex lock;
  char *path;
  int fd;
  GPtrArray *changes; /* of MigChange */
  guint last_id;
};

/* undo.c: what is taken back, in the journal too. */
void mig_undo_forget_at (MigUndo *undo, guint index);

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
