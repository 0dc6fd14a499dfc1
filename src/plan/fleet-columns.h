/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/fleet-draft.h"
#include "plan/sheet.h"

/* A sheet as a fleet, migcost-fleet(5): its columns are known by their names, whatever their case,
 * with a unit behind them where they have one (memory_mib). */

/* mig_fleet_columns_known: for mig_sheet_parse(). */
gboolean mig_fleet_columns_known (const char *name);

/* mig_fleet_columns_unit: what --unit can say, "memory=MiB", one after the other; NULL: there is no
 * more. The caller frees it. */
char *mig_fleet_columns_unit (guint index);

/* mig_fleet_columns_read: units: of "COLUMN=UNIT", NULL at the end; or NULL. Errors: INVALID with
 * "file:line: what"; USAGE for units that are none. */
gboolean mig_fleet_columns_read (MigFleetDraft *draft, const MigSheet *sheet, char **units,
                                 GError **error);
