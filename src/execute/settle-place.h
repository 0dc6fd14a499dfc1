/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/plan-progress.h"
#include "execute/unattended.h"
#include "virt/inspect.h"

/* Where a guest is whose migration was under way, by the word of both its hosts. */

typedef struct {
  MigHost *from, *to;
  MigGuestState left, arrived; /* what is on either */
  const char *elsewhere;       /* a third host that has it; NULL: none; borrowed */
  gboolean broken;             /* its post-copy failed: each has a part of it */
  gint64 sent_bytes, sent_ns;  /* what it had sent, and when that was seen to grow */
  gint64 ending_ns;            /* when it was first seen to be ending; 0: never */
  gboolean watched;            /* it went on when it was looked at: that is its end */
  MigUnattendedEnd end;
} MigSettlePlace;

static inline gboolean
mig_guest_state_is_there (MigGuestState state)
{
  return state == MIG_GUEST_RUNNING || state == MIG_GUEST_PAUSED;
}

/* mig_settle_place_ask: hosts: of MigHost. Errors: one does not answer, or is none of them. */
gboolean mig_settle_place_ask (MigSettlePlace *place, const GPtrArray *hosts,
                               const MigPlannedMove *move, GError **error);

/* mig_settle_place_ask_others: where neither has it. Errors: one does not answer. */
gboolean mig_settle_place_ask_others (MigSettlePlace *place, const GPtrArray *hosts,
                                      const MigPlannedMove *move, GError **error);

/* mig_settle_place_goes_on: the migration, by the source's word, or by what waits on the
 * destination. The job of a post-copy that failed is there until somebody recovers it. guest: on
 * the source; NULL: none. */
gboolean mig_settle_place_goes_on (MigSettlePlace *place, MigGuest *guest);

/* mig_settle_place_is_ending: it runs on the destination, and the source may still end what it has
 * left of it, for some seconds. After them that stays: its client ended in the middle. */
gboolean mig_settle_place_is_ending (MigSettlePlace *place);
