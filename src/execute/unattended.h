/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"
#include "virt/events.h"
#include "virt/stop-limits.h"

/* A migration that goes on without the process that began it. What happens meanwhile is noted, and
 * its timeout holds, as with a watcher of its own. */

typedef struct {
  MigHost *from, *to;
  MigResultWriter *writer;
  gint64 run;
  const char *guest, *uuid;
  gint64 begun_ns;
  gint64 timeout_ns;
  MigTimeoutAction at_timeout;
} MigUnattendedOptions;

/* What was seen of it. */
typedef struct {
  gint64 end_ns, suspended_ns, resumed_ns, stop_ns; /* missing: not seen */
  MigJobStatistics job;                             /* the last ones */
  MigStopCause stop_cause;                          /* what its timeout did but abort it */
  gboolean timed_out;                               /* it was aborted */
} MigUnattendedEnd;

typedef struct _MigUnattended MigUnattended;

/* mig_unattended_new: the event loop must run; no other watches these hosts. */
MigUnattended *mig_unattended_new (const MigUnattendedOptions *options);

/* mig_unattended_look: it, or what somebody else has begun since, which is left alone, goes on;
 * guest: on its source; NULL: not there any more. To be called a few times a second. */
void mig_unattended_look (MigUnattended *self, MigGuest *guest);

/* mig_unattended_end: it is over; frees it. */
void mig_unattended_end (MigUnattended *self, MigUnattendedEnd *end);
