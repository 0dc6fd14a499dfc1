/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* mig_paired_time: total time of b less a's, s, within the repetitions that have both
 * (mig_stat_paired; the caller clears difference). Where the run's race asked it (race.h), ci_low
 * and ci_high are the race's: they hold for all its pairs together and however often one looks; NaN
 * below MIG_FIRST_LOOK values. TRUE: they are. */
gboolean mig_paired_time (const MigSummary *summary, MigStat *difference, const MigCaseSummary *a,
                          const MigCaseSummary *b);

/* mig_paired_time_more: how many more repetitions would decide what the race asked of the two;
 * missing: unknown, or it was not asked. */
gint64 mig_paired_time_more (const MigSummary *summary, const MigCaseSummary *a,
                             const MigCaseSummary *b);
