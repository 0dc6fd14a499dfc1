/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/records.h"

/* The three downtimes of one migration, from its raw stamps. Pure; the live display uses them too.
 */

typedef struct {
  gint64 value_ns;        /* not below 0; missing: see why */
  gint64 low_ns, high_ns; /* between which it lies */
  gint64 resolution_ns;   /* one period; the bounds are narrower where an event tells of the stop */
  const char *why;        /* why it is missing; NULL where it is not; a literal */
} MigGuestDowntime;

/* How late at most what a migration's two hosts sent was stamped: the round trips to them around
 * its run; missing: not measured, and taken for 0. */
typedef struct {
  gint64 source_ns, destination_ns;
} MigStampDelay;

/* mig_downtime_guest: what the guest's clients see: the silence between the last heartbeat from the
 * source and the first from the destination, less the one period that always lies between two
 * heartbeats, since the guest's clock stands still with it. Where the first one answered a line
 * that waited for the guest, it came at once: then from the event of the guest's suspension. The
 * heartbeat before the switch may have come up to one period early, but the guest stopped no more
 * than a round trip before the event; and a guest that shares its CPU sends late even without a
 * migration: the bounds say how far that may matter.
 * period_ns: heartbeat period, of guests whose migrations do not say which was in force.
 * lateness_ns: 99th percentile of how much longer than the period the gaps between the guest's
 * heartbeats were before the migration, or missing. Missing where a stamp or the period is, and
 * where heartbeats were lost at the switch (the silence then is not the guest's). */
MigGuestDowntime mig_downtime_guest (const MigMigrationRecord *migration, gint64 period_ns,
                                     gint64 lateness_ns, MigStampDelay late);

/* mig_downtime_events: suspended on the source until resumed on the destination, by the arrival of
 * the events; missing where one of them is. */
gint64 mig_downtime_events (const MigMigrationRecord *migration);

/* mig_downtime_events_bounds: between which the time lies that passed on the hosts. Each event is
 * stamped when it arrives, a way from its host later: at least 0 and at most a round trip, whatever
 * the two directions' shares are. So it is at least the stamps' difference less the destination's
 * round trip (not below 0), and at most the difference and the source's round trip. Both missing
 * where the downtime or a round trip is. */
void mig_downtime_events_bounds (const MigMigrationRecord *migration, MigStampDelay late,
                                 gint64 *low_ns, gint64 *high_ns);

/* mig_downtime_best: the one that the model is calibrated with and predictions are held to: the
 * guest's, else by the events, else the hypervisor's figure; missing where there is none. */
gint64 mig_downtime_best (const MigMigrationRecord *migration, gint64 period_ns);
