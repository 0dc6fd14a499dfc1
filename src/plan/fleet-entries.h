/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/sheet.h"

/* What a tool lists: things with named values, whether it printed JSON, CSV or text. */
typedef struct {
  guint line;         /* of the file, from 1; 0: not known */
  GHashTable *values; /* lower-case name ("metadata.name" where they nest) -> text */
} MigFleetEntry;

/* mig_fleet_entries_json: of a list, of an object with 'items' or 'data', or of several lists one
 * after another. GPtrArray of MigFleetEntry, freed with it. Errors: INVALID with label and line. */
GPtrArray *mig_fleet_entries_json (const char *text, const char *label, GError **error);

/* mig_fleet_entries_csv: a row whose first cell is one of the first rows' names begins another list
 * with columns of its own: heads are the lower-case names that can stand first in a list. */
GPtrArray *mig_fleet_entries_csv (const MigSheet *sheet, const char *const *heads);

/* mig_fleet_entries_text: of 'virsh domstats': "Domain: 'NAME'", then lines NAME=VALUE; and of
 * 'virsh nodeinfo': lines "NAME: VALUE"; a line that is one word, as of 'virsh hostname', is the
 * value "host" of all that follow. Errors: INVALID with label and line. */
GPtrArray *mig_fleet_entries_text (const char *text, const char *label, GError **error);

/* mig_fleet_entry: its value; NULL: it has none of that name, or an empty one. */
const char *mig_fleet_entry (const MigFleetEntry *entry, const char *name);

/* mig_fleet_entry_any: of the first name, else of the second. */
const char *mig_fleet_entry_any (const MigFleetEntry *entry, const char *first, const char *second);

/* mig_fleet_entry_number: NaN: none; commas between thousands are left out. */
double mig_fleet_entry_number (const MigFleetEntry *entry, const char *name);
