/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "analysis/runs.h"
#include "analysis/summary.h"

/* What disturbed a run from outside, as far as the records show it. A noisy run counts all the same.
 *
 * stolen: time of a host's CPU in which it was neither busy nor idle: somebody below took it.
 * others: CPU time of a host that neither its guests' processes nor its management domain used.
 * Both are shares of one CPU's time, over the window; of the host with the larger one.
 * sending: bytes sent per second of transfer, against the median of the case's counted runs. */
#define MIG_NOISE_STOLEN 0.05
#define MIG_NOISE_OTHERS 0.10
#define MIG_NOISE_SENDING 0.80    /* noisy below */
#define MIG_NOISE_SENDING_MIN_N 3 /* counted runs of a case, to compare one with them */
/* The link is slow where what was measured at the start is below this share of what was configured. */
#define MIG_NOISE_LINK 0.90

/* mig_noise_measure: sets the members about noise of a finished, sound run's summary.
 * environment: of MigEnvironmentRecord; says which and how many CPUs of a host are sampled. */
void mig_noise_measure (const MigRunState *run, const GPtrArray *environment, MigRunSummary *out);

/* mig_noise_judge: after the statistics of the cases: says of each counted run whether it is noisy,
 * and of the link whether it is slow. */
void mig_noise_judge (MigSummary *summary, const GPtrArray *environment);
