/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/log.h"
#include "cli/run-claims.h"
#include "paper/claims.h"
#include "report/number.h"

#define NOT_LOOKED_AT "not looked at: no difference of total time is decided"
#define NOT_KNOWN "not looked at: a case has no sound repetition yet"

/* ---- comparisons ---- */

/* quantity_text: "downtime (guest)", "throughput left behind, c". The caller frees it. */
static char *
quantity_text (const MigPairedTest *test)
{
  return g_strdup_printf ("%s%s%s", mig_metric_info (test->metric)->name,
                          test->class_name ? ", " : "", test->class_name ? test->class_name : "");
}

/* amount_text: as the metric is shown. The caller frees it. */
static char *
amount_text (const MigPairedTest *test, double value)
{
  MigShown shown = mig_number_shown (mig_metric_info (test->metric),
                                     fmax (fabs (test->mean_a), fabs (test->mean_b)));
  g_autofree char *number = mig_number_measure (value * shown.factor);

  return g_strdup_printf ("%s %s", number, shown.unit);
}

/* decision_of: NULL: none. */
static const char *
decision_of (const MigPairedTest *test)
{
  if (!test->raced || isnan (test->wide_low))
    return NULL;
  return mig_paired_test_shown (test) != 0            ? MIG_DECISION_LESS
         : mig_paired_test_is_alike (test)            ? MIG_DECISION_ALIKE
         : test->verdict == MIG_VERDICT_NOT_SUPPORTED ? MIG_DECISION_NOT_LESS
                                                      : NULL;
}

/* claim_text: as decisions.csv names it. The caller frees it. */
static char *
claim_text (guint conclusion, const char *quantity)
{
  return g_strdup_printf ("%u %s", conclusion, quantity);
}

/* test_record: turned: b is shown to have less. claim: borrowed. */
static MigDecisionRecord
test_record (const MigRunDecisions *decisions, const MigPairedTest *test, const char *decision,
             char *claim)
{
  gboolean turned = g_str_equal (decision, MIG_DECISION_LESS) && test->wide_high < 0;
  MigDecisionRecord record = mig_run_decision (decisions->last_run, decision);

  record.case_label = (char *) (turned ? test->b : test->a);
  record.other = (char *) (turned ? test->a : test->b);
  record.n = test->difference.n;
  record.metric = (char *) mig_metric_id (test->metric);
  record.class_name = (char *) test->class_name;
  record.difference = turned ? -test->difference.mean : test->difference.mean;
  record.low = turned ? -test->wide_high : test->wide_low;
  record.high = turned ? -test->wide_low : test->wide_high;
  record.claim = claim;
  return record;
}

static void
tell_test (const MigPairedTest *test, const MigDecisionRecord *record)
{
  g_autofree char *what = quantity_text (test);
  g_autofree char *difference = amount_text (test, record->difference);
  g_autofree char *low = amount_text (test, record->low), *high = amount_text (test, record->high);
  g_autofree char *most = amount_text (test, fmax (fabs (record->low), fabs (record->high)));

  if (g_str_equal (record->decision, MIG_DECISION_LESS))
    mig_info ("decided: %s: %s has %s less than %s (%s to %s, n = %u)", what, record->case_label,
              difference, record->other, low, high, test->difference.n);
  else if (g_str_equal (record->decision, MIG_DECISION_ALIKE))
    mig_info ("decided: %s: %s and %s differ by no more than %s (n = %u)", what, record->case_label,
              record->other, most, test->difference.n);
  else
    mig_info ("decided: %s: %s has at most %s less than %s (n = %u)", what, record->case_label,
              high, record->other, test->difference.n);
}

static gboolean
write_test (MigRunDecisions *decisions, guint conclusion, const MigPairedTest *test, GError **error)
{
  const char *decision = decision_of (test);
  g_autofree char *claim = claim_text (conclusion, mig_claim_quantity (test->metric));
  gboolean added;

  if (!decision)
    return TRUE;
  MigDecisionRecord record = test_record (decisions, test, decision, claim);
  if (!mig_run_decisions_append (decisions, &record, &added, error))
    return FALSE;
  if (added)
    tell_test (test, &record);
  return TRUE;
}

/* write_tests: each once, also those that several conclusions rest on. */
static gboolean
write_tests (MigRunDecisions *decisions, const GPtrArray *conclusions, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < conclusions->len; i++)
    {
      const MigConclusion *conclusion = conclusions->pdata[i];
      for (guint j = 0; j < conclusion->evidence->len; j++)
        {
          const MigPairedTest *test = conclusion->evidence->pdata[j];
          if (g_hash_table_add (seen, mig_paired_test_key (test)) &&
              !write_test (decisions, conclusion->number, test, error))
            return FALSE;
        }
    }
  return TRUE;
}

/* ---- claims ---- */

static gboolean
write_claim (MigRunDecisions *decisions, const MigClaim *claim, const MigClaimFinding *finding,
             GError **error)
{
  gboolean supported = finding->verdict == MIG_CLAIM_SUPPORTED, added;
  MigDecisionRecord record = mig_run_decision (
      decisions->last_run, supported ? MIG_DECISION_SUPPORTED : MIG_DECISION_REFUTED);
  g_autofree char *text = claim_text (claim->conclusion, claim->quantity);

  record.claim = text;
  if (!mig_run_decisions_append (decisions, &record, &added, error))
    return FALSE;
  if (added)
    mig_info ("decided: conclusion %u of the paper, %s, is %s: %s", claim->conclusion,
              claim->quantity, mig_claim_verdict_text (finding->verdict), claim->statement);
  return TRUE;
}

gboolean
mig_run_claims_write (MigRunDecisions *decisions, const MigSummary *summary,
                      const GPtrArray *conclusions, GError **error)
{
  const MigClaimSource source = { summary, conclusions, NULL };

  if (!write_tests (decisions, conclusions, error))
    return FALSE;
  for (guint i = 0; i < mig_claims_of_conclusions (); i++)
    {
      const MigClaim claim = mig_claim_at (i);
      const MigClaimFinding finding = mig_claim_find (i, &source);
      if ((finding.verdict == MIG_CLAIM_SUPPORTED || finding.verdict == MIG_CLAIM_REFUTED) &&
          !write_claim (decisions, &claim, &finding, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- what is open ---- */

/* claim_need: of an undecided one: what it would take, or why that is not known. The caller frees
 * it. */
static char *
claim_need (const MigClaim *claim, const MigClaimFinding *finding, const MigConclusion *conclusion,
            const MigClaimRace *claims)
{
  if (!claims->looked_at && claim->cost != MIG_COST_TIME)
    return g_strdup (NOT_LOOKED_AT);
  if (!mig_claim_race_is_open (claims, conclusion, claim->cost))
    return g_strdup ("no comparison of it is left to measure");
  if (finding->n_tests == 0)
    return g_strdup ("total time does not tell apart the cases that it compares");
  if (MIG_IS_MISSING (finding->more_repetitions) && finding->value < 0)
    return g_strdup ("what is measured so far leans the other way");
  return mig_run_need_text (finding->n, finding->more_repetitions, finding->more_s);
}

static char *
test_need (const MigClaimRace *claims, const MigOpenTest *open)
{
  MigRaceNeed need = mig_claim_race_need (claims, open, FALSE);

  if (!claims->looked_at)
    return g_strdup (NOT_LOOKED_AT);
  return open->test->error > 0
             ? mig_run_need_text (open->test->look.n, need.repetitions, need.seconds)
             : g_strdup (NOT_KNOWN);
}

/* tell_open: a line for each claim: its comparisons may be many. */
static void
tell_open (const MigSummary *summary, const GPtrArray *conclusions, const MigClaimRace *claims)
{
  const MigClaimSource source = { summary, conclusions, NULL };

  for (guint i = 0; i < mig_claims_of_conclusions (); i++)
    {
      const MigClaim claim = mig_claim_at (i);
      const MigClaimFinding finding = mig_claim_find (i, &source);
      if (finding.verdict != MIG_CLAIM_UNDECIDED)
        continue;
      g_autofree char *need = claim_need (&claim, &finding,
                                          conclusions->pdata[claim.conclusion - 1], claims);
      mig_info ("not decided: conclusion %u of the paper, %s; %s", claim.conclusion, claim.quantity,
                need);
    }
}

gboolean
mig_run_claims_write_open (MigRunDecisions *decisions, const MigSummary *summary,
                           const GPtrArray *conclusions, const MigClaimRace *claims, GError **error)
{
  tell_open (summary, conclusions, claims);
  for (guint i = 0; i < claims->open->len; i++)
    {
      const MigOpenTest *open = &g_array_index (claims->open, MigOpenTest, i);
      g_autofree char *claim = claim_text (open->conclusion,
                                           mig_claim_quantity (open->test->metric));
      g_autofree char *detail = test_need (claims, open);
      MigDecisionRecord record = test_record (decisions, open->test, MIG_DECISION_OPEN, claim);
      gboolean added;
      record.detail = detail;
      if (!mig_run_decisions_append (decisions, &record, &added, error))
        return FALSE;
    }
  return TRUE;
}
