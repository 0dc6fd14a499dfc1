/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "paper/conclusions.h"
#include "summary/race.h"

/* What a run that ends when it is decided (claim-look.h) has still to measure for the claims that
 * its study tests. Pure. */

/* A comparison that is not decided, of a claim that is not either: of conclusions 1 and 2 (of
 * downtime) no other one refutes it, of 3 and 4 no other one supports it. */
typedef struct {
  const MigPairedTest *test;
  guint conclusion; /* the first that rests on it */
} MigOpenTest;

typedef struct {
  MigRace *race;
  GArray *open;        /* of MigOpenTest */
  guint n_given_up;    /* more that are not decided, of cases that cannot be run */
  gboolean looked_at;  /* total time has released some of the error */
  GHashTable *running; /* a set: labels of the cases that open ones need */
} MigClaimRace;

/* mig_claim_race_new: of such a run; the summary, whose race it is, and the conclusions must
 * outlive it. */
MigClaimRace *mig_claim_race_new (const MigSummary *summary, const GPtrArray *conclusions);

/* mig_claim_race_runs: whether the case is needed. */
gboolean mig_claim_race_runs (const MigClaimRace *self, const char *label);

/* mig_claim_race_is_open: whether a comparison that may decide the conclusion (of that cost) is
 * left to measure. */
gboolean mig_claim_race_is_open (const MigClaimRace *self, const MigConclusion *conclusion,
                                 MigCost cost);

/* mig_claim_race_block: how long a repetition of all cases that are needed takes, s. */
double mig_claim_race_block (const MigClaimRace *self);

/* mig_claim_race_need: how much longer it would take; careful: as mig_race_next() is. */
MigRaceNeed mig_claim_race_need (const MigClaimRace *self, const MigOpenTest *open,
                                 gboolean careful);

/* mig_claim_race_next: what comes once nothing more is to be measured for total time. Nothing does
 * (MIG_RACE_DECIDED) also where total time leaves the claims no error. */
MigRaceNext mig_claim_race_next (const MigClaimRace *self, double left_s);

void mig_claim_race_free (MigClaimRace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigClaimRace, mig_claim_race_free)
