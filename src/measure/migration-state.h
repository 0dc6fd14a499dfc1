/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/migration.h"
#include "measure/stop-forecast.h"
#include "virt/migrate.h"
#include "virt/stop-limits.h"

/* For migration.c, its worker and its watcher, and locate.c only. */

struct _MigMigration {
  MigRun *run;
  MigRunGuest *run_guest;
  const MigRunHost *from, *to;
  const MigStopLimits *stop;
  guint step;
  const char *peer_uri; /* of the destination; NULL: direct (L) */
  gboolean direct;      /* (L) one of the run's direct ones */
  gboolean ran;         /* somebody's guest, which ran before it; set by the worker */
  gboolean autostart;   /* its source starts it by itself, and its destination is to; the same */
  MigGuest *guest;      /* on the source; the run_guest's */
  GThread *worker, *watcher;
  gboolean done;                                /* (L) the worker has returned */
  GError *error;                                /* (L) */
  gint64 start_ns, end_ns;                      /* (L) */
  gint64 appeared_ns, suspended_ns, resumed_ns; /* (L) events */
  gint64 memory_ns;                             /* (L) event of the first round */
  GArray *iterations; /* (L) MigIteration: events not yet looked at by the watcher */
  MigConsoleReader *source_console, *destination_console; /* (L) */
  MigJobStatistics job;                                   /* (L) last seen while it ran */
  MigJobStatistics completed; /* by the destination's word, which has none after post-copy */
  MigJobStatistics told;      /* (L) the same by the source's, in an event */
  gint64 deadline_ns;
  gboolean timed_out, abort_asked; /* (L) */
  gint64 abort_ns;                 /* (L) from when on it may be aborted: again, after a refusal */
  guint aborts_refused;            /* the watcher's alone */
  MigTimeoutAction at_timeout;     /* (L) what is still to be done at the deadline */
  const char *ended[2]; /* (L) what source and destination said where its domain ended by itself
                         */
  gboolean post_copy;   /* (L) as a host says: it goes on before its memory is there */
  gboolean post_copy_failed; /* (L) as a host says: it stands still until it is recovered */
  char *whereabouts;         /* where the guest is after a failure; NULL: it did not fail */
  MigStopCause stop_cause;   /* (L) */
  gint64 stop_ns;            /* (L) */
  gint64 limit_before_ns;   /* downtime limit that somebody's guest had; missing: it has it still */
  guint limit_id;           /* in the undo journal */
  MigStopForecast forecast; /* (L) */
};

typedef struct {
  gint64 number, arrival_ns;
} MigIteration;

/* mig_migration_put_limit: of one that is over: a guest that was there and has not moved gets the
 * downtime limit back that it had. libvirt keeps the one that its job found, which is ours. */
void mig_migration_put_limit (MigMigration *migration, gboolean moved);

/* mig_migration_watch: the body of its watcher, until it is over and its destination's console is
 * open. */
gpointer mig_migration_watch (gpointer migration);

/* mig_migration_await_end: of one whose call failed because the connection to its source broke:
 * until it is over by both hosts' word. One that the source drives may go on for long; an
 * interrupt, or its deadline, ends it. */
void mig_migration_await_end (MigMigration *migration);

/* mig_migration_work: the body of its worker, until libvirt's call has returned. */
gpointer mig_migration_work (gpointer migration);
