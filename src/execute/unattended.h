/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"
#include "virt/events.h"
#include "virt/stop-limits.h"

/* A migration that goes on without the process that began it. What happens meanwhile is noted, and
 * its timeout, its stop rule and its technique hold, as with a watcher of its own. */

typedef struct {
  MigHost *from, *to;
  MigResultWriter *writer;
  gint64 run;
  const char *guest, *uuid;
  gint64 begun_ns;
  gint64 job_seen_ns; /* its job was seen then, before it was left alone; missing: never */
  gint64 timeout_ns;
  MigTimeoutAction at_timeout;
  MigStopRule stop_rule;
  gboolean post_copy;      /* it goes on by post-copy when its first round is over */
  MigStopCause stop_cause; /* what its own process made it end by; NOT_YET: nothing */
  gint64 stop_ns;
} MigUnattendedOptions;

/* What was seen of it. */
typedef struct {
  gint64 end_ns, suspended_ns, resumed_ns, stop_ns; /* missing: not seen */
  MigJobStatistics job;                             /* the last ones */
  MigStopCause stop_cause;                          /* what it was made to end by */
  gboolean timed_out;                               /* it was aborted */
  gboolean ours;      /* its job was the one whose beginning was noted: its limits were kept */
  gboolean post_copy; /* a host said that it went on by post-copy */
} MigUnattendedEnd;

typedef struct _MigUnattended MigUnattended;

/* mig_unattended_new: the event loop must run; no other watches these hosts. */
MigUnattended *mig_unattended_new (const MigUnattendedOptions *options);

/* mig_unattended_look: it, or what somebody else has begun since, which is left alone, goes on;
 * guest: on its source; NULL: not there any more; arrived: what its destination has of it. To be
 * called a few times a second. */
void mig_unattended_look (MigUnattended *self, MigGuest *guest, MigGuestState arrived);

/* mig_unattended_wait: until something has happened, or that time has come. */
void mig_unattended_wait (MigUnattended *self, gint64 until_ns);

/* mig_unattended_end: it is over; frees it. */
void mig_unattended_end (MigUnattended *self, MigUnattendedEnd *end);
