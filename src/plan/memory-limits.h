/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/fleet.h"

/* How much memory the VMs of hosts may have, by what the operator says. Texts of options; NULL: not
 * given. */
typedef struct {
  char **memory;          /* "HOST=SIZE", or "SIZE" of all hosts: in place of what is known */
  const char *overcommit; /* "1.5": VMs may have so many times the memory, where the fleet does not
                             say how many; "used": what VMs use counts, not what they may */
} MigMemoryLimits;

/* mig_memory_limits_apply: to a fleet. partial: hosts that it does not have are passed over.
 * Errors: USAGE. */
gboolean mig_memory_limits_apply (const MigMemoryLimits *limits, MigFleet *fleet, gboolean partial,
                                  GError **error);
