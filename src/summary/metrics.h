/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What is measured per run. Sums are over the migrations of the run's sequence, as the paper sums.
 */
typedef enum {
  MIG_METRIC_TOTAL_TIME,
  MIG_METRIC_WALL_TIME,
  MIG_METRIC_TRANSFER_TIME,
  MIG_METRIC_DOWNTIME_REPORTED,
  MIG_METRIC_DOWNTIME_EVENTS,
  MIG_METRIC_DOWNTIME_GUEST,
  MIG_METRIC_DOWNTIME_GUEST_LOW,
  MIG_METRIC_DOWNTIME_GUEST_HIGH,
  MIG_METRIC_OUTAGE,
  MIG_METRIC_OUTAGE_ICMP,
  MIG_METRIC_SILENCE,
  MIG_METRIC_SILENCE_FLOOR,
  MIG_METRIC_STALL,
  MIG_METRIC_STALL_MEDIAN,
  MIG_METRIC_STALL_FLOOR,
  MIG_METRIC_CONNECT,
  MIG_METRIC_CONNECT_FLOOR,
  MIG_METRIC_STREAM_TO,
  MIG_METRIC_STREAM_TO_FLOOR,
  MIG_METRIC_STREAM_FROM,
  MIG_METRIC_STREAM_FROM_FLOOR,
  MIG_METRIC_OPEN_REQUESTS,
  MIG_METRIC_RARP,
  MIG_METRIC_ARP,
  MIG_METRIC_REQUEST_P50_BEFORE,
  MIG_METRIC_REQUEST_P99_BEFORE,
  MIG_METRIC_REQUEST_MAX_BEFORE,
  MIG_METRIC_REQUEST_P50_DURING,
  MIG_METRIC_REQUEST_P99_DURING,
  MIG_METRIC_REQUEST_MAX_DURING,
  MIG_METRIC_REQUEST_P50_AFTER,
  MIG_METRIC_REQUEST_P99_AFTER,
  MIG_METRIC_REQUEST_MAX_AFTER,
  MIG_METRIC_REQUESTS_UNANSWERED,
  MIG_METRIC_VMCO_OUTAGE,
  MIG_METRIC_VMCO_SILENCE,
  MIG_METRIC_VMCO_SILENCE_FLOOR,
  MIG_METRIC_VMCO_STALL,
  MIG_METRIC_VMCO_STALL_FLOOR,
  MIG_METRIC_SWITCH_WAIT,
  MIG_METRIC_SENT,
  MIG_METRIC_SEND_RATE,
  MIG_METRIC_ROUNDS,
  MIG_METRIC_DISK_SENT,
  MIG_METRIC_DISK_TIME,
  MIG_METRIC_LOST_VMMG,
  MIG_METRIC_LOST_VMCO,
  MIG_METRIC_LOST_ALL,
  MIG_METRIC_WINDOW_LOST_VMMG,
  MIG_METRIC_WINDOW_LOST_VMCO,
  MIG_METRIC_WINDOW_LOST_ALL,
  MIG_METRIC_MANAGEMENT_SOURCE,
  MIG_METRIC_MANAGEMENT_DESTINATION,
  MIG_METRIC_VMMG_CPU_BEFORE,
  MIG_METRIC_VMMG_CPU_DURING,
  MIG_METRIC_VMMG_WAIT_DURING,
  MIG_METRIC_VMCO_CPU_BEFORE,
  MIG_METRIC_VMCO_CPU_DURING,
  MIG_METRIC_VMCO_WAIT_DURING,
  /* of each class of guests: the mean of one guest of that class */
  MIG_METRIC_LEFT_THROUGHPUT,
  MIG_METRIC_GUEST_TIME,
  MIG_METRIC_GUEST_DOWNTIME_REPORTED,
  MIG_METRIC_GUEST_DOWNTIME_EVENTS,
  MIG_METRIC_GUEST_DOWNTIME,
  MIG_N_METRICS
} MigMetric;

#define MIG_FIRST_CLASS_METRIC MIG_METRIC_LEFT_THROUGHPUT

typedef enum { MIG_BETTER_LOWER, MIG_BETTER_HIGHER, MIG_BETTER_NEITHER } MigBetter;

/* The one place that says what a metric is: texts, JSON keys and CSV rows are made from it. */
typedef struct {
  const char *id;   /* "total_time_s": carries its unit */
  const char *name; /* "total time" */
  const char *unit; /* "s", "bytes", "bytes/s", "1", "share", "units/s" */
  MigBetter better;
  const char *meaning; /* one sentence: how it is measured, its resolution */
  gboolean compared;   /* by 'migcost compare' where no metric is named */
} MigMetricInfo;

const MigMetricInfo *mig_metric_info (MigMetric metric);
const char *mig_metric_id (guint metric); /* for tables of words */

/* mig_metric_find: by its id; FALSE: there is none. */
gboolean mig_metric_find (const char *id, MigMetric *metric);
