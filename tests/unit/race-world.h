/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/race.h"

/* Races of cases whose total times are drawn, so that what is true is known. */

#define RACE_WORLD_MAX_CASES 6

typedef struct {
  const char *name;
  guint n_cases;
  double mean_s[RACE_WORLD_MAX_CASES];
  double sd_share[RACE_WORLD_MAX_CASES]; /* of the mean */
  double drift_s;                        /* every time is so much longer than the one before it */
  double block_s;       /* standard deviation of what all times of a block have in common */
  const GArray *shares; /* of double: deviations as shares of the mean, to be drawn from instead of
                           normal ones; sd_share is then what they are multiplied with */
} RaceWorld;

/* What came of one race. */
typedef struct {
  guint n_runs, n_blocks;
  guint n_decided; /* pairs that are decided, or moot */
  gboolean wrong;  /* something that was said is not true, or an interval missed the truth */
  gboolean ordinary_wrong; /* ordinary 95 % intervals, looked at after each block from the second
                              on, would have missed it */
} RaceOutcome;

/* race_world_new_race: all pairs are asked; same_guests: as orders of the same guests. */
MigRace *race_world_new_race (const RaceWorld *world, const MigRaceRule *rule,
                              gboolean same_guests);

/* race_world_run: runs it until it is over, or for max_blocks. racing FALSE: no case drops out, and
 * it ends after max_blocks. */
void race_world_run (const RaceWorld *world, MigRace *race, GRand *random, guint max_blocks,
                     gboolean racing, RaceOutcome *outcome);

/* race_world_add_shares: deviations of a result's total times from their case's mean, as shares of
 * it, of cases with two repetitions or more, widened by what the mean has taken. */
void race_world_add_shares (GArray *shares, const MigSummary *summary);
