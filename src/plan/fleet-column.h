/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/quantity.h"
#include "results/columns.h"

/* A column of a sheet that is one of a fleet, migcost-fleet(5): known by its name, whatever its
 * case, with a unit behind it where it has one (memory_mib). */
typedef struct {
  const MigColumn *column; /* NULL: it is ignored */
  MigKind kind;
  const char *unit; /* of its bare numbers; NULL: none is known */
  double most;      /* the largest bare number in it */
} MigFleetColumn;

/* mig_fleet_column_find: by the name in the sheet's first line. */
MigFleetColumn mig_fleet_column_find (const char *name);

/* mig_fleet_column_known: for mig_sheet_parse(). */
gboolean mig_fleet_column_known (const char *name);

/* mig_fleet_column_unit: what --unit can say, "memory=MiB", one after the other; NULL: there is no
 * more. The caller frees it. */
char *mig_fleet_column_unit (guint index);
