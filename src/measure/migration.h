/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/run-guest.h"

/* One migration of a guest, watched from its beginning to the first sign of life behind it. */
typedef struct _MigMigration MigMigration;

/* step of a migration that only brings a guest back to where it has to be: it gets no rows */
#define MIG_STEP_HOME 0

MigMigration *mig_migration_new (MigRun *run, MigRunGuest *run_guest, const MigRunHost *to,
                                 guint step);
void mig_migration_free (MigMigration *migration);

/* mig_migration_start: begins; where it cannot, it is over at once. mig_migration_join: waits until
 * it is over, and its threads have ended. */
void mig_migration_start (MigMigration *migration);
void mig_migration_join (MigMigration *migration);

/* mig_migration_event: (L) an event of its guest, of whichever host. FALSE: it is over already. */
gboolean mig_migration_event (MigMigration *migration, const MigEvent *event);

MigRunGuest *mig_migration_guest (const MigMigration *migration);
guint mig_migration_step (const MigMigration *migration);
gboolean mig_migration_is_done (const MigMigration *migration); /* (L) libvirt's call has returned
                                                                 */
/* mig_migration_is_heard: (L) there is no more to wait for: a heartbeat came from the destination,
 * or none can. */
gboolean mig_migration_is_heard (const MigMigration *migration);
/* mig_migration_progress: (L) FALSE: it is not under way. */
gboolean mig_migration_progress (const MigMigration *migration, gint64 now_ns,
                                 MigProgressMigration *progress);

/* Behind mig_migration_join(): */
gboolean mig_migration_is_ok (const MigMigration *migration);
const GError *mig_migration_error (const MigMigration *migration); /* NULL: it is ok */
/* mig_migration_dirty_pages: a second, by the hypervisor's last word while it went on; missing. */
gint64 mig_migration_dirty_pages (const MigMigration *migration);
/* mig_migration_record: its row, which the caller frees with g_free(). */
MigMigrationRecord *mig_migration_record (const MigMigration *migration);

/* mig_migration_locate_guest: after one that failed: asks both hosts where the guest is; events,
 * and the row's reason, say it. */
void mig_migration_locate_guest (MigMigration *migration);

/* mig_migration_whereabouts: behind that: where it is, for people. */
const char *mig_migration_whereabouts (const MigMigration *migration);

/* mig_migration_verify: of one that libvirt says is ok, by both hosts' word: it runs, or
 * is paused where it was paused before, on the destination, and not on the source. FALSE: it
 * failed, or its guest is not where it has to be; then it has been located. */
gboolean mig_migration_verify (MigMigration *migration, gboolean paused);

/* mig_migration_takes_autostart: its source started the guest by itself, and its destination is to.
 */
gboolean mig_migration_takes_autostart (const MigMigration *migration);

/* mig_migration_has_ended_guest: of one that failed: its guest ended on the source meanwhile, by
 * itself or by its owner. */
gboolean mig_migration_has_ended_guest (const MigMigration *migration);

/* Behind a failure in the reason of a migration's row: the guest is on neither host. */
#define MIG_MIGRATION_LOST "the guest is lost: it is on no host"

/* mig_migration_row_is_lost: of a row as an earlier process wrote it: its guest was on neither
 * host, and had not ended on the source as mig_migration_has_ended_guest says. */
gboolean mig_migration_row_is_lost (const MigMigrationRecord *row);

/* mig_migration_is_refused: of one that failed: before a byte was copied, by hosts that answer, so
 * that the same migration would be refused again. */
gboolean mig_migration_is_refused (const MigMigration *migration);
