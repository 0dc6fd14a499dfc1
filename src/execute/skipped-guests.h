/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/plan-session.h"

/* Guests that plans skip though they are to leave their host: since they cannot be moved (with
 * --skip-impossible those of the first plan, and whatever turns out later), or since somebody else
 * is doing something with them. */

typedef struct {
  char *guest, *uuid, *reason; /* reason: with what would let it move */
  char *to;                    /* the host where it is to be; NULL: any but those of leaves */
  char **leaves;               /* hosts that are left, so that it is not to be there */
} MigSkippedGuest;

GPtrArray *mig_skipped_guests_new (void); /* of MigSkippedGuest, which it frees */

/* mig_skipped_guests_note: those of the session's plan. Of a guest that an earlier plan skipped the
 * last word counts: its reason, or that it moves now. */
void mig_skipped_guests_note (GPtrArray *skipped, const MigPlanSession *planning);

/* mig_skipped_guest_has_gone: whether the host that it is on is one that it was to go to: somebody
 * else has moved it. on: NULL: none, or not known. */
gboolean mig_skipped_guest_has_gone (const MigSkippedGuest *guest, const char *on);

/* mig_skipped_guests_leaves: the hosts that VMs are to leave, wherever to; NULL: each has its
 * target. The caller frees them. */
char **mig_skipped_guests_leaves (const MigPlanSession *planning);

/* mig_skipped_guests_find: NULL: it is not skipped. */
const MigSkippedGuest *mig_skipped_guests_find (const GPtrArray *skipped, const char *uuid);
