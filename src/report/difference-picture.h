/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/compare.h"

/* Pictures of changes for a page, drawn to one scale. */

/* mig_difference_range: the share of BASE's mean that reaches from the middle to an edge: the
 * largest difference, so that all rows can be compared; single wide intervals go beyond it. */
double mig_difference_range (const MigComparison *comparison);

/* mig_difference_picture: the interval as a line, the difference as a dot, the threshold as a band,
 * as an SVG element; empty where the difference is no share. The caller frees it. */
char *mig_difference_picture (const MigComparison *comparison, const MigChange *change,
                              double range);
