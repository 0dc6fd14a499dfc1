/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/metrics.h"
#include "summary/post-copy.h"
#include "summary/stats.h"
#include "results/migration-settings.h"
#include "results/records.h"

/* What a result directory says, in numbers: made by mig_analysis_finish(), rendered by report. */

/* mig_class_name: of a guest; "?": the record names none. */
const char *mig_class_name (const MigGuestRecord *guest);

/* The values of one class of guests ("c") in one run or case. */
typedef struct {
  const char *name;         /* owned by the summary; "?": the records name none */
  const char *workload;     /* "cpu", "memory", "idle" */
  double dirty_pages_per_s; /* asked for; 0: it updates none; HUGE_VAL: as fast as it can */
  double wss_bytes;         /* that it updates; 0: none, or not known */
} MigClassInfo;

/* mig_class_compare_names: in an array of pointers to MigClassInfo, to be sorted. */
int mig_class_compare_names (gconstpointer a, gconstpointer b);

typedef struct {
  const MigClassInfo *info;
  MigStat stats[MIG_N_METRICS];       /* from MIG_FIRST_CLASS_METRIC on */
  const char *missing[MIG_N_METRICS]; /* why a sound run gave no value; NULL: none lacked it */
} MigClassSummary;

/* Failed runs of a case that have one reason. */
typedef struct {
  char *reason;
  guint n;
} MigFailureCount;

typedef struct {
  char *label;
  const char *name;       /* the label without the experiment; within it */
  const char *experiment; /* of a study that has some; NULL: it has none. Of the parameters' rows */
  gint64 planned;         /* repetitions in the schedule */
  guint n_runs;
  guint n_not_run;     /* of these: skipped or interrupted, which tells of no failure */
  guint n_sound;       /* runs that are counted in the statistics */
  GPtrArray *failures; /* of MigFailureCount: runs that are not sound, in the order of the first */
  GPtrArray *classes_moved;       /* of const MigClassInfo *, in the order of migration */
  gboolean parallel;              /* some of its migrations run at the same time */
  GPtrArray *parameters;          /* of const MigParameterRecord *: its values of what is swept */
  char *settings[MIG_N_SETTINGS]; /* how it migrates (case-settings.h); NULL: it is not known */
  gint64 common_window_ns; /* of throughput left behind; missing: no sound run of its experiment */
  double heartbeat_period_s;    /* the longest of its counted migrations; NaN: not known */
  double probe_period_s;        /* the same of its guests' probes */
  MigStat stats[MIG_N_METRICS]; /* up to MIG_FIRST_CLASS_METRIC */
  const char *missing[MIG_N_METRICS];
  GPtrArray *classes;      /* of MigClassSummary */
  GHashTable *class_named; /* the same by name */
} MigCaseSummary;

typedef struct {
  gint64 run;
  char *case_label;
  gint64 repetition;
  char *status;
  double length_s; /* from the first guest's start to the end of all; NaN: not known */
  gboolean sound;  /* counted in the statistics */
  gboolean aside;  /* not counted, though all went well: it is no run of its case */
  char *reason;    /* why it is not counted */
  /* of counted runs (analysis/noise.h); a share is NaN where it could not be told */
  double stolen_share, others_share, sending_share, own_wait_share, observing_share;
  char *stolen_host, *others_host;
  char *noise; /* what made it noisy; NULL: nothing, as far as the records tell */
} MigRunSummary;

typedef struct {
  const MigRunSummary *run;
  MigMigrationRecord *record; /* a copy */
  char *class_name;           /* the guest's; NULL: no row tells of it */
  gboolean destination_idle;  /* no other busy guest was on the destination */
  double start_s;             /* after the run's first migration was called */
  double total_s, transfer_s;
  double downtime_s; /* the one that predictions are held to (mig_downtime_best) */
  double lost_s;     /* its work, while the run's migrations ran; of a counted run */
  double downtime_reported_s, downtime_events_s;
  double downtime_guest_s, downtime_guest_low_s, downtime_guest_high_s;
  double resolution_s;            /* of downtime (guest): one heartbeat period */
  const char *downtime_guest_why; /* why it is missing */
  double downtime_events_low_s, downtime_events_high_s; /* its bounds; NaN: round trips are not
                                                           known */
  gboolean probed; /* the guest's clients were asked; all below is missing where they were not */
  double outage_s, silence_s, stall_s;
  double probe_period_s;              /* the resolution of outage and silence */
  gint64 silence_from_ns;             /* when that began */
  gboolean stall_at_least;            /* a request was still not answered in the end */
  double rarp_s, arp_s;               /* first announced, from RESUMED; NaN: not known */
  const char *outage_why, *stall_why; /* why outage and silence, and why the stall is missing */
} MigMigrationSummary;

/* How long calls to a host took, over all runs. */
typedef struct {
  char *host;
  gint64 calls;
  double median_s;      /* median of the runs' medians */
  double low_s, high_s; /* at least 95 % of the calls of each run lie between */
} MigRoundTripSummary;

/* Downtime (guest) against downtime (events). */
typedef struct {
  guint idle, idle_agree; /* migrations to an idle CPU; of them within one period + 20 ms */
  guint busy;             /* migrations to a CPU that others used */
  double busy_wait_s;     /* mean of the difference there */
} MigAgreement;
#define MIG_AGREEMENT_NS (20 * MIG_NS_PER_MS)

/* Which order of the same guests is cheaper. */
typedef struct {
  const char *best, *other; /* the cheapest order and the next, by mean total time */
  MigStat time;             /* other less best, s; its interval holds together with those of all
                               pairs of orders of these guests, as an answer's (answers.h) */
  double time_share;        /* its mean as a share of other's */
  MigStat downtime;         /* other less best, s */
  MigMetric downtime_metric;
  gint64 more_repetitions; /* that would show a difference of 5 % in time; missing: unknown */
  gboolean shown;          /* the interval of time excludes 0 */
} MigRecommendation;

/* Guests of the counted runs. */
typedef struct {
  guint fewest, most;             /* in one run; 0: there is no run */
  gint64 least_bytes, most_bytes; /* of memory; missing: not known */
  guint n_booted, n_restored;     /* in all runs; of others it is not known, or they were there */
} MigGuestSizes;

typedef struct {
  const char *experiment; /* of a part (analysis/parts.h): the one that it is; NULL: there are none
                           */
  guint number;           /* of a part: from 1; 0: it is the whole */
  GPtrArray *cases;       /* of MigCaseSummary, by label */
  GHashTable *case_labelled, *class_named; /* the same, and the classes, by name */
  GPtrArray *runs;                         /* of MigRunSummary, by number */
  GPtrArray *migrations;                   /* of MigMigrationSummary, in the order of the records */
  GPtrArray *classes;                      /* of MigClassInfo, by name */
  MigGuestSizes guests;                    /* of the whole only */
  GPtrArray *damaged;                      /* of char *: "run 3: guest 'c1': ..." */
  GPtrArray *impossible;   /* of char *: values that are not counted: mig_impossible_text() */
  gint64 common_window_ns; /* the shortest of the cases'; missing: no sound run */
  gint64 heartbeats, heartbeats_lost, checksum_errors; /* of all guests */
  gint64 ignored_rows;   /* heartbeats and samples of runs or guests that are in no other table */
  GPtrArray *parameters; /* the rows that the cases' parameters point to; a reference */
  guint n_noisy, n_noise_known; /* of the counted runs: noisy ones; ones with samples of hosts' CPUs
                                 */
  double link_bytes_per_s, link_measured_bytes_per_s; /* as configured; at the start; NaN: unknown
                                                       */
  gboolean link_is_slow;
  struct MigRace *race; /* the one that the runs were (race.h); NULL: the number of repetitions was
                           fixed */
  double run_s, outside_s;   /* length of all runs; of it outside windows */
  MigMetric downtime_metric; /* of a whole case: the one that every case has */
  MigAgreement agreement;
  MigPostCopies post_copies;
  GPtrArray *recommendations; /* of MigRecommendation */
  GPtrArray *round_trips; /* of MigRoundTripSummary, in the order of the rows; empty: not measured
                           */
} MigSummary;

/* Making a summary, for this room only. */
MigSummary *mig_summary_new (void);

/* The one of that name, made where it is missing; owned by the summary (case). */
MigCaseSummary *mig_summary_add_case (MigSummary *summary, const char *label);
MigClassSummary *mig_case_add_class (MigCaseSummary *study_case, const MigClassInfo *info);

const MigCaseSummary *mig_summary_find_case (const MigSummary *summary, const char *label);

/* mig_case_find_class: NULL where the case has no such guest. */
const MigClassSummary *mig_case_find_class (const MigCaseSummary *study_case,
                                            const char *class_name);

/* mig_case_stat: a metric of a case; class_name for class metrics, else NULL. NULL: no such class.
 */
const MigStat *mig_case_stat (const MigCaseSummary *study_case, MigMetric metric,
                              const char *class_name);

/* mig_summary_last_repetition: of any case, counted or not; 0: there are no runs. */
gint64 mig_summary_last_repetition (const MigSummary *summary);

void mig_summary_free (MigSummary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigSummary, mig_summary_free)
