/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/migration-index.h"
#include "model/quantity.h"

/* A prediction held to what was measured. */

typedef enum {
  MIG_COVERAGE_UNKNOWN, /* no interval, or nothing measured */
  MIG_COVERAGE_YES,
  MIG_COVERAGE_NO
} MigCoverage;

/* mig_coverage_text: "-", "yes", "no". */
const char *mig_coverage_text (MigCoverage coverage);

/* One prediction and what came of it, in seconds. */
typedef struct {
  MigQuantity quantity;
  const char *guest; /* whose migration it is about; NULL: the whole case */
  MigPredicted predicted;
  MigStat measured;     /* one value per counted run */
  MigCoverage coverage; /* the measured mean lies in the predicted interval */
  guint n_covered;      /* single measurements in it */
  double error; /* predicted less measured mean, as a share of that mean; of lost work, which may be
                   0, as a share of the measured wall time; NaN: none */
} MigPredictionCheck;

typedef struct {
  const char *label; /* the case */
  const char *order; /* what the plan calls it; may be NULL */
  const char *model; /* where the predictions come from; may be NULL */
  gboolean measured; /* it has a counted run */
  GArray *checks;    /* of MigPredictionCheck: as they were predicted */
} MigPredictionCase;

/* mig_prediction_check_find: a case's; guest NULL: of the whole case. NULL: there is none. */
const MigPredictionCheck *mig_prediction_check_find (const MigPredictionCase *self,
                                                     const char *guest, MigQuantity quantity);

/* mig_prediction_case_new: with no prediction yet; texts are the record's. */
MigPredictionCase *mig_prediction_case_new (const MigPredictionRecord *record);
void mig_prediction_case_free (gpointer self);

/* mig_prediction_case_measure: holds all of its predictions to what the summary has. */
void mig_prediction_case_measure (MigPredictionCase *self, const MigSummary *summary,
                                  const MigMigrationIndex *index);
