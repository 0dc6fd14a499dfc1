/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "paper/claim-race.h"

/* is_settled: what the conclusion says of such costs does not depend on the test any more. */
static gboolean
is_settled (const MigConclusion *conclusion, const MigPairedTest *test)
{
  MigCost cost = mig_conclusion_about (test, MIG_COST_TIME) ? MIG_COST_TIME : MIG_COST_DOWNTIME;

  if (test->verdict != MIG_VERDICT_INCONCLUSIVE)
    return TRUE;
  if (conclusion->number <= 2)
    return mig_conclusion_judge (conclusion, cost) == MIG_VERDICT_NOT_SUPPORTED;
  return conclusion->verdict == MIG_VERDICT_SUPPORTED || mig_paired_test_is_alike (test);
}

static const MigRaceCase *
case_of (const MigClaimRace *self, const char *label)
{
  return mig_race_find_case (self->race, label);
}

/* add_test: seen: keys of those that are there. */
static void
add_test (MigClaimRace *self, GHashTable *seen, const MigConclusion *conclusion,
          const MigPairedTest *test)
{
  MigOpenTest open = { test, conclusion->number };

  if (!test->raced || is_settled (conclusion, test) ||
      !g_hash_table_add (seen, mig_paired_test_key (test)))
    return;
  if (case_of (self, test->a)->given_up || case_of (self, test->b)->given_up)
    {
      self->n_given_up++;
      return;
    }
  g_array_append_val (self->open, open);
  g_hash_table_add (self->running, (gpointer) test->a);
  g_hash_table_add (self->running, (gpointer) test->b);
}

MigClaimRace *
mig_claim_race_new (const MigSummary *summary, const GPtrArray *conclusions)
{
  MigClaimRace *self = g_new0 (MigClaimRace, 1);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  self->race = mig_race_ref (summary->race);
  self->open = g_array_new (FALSE, FALSE, sizeof (MigOpenTest));
  self->looked_at = mig_race_released (summary->race) > 0;
  self->running = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < conclusions->len; i++)
    {
      const MigConclusion *conclusion = conclusions->pdata[i];
      for (guint j = 0; j < conclusion->evidence->len; j++)
        add_test (self, seen, conclusion, conclusion->evidence->pdata[j]);
    }
  return self;
}

gboolean
mig_claim_race_runs (const MigClaimRace *self, const char *label)
{
  return self->looked_at && g_hash_table_contains (self->running, label);
}

/* is_open: this comparison, or the same of another conclusion; of total time, its pair. */
static gboolean
is_open (const MigClaimRace *self, const MigPairedTest *test)
{
  const MigRacePair *pair = mig_race_find_pair (self->race, test->a, test->b);
  g_autofree char *key = mig_paired_test_key (test);

  if (!test->raced)
    return pair && mig_race_pair_is_open (self->race, pair);
  for (guint i = 0; i < self->open->len; i++)
    {
      g_autofree char *other = mig_paired_test_key (
          g_array_index (self->open, MigOpenTest, i).test);
      if (strcmp (key, other) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_open_pair (const MigRace *race)
{
  for (guint i = 0; i < race->pairs->len; i++)
    if (mig_race_pair_is_open (race, &g_array_index (race->pairs, MigRacePair, i)))
      return TRUE;
  return FALSE;
}

gboolean
mig_claim_race_is_open (const MigClaimRace *self, const MigConclusion *conclusion, MigCost cost)
{
  for (guint i = 0; i < conclusion->evidence->len; i++)
    {
      const MigPairedTest *test = conclusion->evidence->pdata[i];
      if (mig_conclusion_about (test, cost) && is_open (self, test))
        return TRUE;
    }
  return conclusion->number == 3 && has_open_pair (self->race); /* it may become evidence */
}

MigRaceNeed
mig_claim_race_need (const MigClaimRace *self, const MigOpenTest *open, gboolean careful)
{
  const MigPairedTest *test = open->test;
  const MigRaceAim aim = { .interval = &test->look,
                           .error = test->error,
                           .margin = mig_paired_test_margin (test),
                           .one_sided = open->conclusion <= 2,
                           .resolution = test->resolution };

  if (!(test->error > 0))
    return (MigRaceNeed){ MIG_MISSING_INT, NAN };
  return mig_race_aim_need (self->race, &aim, careful,
                            mig_race_length (self->race, case_of (self, test->a)) +
                                mig_race_length (self->race, case_of (self, test->b)));
}

double
mig_claim_race_block (const MigClaimRace *self)
{
  GHashTableIter iterator;
  gpointer label;
  double block_s = 0;

  g_hash_table_iter_init (&iterator, self->running);
  while (g_hash_table_iter_next (&iterator, &label, NULL))
    {
      double length_s = mig_race_length (self->race, case_of (self, label));
      block_s += isnan (length_s) ? 0 : length_s;
    }
  return block_s;
}

/* is_in_time: some of what is open may be decided in the time left. */
static gboolean
is_in_time (const MigClaimRace *self, double left_s)
{
  for (guint i = 0; i < self->open->len; i++)
    {
      MigRaceNeed need = mig_claim_race_need (self, &g_array_index (self->open, MigOpenTest, i),
                                              TRUE);
      if (!MIG_IS_MISSING (need.repetitions) && !(need.seconds > left_s))
        return TRUE;
    }
  return FALSE;
}

MigRaceNext
mig_claim_race_next (const MigClaimRace *self, double left_s)
{
  if (!self->looked_at)
    return MIG_RACE_DECIDED;
  if (self->open->len == 0)
    return self->n_given_up > 0 ? MIG_RACE_GIVEN_UP : MIG_RACE_DECIDED;
  if (left_s < HUGE_VAL && !is_in_time (self, left_s))
    return MIG_RACE_TOO_LONG;
  return mig_claim_race_block (self) > left_s ? MIG_RACE_NO_TIME : MIG_RACE_GO_ON;
}

void
mig_claim_race_free (MigClaimRace *self)
{
  mig_race_unref (self->race);
  g_array_unref (self->open);
  g_hash_table_unref (self->running);
  g_free (self);
}
