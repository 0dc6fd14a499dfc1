/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/fleet-draft.h"

/* What other tools print, as a fleet. */

/* mig_fleet_format: names of --read-as, from index 0 to NULL; the first is migcost's own. */
const char *mig_fleet_format (guint index);

/* mig_fleet_read: text (UTF-8) as that format (NULL: the first). units: as in fleet-columns.h.
 * Errors: USAGE for an unknown format; INVALID with label and line. */
gboolean mig_fleet_read (MigFleetDraft *draft, const char *format, const char *text,
                         const char *label, char **units, GError **error);
