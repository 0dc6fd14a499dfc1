/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "summary/race.h"

gboolean
mig_race_rule_parse (const char *text, MigRaceRule *rule)
{
  *rule = (MigRaceRule){ MIG_UNTIL_TIME, NAN };
  if (!text)
    return TRUE;
  rule->until = strcmp (text, "decided") == 0 ? MIG_UNTIL_DECIDED : MIG_UNTIL_PRECISION;
  return rule->until == MIG_UNTIL_DECIDED || mig_units_parse_percent (text, &rule->precision, NULL);
}

/* ---- life ---- */

static void
free_case (gpointer data)
{
  MigRaceCase *study_case = data;

  g_free (study_case->label);
  g_array_unref (study_case->blocks);
  g_free (study_case);
}

MigRace *
mig_race_new (const MigRaceRule *rule)
{
  MigRace *race = g_new0 (MigRace, 1);

  race->rule = *rule;
  race->cases = g_ptr_array_new_with_free_func (free_case);
  race->pairs = g_array_new (FALSE, TRUE, sizeof (MigRacePair));
  return race;
}

void
mig_race_free (MigRace *race)
{
  if (!race)
    return;
  g_ptr_array_unref (race->cases);
  g_array_unref (race->pairs);
  g_free (race);
}

guint
mig_race_add_case (MigRace *race, const char *label)
{
  MigRaceCase *added = g_new0 (MigRaceCase, 1);

  added->label = g_strdup (label);
  added->blocks = g_array_new (FALSE, FALSE, sizeof (double));
  g_ptr_array_add (race->cases, added);
  return race->cases->len - 1;
}

void
mig_race_ask (MigRace *race, guint a, guint b, gboolean same_guests)
{
  MigRacePair pair = { .a = a, .b = b, .same_guests = same_guests };

  if (race->rule.until != MIG_UNTIL_PRECISION)
    g_array_append_val (race->pairs, pair);
}

void
mig_race_begin (MigRace *race)
{
  guint n_asked = race->pairs->len + race->n_unknown;

  for (guint i = 0; i < race->cases->len; i++)
    {
      MigRaceCase *study_case = race->cases->pdata[i];
      study_case->alone = TRUE;
      study_case->n_failed = study_case->n_runs = 0;
      study_case->given_up = FALSE;
      study_case->run_s = 0;
      study_case->out_run = MIG_MISSING_INT;
      g_array_set_size (study_case->blocks, 0);
      mig_repeated_interval_init (&study_case->time);
    }
  for (guint i = 0; i < race->pairs->len; i++)
    {
      MigRacePair *pair = &g_array_index (race->pairs, MigRacePair, i);
      *pair = (MigRacePair){
        .a = pair->a, .b = pair->b, .same_guests = pair->same_guests, .decided_run = MIG_MISSING_INT
      };
      mig_repeated_interval_init (&pair->difference);
      for (guint side = 0; side < 2; side++)
        ((MigRaceCase *) race->cases->pdata[side ? pair->b : pair->a])->alone = FALSE;
    }
  for (guint i = 0; i < race->cases->len; i++)
    n_asked += ((MigRaceCase *) race->cases->pdata[i])->alone;
  double error = MIG_RACE_ERROR / MAX (n_asked, 1);
  if (race->spending.error != error)
    mig_error_spending_init (&race->spending, error);
}

/* ---- what is in question ---- */

static const MigRaceCase *
case_at (const MigRace *race, guint index)
{
  return race->cases->pdata[index];
}

gboolean
mig_race_pair_is_open (const MigRace *race, const MigRacePair *pair)
{
  return pair->verdict == MIG_PAIR_OPEN && !case_at (race, pair->a)->given_up &&
         !case_at (race, pair->b)->given_up;
}

gboolean
mig_race_case_is_open (const MigRace *race, const MigRaceCase *study_case)
{
  const MigRepeatedInterval *time = &study_case->time;
  double precision = race->rule.until == MIG_UNTIL_PRECISION ? race->rule.precision
                                                             : MIG_RACE_MARGIN;

  return study_case->alone && !study_case->given_up &&
         !((time->high - time->low) / 2 <= precision * fabs (time->mean));
}

gboolean
mig_race_runs (const MigRace *race, guint index)
{
  const MigRaceCase *study_case = case_at (race, index);

  if (study_case->given_up)
    return FALSE;
  if (race->rule.until == MIG_UNTIL_TIME || study_case->time.n == 0 ||
      mig_race_case_is_open (race, study_case))
    return TRUE;
  for (guint i = 0; i < race->pairs->len; i++)
    {
      const MigRacePair *pair = &g_array_index (race->pairs, MigRacePair, i);
      if ((pair->a == index || pair->b == index) && mig_race_pair_is_open (race, pair))
        return TRUE;
    }
  return FALSE;
}

/* ---- looking ---- */

static void
judge_pair (MigRacePair *pair, gint64 run)
{
  const MigRepeatedInterval *difference = &pair->difference;
  double margin = MIG_RACE_MARGIN * fmax (pair->mean_a, pair->mean_b);

  if (pair->verdict != MIG_PAIR_OPEN && pair->verdict != MIG_PAIR_MOOT)
    return;
  if (difference->low > 0)
    pair->verdict = MIG_PAIR_LESS;
  else if (difference->high < 0)
    pair->verdict = MIG_PAIR_MORE;
  else if (difference->low > -margin && difference->high < margin)
    pair->verdict = MIG_PAIR_ALIKE;
  else
    return;
  pair->decided_n = difference->n;
  pair->decided_run = run;
}

/* A value of one of the pair: counts where the other has one of the same block. */
static void
extend_pair (MigRace *race, MigRacePair *pair, guint repetition, gint64 run)
{
  const GArray *a = case_at (race, pair->a)->blocks, *b = case_at (race, pair->b)->blocks;

  if (a->len <= repetition || b->len <= repetition)
    return;
  double time_a = g_array_index (a, double, repetition);
  double time_b = g_array_index (b, double, repetition);
  if (isnan (time_a) || isnan (time_b))
    return;
  mig_repeated_interval_add (&pair->difference, &race->spending, time_b - time_a,
                             MIG_RACE_RESOLUTION_S);
  pair->mean_a += (time_a - pair->mean_a) / pair->difference.n;
  pair->mean_b += (time_b - pair->mean_b) / pair->difference.n;
  judge_pair (pair, run);
}

/* is_shown_less: whether case c is shown to take less than another one, of the same guests. */
static gboolean
is_shown_less (const MigRace *race, guint c, guint other)
{
  for (guint i = 0; i < race->pairs->len; i++)
    {
      const MigRacePair *pair = &g_array_index (race->pairs, MigRacePair, i);
      if (pair->same_guests &&
          ((pair->a == c && pair->b == other && pair->verdict == MIG_PAIR_LESS) ||
           (pair->b == c && pair->a == other && pair->verdict == MIG_PAIR_MORE)))
        return TRUE;
    }
  return FALSE;
}

static void
close_moot_pairs (MigRace *race, gint64 run)
{
  for (guint i = 0; i < race->pairs->len; i++)
    {
      MigRacePair *pair = &g_array_index (race->pairs, MigRacePair, i);
      for (guint c = 0; pair->verdict == MIG_PAIR_OPEN && pair->same_guests && c < race->cases->len;
           c++)
        if (is_shown_less (race, c, pair->a) && is_shown_less (race, c, pair->b))
          {
            pair->verdict = MIG_PAIR_MOOT;
            pair->decided_run = run;
          }
    }
}

static void
note_value (MigRace *race, MigRaceCase *study_case, guint repetition, double time_s)
{
  const double none = NAN;

  while (study_case->blocks->len <= repetition)
    g_array_append_val (study_case->blocks, none);
  g_array_index (study_case->blocks, double, repetition) = time_s;
  mig_repeated_interval_add (&study_case->time, &race->spending, time_s, MIG_RACE_RESOLUTION_S);
}

void
mig_race_add (MigRace *race, guint index, guint repetition, gint64 run, double time_s, double run_s)
{
  MigRaceCase *study_case = race->cases->pdata[index];

  if (!isnan (run_s))
    {
      study_case->run_s += run_s;
      study_case->n_runs++;
    }
  if (isnan (time_s))
    {
      study_case->n_failed++;
      study_case->given_up = study_case->time.n == 0 &&
                             study_case->n_failed >= MIG_RACE_MAX_FAILURES;
      return;
    }
  note_value (race, study_case, repetition, time_s);
  for (guint i = 0; i < race->pairs->len; i++)
    {
      MigRacePair *pair = &g_array_index (race->pairs, MigRacePair, i);
      if (pair->a == index || pair->b == index)
        extend_pair (race, pair, repetition, run);
    }
  close_moot_pairs (race, run);
  for (guint i = 0; i < race->cases->len; i++)
    {
      MigRaceCase *other = race->cases->pdata[i];
      if (MIG_IS_MISSING (other->out_run) && !mig_race_runs (race, i))
        other->out_run = run;
    }
}
