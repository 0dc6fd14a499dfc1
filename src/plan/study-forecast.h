/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/study.h"

/* What a model expects of a study's cases, before they are run. */

/* mig_study_forecast: gives each case a prediction that has none: by the model, calibrated with a
 * result directory. lenders: of a lab, for each of the study's hosts, the one that lends it a spare
 * CPU; its own index: it needs none, or nobody does; NULL: hosts of one's own, which lend nothing.
 * Needs no hosts: of CPUs that a study does not name it takes as many as the result tells of a
 * host, or as this machine has. Errors: those of reading the result and of calibrating; INVALID:
 * guests that exist already, of which a study does not say what they do. */
gboolean mig_study_forecast (MigStudy *study, const char *directory, const guint *lenders,
                             GError **error);
