/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/prediction-ranking.h"

/* A plan held to what it predicted: predictions.csv beside what was measured. Pure. */

/* Errors of one quantity, over all cases. */
typedef struct {
  guint n;                     /* predictions with an error */
  double mean_absolute;        /* mean of the errors' sizes; NaN: none */
  guint n_interval, n_covered; /* predictions with an interval and a measurement; of them within */
} MigPredictionErrors;

typedef struct {
  GPtrArray *cases; /* of MigPredictionCase, in the order of the predictions */
  MigPredictionErrors of_cases[MIG_N_QUANTITIES], of_moves[MIG_N_QUANTITIES];
  MigPredictionErrors all; /* total time and downtime of single migrations */
  MigPredictionRanking ranking;
} MigAccuracy;

/* mig_accuracy_new: records: of MigPredictionRecord; rows without case, value or a known quantity
 * are left out. Summary and records must outlive it. NULL: nothing was predicted. */
MigAccuracy *mig_accuracy_new (const MigSummary *summary, const GPtrArray *records);
void mig_accuracy_free (MigAccuracy *accuracy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigAccuracy, mig_accuracy_free)
