/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/records.h"
#include "virt/host.h"

/* How long the way to a host and back takes, over the connection that its events and its guests'
 * lines come by. */

/* at a time so many calls, or as many as fit into a second */
#define MIG_ROUND_TRIP_CALLS 20

/* mig_round_trips_take: appends the times of up to so many calls, gint64 in ns. Ends at the first
 * that fails. */
void mig_round_trips_take (GArray *times, MigHost *host, guint calls);

/* mig_round_trips_sum_up: calls, median and the 2.5th and 97.5th percentile (nearest rank) of
 * times, which is sorted by it. The other members of the record stay as they are. FALSE: there are
 * no times. Pure. */
gboolean mig_round_trips_sum_up (GArray *times, MigRoundTripRecord *record);
