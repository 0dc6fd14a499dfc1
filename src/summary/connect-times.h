/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/outage.h"

/* How long clients take to connect to a guest, from attempts of which each is begun whatever became
 * of those before. Pure. */

typedef struct {
  gint64 sent_ns;
  gint64 answered_ns; /* missing: refused, reset, lost, or still under way */
} MigConnectAttempt;

typedef struct {
  gint64 longest_ns; /* missing: none was made */
  gint64 floor_ns;   /* of those that were over by the migration's start; missing: of none */
} MigConnectTimes;

/* mig_connect_times: attempts: of MigConnectAttempt, in the order of their sending. One that was
 * not made takes until the first answer to a later one: until then its client tries again; where
 * there is none, until the end. All missing where none was ever made: there may be no server. */
MigConnectTimes mig_connect_times (const GArray *attempts, const MigProbeSpan *span, gint64 end_ns);
