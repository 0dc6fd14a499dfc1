/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/model.h"

/* The part of a fleet that the migrations out of one source touch: it and their targets, with their
 * guests. Candidates are numbered from 0. */
typedef struct {
  MigFleet *fleet;
  MigSimulation *simulation;
  const GArray *candidates; /* of guint: VMs of the whole fleet */
  guint *vms, *hosts;       /* candidate -> VM, host of the whole fleet -> host, in the part */
  guint *to;                /* candidate -> target in the whole fleet */
  guint *places;            /* where each VM of the part is now */
  double cpu_before;        /* demand on the source */
} MigSubfleet;

MigSubfleet *mig_subfleet_new (const MigModel *model, const MigFleet *fleet,
                               const GArray *candidates);
void mig_subfleet_free (MigSubfleet *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigSubfleet, mig_subfleet_free)

/* mig_subfleet_candidate: the VM, as the part sees it. */
const MigFleetVm *mig_subfleet_candidate (const MigSubfleet *part, guint candidate);

/* mig_subfleet_move: its move in the whole fleet, group 0. */
MigMove mig_subfleet_move (const MigSubfleet *part, guint candidate);

/* mig_subfleet_same: two candidates cost the same wherever either may go first. */
gboolean mig_subfleet_same (const MigSubfleet *part, guint a, guint b);

/* mig_subfleet_place: these candidates are gone; n = 0: all are back. */
void mig_subfleet_place (MigSubfleet *part, const guint *candidates, guint n);

/* mig_subfleet_simulate: these leave together from where all are now. FALSE: one stands longer than
 * it may, or does not converge. */
gboolean mig_subfleet_simulate (MigSubfleet *part, const guint *group, guint n, MigPlanCost *cost);
