/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/number.h"
#include "base/text.h"
#include "model/quantity.h"
#include "summary/metrics.h"
#include "summary/stats.h"

/* Numbers for people, independent of the locale. Callers free the results. A missing one is "-". */

/* A unit as it is shown: "MB" for bytes, "%" for shares; values are multiplied with factor. */
typedef struct {
  const char *unit;
  double factor;
} MigShown;

/* mig_number_shown: how a metric's values are shown; largest: of all values in a column, chooses
 * the prefix of amounts and rates. */
MigShown mig_number_shown (const MigMetricInfo *info, double largest);

/* mig_number_stat: "8.90 ± 0.25": mean and half of the 95 % interval; the mean alone of one value.
 * n_expected: where fewer were measured, " (n=2)" follows. */
char *mig_number_stat (const MigStat *stat, double factor, guint n_expected);

/* mig_number_is_vague: the 95 % interval is wider than twice the value: it says next to nothing. */
gboolean mig_number_is_vague (const MigStat *stat);

/* mig_number_interval: "5.80 to 6.20"; "no interval" of fewer than two values. */
char *mig_number_interval (const MigStat *stat, double factor, guint decimals);

/* mig_number_predicted: "8.90 (5.20 to 15.3)"; the value alone, or "(at least 5.20)", where ends
 * are not known. */
char *mig_number_predicted (MigPredicted predicted);

/* mig_number_fact: the value of a MigEnvironmentRecord, "-" where there is none; its unit may be
 * NULL. */
char *mig_number_fact (const char *value, const char *unit);
