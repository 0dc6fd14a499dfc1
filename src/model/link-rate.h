/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The rate of the link that migrations of a result went over, bytes/s, where it was not swept.
 * Pure. */

/* mig_link_rate_known: as measured, else as configured (of MigEnvironmentRecord); infinite:
 * neither, as on hosts of one's own. */
double mig_link_rate_known (const GPtrArray *environment);

/* mig_link_rate_guess: the slowest usual one that can have carried the memory that was sent in runs
 * (of MigRunState). */
double mig_link_rate_guess (const GPtrArray *runs);
