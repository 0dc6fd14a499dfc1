/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/resolution.h"

#define MILLISECOND_S 1e-3
#define PROBE_S 10e-3 /* where none of its guests that move is asked */
#define PING_S 50e-3
#define CPU_SHARE 1e-3
#define RATE_SHARE 1e-3

typedef enum {
  MIG_RESOLUTION_MILLISECOND, /* reported in milliseconds, or a stamp of a call or an event */
  MIG_RESOLUTION_HEARTBEAT,   /* one heartbeat period */
  MIG_RESOLUTION_PROBE,       /* the period of probes */
  MIG_RESOLUTION_PING,        /* that of ICMP echo */
  MIG_RESOLUTION_PAGE,        /* of memory */
  MIG_RESOLUTION_COUNT,       /* one */
  MIG_RESOLUTION_CPU,         /* a thousandth of a CPU: ticks of the kernels' counters */
  MIG_RESOLUTION_RATE         /* a thousandth of the value: a quotient of the others */
} MigResolution;

static const MigResolution resolutions[MIG_N_METRICS] = {
  [MIG_METRIC_TOTAL_TIME] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_WALL_TIME] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_TRANSFER_TIME] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_DOWNTIME_REPORTED] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_DOWNTIME_EVENTS] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_DOWNTIME_GUEST] = MIG_RESOLUTION_HEARTBEAT,
  [MIG_METRIC_DOWNTIME_GUEST_LOW] = MIG_RESOLUTION_HEARTBEAT,
  [MIG_METRIC_DOWNTIME_GUEST_HIGH] = MIG_RESOLUTION_HEARTBEAT,
  [MIG_METRIC_OUTAGE] = MIG_RESOLUTION_PROBE,
  [MIG_METRIC_OUTAGE_ICMP] = MIG_RESOLUTION_PING,
  [MIG_METRIC_SILENCE] = MIG_RESOLUTION_PROBE,
  [MIG_METRIC_SILENCE_FLOOR] = MIG_RESOLUTION_PROBE,
  [MIG_METRIC_STALL] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_STALL_MEDIAN] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_STALL_FLOOR] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_CONNECT] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_CONNECT_FLOOR] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_OPEN_REQUESTS] = MIG_RESOLUTION_COUNT,
  [MIG_METRIC_RARP] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_ARP] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_VMCO_OUTAGE] = MIG_RESOLUTION_PROBE,
  [MIG_METRIC_VMCO_SILENCE] = MIG_RESOLUTION_PROBE,
  [MIG_METRIC_VMCO_SILENCE_FLOOR] = MIG_RESOLUTION_PROBE,
  [MIG_METRIC_VMCO_STALL] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_VMCO_STALL_FLOOR] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_SWITCH_WAIT] = MIG_RESOLUTION_HEARTBEAT,
  [MIG_METRIC_SENT] = MIG_RESOLUTION_PAGE,
  [MIG_METRIC_SEND_RATE] = MIG_RESOLUTION_RATE,
  [MIG_METRIC_ROUNDS] = MIG_RESOLUTION_COUNT,
  [MIG_METRIC_LOST_VMMG] = MIG_RESOLUTION_HEARTBEAT,
  [MIG_METRIC_LOST_VMCO] = MIG_RESOLUTION_HEARTBEAT,
  [MIG_METRIC_LOST_ALL] = MIG_RESOLUTION_HEARTBEAT,
  [MIG_METRIC_WINDOW_LOST_VMMG] = MIG_RESOLUTION_HEARTBEAT,
  [MIG_METRIC_WINDOW_LOST_VMCO] = MIG_RESOLUTION_HEARTBEAT,
  [MIG_METRIC_WINDOW_LOST_ALL] = MIG_RESOLUTION_HEARTBEAT,
  [MIG_METRIC_MANAGEMENT_SOURCE] = MIG_RESOLUTION_CPU,
  [MIG_METRIC_MANAGEMENT_DESTINATION] = MIG_RESOLUTION_CPU,
  [MIG_METRIC_VMMG_CPU_BEFORE] = MIG_RESOLUTION_CPU,
  [MIG_METRIC_VMMG_CPU_DURING] = MIG_RESOLUTION_CPU,
  [MIG_METRIC_VMMG_WAIT_DURING] = MIG_RESOLUTION_CPU,
  [MIG_METRIC_VMCO_CPU_BEFORE] = MIG_RESOLUTION_CPU,
  [MIG_METRIC_VMCO_CPU_DURING] = MIG_RESOLUTION_CPU,
  [MIG_METRIC_VMCO_WAIT_DURING] = MIG_RESOLUTION_CPU,
  [MIG_METRIC_LEFT_THROUGHPUT] = MIG_RESOLUTION_RATE,
  [MIG_METRIC_GUEST_TIME] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_GUEST_DOWNTIME_REPORTED] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_GUEST_DOWNTIME_EVENTS] = MIG_RESOLUTION_MILLISECOND,
  [MIG_METRIC_GUEST_DOWNTIME] = MIG_RESOLUTION_HEARTBEAT,
};

double
mig_resolution_step (const MigCaseSummary *study_case, MigMetric metric, double value)
{
  switch (resolutions[metric])
    {
    case MIG_RESOLUTION_MILLISECOND:
      return MILLISECOND_S;
    case MIG_RESOLUTION_HEARTBEAT:
      return study_case->heartbeat_period_s;
    case MIG_RESOLUTION_PROBE:
      return isnan (study_case->probe_period_s) ? PROBE_S : study_case->probe_period_s;
    case MIG_RESOLUTION_PING:
      return PING_S;
    case MIG_RESOLUTION_PAGE:
      return MIG_PAGE_BYTES;
    case MIG_RESOLUTION_COUNT:
      return 1;
    case MIG_RESOLUTION_CPU:
      return CPU_SHARE;
    case MIG_RESOLUTION_RATE:
    default:
      return RATE_SHARE * fabs (value);
    }
}

/* is_longest: of its migrations, or of its guests; or the latest. */
static gboolean
is_longest (MigMetric metric)
{
  return (metric >= MIG_METRIC_SILENCE && metric <= MIG_METRIC_CONNECT_FLOOR) ||
         metric == MIG_METRIC_RARP || metric == MIG_METRIC_ARP ||
         (metric >= MIG_METRIC_VMCO_SILENCE && metric <= MIG_METRIC_VMCO_STALL_FLOOR);
}

/* summed: whether a run's value is a sum over its migrations, each with an error of its own. */
static gboolean
summed (MigMetric metric)
{
  MigResolution resolution = resolutions[metric];

  return metric < MIG_FIRST_CLASS_METRIC && metric != MIG_METRIC_WALL_TIME &&
         !is_longest (metric) && resolution != MIG_RESOLUTION_CPU &&
         resolution != MIG_RESOLUTION_RATE;
}

double
mig_resolution_sd (const MigCaseSummary *study_case, MigMetric metric, double value)
{
  guint n = summed (metric) ? MAX (1, study_case->classes_moved->len) : 1;

  return mig_resolution_step (study_case, metric, value) * sqrt (n / 12.0);
}
