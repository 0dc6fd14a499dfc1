/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/simulation-state.h"

/* How fast migrations send and guests work: CPUs, links and uplinks shared among them. */

/* mig_rates_invalidate: brings a host's guests and migrations up to now, before anything on it
 * changes. */
void mig_rates_invalidate (MigSimulation *self, guint host);

/* mig_rates_recompute: shares the touched hosts, and those that this changes, anew. */
void mig_rates_recompute (MigSimulation *self);

/* mig_rates_limit_without: bytes/s that all but one resource would give; MIG_N_LIMITS and more: but
 * one of its uplinks; MIG_LIMIT_NONE: all of them. */
#define MIG_LIMIT_NONE G_MAXUINT
double mig_rates_limit_without (const MigSimulation *self, const MigSimMigration *m, guint without);

/* mig_rates_queue_uplink: it is shared anew with what has changed. */
void mig_rates_queue_uplink (MigSimulation *self, guint uplink);
