/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock-gap.h"
#include "hosts/run-host.h"
#include "summary/outage.h"
#include "watch/metrics.h"
#include "watch/migration-log.h"
#include "watch/migration-tracker.h"
#include "watch/result-rotation.h"
#include "watch/watch.h"
#include "virt/migrate.h"

/* Shared by the watch's files. One thread, that of mig_watch_run(), does everything; the event
 * loop's only puts copies of events into the queue. */

typedef struct {
  MigWatch *watch;
  int index;
  MigStudyHost study; /* its name and URI; what a run's host is made from */
  MigRunHost *host;   /* NULL: lost */
  gint64 retry_ns;
  gboolean opening; /* a thread tries to connect; it answers by an event */
} MigWatched;

/* So many migrations at most are one run; the rest of its episode begins the next. */
#define MIG_WATCH_EPISODE_MOST 200

struct _MigWatch {
  MigWatchOptions options;
  GPtrArray *hosts; /* of MigWatched */
  GAsyncQueue *events;
  gint dropped; /* atomic: events that did not fit into the queue */
  gint stopped; /* atomic */
  MigResultRotation *volumes;
  MigMigrationTracker *tracker;
  GHashTable *logs;        /* number of a MigTrackedMigration -> MigMigrationLog */
  GQueue recent;           /* of GPtrArray of MigSampleRecord: the last looks at CPU times */
  GHashTable *names;       /* UUID -> MigWatchName */
  GHashTable *names_taken; /* those names */
  guint look;              /* the looks at CPU times so far */
  GHashTable *repetitions; /* case label -> how often it was seen in this result */
  gint64 run;              /* number of the episode; in an episode, its own */
  gboolean in_episode;     /* from the first sign of a migration to some seconds after the last */
  gint64 episode_ns, window_ns, quiet_ns; /* when it began; its first sample; when the last one
                                             ended, or missing */
  MigWatchCounts counts;
  struct _MigWatchClients *clients; /* NULL: no guest is probed */
  MigWatchMetrics *metrics;
  char *metrics_text;      /* as it was last written; NULL: never, or that failed */
  gboolean metrics_failed; /* that was said */
  MigClockGap gap;         /* of this process */
};

/* An event on its way from the loop's thread. A stop is one without a host; a host that a thread
 * has tried to connect to again has no name. */
typedef struct {
  MigWatched *watched;
  char *guest, *uuid, *detail;
  const char *name; /* static */
  MigEventKind kind;
  gboolean by_migration;
  gboolean end_only; /* of a host of libxl */
  int number;
  gint64 arrival_ns;
  MigJobStatistics *job; /* NULL: none */
  MigHost *opened;       /* NULL: it could not be connected to, or it is an event */
} MigArrival;

/* arrival.c: mig_watch_on_event: an event of a host (data: its MigWatched), from any thread. */
void mig_watch_on_event (const MigEvent *event, gpointer watched);
void mig_arrival_free (MigArrival *arrival);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigArrival, mig_arrival_free)

/* watch.c: mig_watch_take_one: takes the first that waits, for so long at most. mig_watch_tick:
 * what is to be done once a second; all that waits is taken first. mig_watch_write_environment:
 * into a new result. */
void mig_watch_take_one (MigWatch *watch, gint64 until_ns);
gboolean mig_watch_tick (MigWatch *watch, GError **error);
gboolean mig_watch_write_environment (const MigWatch *watch, GError **error);

/* watched-host.c: a host by its URI, not connected yet. mig_watched_attach: connects, to read only;
 * its events come, and those of migrations that go on. mig_watched_detach: it is lost.
 * mig_watched_attach_again: from time to time a thread tries to connect to one that is lost; it
 * does not wait. mig_watched_take_opened: the thread has done so (NULL: in vain); taken. */
MigWatched *mig_watched_new (MigWatch *watch, guint index, const char *uri);
gboolean mig_watched_attach (MigWatched *watched, GError **error);
void mig_watched_detach (MigWatched *watched);
void mig_watched_attach_again (MigWatched *watched);
void mig_watched_take_opened (MigWatched *watched, MigHost *opened);
void mig_watched_free (MigWatched *watched);

/* metrics-file.c: writes the metrics where they have changed; a failure is a warning, once until it
 * succeeds again. */
void mig_watch_write_metrics (MigWatch *watch);

/* clients.c: what clients of the guests notice, asked of a prober of migcost's own.
 * mig_watch_clients_start: FALSE: it cannot be started, or may not ask so. mig_watch_clients_tick:
 * once a period. mig_watch_clients_look: at the end of an episode: what was asked and answered.
 * mig_watch_clients_outage: of a migration of it; FALSE: its guest is not probed.
 * mig_watch_clients_write: the rows around these migrations (MigTrackedMigration), which have
 * ended. */
gboolean mig_watch_clients_start (MigWatch *watch, GError **error);
void mig_watch_clients_tick (MigWatch *watch);
void mig_watch_clients_look (MigWatch *watch);
gboolean mig_watch_clients_outage (MigWatch *watch, const MigTrackedMigration *migration,
                                   MigOutage *outage);
void mig_watch_clients_write (MigWatch *watch, const GPtrArray *ended);
void mig_watch_clients_free (struct _MigWatchClients *clients);

/* samples.c: one look at the CPU time of all guests and hosts; kept for a while, and in an episode
 * written. mig_watch_write_recent: the looks that were kept, as the beginning of the episode.
 * mig_watch_keep_last_sample: the others are kept no more. mig_watch_forget_samples: of that guest
 * nothing is kept any more. */
void mig_watch_sample (MigWatch *watch);
void mig_watch_write_recent (MigWatch *watch);
void mig_watch_keep_last_sample (MigWatch *watch);
void mig_watch_forget_samples (MigWatch *watch, const char *guest);

/* episode.c: mig_watch_begin: a migration goes on: an episode begins, if none goes on.
 * mig_watch_log: the log of one of its migrations; the watch's. mig_watch_end_episode: the rows of
 * the migrations that have ended, and a new result where this one is full; those that go on are the
 * next one. mig_watch_end_when_over: that, where all have ended for a while, or it is too long. */
void mig_watch_begin (MigWatch *watch);
MigMigrationLog *mig_watch_log (MigWatch *watch, const MigTrackedMigration *migration);
gboolean mig_watch_end_episode (MigWatch *watch, GError **error);
gboolean mig_watch_end_when_over (MigWatch *watch, GError **error);

/* episode-rows.c: the run of the migrations that have ended, which the tracker forgets. */
void mig_watch_write_episode (MigWatch *watch);

/* guest-job.c: what the guest's job does now. */
MigOperation mig_watch_operation (MigWatch *watch, int host, const char *uuid);
/* A job that is complete, as its host says. */
void mig_watch_job (MigWatch *watch, int host, const char *uuid, const MigJobStatistics *job);
/* A round of a migration begins: its job's statistics, and a row. */
void mig_watch_round (MigWatch *watch, MigTrackedMigration *migration, int round,
                      gint64 arrival_ns);
/* Migrations of which no event tells the end: both hosts are asked. */
void mig_watch_reconcile (MigWatch *watch);

/* names.c: what a guest is called in this result; the watch's. mig_watch_free_names: those of
 * guests that no host had at the last look are free again. mig_watch_forget_names: all are, but for
 * those of migrations that go on. */
typedef struct {
  char *name;
  guint look; /* at which it was last asked for */
} MigWatchName;

void mig_watch_name_free (gpointer name);
char *mig_watch_guest_name (MigWatch *watch, const char *uuid, const char *domain,
                            const char *host);
void mig_watch_free_names (MigWatch *watch);
void mig_watch_forget_names (MigWatch *watch);

const char *mig_watch_name (const MigWatch *watch, int host); /* NULL: not watched */
MigHost *mig_watch_host (const MigWatch *watch, int host);    /* NULL: not watched, or lost */
