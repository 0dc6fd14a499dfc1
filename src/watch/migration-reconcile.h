/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A migration of which no event tells the end, because it came while a host was lost or was
 * dropped, is compared with what the hosts say of its guest. Pure. */

/* What a host says of a guest. */
typedef enum {
  MIG_SIDE_UNKNOWN,  /* it is not watched, lost, or does not answer */
  MIG_SIDE_ABSENT,   /* not there, or shut off */
  MIG_SIDE_MIGRATED, /* shut off because it has migrated */
  MIG_SIDE_ARRIVING, /* it waits for a migration, or for its memory */
  MIG_SIDE_JOB,      /* there, in a job of its own */
  MIG_SIDE_RUNNING,  /* there, without a job */
  MIG_SIDE_PAUSED,   /* the same, standing still */
} MigSide;

typedef enum {
  MIG_VERDICT_GOES_ON,
  MIG_VERDICT_MOVED,
  MIG_VERDICT_STAYED,      /* it runs on the source */
  MIG_VERDICT_STOOD_STILL, /* it is on the source, and may stand still */
  MIG_VERDICT_ABORTED,     /* it is not on the destination, whose word alone is heard */
  MIG_VERDICT_GONE,        /* it is on neither */
  MIG_VERDICT_SILENCE,     /* no host tells */
} MigVerdict;

/* What was found the last times. */
typedef struct {
  MigVerdict verdict;
  guint looks;     /* that found it, one after the other */
  gint64 since_ns; /* the first of them */
} MigReconcileState;

struct _MigTrackedMigration;

/* mig_migration_reconcile: what the two hosts say of one that goes on, once a second or so. It ends
 * where two looks find the same; one of which no host tells, and a guest that stands still on the
 * source, after a minute: the switch-over looks so, too. */
void mig_migration_reconcile (struct _MigTrackedMigration *migration, MigSide source,
                              MigSide destination, gint64 now_ns);
