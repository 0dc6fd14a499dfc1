/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "tests/unit/case-values.h"

void
case_values_add (MigSummary *summary, const char *label, MigMetric metric, const double *values,
                 guint n)
{
  MigCaseSummary *study_case = mig_summary_add_case (summary, label);

  study_case->n_runs = MAX (n, 1);
  study_case->n_sound = n;
  for (guint i = 0; i < n; i++)
    mig_stat_add (&study_case->stats[metric], i + 1, i + 1, values[i]);
  mig_stat_compute (&study_case->stats[metric]);
}

double
case_values_normal (GRand *random)
{
  double u = 1 - g_rand_double (random), v = g_rand_double (random);

  return sqrt (-2 * log (u)) * cos (2 * G_PI * v);
}
