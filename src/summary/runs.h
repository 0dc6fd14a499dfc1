/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/downtime.h"
#include "summary/duration-histogram.h"
#include "summary/metrics.h"
#include "summary/occupancy.h"
#include "summary/outage.h"
#include "summary/series.h"
#include "results/records.h"

/* One run while its rows stream by: the records about it and, of a sound one, the state of its
 * guests' and hosts' series. */

/* Counters of a sample. They need not all be in each of them: each has a series of its own. */
enum {
  MIG_SAMPLE_CPU,
  MIG_SAMPLE_IDLE,
  MIG_SAMPLE_VCPU,
  MIG_SAMPLE_WAIT,
  MIG_SAMPLE_MANAGEMENT,
  MIG_N_SAMPLE_VALUES
};

typedef struct {
  char *host;
  MigSeries counters[MIG_N_SAMPLE_VALUES];
} MigHostSeries;

typedef struct {
  const MigMigrationRecord *migration; /* around which; NULL: the guest stays, around all */
  MigProbeSeries *series;
} MigGuestProbes;

typedef struct {
  const MigGuestRecord *record;
  MigSeries work;               /* heartbeats: work units */
  MigDurationHistogram *delays; /* of the baseline's heartbeats: gap before it less the period */
  gint64 last_sequence, last_arrival_ns;
  GPtrArray *probes; /* of MigGuestProbes: each of its migrations, or that it stays; NULL: it was
                        not probed */
  GPtrArray *hosts;  /* of MigHostSeries: CPU of this guest, per host it was on */
  GArray *requests;  /* to its server; NULL: none is known of */
} MigGuestState;

typedef struct {
  const MigRunRecord *record;
  const char *experiment;                 /* of its case; NULL: of none */
  GPtrArray *guests;                      /* of MigGuestState */
  GPtrArray *migrations;                  /* of const MigMigrationRecord *, by step */
  GHashTable *guest_named, *migration_of; /* guest's name -> MigGuestState, its first migration */
  MigOccupancy *busy;                     /* guests that are not idle; once judged */
  GPtrArray *hosts;                       /* of MigHostSeries: the host's own */
  GHashTable *host_named;                 /* the same by name */
  gint64 common_end_ns;                   /* window's start + the common window */
  gboolean sound;
  gboolean counts;           /* sound, and no later run of its repetition is */
  char *reason;              /* why not sound */
  const char *aside;         /* why it does not count although it is; NULL: it may */
  GHashTable *round_trip_to; /* host's name -> const MigRoundTripRecord *: its first */
  GHashTable *announced;     /* const MigMigrationRecord * -> when its guest was announced */
} MigRunState;

MigRunState *mig_run_state_new (const MigRunRecord *record);
void mig_run_state_free (MigRunState *run);

/* mig_run_add_guest, mig_run_add_migration: of two guests of one name the first counts. */
void mig_run_add_guest (MigRunState *run, const MigGuestRecord *record);
void mig_run_add_migration (MigRunState *run, const MigMigrationRecord *record);
MigGuestState *mig_run_find_guest (const MigRunState *run, const char *name);

/* mig_run_find_migration: of a guest in the run, or NULL: it stays. */
const MigMigrationRecord *mig_run_find_migration (const MigRunState *run, const char *guest);

/* mig_run_has_left: whether the guest had left that host by then: it ran on the destination, and
 * where memory follows it (post-copy) the migration was over too. */
gboolean mig_run_has_left (const MigRunState *run, const char *guest, const char *host,
                           gint64 at_ns);

/* mig_run_judge: sets sound and reason and sorts; guests and migrations must be there. */
void mig_run_judge (MigRunState *run);

/* mig_run_start: after judging: sets the moments at which the series are needed. */
void mig_run_start (MigRunState *run, gint64 common_window_ns);

void mig_run_heartbeat (MigRunState *run, MigGuestState *guest,
                        const MigHeartbeatRecord *heartbeat);

void mig_run_probe (MigRunState *run, MigGuestState *guest, const MigProbeRecord *probe);

/* mig_run_find_outage: what clients of that guest noticed of that migration of it (NULL: it stays,
 * of the run's migrations); FALSE: it was not probed. After the last row. */
gboolean mig_run_find_outage (const MigGuestState *guest, const MigMigrationRecord *migration,
                              MigOutage *outage);

/* When a guest was first announced at its new host, from RESUMED; NaN: it was not, or that is not
 * known. */
typedef struct {
  double rarp_s, arp_s;
} MigAnnounced;

void mig_run_announcement (MigRunState *run, const MigAnnouncementRecord *announcement);

/* mig_run_find_announced: of that migration; FALSE: no announcement was heard in this run. After
 * the last row. */
gboolean mig_run_find_announced (const MigRunState *run, const MigMigrationRecord *migration,
                                 MigAnnounced *announced);

/* When a request to a guest that moves was under way: before its first migration began, while one
 * went on, or else after. */
typedef enum {
  MIG_REQUEST_BEFORE,
  MIG_REQUEST_DURING,
  MIG_REQUEST_AFTER,
  MIG_N_REQUEST_PHASES
} MigRequestPhase;

/* How long requests waited for their answers: quantiles; missing: there was none. One that was not
 * answered counts with how long it is known to have waited. */
typedef struct {
  gint64 p50_ns, p99_ns, max_ns;
  guint unanswered;
} MigLatency;

void mig_run_request (MigGuestState *guest, const MigRequestRecord *request);

/* mig_run_find_latency: of the requests to that guest's server in that phase; FALSE: none to it was
 * ever answered. After the last row. */
gboolean mig_run_find_latency (const MigRunState *run, const MigGuestState *guest,
                               MigRequestPhase phase, MigLatency *latency);

/* mig_run_is_host_of: whether the tables know that guest on that host in this run: before, after,
 * or on the way. */
gboolean mig_run_is_host_of (const MigRunState *run, const MigGuestState *guest, const char *host);

/* mig_run_sample: guest: NULL for a host's own sample. Memory grows with the hosts that are passed:
 * those that the tables know. */
void mig_run_sample (MigRunState *run, MigGuestState *guest, const MigSampleRecord *sample);

/* mig_run_finish: after the last row. */
void mig_run_finish (MigRunState *run);

/* mig_run_lateness: how late what the two hosts of a migration of that run sent may have been
 * stamped. */
MigStampDelay mig_run_lateness (const MigRunState *run, const MigMigrationRecord *migration);

/* mig_run_heartbeat_delay: 99th percentile of how much longer than the period the gaps between a
 * guest's heartbeats were in the baseline, or missing. */
gint64 mig_run_heartbeat_delay (const MigGuestState *guest);

/* mig_run_destination_idle: whether no other busy guest was on the migration's destination: none
 * that started there and none that moved there before or at the same time. */
gboolean mig_run_destination_idle (const MigRunState *run, const MigMigrationRecord *migration);
