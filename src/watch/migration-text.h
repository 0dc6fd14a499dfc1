/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "watch/migration-tracker.h"

/* mig_migration_text: what is told of one that is over. from, to: names of hosts; NULL: not
 * watched. clients: what they noticed; NULL: nobody asked. The caller frees it. */
char *mig_migration_text (const MigTrackedMigration *migration, const char *from, const char *to,
                          const char *clients);
