/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"
#include "study/study.h"

/* mig_predictions_write: what the study predicts, as rows of predictions.csv, of the cases that
 * match only (NULL: of all), so that what is measured can be held to it. Errors: those of the
 * writer. */
gboolean mig_predictions_write (MigResultWriter *writer, const MigStudy *study, const char *only,
                                GError **error);
