/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/fleet-draft.h"

/* How a file is to be read; all may be NULL. */
typedef struct {
  const char *format; /* mig_fleet_format() */
  char **units;       /* "memory=MiB" ...: of columns whose numbers have none */
} MigFleetReading;

/* mig_fleet_file_load: the rows of a fleet file, migcost-fleet(5), or of what another tool printed.
 * Errors: INVALID with "path:line: what"; USAGE for a format or a unit; FAILED where it cannot be
 * read. */
MigFleetDraft *mig_fleet_file_load (const char *path, const MigFleetReading *reading,
                                    GError **error);

/* mig_fleet_file_save: writes rows, or replaces the file. */
gboolean mig_fleet_file_save (const char *path, const GPtrArray *rows, GError **error);
