/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "virt/events.h"
#include "watch/migration-reconcile.h"

/* Migrations that somebody else started, made out from the events of the hosts that are watched.
 * Pure: no I/O, no clock. A host is a number; -1: one that is not watched, or not yet known. A
 * guest is known by its UUID, which a migration keeps, and by the hosts: neither two of one name
 * nor one that gets another name with its move are confused. */
typedef struct _MigTrackedMigration {
  guint number;       /* of no other one of this tracker */
  char *guest, *uuid; /* guest: its name where it was first seen */
  int source, destination;
  gint64 start_ns;     /* first sign of it */
  gboolean late;       /* that was one of its end: nobody knows when it began */
  gint64 suspended_ns; /* since when it stands still, whoever stopped it; MIG_MISSING_INT: no event
                        */
  gboolean owner_suspended; /* its owner did, while it was copied */
  gint64 resumed_ns;   /* that it goes on, at the destination or, where it failed, at the source */
  gint64 end_ns;       /* missing: it goes on */
  gint64 post_copy_ns; /* it goes on at the destination before its memory is there */
  gboolean broken;     /* that failed: it stands still until it is recovered */
  guint recoveries;    /* how often it was */
  gboolean destination_ended; /* what waited for it there has ended: it stays, or is lost */
  char *failure;              /* NULL: it moved, or it goes on */
  gboolean unseen;            /* failure says why its end was not seen: it may have moved */
  MigReconcileState reconcile;
} MigTrackedMigration;

typedef enum {
  MIG_TRACKER_NOTHING, /* no sign of a migration */
  MIG_TRACKER_BEGUN,
  MIG_TRACKER_MORE,      /* of one that is known */
  MIG_TRACKER_BROKEN,    /* its post-copy failed */
  MIG_TRACKER_RECOVERED, /* and goes on */
  MIG_TRACKER_ENDED,
  MIG_TRACKER_WITHDRAWN, /* what was taken for one was none: it is forgotten */
} MigTrackerChange;

typedef enum {
  MIG_POST_COPY_NONE, /* it is no event of post-copy */
  MIG_POST_COPY_RUNS, /* of the switch, or of a recovery */
  MIG_POST_COPY_FAILED,
} MigPostCopy;

typedef struct {
  int host;
  const char *guest, *uuid;
  MigEventKind kind;
  gboolean by_migration;
  gboolean end_only; /* the host's driver, libxl, tells of the end of migrations alone */
  gboolean saved;    /* the guest stopped because it was saved */
  MigPostCopy post_copy;
  MigOperation operation; /* of the job that it is in; UNKNOWN: not asked, or nobody knows */
  gint64 arrival_ns;
} MigTrackerEvent;

typedef struct _MigMigrationTracker MigMigrationTracker;

MigMigrationTracker *mig_migration_tracker_new (void);

/* mig_migration_tracker_find: the one of that guest which goes on and has to do with that host, or
 * may have; NULL: none. */
MigTrackedMigration *mig_migration_tracker_find (const MigMigrationTracker *tracker, int host,
                                                 const char *uuid);

/* mig_migration_tracker_latest: the last one that took that guest away from that host, whether it
 * has ended or not; NULL: none. */
MigTrackedMigration *mig_migration_tracker_latest (const MigMigrationTracker *tracker, int host,
                                                   const char *uuid);

/* mig_migration_tracker_event: one event of a host, in the order of arrival. *migration: which
 * migration it belongs to (NULL: none); the tracker's, one that has ended until
 * mig_migration_tracker_forget(). A source that is watched says when the migration is over; one
 * that is not, the guest's running on the destination does. A migration whose end was missed is
 * over when the guest's next one begins. Rounds of a job that is no migration are no sign of one.
 */
MigTrackerChange mig_migration_tracker_event (MigMigrationTracker *tracker,
                                              const MigTrackerEvent *event,
                                              MigTrackedMigration **migration);

/* This one is over, and no event will say so. mig_migration_tracker_arrived: the guest has moved:
 * by now, or when it went on there with all of its memory. mig_migration_tracker_give_up: it has
 * not. mig_migration_tracker_lose: nobody knows. */
void mig_migration_tracker_arrived (MigTrackedMigration *migration, gint64 now_ns);
void mig_migration_tracker_give_up (MigTrackedMigration *migration, gint64 now_ns,
                                    const char *failure);
void mig_migration_tracker_lose (MigTrackedMigration *migration, gint64 now_ns, const char *why);

/* mig_migration_tracker_all: of MigTrackedMigration, in the order of their beginning; the
 * tracker's. */
const GPtrArray *mig_migration_tracker_all (const MigMigrationTracker *tracker);

/* mig_migration_tracker_forget: all that have ended. */
void mig_migration_tracker_forget (MigMigrationTracker *tracker);
void mig_migration_tracker_free (MigMigrationTracker *tracker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigMigrationTracker, mig_migration_tracker_free)
