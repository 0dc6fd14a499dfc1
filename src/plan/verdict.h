/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Whether a running guest can be moved, as far as that is known before anything is moved. Pure. */

typedef enum {
  MIG_VERDICT_CAN,
  MIG_VERDICT_MAY_FAIL, /* it depends on what cannot be seen, or on where it goes */
  MIG_VERDICT_BUSY,     /* something else is done with it now */
  MIG_VERDICT_CANNOT,
  MIG_N_VERDICTS
} MigMoveVerdict;

typedef struct {
  char *to; /* the host that cannot take it; NULL: wherever it goes */
  gboolean certain;
  char *reason, *advice; /* advice NULL: wait, or ask those who know */
} MigVerdictReason;

typedef struct {
  char *vm, *host;
  MigMoveVerdict verdict;
  GPtrArray *reasons;             /* of MigVerdictReason */
  gboolean persistent, autostart; /* what its host keeps of it, and so its destination will */
} MigGuestVerdict;

const char *mig_move_verdict_name (MigMoveVerdict verdict); /* "may fail" */

MigGuestVerdict *mig_guest_verdict_new (const char *vm, const char *host);
void mig_guest_verdict_free (MigGuestVerdict *verdict);

/* mig_guest_verdict_add: a reason: copies. */
void mig_guest_verdict_add (MigGuestVerdict *verdict, const char *to, gboolean certain,
                            const char *reason, const char *advice);

/* mig_guest_verdict_decide: by its reasons: it cannot move where one is certain wherever it goes,
 * or where each of so many other hosts has a certain one. */
void mig_guest_verdict_decide (MigGuestVerdict *verdict, guint others);

/* mig_verdict_reason_text: the reason with what to do. The caller frees it. */
char *mig_verdict_reason_text (const MigVerdictReason *reason);

/* mig_guest_verdict_text: the certain reasons with what to do, on one line; NULL: it has none. The
 * caller frees it. */
char *mig_guest_verdict_text (const MigGuestVerdict *verdict);
