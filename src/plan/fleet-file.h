/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/columns.h"

/* mig_fleet_file_load: the rows of a fleet file, migcost-fleet(5): array of MigFleetRecord, freed
 * with the array. Errors: INVALID with "path:line: what"; FAILED where it cannot be read. */
GPtrArray *mig_fleet_file_load (const char *path, GError **error);

/* mig_fleet_file_save: writes rows, or replaces the file. */
gboolean mig_fleet_file_save (const char *path, const GPtrArray *rows, GError **error);
