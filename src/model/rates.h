/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/simulation-state.h"

/* How fast migrations send and guests work: CPUs, links and uplinks shared among them. */

/* mig_rates_invalidate: brings a host's migrations up to now, before anything on it changes. */
void mig_rates_invalidate (MigSimulation *self, guint host);

/* mig_rates_change_guest: brings a guest up to now, before it leaves its host, stands still or goes
 * on; or when it has come to one. */
void mig_rates_change_guest (MigSimulation *self, guint vm);

/* mig_rates_recompute: shares the touched hosts, and those that this changes, anew. */
void mig_rates_recompute (MigSimulation *self);
