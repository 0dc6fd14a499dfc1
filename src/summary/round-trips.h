/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* mig_round_trips_by_host: what the rows (of MigRoundTripRecord) say of each host:
 * MigRoundTripSummary, appended in the order of the hosts' first rows. */
void mig_round_trips_by_host (const GPtrArray *rows, GPtrArray *summaries);
