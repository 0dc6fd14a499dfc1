/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/accuracy.h"
#include "report/table.h"

/* What every renderer says of predictions that were held to measurements. The caller frees what it
 * gets. */

#define MIG_ACCURACY_HEADING "Predicted and measured"
#define MIG_ACCURACY_CASES_HEADING "Each case: sums over its sequence"
#define MIG_ACCURACY_MOVES_HEADING "Each migration"
#define MIG_ACCURACY_ERRORS_HEADING                                                                \
  "Mean absolute error, and how many measured means lie in the predicted interval"
#define MIG_ACCURACY_PLACES_HEADING                                                                \
  "Places of the cases by time, the shortest first, and what the plan calls them"
#define MIG_ACCURACY_EXPLAINED                                                                     \
  "Seconds. In brackets: the 95 % prediction interval. Measured: mean ± half of its 95 % "        \
  "confidence interval. Within: "                                                                  \
  "whether that mean lies in the predicted interval, and how many of the single measurements do. " \
  "Error: predicted "                                                                              \
  "less measured, in per cent of what was measured; of lost work, in per cent of the measured "    \
  "wall time. Downtime is "                                                                        \
  "the guest's, else by the events, else the hypervisor's figure."

/* mig_accuracy_lines: how good the predictions are and whether the best order was found, in
 * sentences (char *, freed with the array). */
GPtrArray *mig_accuracy_lines (const MigAccuracy *accuracy);

/* Tables, below their heading: places of the cases; of the cases; of each migration; of the errors
 * of each quantity. */
MigTextTable *mig_accuracy_table_places (const MigAccuracy *accuracy);
MigTextTable *mig_accuracy_table_cases (const MigAccuracy *accuracy);
MigTextTable *mig_accuracy_table_moves (const MigAccuracy *accuracy);
MigTextTable *mig_accuracy_table_errors (const MigAccuracy *accuracy);
