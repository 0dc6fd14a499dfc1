/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/study.h"

/* At which period a guest is to beat, and when to ask it to. Heartbeats take CPU time from the
 * guest and from those beside it, so each beats fast only where the time of a single one matters.
 * Pure: the caller brings the time and sends what is asked. */

/* mig_heartbeat_periods_fixed: whether they are all the same, so that nothing is ever asked. */
gboolean mig_heartbeat_periods_fixed (const MigHeartbeatPeriods *periods);

typedef struct {
  gint64 wanted_ns;
  gint64 in_force_ns; /* by its last heartbeat */
  gint64 asked_ns;    /* the last one asked for; 0: none */
  gint64 asked_at_ns;
  guint tries; /* of the one wanted */
} MigHeartbeatPace;

/* mig_heartbeat_pace_init: a guest that was started with that period. */
void mig_heartbeat_pace_init (MigHeartbeatPace *pace, gint64 period_ns);

/* mig_heartbeat_pace_want: from now on this one. */
void mig_heartbeat_pace_want (MigHeartbeatPace *pace, gint64 period_ns);

/* mig_heartbeat_pace_heard: a heartbeat said which one is in force. */
void mig_heartbeat_pace_heard (MigHeartbeatPace *pace, gint64 period_ns);

/* mig_heartbeat_pace_ask: the period to ask for now; 0: none. What is not answered, since a line to
 * a guest can be lost, is asked again after a while, a few times. */
gint64 mig_heartbeat_pace_ask (MigHeartbeatPace *pace, gint64 now_ns);
