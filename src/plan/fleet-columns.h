/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/fleet-draft.h"
#include "plan/sheet.h"

/* A sheet as a fleet, migcost-fleet(5). */

/* mig_fleet_columns_read: units: of "COLUMN=UNIT", NULL at the end; or NULL. Errors: INVALID with
 * "file:line: what"; USAGE for units that are none. */
gboolean mig_fleet_columns_read (MigFleetDraft *draft, const MigSheet *sheet, char **units,
                                 GError **error);
