/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "virt/events.h"

/* Migrations that somebody else started, made out from the events of the hosts that are watched.
 * Pure: no I/O, no clock. A host is a number; -1: one that is not watched, or not yet known. */
typedef struct {
  char *guest;
  int source, destination;
  gint64 start_ns;                 /* first sign of it */
  gint64 suspended_ns, resumed_ns; /* MIG_MISSING_INT: no event */
  gint64 end_ns;                   /* missing: it goes on */
  char *failure;                   /* NULL: it moved, or it goes on */
} MigTrackedMigration;

typedef enum {
  MIG_TRACKER_NOTHING, /* no sign of a migration */
  MIG_TRACKER_BEGUN,
  MIG_TRACKER_MORE, /* of one that is known */
  MIG_TRACKER_ENDED,
} MigTrackerChange;

typedef struct _MigMigrationTracker MigMigrationTracker;

MigMigrationTracker *mig_migration_tracker_new (void);

/* mig_migration_tracker_event: one event of a host, in the order of arrival. *observed: which
 * migration it belongs to; the observation's, one that has ended until
 * mig_migration_tracker_forget(). A source that is watched says when the migration is over; one
 * that is not, the guest's running on the destination does. */
MigTrackerChange mig_migration_tracker_event (MigMigrationTracker *observation, int host,
                                              const char *guest, MigEventKind kind,
                                              gboolean by_migration, gint64 arrival_ns,
                                              MigTrackedMigration **observed);

/* mig_migration_tracker_give_up: this one is over, and no event will say so. */
void mig_migration_tracker_give_up (MigTrackedMigration *observed, gint64 now_ns,
                                    const char *failure);

/* mig_migration_tracker_all: of MigTrackedMigration, in the order of their beginning; the
 * observation's. */
const GPtrArray *mig_migration_tracker_all (const MigMigrationTracker *observation);

/* mig_migration_tracker_forget: all that have ended. */
void mig_migration_tracker_forget (MigMigrationTracker *observation);
void mig_migration_tracker_free (MigMigrationTracker *observation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigMigrationTracker, mig_migration_tracker_free)
