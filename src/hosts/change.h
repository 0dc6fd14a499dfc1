/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/journal.h"
#include "virt/guest.h"

/* A change to a host, as the undo journal has it, and how it is taken back. */

typedef struct {
  guint id;
  MigChangeKind kind;
  char *uri;
  char *value;
  MigHost *host; /* of the run; not owned; NULL when read from a journal */
} MigChange;

MigChange *mig_change_new (guint id, MigChangeKind kind, const char *uri, const char *value);
void mig_change_free (MigChange *change);

/* mig_change_take_back: on that host. *there: what was changed is on it; FALSE: nothing had to be
 * done. */
gboolean mig_change_take_back (const MigChange *change, MigHost *host, gboolean *there,
                               GError **error);

/* mig_change_guest: UUID of the guest that was there before and was changed, on whichever host it
 * is now: there is a change for each host that it may be on. The caller frees it. NULL: it is not
 * such a change. */
char *mig_change_guest (const MigChange *change);
