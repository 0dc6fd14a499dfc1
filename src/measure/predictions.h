/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"
#include "study/study.h"

/* mig_predictions_new: what the study predicts, as rows of predictions.csv, of the cases that match
 * only (NULL: of all). GArray of MigPredictionRecord, whose texts are the study's. */
GArray *mig_predictions_new (const MigStudy *study, const char *only);

/* mig_predictions_write: these rows, so that what is measured can be held to them. Errors: those of
 * the writer. */
gboolean mig_predictions_write (MigResultWriter *writer, const MigStudy *study, const char *only,
                                GError **error);
