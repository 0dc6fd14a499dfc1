/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/fleet-draft.h"
#include "plan/fleet-entries.h"

/* What another tool printed, on its way to a fleet. */
typedef struct {
  MigFleetDraft *draft;
  const char *label;
  GPtrArray *entries;                   /* of MigFleetEntry */
  guint stopped, containers, templates; /* left out */
  guint homeless;                       /* left out: VMs whose host is not known */
  GError **error;
} MigFleetReader;

/* mig_fleet_reader_mebibytes: as a fleet's table has an amount; NaN: NULL. */
char *mig_fleet_reader_mebibytes (double amount);

/* mig_fleet_reader_need_name: a thing without a name cannot be told from others; what: "node";
 * where: what would have it. */
gboolean mig_fleet_reader_need_name (MigFleetReader *reader, const char *name, guint line,
                                     const char *what, const char *where);

/* mig_fleet_reader_need_memory: a VM without an amount cannot be planned for; where: what would
 * have it. */
gboolean mig_fleet_reader_need_memory (MigFleetReader *reader, const MigFleetRecord *vm,
                                       const char *where);

/* mig_fleet_reader_say_skipped: the draft says how many were left out. */
void mig_fleet_reader_say_skipped (const MigFleetReader *reader);

/* One for each tool: the entries become rows of the draft. */
gboolean mig_fleet_read_nova (MigFleetReader *reader);
gboolean mig_fleet_read_virsh (MigFleetReader *reader);
gboolean mig_fleet_read_proxmox (MigFleetReader *reader);
gboolean mig_fleet_read_kubevirt (MigFleetReader *reader);
gboolean mig_fleet_read_rvtools (MigFleetReader *reader);
