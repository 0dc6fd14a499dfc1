/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/columns.h"

/* A fleet that is being read: rows, what was recognised, and what had to be assumed. */
typedef struct {
  GPtrArray *rows;     /* of MigFleetRecord; freed with it */
  GPtrArray *assumed;  /* of char *: what is missing, and what holds instead */
  GString *recognised; /* one line */
  GHashTable *absent;  /* of char *: hosts that are left out, with their VMs */
} MigFleetDraft;

MigFleetDraft *mig_fleet_draft_new (void);
void mig_fleet_draft_free (MigFleetDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigFleetDraft, mig_fleet_draft_free)

/* mig_fleet_draft_add: an empty row of that line; the draft keeps it. mig_fleet_draft_host, _vm:
 * with these names. */
MigFleetRecord *mig_fleet_draft_add (MigFleetDraft *draft, guint line);
MigFleetRecord *mig_fleet_draft_host (MigFleetDraft *draft, const char *name, guint line);
MigFleetRecord *mig_fleet_draft_vm (MigFleetDraft *draft, const char *name, const char *host,
                                    guint line);

/* mig_fleet_draft_assume: says it. */
void mig_fleet_draft_assume (MigFleetDraft *draft, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* mig_fleet_draft_leave_out: a host that cannot be worked with now, and its VMs; state: "down". */
void mig_fleet_draft_leave_out (MigFleetDraft *draft, const char *host, const char *state);

/* mig_fleet_draft_cordon: a host that no VM goes to by itself; state: "in maintenance mode". */
void mig_fleet_draft_cordon (MigFleetDraft *draft, MigFleetRecord *host, const char *state);

/* mig_fleet_draft_complete: what a tool's list lacks: a row for each host that a VM names (memory
 * for all, a CPU for each vCPU), names that are there once, a rate of the links and of updates. */
void mig_fleet_draft_complete (MigFleetDraft *draft);

/* mig_fleet_draft_bytes: "123 B"; NULL for what is negative or not finite. */
char *mig_fleet_draft_bytes (double bytes);
