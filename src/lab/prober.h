/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab/setup.h"

/* The prober (probe/prober.h) as a process on the LAN of a lab's guests. It listens to a socket in
 * the lab's directory. */

/* mig_lab_prober_start: in that network namespace; fills in state->prober. */
gboolean mig_lab_prober_start (MigSetup *setup, int netns, GError **error);

/* What its process is called. */
#define MIG_LAB_PROBER_NAME "migcost-prober"
