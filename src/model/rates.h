/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/simulation-state.h"

/* How fast migrations send and guests work: CPUs, links and uplinks shared among them. */

/* mig_rates_invalidate: brings a host's migrations up to now, before anything on it changes. */
void mig_rates_invalidate (MigSimulation *self, guint host);

/* mig_rates_change_guest: brings a guest up to now, before it leaves its host, stands still or goes
 * on; or when it has come to one. */
void mig_rates_change_guest (MigSimulation *self, guint vm);

/* mig_rates_advance_guest: brings it up to now, that is all. */
void mig_rates_advance_guest (MigSimulation *self, guint vm);

/* mig_rates_recompute: shares the touched hosts, and those that this changes, anew. */
void mig_rates_recompute (MigSimulation *self);

/* mig_rates_limit_without: bytes/s that all but one resource would give; MIG_N_LIMITS and more: but
 * one of its uplinks; MIG_LIMIT_NONE: all of them. */
#define MIG_LIMIT_NONE G_MAXUINT
double mig_rates_limit_without (const MigSimulation *self, const MigSimMigration *m, guint without);

/* mig_rates_are_same: two limits, which may be infinite: no other resource need hear of it. */
gboolean mig_rates_are_same (double before, double now);

/* mig_rates_queue_host, mig_rates_queue_path: a host, and a migration's uplinks (but one of them)
 * are shared anew with what has changed. */
void mig_rates_queue_host (MigSimulation *self, guint host);
void mig_rates_queue_path (MigSimulation *self, const MigSimMigration *m, guint but);

/* mig_rates_queue_uplink: it is shared anew with what has changed. */
void mig_rates_queue_uplink (MigSimulation *self, guint uplink);

/* mig_rates_set_limit: what a resource gives a migration, were it to take all it can get; the other
 * host hears of it where it has changed. */
void mig_rates_set_limit (MigSimulation *self, MigSimMigration *m, guint limit, double got);
