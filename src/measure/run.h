/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"
#include "hosts/undo.h"
#include "measure/progress.h"
#include "measure/saved-guests.h"
#include "results/result.h"
#include "virt/events.h"

/* What all parts of a run share: hosts, result, undo stack, and the lock.
 *
 * Threads: the runner's own (sequential: one repetition after the other), the event loop's (console
 * bytes and events), one sampler, and per migration a worker, which blocks in the migration, and a
 * watcher, which opens the console on the destination, reads the job's statistics at each round and
 * imposes the stop rule. MigRun.lock guards all that is marked (L), here and in the other headers
 * of this room; functions marked so are called under it. `changed` is broadcast whenever any of it
 * changes. No call to a host is made under the lock. */

typedef struct {
  GPtrArray *hosts; /* MigRunHost, in the study's order */
  MigResultWriter *writer;
  MigHeartbeatPeriods heartbeat; /* resolved: never 0; missing: guests are not listened to */
  gint64 sampling_ns;            /* 0: no sampling */
  gint64 sampling_moving_ns;     /* while a guest migrates; 0: the same */
  gint64 probing_ns;             /* of packets to guests of migcost's own; 0: as usual */
  gboolean sampling_fixed;       /* by the user: each sample has all there is to sample */
  gboolean move_definitions;     /* of guests that were there, and their autostart, with them */
  const char *prober;    /* socket of what probes guests on the lab's LAN; NULL: there is none */
  gint64 alternation_ns; /* guests are observed and left alone in turn, for so long each; 0: always
                            observed (alternation.h) */
  /* CPU time that a host's daemon has taken so far, or missing; NULL: nobody knows. */
  gint64 (*daemon_cpu) (guint host, gpointer data);
  gpointer daemon_data;
  MigRunObserver observer;
  GHashTable *identities; /* guest's name -> UUID of those that were there, as preflight saw them;
                             NULL: whoever has the domain's name at the first repetition */
  GHashTable *autostarts; /* (L) guests' names: of an earlier run, whose migrations may have gone on
                             without it: their hosts started them. Each is taken out when it is
                             found. NULL: none */
} MigRunOptions;

typedef enum {
  MIG_OBSERVED_BEFORE,
  MIG_OBSERVED_DURING,
  MIG_OBSERVED_AFTER,
  MIG_N_OBSERVED_PHASES
} MigObservedPhase;
/* of more hosts what their daemons take is not known */
#define MIG_OBSERVED_HOSTS 8

/* CPU time of this process, at 0, and of each host's daemon (observing.h). */
typedef struct {
  gint64 since_ns, cpu_ns[1 + MIG_OBSERVED_HOSTS]; /* where the phase under way began */
  gint64 length_ns[MIG_N_OBSERVED_PHASES];         /* of all repetitions */
  gint64 total_ns[MIG_N_OBSERVED_PHASES][1 + MIG_OBSERVED_HOSTS];
} MigObserving;

typedef struct {
  MigRunOptions options;
  GMutex lock;
  GCond changed;
  gboolean cancelled;         /* (L) */
  GError *connection_error;   /* (L) a host was lost */
  GError *write_error;        /* atomic: first failure to write a row */
  guint migrating;            /* (L) migrations under way */
  gboolean awaits_heartbeats; /* (L) the repetition waits for something that a heartbeat may bring
                               */
  guint direct;               /* (L) of them direct ones of guests that were there */
  gboolean held;              /* (L) no more of those begin */
  gboolean guests_alone;      /* (L) neither heartbeats nor samples now (alternation.h) */
  MigObserving observing;     /* the runner's thread alone */
  /* of the current repetition, set between two of them */
  gint64 number;
  const MigStudy *study;   /* the variant of its case */
  MigUndo *undo;           /* NULL: nothing is changed that would have to be put back */
  MigSavedGuests *saved;   /* of variants whose guests do not boot each time */
  gboolean guests_return;  /* a later repetition has the same guests */
  gint64 started_ns;       /* of the whole run */
  guint finished;          /* repetitions that are over */
  guint unready;           /* of them in a row, the last ones, those whose guests were not ready */
  GHashTable *identities;  /* (L) guest's name -> UUID of those that were there, from the first
                              repetition on */
  GHashTable *guest_pins;  /* (L) guest's name -> pins of one that was there, before they were
                              changed */
  GHashTable *unreachable; /* (L) "FROM TO" */
  GHashTable *left;        /* (L) "HOST GUEST": which guests went away from which hosts */
  GHashTable *autostarts;  /* (L) guests' names: hosts that they left started them by themselves */
  /* Takes events of guests; in the event loop's thread. (L) */
  void (*listener) (const MigEvent *event, gpointer data);
  gpointer listener_data;
} MigRun;

/* mig_run_new: options are copied, what they point to must outlive the run. */
MigRun *mig_run_new (const MigRunOptions *options, const MigStudy *study);
void mig_run_free (MigRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigRun, mig_run_free)

/* mig_run_host: the one of that name: a variant has hosts of its own. */
MigRunHost *mig_run_host (const MigRun *run, const MigStudyHost *host);

/* mig_run_watch: events of all hosts come to the run, until mig_run_unwatch(). */
gboolean mig_run_watch (MigRun *run, GError **error);
void mig_run_unwatch (MigRun *run);
void mig_run_listen (MigRun *run, void (*listener) (const MigEvent *event, gpointer data),
                     gpointer data);

/* mig_run_was_left: (L) a guest went away from that host. mig_run_note_left: (L) it did. */
gboolean mig_run_was_left (MigRun *run, const MigRunHost *host, const char *guest);
void mig_run_note_left (MigRun *run, const MigRunHost *host, const char *guest);

/* mig_run_is_unreachable: (L) the daemon of one host could not connect to another, so that what
 * should have been peer-to-peer went directly. mig_run_set_unreachable: (L) TRUE: that is new. */
gboolean mig_run_is_unreachable (MigRun *run, const MigRunHost *from, const MigRunHost *to);
gboolean mig_run_set_unreachable (MigRun *run, const MigRunHost *from, const MigRunHost *to);

/* mig_run_append, mig_run_event: a row; from any thread, with or without the lock. A failure is
 * kept for mig_run_must_stop(). */
void mig_run_append (MigRun *run, MigTable table, gconstpointer record);
void mig_run_event (MigRun *run, const char *host, const char *guest, gint64 time_ns,
                    const char *event, const char *detail);

/* mig_run_hold: from any thread: this process is to be stopped for a while, as by Ctrl-Z. The guest
 * of a direct migration would stand still from its switch-over on, so none of a guest that was
 * there begins until mig_run_release(). TRUE: none is under way; FALSE: the observer's may_stop is
 * called when the last has ended. */
gboolean mig_run_hold (MigRun *run);
void mig_run_release (MigRun *run);

/* mig_run_begin_direct: (L) one begins, once nothing holds it. FALSE: cancelled before.
 * mig_run_end_direct: (L) one that began has ended. */
gboolean mig_run_begin_direct (MigRun *run);
void mig_run_end_direct (MigRun *run);

/* mig_run_cancel: from any thread: ends it soon. */
void mig_run_cancel (MigRun *run);

/* mig_run_must_stop: (L) cancelled, disk full, host lost: error is set. */
gboolean mig_run_must_stop (MigRun *run, GError **error);

/* mig_run_is_over: (L) cancelled, or nothing can be written: no other hosts would help. */
gboolean mig_run_is_over (MigRun *run);
