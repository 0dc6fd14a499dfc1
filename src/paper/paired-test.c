/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "paper/paired-test.h"

#define ERROR_RATE 0.05

void
mig_paired_test_add (MigConclusion *conclusion, const MigCaseSummary *a, const MigCaseSummary *b,
                     MigMetric metric, const char *class_name)
{
  const MigStat *of_a = mig_case_stat (a, metric, class_name),
                *of_b = mig_case_stat (b, metric, class_name);

  if (!of_a || !of_b)
    return;
  MigPairedTest *added = g_new0 (MigPairedTest, 1);
  *added = (MigPairedTest){
    .a = a->label,
    .b = b->label,
    .metric = metric,
    .class_name = class_name,
    .mean_a = of_a->mean,
    .mean_b = of_b->mean,
    .verdict = MIG_VERDICT_INCONCLUSIVE,
  };
  mig_stat_paired (&added->difference, of_a, of_b);
  g_ptr_array_add (conclusion->evidence, added);
}

void
mig_paired_test_widen (MigConclusion *conclusion)
{
  for (guint i = 0; i < conclusion->evidence->len; i++)
    {
      MigPairedTest *evidence = conclusion->evidence->pdata[i];
      mig_stat_interval (&evidence->difference, 1 - ERROR_RATE / conclusion->evidence->len,
                         &evidence->wide_low, &evidence->wide_high);
    }
}

int
mig_paired_test_shown (const MigPairedTest *evidence)
{
  /* comparisons with NaN are false */
  return (evidence->wide_low > 0) - (evidence->wide_high < 0);
}

void
mig_paired_test_free (gpointer data)
{
  MigPairedTest *evidence = data;
  mig_stat_clear (&evidence->difference);
  g_free (evidence);
}
