/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab/keeper-options.h"
#include "lab/setup.h"

/* Inside migcost-lab only: the lab's place on this machine: its directory, locked as long as the
 * lab lives (directory.h), with the files that its guests boot, and the kernel's autogroups, which
 * rest meanwhile. */
typedef struct {
  char *base;
  int lock_fd;
} MigPlace;

/* mig_place_make: the directory, in a new setup->state; what libraries say on standard error is
 * written there from now on. */
gboolean mig_place_make (MigPlace *place, MigSetup *setup, GError **error);

/* mig_place_fill: with what the options ask for; the rest of setup that is known before the lab
 * comes up. */
gboolean mig_place_fill (MigSetup *setup, const MigKeeperOptions *options, GError **error);

/* mig_place_remove: also of a place of which only a part was made. Frees setup->state. */
void mig_place_remove (MigPlace *place, MigSetup *setup);
