/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/prediction-check.h"

/* Does the plan put the cases into the order in which they were measured? */

/* How the order that was predicted best did. */
typedef enum {
  MIG_BEST_ORDER_UNKNOWN, /* fewer than two cases of the same guests, or too few runs to tell */
  MIG_BEST_ORDER_SAME,    /* it is the one that was measured best */
  MIG_BEST_ORDER_NO_DIFFERENCE, /* another was, and low_s to high_s holds 0 */
  MIG_BEST_ORDER_ANOTHER,       /* another was, and it does not */
  MIG_BEST_ORDER_TIED           /* several were predicted alike: n_best */
} MigBestOrder;

/* mig_best_order_id: "unknown", "same", "no-difference", "another", "tied". */
const char *mig_best_order_id (guint best);

typedef struct {
  MigQuantity quantity; /* of which cases are compared: total time; wall time where some migrate in
                           parallel */
  guint n;              /* cases with a prediction and a measurement */
  double rank; /* Spearman's correlation of predictions and means (GSL); NaN: fewer than three */
  const MigPredictionCase *predicted_best, *measured_best; /* NULL: fewer than two, or they move
                                                              different guests; of several that are
                                                              predicted alike the best measured */
  guint n_best;         /* predicted as the best, within a thousandth */
  MigStat difference;   /* predicted best less measured best, paired within repetitions */
  double low_s, high_s; /* of it: at 5 % by the number of other cases than the best (Bonferroni), by
                           the run's race where that asked it (paired-time.h); NaN: too few runs */
  MigBestOrder best;
} MigPredictionRanking;

void mig_prediction_ranking_init (MigPredictionRanking *ranking);
void mig_prediction_ranking_clear (MigPredictionRanking *ranking);

/* mig_prediction_ranking_compute: cases: of MigPredictionCase, measured. */
void mig_prediction_ranking_compute (MigPredictionRanking *ranking, const GPtrArray *cases,
                                     const MigSummary *summary);
