/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* How finely a metric is known: what is measured in steps does not scatter where it varies by less
 * than a step, and then its standard deviation is no measure of how well it is known. */

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

/* mig_resolution_of: the table. mig_resolution_text: "1 ms", "a heartbeat period". */
MigResolution mig_resolution_of (MigMetric metric);
const char *mig_resolution_text (MigResolution resolution);

/* mig_resolution_step: of one value of a metric of a case, in the metric's unit; NaN: not known (no
 * heartbeats). */
double mig_resolution_step (const MigCaseSummary *study_case, MigMetric metric, double value);

/* mig_resolution_sd: the standard deviation that steps alone give to a run's value: step / sqrt
 * (12) of one that is equally likely anywhere within its step (W. F. Sheppard, Proceedings of the
 * London Mathematical Society 29, 1898); of a sum over n migrations sqrt (n) times that. */
double mig_resolution_sd (const MigCaseSummary *study_case, MigMetric metric, double value);
