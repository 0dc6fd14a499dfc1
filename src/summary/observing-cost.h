/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"
#include "summary/stats.h"

/* What observing costs, from a result whose guests were observed and left alone in turn
 * (measure/alternation.h). Windows that follow each other go into blocks of three, observed, alone,
 * observed or the other way round, so that what changes slowly meets both alike; each block is one
 * value. */
typedef struct {
  MigStat work; /* guests' work per second, observed / alone; each guest counts alike */
  MigStat cpu;  /* of migcost and the lab's daemons, observed less alone; 1 is one CPU */
} MigObservingCostPhase;

typedef struct {
  MigObservingCostPhase before; /* of all guests, before the first migration */
  MigObservingCostPhase during; /* of guests that migrate, until they stop on the source */
} MigObservingCost;

/* mig_observing_cost_read: *cost is filled, and cleared by the caller, also where there is nothing
 * (n is 0). Errors: the result's. */
gboolean mig_observing_cost_read (MigResult *result, MigObservingCost *cost, GError **error);
void mig_observing_cost_clear (MigObservingCost *cost);
