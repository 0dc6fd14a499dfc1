/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/quantity.h"
#include "summary/summary.h"

/* A plan held to what it predicted: predictions.csv beside what was measured. Pure. */

typedef enum {
  MIG_COVERAGE_UNKNOWN, /* no interval, or nothing measured */
  MIG_COVERAGE_YES,
  MIG_COVERAGE_NO
} MigCoverage;

/* mig_coverage_text: "-", "yes", "no". */
const char *mig_coverage_text (MigCoverage within);

/* One prediction and what came of it, in seconds. */
typedef struct {
  MigQuantity quantity;
  const char *guest; /* whose migration it is about; NULL: the whole case */
  MigPredicted predicted;
  MigStat measured;   /* one value per counted run */
  MigCoverage within; /* the measured mean lies in the predicted interval */
  guint n_within;     /* single measurements in it */
  double error; /* predicted less measured mean, as a share of that mean; of lost work, which may be
                   0, as a share of the measured wall time; NaN: none */
} MigPredictionCheck;

typedef struct {
  const char *label; /* the case */
  const char *order; /* what the plan calls it; may be NULL */
  const char *model; /* where the predictions come from; may be NULL */
  gboolean measured; /* it has a counted run */
  GArray *held;      /* of MigPredictionCheck: as they were predicted */
} MigPredictionCase;

/* Errors of one quantity, over all cases. */
typedef struct {
  guint n;                    /* predictions with an error */
  double mean_absolute;       /* mean of the errors' sizes; NaN: none */
  guint n_interval, n_within; /* predictions with an interval and a measurement; of them within */
} MigPredictionErrors;

/* How the order that was predicted best did. */
typedef enum {
  MIG_BEST_ORDER_UNKNOWN, /* fewer than two cases of the same guests, or too few runs to tell */
  MIG_BEST_ORDER_SAME,    /* it is the one that was measured best */
  MIG_BEST_ORDER_NO_DIFFERENCE, /* another was, and the interval of their difference holds 0 */
  MIG_BEST_ORDER_ANOTHER        /* another was, and the interval of their difference does not */
} MigBestOrder;

/* mig_best_order_id: "unknown", "same", "no-difference", "another". */
const char *mig_best_order_id (guint best);

typedef struct {
  MigQuantity quantity; /* of which cases are compared: total time; wall time where some migrate in
                           parallel */
  guint n;              /* cases with a prediction and a measurement */
  double rank; /* Spearman's correlation of predictions and means (GSL); NaN: fewer than three */
  const MigPredictionCase *predicted_best, *measured_best; /* NULL: fewer than two, or they move
                                                              different guests */
  MigStat difference; /* predicted best less measured best, paired within repetitions */
  MigBestOrder best;
} MigPredictionRanking;

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

/* mig_prediction_rank: fills the ranking, when all predictions have been held to measurements;
 * mig_accuracy_new() does it. */
void mig_prediction_rank (MigAccuracy *accuracy, const MigSummary *summary);

/* mig_prediction_check_find: a case's prediction; guest NULL: of the whole case. NULL: there is
 * none. */
const MigPredictionCheck *mig_prediction_check_find (const MigPredictionCase *held_case,
                                                     const char *guest, MigQuantity quantity);
