/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/unit/fleets.h"

/* Fleets that are to reach a target state, and plans for them. */

/* Times that differ by no larger share are the same. */
#define TARGET_FLEET_SAME 1e-6

/* target_fleet_model: nothing but bytes over links. */
MigModel target_fleet_model (void);

guint target_fleet_add_host (MigFleet *fleet, const char *name, double memory, double rate,
                             guint group);
guint target_fleet_add_vm (MigFleet *fleet, guint host, guint to, double memory);

/* target_fleet_exchange: two hosts whose VMs change places; one has to leave before the other
 * comes.
 */
MigFleet *target_fleet_exchange (void);

/* target_fleet_random: two hosts on each side of an uplink; room for little more than is there. */
MigFleet *target_fleet_random (GRand *rand, guint n);

/* target_fleet_plan: cluster: migrations at a time; 0: any number. */
MigPlan *target_fleet_plan (MigFleet *fleet, guint parallel, guint cluster, GError **error);

/* target_fleet_check: at no time is more on a host than it has, nor more under way than may be. */
void target_fleet_check (const MigFleet *fleet, const MigPlan *plan, guint parallel);
