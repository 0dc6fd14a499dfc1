/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Max-min fair shares of one resource. */
typedef struct {
  double demand; /* takes no more than this */
  double weight; /* its part where there is not enough */
} MigFairShare;

/* mig_fair_share_level: what each gets per weight where the capacity is too small for all; infinite
 * where it is enough. Each gets min (demand, weight * level). */
double mig_fair_share_level (const MigFairShare *shares, guint n, double capacity);

/* mig_fair_share_most: of n demands with equal weights, in ascending order with sums[i] that of the
 * first i: what the one at index `at` would get, were it to want all it can get. */
double mig_fair_share_most (const double *demands, const double *sums, guint n, guint at,
                            double capacity);
