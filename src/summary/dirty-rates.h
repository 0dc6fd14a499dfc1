/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/stats.h"
#include "results/records.h"

/* How fast a guest of a case dirtied its memory before it moved, and during the rounds of its
 * migrations. All rates are bytes/s; over a second or more, a page counts once however often it was
 * written, but in what the guest itself counts. */
typedef struct {
  char *case_label, *guest;
  const char *method;             /* of the rate before; static */
  double asked;                   /* by the study; NaN: none, or as fast as it can */
  MigStat own;                    /* pages that a memory workload updated, in the baseline */
  MigStat before;                 /* the hypervisor's word, in the baseline */
  double before_low, before_high; /* where the rate before is, by what the method resolves */
  MigStat during;  /* the hypervisor's estimates of the rounds, mean over their time */
  MigStat highest; /* of these estimates */
  MigStat ratio;   /* during / before, of runs that have both */
} MigDirtyRate;

/* mig_dirty_rates_new: of MigDirtyRate, by case and guest: of guests that moved in a run (of
 * MigRunState, finished) that counts and whose rate before was measured. rounds: of MigRoundRecord,
 * in the order of the table. Empty: there are none. */
GPtrArray *mig_dirty_rates_new (const GPtrArray *runs, const GPtrArray *rounds);

/* mig_dirty_rate_wanted: whether any guest (of MigGuestRecord) that moved has a rate before. */
gboolean mig_dirty_rate_wanted (const GPtrArray *guests);

/* mig_dirty_rate_during: the mean, over their time, and the highest of the hypervisor's estimates
 * in a guest's rounds (of MigRoundRecord); NaN: they were too short for one. An estimate is made a
 * second or more after the one before, and repeated until then. */
typedef struct {
  double mean, highest; /* bytes/s */
} MigRoundsRate;
MigRoundsRate mig_dirty_rate_during (const GPtrArray *rounds);

/* mig_dirty_rate_sampled: between what two rates (95 %, Wilson's interval of a share) a guest of so
 * much memory dirties, where page sampling gave so much, as the mean of so many measurements. QEMU
 * looks at 512 pages a GiB and counts those that differ after a second. */
void mig_dirty_rate_sampled (double bytes_per_s, guint n, double memory_bytes, double *low,
                             double *high);
