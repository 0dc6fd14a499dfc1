/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/probe-kind.h"
#include "base/units.h"

/* The records of a result directory: one plain struct per table. results/columns.c holds the one
 * column table (name, unit, type, meaning, offset) from which reading, writing and the reference
 * page migcost-results(5) are made.
 *
 * Conventions: all times are CLOCK_MONOTONIC ns of the machine that ran migcost; counters are
 * cumulative. Missing: MIG_MISSING_INT in integers, NaN in doubles, NULL in strings: an empty cell.
 */

typedef enum {
  MIG_TABLE_SCHEDULE,
  MIG_TABLE_PARAMETERS,
  MIG_TABLE_PREDICTIONS,
  MIG_TABLE_RUNS,
  MIG_TABLE_GUESTS,
  MIG_TABLE_MIGRATIONS,
  MIG_TABLE_ROUNDS,
  MIG_TABLE_SAMPLES,
  MIG_TABLE_HEARTBEATS,
  MIG_TABLE_EVENTS,
  MIG_TABLE_ENVIRONMENT,
  MIG_TABLE_LIMITS,
  MIG_TABLE_ROUND_TRIPS,
  MIG_TABLE_MOVES,
  MIG_TABLE_DECISIONS,
  MIG_TABLE_PROBES,
  MIG_TABLE_ANNOUNCEMENTS,
  MIG_TABLE_REQUESTS,
  MIG_N_TABLES,
  /* of a file of its own, not of a result directory */
  MIG_TABLE_FLEET = MIG_N_TABLES,
  MIG_N_ALL_TABLES
} MigTable;

/* `event` of a repetition's first row in events.csv; its detail is "CASE#REPETITION". */
#define MIG_EVENT_BEGUN "begun"
/* an execution's migration is about to begin: host, guest; detail: the destination. The second, of
 * any existing guest: its host starts it by itself, which its destination is to do then. The third,
 * of an execution: the guest is paused, and is to stay so. */
#define MIG_EVENT_MOVING "moving"
#define MIG_EVENT_AUTOSTART "autostart"
#define MIG_EVENT_PAUSED "paused"
/* a migration is made to end; detail: by which cause of the stop rule; as its timeout says
 * (suspend, post-copy); or why that was refused */
#define MIG_EVENT_STOP_RULE "stop-rule"
#define MIG_EVENT_TIMEOUT "timeout"
/* where observing is measured: from here on guests are left alone, are observed; detail: CPU time
 * that migcost and the lab's daemons have taken so far, ns */
#define MIG_EVENT_ALONE "alone"
#define MIG_EVENT_OBSERVED "observed"
/* period of heartbeats.csv while a guest is left alone: the longest of the protocol */
#define MIG_ALONE_PERIOD_NS (60 * MIG_NS_PER_S)

/* The plan: what was to be run, in this order. Written once, at the start. */
typedef struct {
  gint64 position;   /* from 1 */
  char *case_label;  /* "cm" */
  gint64 repetition; /* from 1 */
} MigScheduleRecord;

/* What one case of a study that sweeps parameters is: one row per axis. */
typedef struct {
  char *case_label;    /* "m rate=15360" */
  char *parameter;     /* "workload.m.rate" */
  char *value;         /* as in the study: "15360", "64 MB" */
  double value_number; /* in that unit; missing where it is no number */
  char *unit;          /* "pages/s", "bytes", "bytes/s", "ns", "1"; empty: a text */
} MigParameterRecord;

/* What was predicted of a case, or (guest not NULL) of one of its migrations, before it was run:
 * one row per quantity. Written once, at the start. */
typedef struct {
  char *case_label;
  char *order_name; /* what the plan calls this order: "plan", "by name" */
  char *guest;      /* of the migration; NULL: of the whole case */
  char *quantity;   /* "total-time"; its meaning: analysis/predict.h */
  gint64 value_ns;
  gint64 low_ns, high_ns; /* 95 % prediction interval; missing: that end is not known */
  char *model;            /* where it comes from: the model and what it was calibrated with */
} MigPredictionRecord;

/* One execution of one repetition of one case. An interrupted or failed one has its row too, and a
 * later --resume adds another run for the same case and repetition. `run` counts from 1 over the
 * whole directory and is the key of all tables below. */
typedef struct {
  gint64 run;
  char *case_label;
  gint64 repetition;
  char *status;               /* "ok", "failed", "interrupted", "skipped" */
  char *reason;               /* why not ok; NULL when ok */
  gint64 started_ns;          /* first guest asked to start */
  gint64 ready_ns;            /* all guests READY and settled */
  gint64 window_start_ns;     /* start of the baseline = of the window */
  gint64 migrations_start_ns; /* first migration called */
  gint64 migrations_end_ns;   /* last migration returned */
  gint64 window_end_ns;
  gint64 ended_ns;    /* guests destroyed */
  gint64 own_wait_ns; /* of the window: that migcost's event loop waited for a CPU */
  /* CPU time of migcost and, in the lab, of the hosts' daemons: baseline, migrations, rest of the
   * window */
  gint64 observing_before_ns, observing_during_ns, observing_after_ns;
  guint line; /* of the file; no column; 0: not known */
} MigRunRecord;

/* One guest in one run: what it was and whether it was still sound at the end. */
typedef struct {
  gint64 run;
  char *guest;      /* "c1" */
  char *class_name; /* workload name in the study: "c" */
  char *workload;   /* "cpu", "memory", "io", "idle", "existing" */
  gint64 memory_bytes;
  gint64 vcpus;            /* missing: as many as the template has */
  gint64 wss_bytes;        /* memory workload; missing otherwise */
  gint64 rate_pages_per_s; /* asked for; missing: as fast as it can */
  gint64 migrates;         /* 1: VMmg, 0: VMco */
  char *host_before;
  char *host_after;
  gint64 period_ns;            /* heartbeat period */
  gint64 heartbeats;           /* lines received */
  gint64 heartbeats_lost;      /* sequence numbers never seen */
  gint64 heartbeats_backwards; /* sequence numbers that went back: a damaged guest */
  gint64 checksum_errors;      /* lines whose checksum was wrong */
  char *alarm; /* first sign of damage: corrupted page, kernel BUG, panic; NULL: sound */
  gint64 dirty_bytes_per_s; /* measured by the hypervisor before the first move */
  char *dirty_method;       /* how: MIG_DIRTY_...; NULL: it was not, or it is not recorded */
  char *start;              /* MIG_START_BOOTED or _RESTORED; NULL: a guest that was there */
} MigGuestRecord;

#define MIG_START_BOOTED "booted"
#define MIG_START_RESTORED "restored"
#define MIG_START_MIXED "mixed" /* of several guests */

#define MIG_DIRTY_SAMPLING "page-sampling"
#define MIG_DIRTY_RING "dirty-ring"

/* One migration. Raw stamps; the analysis derives downtime (guest) and its bounds from them. */
typedef struct {
  gint64 run;
  gint64 step; /* position in the sequence, from 1; parallel migrations share it */
  char *guest;
  char *source;
  char *destination;
  char *status;       /* "ok", "failed", "timed-out", "aborted", "damaged", "interrupted" */
  char *reason;       /* NULL when ok */
  gint64 start_ns;    /* virDomainMigrate3 called */
  gint64 end_ns;      /* virDomainMigrate3 returned */
  gint64 transfer_ns; /* the hypervisor's own time for the job */
  gint64 setup_ns;    /* of it: set-up */
  gint64 downtime_reported_ns;           /* the hypervisor's own figure, measured */
  gint64 suspended_ns;                   /* event: suspended on the source */
  gint64 resumed_ns;                     /* event: resumed on the destination */
  gint64 last_source_heartbeat_ns;       /* arrival */
  gint64 first_destination_heartbeat_ns; /* arrival */
  gint64 heartbeat_period_ns;            /* in force at the last from the source */
  gint64 answered;                       /* 1: the first from the destination answered a line */
  gint64 lost_at_switch;                 /* sequence numbers missing between these two */
  gint64 sent_bytes;                     /* without disks */
  gint64 ram_bytes;
  gint64 normal_pages;   /* pages sent whole */
  gint64 constant_pages; /* pages sent as one byte */
  gint64 rounds;
  gint64 post_copy_requests; /* pages that the guest waited for at the destination */
  gint64 disk_total_bytes;   /* of disks that were copied before its memory; missing: none was */
  gint64 disk_sent_bytes;
  gint64 disk_ns;   /* that it took */
  char *stop_rule;  /* "xen-4.4", "xen-4.6", "hypervisor" */
  char *stopped_by; /* "rounds", "pages", "ram", "post-copy", "hypervisor"; NULL: unknown */
  gint64 stop_ns;   /* when the rule was imposed; missing: never */
  char *technique;  /* "pre-copy", "post-copy" ...: as asked for */
  char *control;    /* "direct", "peer-to-peer" */
  guint line;       /* of the file; no column; 0: not known */
} MigMigrationRecord;

/* One pre-copy round (iteration). */
typedef struct {
  gint64 run;
  char *guest;
  gint64 round;             /* from 1 */
  gint64 start_ns;          /* event arrived */
  gint64 sent_bytes;        /* cumulative, at the start of the round */
  gint64 sent_pages;        /* cumulative: whole and constant pages */
  gint64 remaining_bytes;   /* at the start of the round: what the round has to send */
  gint64 dirty_pages_per_s; /* the hypervisor's estimate */
  gint64 send_bytes_per_s;  /* the hypervisor's estimate */
} MigRoundRecord;

/* One sample of cumulative CPU time. Of a guest on a host, or (guest NULL) of the host's CPU that
 * the study uses. */
typedef struct {
  gint64 run;
  gint64 time_ns;
  char *host;
  char *guest;
  gint64 cpu_ns;        /* guest: all of its process or domain; host: user + kernel time */
  gint64 vcpu_ns;       /* guest: its vCPUs */
  gint64 vcpu_wait_ns;  /* guest: vCPUs runnable but waiting for a CPU */
  gint64 management_ns; /* guest on QEMU: cpu_ns - vcpu_ns; host on Xen: Domain-0 */
  gint64 idle_ns;       /* host: idle + iowait */
} MigSampleRecord;

/* How long calls to a host and back took around one run: so late at most are what it sends, events
 * and consoles. */
typedef struct {
  gint64 run; /* missing: before the first run of a process */
  char *host;
  gint64 calls;
  gint64 median_ns;
  gint64 low_ns;  /* 2.5th percentile */
  gint64 high_ns; /* 97.5th percentile */
} MigRoundTripRecord;

/* What was decided, and when, in a run that ends when its questions are. */
typedef struct {
  gint64 run;             /* after which run it was seen */
  char *decision;         /* MIG_DECISION_... */
  char *case_label;       /* NULL: of all */
  char *other;            /* the case that it was compared with; NULL: of one */
  gint64 n;               /* repetitions that say so; of a pair: blocks that both were in */
  gint64 difference_ns;   /* other's total time less that of the case, mean; of one: its mean */
  gint64 low_ns, high_ns; /* the interval that holds however often one looks */
  char *detail;           /* at the end: why, or how much longer; out, undecided: why */
  char *metric;     /* id of what was compared; NULL: total time; the following are of others */
  char *class_name; /* of one guest of this class; NULL: of the whole case */
  double difference, low, high; /* as above, in the metric's unit */
  char *claim;                  /* the conclusion that it is about, "1 downtime"; NULL: none */
} MigDecisionRecord;

#define MIG_DECISION_LESS "less"   /* the case takes less than the other */
#define MIG_DECISION_ALIKE "alike" /* no difference that matters */
#define MIG_DECISION_NOT_LESS                                                                      \
  "not-less" /* the case has not less than the other as far as that matters */
#define MIG_DECISION_SUPPORTED "supported" /* the claim */
#define MIG_DECISION_REFUTED "refuted"
#define MIG_DECISION_OUT "out"   /* nothing is asked about the case any more */
#define MIG_DECISION_IN "in"     /* it is run again after all: a smaller share was asked for */
#define MIG_DECISION_OPEN "open" /* at the end: it is not decided */
#define MIG_DECISION_END "end"

/* One heartbeat line as it arrived. */
typedef struct {
  gint64 run;
  char *guest;
  char *host; /* whose console it came through */
  gint64 sequence;
  gint64 arrival_ns;
  gint64 guest_ns;   /* the guest's own monotonic clock */
  gint64 work_units; /* cumulative */
  gint64 period_ns;  /* in force; missing: not recorded */
} MigHeartbeatRecord;

/* One event. */
typedef struct {
  gint64 run;
  gint64 time_ns; /* arrival */
  char *host;
  char *guest;
  char *event;  /* MIG_EVENT_BEGUN, "lifecycle", "iteration", "job-completed", MIG_EVENT_STOP_RULE,
                 * "console", "connection"; "state": where a host says the guest is after a failed
                 * migration; "home": moved back to the host in the detail, not measured */
  char *detail; /* "suspended migrated", "3", ... */
} MigEventRecord;

/* One fact about the machines and the tool. */
typedef struct {
  char *scope; /* a host's name, "link", "migcost", "guests" */
  char *name;  /* "hypervisor version", "cpu model", "link rate measured" */
  char *value;
  char *unit; /* NULL: a text */
} MigEnvironmentRecord;

/* Why a column is empty: the report says so. */
typedef struct {
  char *host;
  char *table;  /* "migrations" */
  char *column; /* "sent_bytes" */
  char *reason; /* "libxl reports no job statistics" */
} MigLimitRecord;

/* One migration that a plan has, before any of the plan began: what an execution that is
 * interrupted goes on from. */
typedef struct {
  gint64 run; /* the plan's */
  char *guest, *uuid;
  char *source, *destination;
  gint64 group; /* of those that leave its source, from 0 */
  char *after;  /* "0 2": moves of this plan, from its first, that have ended before; NULL: groups
                   count */
} MigMoveRecord;

/* One probe of a guest over its network, around a migration of it. */
typedef struct {
  gint64 run;
  char *guest;
  char *probe;       /* MIG_PROBE_OF_..., base/probe-kind.h */
  gint64 connection; /* from 1; missing: of no connection */
  gint64 sequence;   /* from 0, of one guest, kind and connection: one that is missing between two
                        rows was answered and is not kept */
  gint64 due_ns;
  gint64 sent_ns;     /* later than due where the prober had to wait for a CPU */
  gint64 answered_ns; /* arrival; missing: never */
  gint64 covers_ns;   /* from its due time to that of the next; missing: not of that kind */
} MigProbeRecord;

/* A packet by which a guest, or its hypervisor for it, showed where it is, around a migration. */
typedef struct {
  gint64 run;
  char *guest;
  char *packet; /* "rarp", "arp" */
  gint64 time_ns;
} MigAnnouncementRecord;

/* A request of a client, which a load generator plays, to a guest's server. */
typedef struct {
  gint64 run;
  char *guest;
  gint64 sent_ns, answered_ns; /* answered_ns, status: missing: it was not answered */
  gint64 status;               /* HTTP's */
  gint64 given_up_ns;          /* missing: it was answered */
} MigRequestRecord;

/* One row of a fleet file, migcost-fleet(5): a VM, or (vm NULL) a host. Amounts are texts with
 * units, as in a study. */
typedef struct {
  char *vm;
  char *host;   /* where the VM is; of a host: its name */
  char *memory; /* "512 MiB"; of a host: for guests */
  double cpus;  /* vCPUs; of a host: CPUs that its guests and its management share */
  double cpu;   /* CPUs that it uses where it gets them */
  char *used;   /* memory that is not of constant pages */
  char *wss;    /* memory that it updates */
  double dirty_pages_per_s;
  char *max_downtime;
  char *apart;
  char *to;               /* host it must go to */
  char *link;             /* of a host: rate in each direction */
  gint64 max_parallel;    /* of a host: migrations at the same time */
  char *id;               /* what commands call the VM */
  char *group;            /* of a host: whose uplink it shares; of a group's row: its name */
  char *within;           /* of a group: the group that it is part of */
  gint64 max_out, max_in; /* of a host: migrations out of it, and into it, at the same time */
  double overcommit;      /* of a host: its VMs may have so many times its memory */
  char *stays;            /* it cannot be moved */
  char *cordoned;         /* of a host: no VM goes there unless it is named */
  char *local_disk;       /* what there is of its disks to copy */
  guint line;             /* of the file; no column; 0: not known */
} MigFleetRecord;
