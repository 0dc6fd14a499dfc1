/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* How finely a metric is known: what is measured in steps does not scatter where it varies by less
 * than a step, and then its standard deviation is no measure of how well it is known. */

/* mig_resolution_step: of one value of a metric of a case, in the metric's unit; NaN: not known (no
 * heartbeats). */
double mig_resolution_step (const MigCaseSummary *study_case, MigMetric metric, double value);

/* mig_resolution_sd: the standard deviation that steps alone give to a run's value: step / sqrt
 * (12) of one that is equally likely anywhere within its step (W. F. Sheppard, Proceedings of the
 * London Mathematical Society 29, 1898); of a sum over n migrations sqrt (n) times that. */
double mig_resolution_sd (const MigCaseSummary *study_case, MigMetric metric, double value);
