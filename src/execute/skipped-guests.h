/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/plan-session.h"

/* Guests that plans skip, since they cannot be moved: with --skip-impossible those of the first
 * plan, and whatever turns out later. */

typedef struct {
  char *guest, *uuid, *reason; /* reason: with what would let it move */
} MigSkippedGuest;

GPtrArray *mig_skipped_guests_new (void); /* of MigSkippedGuest, which it frees */

/* mig_skipped_guests_note: those of the session's plan. Of a guest that an earlier plan skipped the
 * last word counts: its reason, or that it moves now. */
void mig_skipped_guests_note (GPtrArray *skipped, const MigPlanSession *planning);

/* mig_skipped_guests_find: NULL: it is not skipped. */
const MigSkippedGuest *mig_skipped_guests_find (const GPtrArray *skipped, const char *uuid);
