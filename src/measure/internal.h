/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by the files of this room only.
 *
 * Threads: the runner's own (sequential: one repetition after the other), the event loop's (console
 * bytes and events), one sampler, and per migration a worker, which blocks in the migration, and a
 * watcher, which opens the console on the destination, reads the job's statistics at each round and
 * imposes the stop rule. MigRunner.lock guards all members marked (L); `changed` is broadcast
 * whenever one of them changes. No call to a host is made under the lock. */

#include "measure/runner.h"
#include "measure/heartbeat-stream.h"
#include "virt/stop-limits.h"
#include "hosts/undo.h"
#include "virt/console.h"
#include "virt/events.h"
#include "virt/guest.h"
#include "virt/migrate.h"

#define MIG_RATE_BINS 3

typedef struct _MigRunGuest MigRunGuest;
typedef struct _MigMigration MigMigration;

/* One opened console of a guest. */
typedef struct {
  MigRunGuest *run_guest;
  const MigRunHost *host;
  MigConsole *console;
  MigHeartbeatStream segment; /* (L) */
  MigHeartbeatStream *before; /* (L) the console that this one continues; NULL once that has been
                                 done */
  gint64 ended_ns;            /* (L) missing: it goes on */
} MigConsoleReader;

/* One guest in one repetition. */
struct _MigRunGuest {
  MigRunner *runner;
  const MigStudyGuest *guest;
  const char *domain; /* the domain's name */
  char *uuid; /* and its UUID: a domain of another one is somebody else's, whatever its name */
  const MigRunHost *home;  /* where it started */
  const MigRunHost *where; /* (L) where it is by the hypervisor's word */
  gboolean lost;           /* (L) after a failed migration it is not known to be on one host */
  gboolean migrates;
  GPtrArray *handles; /* (L) MigGuest; kept until the repetition ends, the sampler uses them */
  GPtrArray *feeds;   /* (L) MigConsoleReader */
  GThread *starter;
  GError *start_error;      /* of the starter */
  gboolean ready;           /* (L) */
  char *fatal;              /* (L) the guest's own last word */
  char *alarm;              /* (L) first sign of damage */
  const char *stopped;      /* (L) what the host said when its domain ended where it should run */
  gint64 dirty_bytes_per_s; /* of one that was there */
  guint64 memory_bytes;     /* the study's, or what one that was there has */
  gint64 bin_start_ns, bin_work; /* (L) throughput of the last whole seconds */
  double rates[MIG_RATE_BINS];   /* (L) */
  guint n_rates;                 /* (L) */
  GArray *undo;                  /* ids of its domains in the undo stack */
};

struct _MigRunner {
  MigRunOptions options;
  const MigStopLimits *stop;
  GMutex lock;
  GCond changed;
  gboolean cancelled;       /* (L) */
  GError *write_error;      /* atomic: first failure to write a row */
  GError *connection_error; /* (L) a host was lost */
  gint64 run;               /* number of the current run */
  MigRunRecord record;      /* of the current run */
  GPtrArray *run_guests;    /* (L) MigRunGuest, of the current run */
  GPtrArray *migrations;    /* (L) MigMigration, of the current run */
  MigUndo *undo;
  GHashTable *pins; /* MigRunHost -> Domain-0's CPU map as it was found, of those that were changed
                     */
  guint64 link_bytes_per_s; /* that the lab's link has now */
  gint64 started_ns;        /* of the whole run */
  guint finished, position;
  MigPhase phase;
  const MigScheduleItem *item;
  gint64 next_progress_ns;
  GHashTable *guest_pins;  /* (L) guest's name -> pins of one that was there, before they were
                              changed */
  GHashTable *round_trips; /* MigRunHost -> GArray of gint64, of the current run */
  GPtrArray *cases;        /* MigStudyCase of the schedule */
  GHashTable *identities;  /* guest's name -> UUID of those that were there, from the first
                              repetition on */
};

struct _MigMigration {
  MigRunner *runner;
  MigRunGuest *run_guest;
  const MigRunHost *from, *to;
  guint step;
  MigGuest *guest; /* on the source; the run_guest's */
  GThread *worker, *watcher;
  gboolean done;                                /* (L) the worker has returned */
  MigGuest *moved;                              /* (L) on the destination; the run_guest's */
  GError *error;                                /* (L) */
  gint64 start_ns, end_ns;                      /* (L) */
  gint64 appeared_ns, suspended_ns, resumed_ns; /* (L) events */
  GArray *iterations; /* (L) MigIteration: events not yet looked at by the watcher */
  MigConsoleReader *source_feed, *destination_feed; /* (L) */
  MigJobStatistics job;                             /* (L) last seen while it ran */
  MigJobStatistics completed;
  gint64 deadline_ns;
  gboolean timed_out, abort_asked; /* (L) */
  const char *stopped[2];  /* (L) what source and destination said where its domain ended by itself
                            */
  char *fate;              /* where the guest is after a failure; NULL: it did not fail */
  MigStopCause stop_cause; /* (L) */
  gint64 stop_ns;          /* (L) */
};

typedef struct {
  gint64 number, arrival_ns;
} MigIteration;

/* runner.c */
void mig_runner_append (MigRunner *runner, MigTable table, gconstpointer record);
void mig_runner_event (MigRunner *runner, const char *host, const char *guest, gint64 time_ns,
                       const char *event, const char *detail);
void mig_runner_progress (MigRunner *runner, MigPhase phase);
/* Whether to stop now: cancelled, disk full, host lost: error is set. */
gboolean mig_runner_must_stop (MigRunner *runner, GError **error);
/* Waits until `changed`, the deadline or the next progress tick. Under the lock. */
void mig_runner_wait (MigRunner *runner, gint64 deadline_ns);
/* Events of all hosts come to the runner, between these two. */
gboolean mig_runner_watch (MigRunner *runner, GError **error);
void mig_runner_unwatch (MigRunner *runner);
MigRunHost *mig_runner_host (MigRunner *runner, const MigStudyHost *host);

/* case.c */
/* Makes the hosts what a case asks for: its CPUs, and the lab's link. From then on options.study is
 * the variant that the case belongs to. */
gboolean mig_case_enter (MigRunner *runner, const MigStudyCase *study_case, GError **error);

/* run-guest.c */
MigRunGuest *mig_run_guest_new (MigRunner *runner, const MigStudyGuest *guest, gboolean migrates);
void mig_run_guest_free (MigRunGuest *run_guest);
void mig_run_guest_start (MigRunGuest *run_guest); /* paused, in a thread of its own */
gboolean mig_run_guest_join (MigRunGuest *run_guest, GError **error); /* waits for that thread */
gboolean mig_run_guest_resume (MigRunGuest *run_guest, GError **error);
MigConsoleReader *mig_run_guest_open_console (MigRunGuest *run_guest, const MigRunHost *host,
                                              MigGuest *guest, GError **error);
void mig_run_guest_close_consoles (MigRunGuest *run_guest);
gboolean mig_run_guest_destroy (MigRunGuest *run_guest, GError **error);
gboolean mig_run_guest_is_steady (const MigRunGuest *run_guest);              /* under the lock */
gboolean mig_run_guest_failed (const MigRunGuest *run_guest, GError **error); /* under the lock */
/* The first of its consoles that ended while the guest was there; NULL: none did. Under the lock.
 */
const MigConsoleReader *mig_run_guest_broken_console (const MigRunGuest *run_guest);
MigGuest *mig_run_guest_handle (const MigRunGuest *run_guest, const MigRunHost *host); /* under the
                                                                                          lock */
void mig_run_guest_write (MigRunGuest *run_guest); /* its row in guests.csv */

/* existing.c: guests that were there before */
/* Where one is, by the word of all hosts. */
typedef struct {
  MigGuest *guest; /* NULL: it runs on none of them */
  MigGuestInfo look;
  const MigRunHost *where;
  const MigRunHost *also;     /* another host on which it runs as well; NULL: none */
  const MigRunHost *stranger; /* where another domain has its name; NULL: nowhere */
  char *stranger_uuid;
} MigFound;
void mig_found_clear (MigFound *found);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MigFound, mig_found_clear)

/* The running guest of that UUID; NULL: whichever has the domain's name, that of its own host
 * rather than another. FALSE: on none of the hosts. */
gboolean mig_existing_find (const GPtrArray *hosts, const MigStudyGuest *guest, const char *uuid,
                            MigFound *found);
gboolean mig_existing_take (MigRunGuest *run_guest, GError **error);
gboolean mig_existing_bring_home (MigRunner *runner, GError **error);
/* Pins one that the study wants pinned; what it had is put back at the end. */
gboolean mig_existing_pin (MigRunGuest *run_guest, GError **error);
void mig_existing_start_dirty_rate (MigRunner *runner);
void mig_existing_read_dirty_rate (MigRunner *runner);
void mig_existing_tell (MigRunner *runner);

/* migration.c */
/* step of a migration that only brings a guest back to where it has to be: it gets no rows */
#define MIG_STEP_HOME 0
MigMigration *mig_migration_start (MigRunner *runner, MigRunGuest *run_guest, const MigRunHost *to,
                                   guint step);
void mig_migration_event (MigMigration *migration, const MigEvent *event); /* under the lock */
void mig_migration_join (MigMigration *migration);
gboolean mig_migration_is_ok (const MigMigration *migration);
/* Whether there is no more to wait for: a heartbeat came from the destination, or none can. Under
 * the lock. */
gboolean mig_migration_is_heard (const MigMigration *migration);
MigMigrationRecord *mig_migration_record (MigMigration *migration);
void mig_migration_free (MigMigration *migration);

/* migration-watcher.c */
/* The body of a migration's watcher, until the migration is over and its destination's console is
 * open. */
gpointer mig_migration_watch (gpointer migration);

/* locate.c */
/* After a migration that failed: asks both hosts where the guest is; events, and `fate`, say it. */
void mig_migration_locate_guest (MigMigration *migration);

/* round-trip.c */
/* Times some calls to each host; writes what all of the current run took. */
void mig_runner_time_round_trips (MigRunner *runner);
void mig_runner_write_round_trips (MigRunner *runner);

/* sampler.c */
typedef struct _MigSampler MigSampler;
MigSampler *mig_sampler_start (MigRunner *runner);
void mig_sampler_stop (MigSampler *sampler);

/* repetition.c */
gboolean mig_repetition_run (MigRunner *runner, const MigScheduleItem *item, gboolean *sound,
                             GError **error);
/* A row that says why it is not run. */
gboolean mig_repetition_skip (MigRunner *runner, const MigScheduleItem *item, const char *why,
                              GError **error);
