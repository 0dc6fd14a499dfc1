/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "paper/paired-test.h"
#include "summary/paired-time.h"
#include "summary/race.h"

#define ERROR_RATE 0.05

static void
free_test (gpointer data)
{
  MigPairedTest *test = data;
  mig_stat_clear (&test->difference);
  g_free (test);
}

GPtrArray *
mig_paired_tests_new (void)
{
  return g_ptr_array_new_with_free_func (free_test);
}

const char *
mig_verdict_text (MigVerdict verdict)
{
  static const char *const texts[] = {
    [MIG_VERDICT_SUPPORTED] = "supported",
    [MIG_VERDICT_NOT_SUPPORTED] = "not supported",
    [MIG_VERDICT_INCONCLUSIVE] = "inconclusive",
    [MIG_VERDICT_NOT_TESTED] = "not tested by this study",
  };
  return texts[verdict];
}

const char *
mig_verdict_id (guint verdict)
{
  static const char *const ids[] = {
    [MIG_VERDICT_SUPPORTED] = "supported",
    [MIG_VERDICT_NOT_SUPPORTED] = "not-supported",
    [MIG_VERDICT_INCONCLUSIVE] = "inconclusive",
    [MIG_VERDICT_NOT_TESTED] = "not-tested",
  };
  return ids[verdict];
}

void
mig_paired_test_add (const MigSummary *summary, GPtrArray *tests, const MigCaseSummary *a,
                     const MigCaseSummary *b, MigMetric metric, const char *class_name)
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
  MigStat *difference = &added->difference;
  if (metric == MIG_METRIC_TOTAL_TIME)
    added->together = mig_paired_time (summary, difference, a, b);
  else
    mig_stat_paired (difference, of_a, of_b);
  added->raced = mig_race_until_decided (summary->race) && !added->together;
  added->looked = summary->race && !added->together &&
                  (added->raced || metric != MIG_METRIC_LEFT_THROUGHPUT);
  if (added->looked && !added->raced)
    mig_looked_interval (difference, ERROR_RATE, TRUE, &difference->ci_low, &difference->ci_high);
  g_ptr_array_add (tests, added);
}

void
mig_paired_tests_widen (GPtrArray *tests)
{
  for (guint i = 0; i < tests->len; i++)
    {
      MigPairedTest *test = tests->pdata[i];
      if (test->raced)
        continue;
      test->wide_low = test->difference.ci_low;
      test->wide_high = test->difference.ci_high;
      if (!test->together)
        mig_looked_interval (&test->difference, ERROR_RATE / tests->len, test->looked,
                             &test->wide_low, &test->wide_high);
    }
}

double
mig_paired_test_margin (const MigPairedTest *test)
{
  return MIG_PAPER_MARGIN * fmax (fabs (test->mean_a), fabs (test->mean_b));
}

char *
mig_paired_test_key (const MigPairedTest *test)
{
  gboolean turned = strcmp (test->a, test->b) > 0;

  return g_strdup_printf ("%s\x1f%s\x1f%d\x1f%s", turned ? test->b : test->a,
                          turned ? test->a : test->b, test->metric,
                          test->class_name ? test->class_name : "");
}

gboolean
mig_paired_test_is_alike (const MigPairedTest *test)
{
  double margin = mig_paired_test_margin (test);

  return test->wide_low > -margin && test->wide_high < margin;
}

static gint64
more_than_none (const MigStat *values, double distance, double error, gboolean looked)
{
  gint64 more = distance > 0 ? mig_looked_more (values, distance, error, looked) : MIG_MISSING_INT;

  return MIG_IS_MISSING (more) ? more : MAX (1, more);
}

gint64
mig_paired_more (const MigStat *values, double distance, double level)
{
  return more_than_none (values, distance, level, FALSE);
}

gint64
mig_paired_test_more (const MigPairedTest *test, double distance, double error)
{
  return more_than_none (&test->difference, distance, error, test->looked);
}

int
mig_paired_test_shown (const MigPairedTest *test)
{
  /* comparisons with NaN are false */
  return (test->wide_low > 0) - (test->wide_high < 0);
}
