/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* The migrations of a summary that count, by case and by guest of a case. */
typedef struct _MigMigrationIndex MigMigrationIndex;

/* mig_migration_index_new: the summary must outlive it. */
MigMigrationIndex *mig_migration_index_new (const MigSummary *summary);
void mig_migration_index_free (MigMigrationIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigMigrationIndex, mig_migration_index_free)

/* mig_migration_index_find: of const MigMigrationSummary, in the summary's order; guest NULL: all
 * of the case. NULL: none. */
const GPtrArray *mig_migration_index_find (const MigMigrationIndex *index, const char *case_label,
                                           const char *guest);
