/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/simulation-state.h"

/* What each resource lets a migration have, and who has to hear of a change of it. */

/* mig_rate_limits_without: bytes/s that all but one resource would give; MIG_N_LIMITS and more: but
 * one of its uplinks; MIG_LIMIT_NONE: all of them. */
#define MIG_LIMIT_NONE G_MAXUINT
double mig_rate_limits_without (const MigSimulation *self, const MigSimMigration *m, guint without);

/* mig_rate_limits_are_same: two limits, which may be infinite: no other resource need hear of it.
 */
gboolean mig_rate_limits_are_same (double before, double now);

/* mig_rate_limits_queue_host, mig_rate_limits_queue_path: a host, and a migration's uplinks (but
 * one of them) are shared anew with what has changed. */
void mig_rate_limits_queue_host (MigSimulation *self, guint host);
void mig_rate_limits_queue_path (MigSimulation *self, const MigSimMigration *m, guint but);

/* mig_rate_limits_queue_uplink: it is shared anew with what has changed. */
void mig_rate_limits_queue_uplink (MigSimulation *self, guint uplink);

/* mig_rate_limits_set: what a resource gives a migration, were it to take all it can get; the other
 * host hears of it where it has changed. */
void mig_rate_limits_set (MigSimulation *self, MigSimMigration *m, guint limit, double got);
