/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/fleet.h"

/* Some hosts of a fleet with the VMs on them and all groups: a fleet of its own, in the same
 * order. */
typedef struct {
  MigFleet *fleet;
  GArray *vms;  /* of guint: of each VM, its index in the whole fleet */
  guint *hosts; /* of each host of the whole: its index in the part, or MIG_NO_INDEX */
} MigFleetPart;

/* mig_fleet_part_new: hosts: of each, whether it is in the part; vms (of guint): those on them,
 * ascending. A VM whose target is not in the part has none there. */
MigFleetPart *mig_fleet_part_new (const MigFleet *fleet, const gboolean *hosts, const GArray *vms);
void mig_fleet_part_free (MigFleetPart *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigFleetPart, mig_fleet_part_free)
