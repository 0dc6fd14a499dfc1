/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "paper/claim-race.h"

/* Runs of load balancing (cc, cm, mc and mm leave a host of two c and two m) whose values are
 * drawn, so that what is true is known: total time, downtime, what guests get done that stay, and
 * what each migration costs, as far as a case has them. */

#define CLAIM_WORLD_CASES 4
#define CLAIM_WORLD_METRICS 8

/* Deviations of one recorded run from the means of its case, as shares of them; NaN: it lacks the
 * metric. */
typedef struct {
  double of[CLAIM_WORLD_METRICS];
} ClaimShares;

typedef struct {
  const char *name;
  double means[CLAIM_WORLD_CASES][CLAIM_WORLD_METRICS]; /* what a case lacks is not looked at */
  double scatter;       /* that the deviations are multiplied with; of normal ones: their sd */
  const GArray *shares; /* of ClaimShares, drawn whole, so that metrics stay as correlated as they
                           were; NULL: normal ones, independent of each other */
} ClaimWorld;

/* What came of one. */
typedef struct {
  guint n_runs, n_blocks;
  guint n_time_blocks;     /* until total time was decided; 0: it was not */
  gboolean decided;        /* all of it */
  gboolean wrong;          /* a decision on total time, or an interval of another comparison */
  gboolean turned;         /* a conclusion supported in one look and refuted in another */
  gboolean wrong_time;     /* an interval of total time */
  gboolean ordinary_wrong; /* an ordinary 95 % interval of a comparison that the claims rest on,
                              looked at after each block from the second one on */
} ClaimOutcome;

/* claim_world_new: its summary, with a race; no values yet. */
MigSummary *claim_world_new (void);

/* claim_world_add: a value of a case (by its label) and metric (0 to CLAIM_WORLD_METRICS - 1:
 * total time, downtime, then of c and m each: left throughput, total time, downtime) of a
 * repetition; the race is told of total times. claim_world_compute: after the last one. */
void claim_world_add (MigSummary *summary, const char *label, guint metric, guint repetition,
                      gint64 run, double value);
void claim_world_compute (MigSummary *summary);

/* claim_world_run: until it is over, or for most_blocks; time_first: as with a limit. */
void claim_world_run (const ClaimWorld *world, GRand *random, guint most_blocks,
                      gboolean time_first, ClaimOutcome *outcome);

/* claim_world_set_means: those of a recorded result of these cases. claim_world_add_shares: its
 * deviations, widened by what the means have taken. */
void claim_world_set_means (ClaimWorld *world, const MigSummary *summary);
void claim_world_add_shares (GArray *shares, const MigSummary *summary);
