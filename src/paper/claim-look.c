/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "paper/claim-look.h"
#include "summary/race.h"
#include "summary/resolution.h"

/* is_known: what is asked. */
static gboolean
is_known (const MigSummary *summary)
{
  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      const MigRaceCase *raced = mig_race_find_case (summary->race, study_case->label);
      if (study_case->n_sound == 0 && !(raced && raced->given_up))
        return FALSE;
    }
  return TRUE;
}

/* ---- shares of the error ---- */

/* add_shares: to those that are there: of one conclusion, which has that error. */
static void
add_shares (GHashTable *shares, const MigClaimEvidence *conclusion, double error)
{
  for (guint i = 0; i < conclusion->tests->len; i++)
    {
      const MigPairedTest *test = conclusion->tests->pdata[i];
      char *key = mig_paired_test_key (test);
      const double *before = g_hash_table_lookup (shares, key);
      double share = (before ? *before : 0) + (test->raced ? error / conclusion->n_asked : 0);
      g_hash_table_replace (shares, key, g_memdup2 (&share, sizeof share));
    }
}

/* shares_of: mig_paired_test_key() -> double *. */
static GHashTable *
shares_of (const MigClaimEvidence *conclusions, guint n, double error)
{
  GHashTable *shares = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  guint n_asking = 0;

  for (guint i = 0; i < n; i++)
    n_asking += conclusions[i].n_asked > 0;
  for (guint i = 0; i < n; i++)
    add_shares (shares, &conclusions[i], error / n_asking);
  return shares;
}

/* ---- intervals ---- */

/* The difference of a block, and the run after which it was known. */
typedef struct {
  gint64 run;
  double value;
} Look;

static int
by_run (gconstpointer a, gconstpointer b)
{
  const Look *x = a, *y = b;
  return (x->run > y->run) - (x->run < y->run);
}

/* looks_of: in the order in which they came: a block may be completed after later ones. */
static GArray *
looks_of (const MigPairedTest *test, const MigStat *of_b)
{
  const GArray *values = test->difference.values;
  GArray *looks = g_array_sized_new (FALSE, FALSE, sizeof (Look), values->len);

  for (guint i = 0; i < values->len; i++)
    {
      const MigValue *value = &g_array_index (values, MigValue, i);
      Look look = { value->run, value->value };
      for (guint j = 0; j < of_b->values->len; j++)
        {
          const MigValue *other = &g_array_index (of_b->values, MigValue, j);
          if (other->repetition == value->repetition)
            look.run = MAX (look.run, other->run);
        }
      g_array_append_val (looks, look);
    }
  g_array_sort (looks, by_run);
  return looks;
}

/* step_of: the standard deviation that the metric's resolution alone gives to a difference. */
static double
step_of (const MigPairedTest *test, const MigCaseSummary *a, const MigCaseSummary *b)
{
  double step = hypot (mig_resolution_sd (a, test->metric, test->mean_a),
                       mig_resolution_sd (b, test->metric, test->mean_b));

  return isnan (step) ? 0 : step;
}

static double
finite_or_nan (double value)
{
  return isfinite (value) ? value : NAN;
}

static void
look_at (const MigSummary *summary, MigPairedTest *test, double error)
{
  const MigCaseSummary *a = mig_summary_find_case (summary, test->a),
                       *b = mig_summary_find_case (summary, test->b);
  g_autoptr (GArray) looks = looks_of (test, mig_case_stat (b, test->metric, test->class_name));
  MigErrorSpending *spending = error > 0 ? mig_race_spending (summary->race, error) : NULL;

  test->error = error;
  test->resolution = step_of (test, a, b);
  mig_repeated_interval_init (&test->look);
  for (guint i = 0; spending && i < looks->len; i++)
    mig_repeated_interval_add (&test->look, spending, g_array_index (looks, Look, i).value,
                               test->resolution);
  test->wide_low = test->difference.ci_low = finite_or_nan (test->look.low);
  test->wide_high = test->difference.ci_high = finite_or_nan (test->look.high);
}

void
mig_claims_look (const MigSummary *summary, const MigClaimEvidence *conclusions, guint n)
{
  double released = is_known (summary) ? mig_race_released (summary->race) : 0;
  g_autoptr (GHashTable) shares = shares_of (conclusions, n, released);

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < conclusions[i].tests->len; j++)
      {
        MigPairedTest *test = conclusions[i].tests->pdata[j];
        g_autofree char *key = mig_paired_test_key (test);
        if (test->raced)
          look_at (summary, test, *(const double *) g_hash_table_lookup (shares, key));
      }
}
