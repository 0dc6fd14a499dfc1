/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workloads/guest.h"

/* The stream of heartbeats: which line comes next and when. Pure: the caller brings the time. */
typedef struct {
  int64_t period_ns;
  int64_t deadline_ns; /* of the next line */
  uint64_t sequence;   /* of the next line */
} MigHeartbeat;

/* mig_heartbeat_init: the first line is due now. */
void mig_heartbeat_init (MigHeartbeat *heartbeat, int64_t period_ns, int64_t now_ns);

/* mig_heartbeat_set_period: from now on at that period; the next line is due now. */
void mig_heartbeat_set_period (MigHeartbeat *heartbeat, int64_t period_ns, int64_t now_ns);

/* mig_heartbeat_beat: writes the line that is due (MIG_PROTOCOL_MAX_LINE bytes; its length is
 * returned) and moves the deadline to the next point of the grid after now: what was missed while
 * the guest stood still is left out, not sent in a burst. Sequence numbers count the lines that are
 * sent. */
size_t mig_heartbeat_beat (MigHeartbeat *heartbeat, int64_t now_ns, uint64_t work_units,
                           char *buffer);

/* mig_heartbeat_start: sends heartbeats of a prepared guest from a thread of its own (SCHED_FIFO
 * where that is allowed, so that the workload cannot delay it) until the process ends. The thread
 * reads standard input too: a period that is asked for there (workloads/command.h) is in force at
 * once and answered by a heartbeat. Returns 0 or an errno. */
int mig_heartbeat_start (MigGuest *guest);
