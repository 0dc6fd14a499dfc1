/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* Cases of a summary with values that a test gives or draws. */

/* case_values_add: the values of a metric, one of each sound repetition; the case is made where it
 * is missing. */
void case_values_add (MigSummary *summary, const char *label, MigMetric metric,
                      const double *values, guint n);

/* case_values_normal: drawn from the standard normal distribution (Box and Muller). */
double case_values_normal (GRand *random);
