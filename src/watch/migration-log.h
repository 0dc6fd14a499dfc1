/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/columns.h"
#include "virt/migrate.h"

/* What is heard of a migration while it goes on: which run it belongs to is known when it ends. */
typedef struct _MigMigrationLog MigMigrationLog;

MigMigrationLog *mig_migration_log_new (void);
void mig_migration_log_free (MigMigrationLog *log);

/* mig_migration_log_job: its job's statistics, in place of those before; _completed: those of the
 * whole, as the source says when it is complete. */
void mig_migration_log_job (MigMigrationLog *log, const MigJobStatistics *job);
void mig_migration_log_completed (MigMigrationLog *log, const MigJobStatistics *job);

/* mig_migration_log_last, mig_migration_log_whole: the log's; NULL: not known. */
const MigJobStatistics *mig_migration_log_last (const MigMigrationLog *log);
const MigJobStatistics *mig_migration_log_whole (const MigMigrationLog *log);

/* mig_migration_log_row: one of MIG_TABLE_EVENTS or MIG_TABLE_ROUNDS at that time, which is copied.
 */
void mig_migration_log_row (MigMigrationLog *log, MigTable table, gint64 time_ns,
                            gconstpointer record);

/* mig_migration_logs_write: the rows of all these logs, as of that run, in the order of their
 * times. */
typedef void (*MigMigrationLogFunc) (MigTable table, gconstpointer record, gpointer data);
void mig_migration_logs_write (const GPtrArray *logs, gint64 run, MigMigrationLogFunc write,
                               gpointer data);
