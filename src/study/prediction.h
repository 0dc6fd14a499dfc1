/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/read.h"

/* mig_read_prediction: what the <prediction> of a sequence says of the case that it has become, if
 * it has one. Inside the room only. Errors: a guest that does not move in it, or more than once; a
 * quantity twice; an interval that does not hold its value. */
gboolean mig_read_prediction (const MigStudy *study, const xmlNode *sequence,
                              MigStudyCase *study_case, GError **error);
void mig_prediction_free (MigStudyPrediction *prediction);
