/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/stats.h"

/* How many runs would show a difference: Student's t test, two-sided at 5 %, with power 0.8. The
 * power is exact for normal values: a noncentral t is (Z + d) / S with Z standard normal and
 * S^2 = chi^2(f) / f independent of it, so the chance of |t| > c is 1 minus the integral over s of
 * (Phi (c s - d) - Phi (-c s - d)) times the density of S (J. Cohen, "Statistical Power Analysis
 * for the Behavioral Sciences", 2nd ed., 1988, chapter 2). */
#define MIG_POWER_LEVEL 0.05
#define MIG_POWER_WANTED 0.8
#define MIG_POWER_EFFECT 0.05      /* the difference that runs are counted for: 5 % */
#define MIG_POWER_MOST_RUNS 100000 /* no larger number is told */

/* mig_power_two_samples: chance to show a difference of effect standard deviations between two
 * samples of n values each (Student, 2 n - 2 degrees). NaN where n < 2. */
double mig_power_two_samples (double effect, guint n);

/* mig_power_paired: the same of n differences; effect in standard deviations of these. */
double mig_power_paired (double effect, guint n);

/* mig_power_runs_two_samples_at / _paired_at: the smallest n with that power at that level, at
 * least 2; MIG_POWER_MOST_RUNS where it is larger; missing where sd or difference is not a number,
 * or the difference is 0. _two_samples: at 5 %. */
gint64 mig_power_runs_two_samples (double difference, double sd);
gint64 mig_power_runs_two_samples_at (double difference, double sd, double level);
gint64 mig_power_runs_paired_at (double difference, double sd, double level);

/* mig_power_runs_within: the smallest n of which the 95 % interval of the mean (Student's t) would
 * reach no further than half to either side, if values go on to scatter as these do; at most
 * MIG_POWER_MOST_RUNS. Missing where n < 2, or half is not above 0. */
gint64 mig_power_runs_within (const MigStat *stat, double half);

/* mig_power_more_runs: how many more runs of two cases that scatter like this one, of each, would
 * show a difference of MIG_POWER_EFFECT of its mean; 0: none. Missing where n < 2. */
gint64 mig_power_more_runs (const MigStat *stat);
