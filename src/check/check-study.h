/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"
#include "hosts/run-host.h"

/* What a study asks of a host. */

/* mig_check_variant: one of its variants: CPU, memory, and what the driver has to be able to do.
 * existing: what mig_check_existing() has found; NULL: nothing. */
void mig_check_variant (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
                        const MigStudy *variant, GHashTable *existing);

/* mig_check_names: whether domains of the guests' names are there already. */
void mig_check_names (GPtrArray *checks, const MigRunHost *host, const MigStudy *study);
