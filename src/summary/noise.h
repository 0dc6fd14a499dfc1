/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/given-cpus.h"
#include "summary/runs.h"
#include "summary/summary.h"

/* What disturbed a run from outside, as far as the records show it. A noisy run counts all the
 * same.
 *
 * stolen: time of a host's CPU in which it was neither busy nor idle: somebody below took it.
 * others: CPU time of a host that neither its guests' processes nor its management domain used.
 * Both are shares of one CPU's time, over the window; of the host with the larger one.
 * sending: bytes sent per second of transfer, against the median of the case's counted runs.
 * own wait: the part of the window in which migcost's event loop waited for a CPU.
 * observing: CPU time that migcost and, in the lab, the daemons took outside of the migrations. */
typedef enum {
  MIG_NOISE_STOLEN,
  MIG_NOISE_OTHERS,
  MIG_NOISE_SENDING,
  MIG_NOISE_OWN_WAIT,
  MIG_NOISE_OBSERVING,
  MIG_N_NOISES
} MigNoise;

typedef struct {
  const char *name;     /* "CPU time stolen from a host" */
  const char *limit_id; /* "stolen_share_above" */
  double limit;         /* a share */
  gboolean below;       /* noisy below it, else above */
  gsize offset;         /* of the run's share, in MigRunSummary */
} MigNoiseInfo;

const MigNoiseInfo *mig_noise_info (MigNoise noise);

/* mig_noise_share: of a run, NaN where it could not be told. mig_noise_is: whether it is beyond the
 * limit. */
double mig_noise_share (const MigRunSummary *run, MigNoise noise);
gboolean mig_noise_is (const MigRunSummary *run, MigNoise noise);

#define MIG_NOISE_SENDING_MIN_N 3 /* counted runs of a case, to compare one with them */
/* The link is slow where what was measured at the start is below this share of what was configured.
 */
#define MIG_NOISE_LINK 0.90

/* mig_noise_measure: sets the members about noise of a finished, sound run's summary. cpus: says
 * which and how many CPUs of a host are sampled. */
void mig_noise_measure (const MigRunState *run, const MigCpuTable *cpus, MigRunSummary *out);

/* mig_noise_judge: after the statistics of the cases: says of each counted run whether it is noisy,
 * and of the link whether it is slow. */
void mig_noise_judge (MigSummary *summary, const GPtrArray *environment);
