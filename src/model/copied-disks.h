/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/training.h"

/* What migrations copied of their guests' disks, for a calibration. Pure. */

/* mig_copied_disks_s: how long one copied disks, before memory; 0: it copied none; NaN: it did, and
 * nobody knows how long. */
double mig_copied_disks_s (const MigMigrationRecord *m);

/* mig_copied_disks_have_holes: whether more was counted than the link can have carried: what was
 * never written is not sent, but counts. Of a link that nobody knows (infinite) they have none. */
gboolean mig_copied_disks_have_holes (const MigMigrationRecord *m, double link_bytes_per_s);

/* mig_copied_disks_bytes: what one sent of them, blocks that were written meanwhile again; of disks
 * with holes at most what the link can have carried. */
double mig_copied_disks_bytes (const MigMigrationRecord *m, double link_bytes_per_s);

/* mig_copied_disks_spread: VMs that stay in one run (of MigTrainingRun) have the disks that they
 * have in others, where they are moved. */
void mig_copied_disks_spread (const GPtrArray *runs);
