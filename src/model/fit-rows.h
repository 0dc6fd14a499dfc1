/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gsl/gsl_vector.h>

#include "model/training.h"

/* What a fit compares of a run: logarithms of what is predicted over what was measured, weighted; 0
 * where one of them is not known. */
typedef struct {
  guint (*observations_of) (const MigTrainingRun *run); /* that are independent of each other */
  guint (*rows_of) (const MigTrainingRun *run);
  void (*compare) (const MigTrainingRun *run, const MigMoveCost *costs, const GArray *trace,
                   guint row, gsl_vector *result); /* trace: of MigRoundCost; row: the first */
} MigFitRows;

/* Of memory, and of disks: those of the one do not depend on the parameters of the other, but for
 * migrations that go on at the same time. */
extern const MigFitRows mig_fit_memory_rows, mig_fit_disk_rows;
