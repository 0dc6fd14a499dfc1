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

gboolean
mig_race_until_decided (const MigRace *race)
{
  return race && race->rule.until == MIG_UNTIL_DECIDED;
}

/* ---- life ---- */

static void
free_case (gpointer data)
{
  MigRaceCase *study_case = data;

  g_free (study_case->label);
  g_array_unref (study_case->blocks);
  g_array_unref (study_case->pairs);
  g_free (study_case);
}

MigRace *
mig_race_new (const MigRaceRule *rule)
{
  MigRace *race = g_rc_box_new0 (MigRace);

  race->rule = *rule;
  race->cases = g_ptr_array_new_with_free_func (free_case);
  race->indices = g_hash_table_new (g_str_hash, g_str_equal);
  race->pairs = g_array_new (FALSE, TRUE, sizeof (MigRacePair));
  race->spendings = g_hash_table_new_full (g_double_hash, g_double_equal, NULL, g_free);
  return race;
}

MigRace *
mig_race_ref (MigRace *race)
{
  return g_rc_box_acquire (race);
}

static void
clear_race (gpointer data)
{
  MigRace *race = data;

  g_hash_table_unref (race->indices);
  g_ptr_array_unref (race->cases);
  g_array_unref (race->pairs);
  g_hash_table_unref (race->spendings);
}

void
mig_race_unref (MigRace *race)
{
  g_rc_box_release_full (race, clear_race);
}

guint
mig_race_add_case (MigRace *race, const char *label)
{
  MigRaceCase *added = g_new0 (MigRaceCase, 1);

  added->label = g_strdup (label);
  added->blocks = g_array_new (FALSE, FALSE, sizeof (double));
  added->pairs = g_array_new (FALSE, FALSE, sizeof (guint));
  g_ptr_array_add (race->cases, added);
  g_hash_table_insert (race->indices, added->label, GUINT_TO_POINTER (race->cases->len));
  return race->cases->len - 1;
}

static MigRaceCase *
case_at (const MigRace *race, guint index)
{
  return race->cases->pdata[index];
}

static MigRacePair *
pair_at (const MigRace *race, guint index)
{
  return &g_array_index (race->pairs, MigRacePair, index);
}

const char *
mig_race_label (const MigRace *race, guint index)
{
  return case_at (race, index)->label;
}

const MigRaceCase *
mig_race_find_case (const MigRace *race, const char *label)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (race->indices, label));

  return number > 0 ? case_at (race, number - 1) : NULL;
}

const MigRacePair *
mig_race_find_pair (const MigRace *race, const char *one, const char *other)
{
  guint a = GPOINTER_TO_UINT (g_hash_table_lookup (race->indices, one));
  guint b = GPOINTER_TO_UINT (g_hash_table_lookup (race->indices, other));
  const GArray *pairs = a > 0 && b > 0 ? case_at (race, a - 1)->pairs : NULL;

  for (guint i = 0; pairs && i < pairs->len; i++)
    {
      const MigRacePair *pair = pair_at (race, g_array_index (pairs, guint, i));
      if (pair->a == b - 1 || pair->b == b - 1)
        return pair;
    }
  return NULL;
}

void
mig_race_ask (MigRace *race, guint a, guint b, gboolean same_guests)
{
  MigRacePair pair = { .a = a, .b = b, .same_guests = same_guests };
  guint index = race->pairs->len;

  if (race->rule.until == MIG_UNTIL_PRECISION)
    return;
  g_array_append_val (race->pairs, pair);
  g_array_append_val (case_at (race, a)->pairs, index);
  g_array_append_val (case_at (race, b)->pairs, index);
}

static void
begin_case (MigRaceCase *study_case)
{
  study_case->n_open = study_case->pairs->len;
  study_case->alone = study_case->n_open == 0;
  study_case->n_failed = study_case->n_runs = 0;
  study_case->given_up = FALSE;
  study_case->run_s = 0;
  study_case->out_run = MIG_MISSING_INT;
  g_array_set_size (study_case->blocks, 0);
  mig_repeated_interval_init (&study_case->time);
}

void
mig_race_begin (MigRace *race)
{
  guint n_asked = race->pairs->len + race->n_unknown;

  for (guint i = 0; i < race->cases->len; i++)
    {
      begin_case (case_at (race, i));
      n_asked += case_at (race, i)->alone;
    }
  for (guint i = 0; i < race->pairs->len; i++)
    {
      MigRacePair *pair = pair_at (race, i);
      *pair = (MigRacePair){
        .a = pair->a, .b = pair->b, .same_guests = pair->same_guests, .decided_run = MIG_MISSING_INT
      };
      mig_repeated_interval_init (&pair->difference);
    }
  double error = MIG_RACE_ERROR / MAX (n_asked, 1);
  if (race->spending.error != error)
    mig_error_spending_init (&race->spending, error);
}

/* ---- what is in question ---- */

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
mig_race_case_is_decided (const MigRace *race, const MigRaceCase *study_case)
{
  for (guint i = 0; i < study_case->pairs->len; i++)
    if (pair_at (race, g_array_index (study_case->pairs, guint, i))->verdict == MIG_PAIR_OPEN)
      return FALSE;
  return TRUE;
}

gboolean
mig_race_runs (const MigRace *race, guint index)
{
  const MigRaceCase *study_case = case_at (race, index);

  return !study_case->given_up &&
         (race->rule.until == MIG_UNTIL_TIME || study_case->time.n == 0 || study_case->n_open > 0 ||
          mig_race_case_is_open (race, study_case));
}

/* ---- what others may ask besides ---- */

double
mig_race_released (const MigRace *race)
{
  guint n = 0;

  for (guint i = 0; i < race->pairs->len; i++)
    n += pair_at (race, i)->verdict == MIG_PAIR_LESS || pair_at (race, i)->verdict == MIG_PAIR_MORE;
  return n * race->spending.error / 2;
}

MigErrorSpending *
mig_race_spending (MigRace *race, double error)
{
  MigErrorSpending *spending = g_hash_table_lookup (race->spendings, &error);

  if (spending)
    return spending;
  spending = g_new (MigErrorSpending, 1);
  mig_error_spending_init (spending, error);
  g_hash_table_insert (race->spendings, &spending->error, spending);
  return spending;
}

/* ---- looking ---- */

static void
note_out (MigRace *race, guint index, gint64 run)
{
  MigRaceCase *study_case = case_at (race, index);

  if (MIG_IS_MISSING (study_case->out_run) && !mig_race_runs (race, index))
    study_case->out_run = run;
}

static void
close_pair (MigRace *race, MigRacePair *pair, MigPairVerdict verdict, gint64 run)
{
  gboolean was_open = mig_race_pair_is_open (race, pair);

  pair->verdict = verdict;
  pair->decided_run = run;
  if (!was_open)
    return;
  case_at (race, pair->a)->n_open--;
  case_at (race, pair->b)->n_open--;
  note_out (race, pair->a, run);
  note_out (race, pair->b, run);
}

static guint
other_of (const MigRacePair *pair, guint index)
{
  return pair->a == index ? pair->b : pair->a;
}

/* takes_less: whether that one of a pair of orders of the same guests is shown to. */
static gboolean
takes_less (const MigRacePair *pair, guint index)
{
  return pair->same_guests && pair->verdict == (pair->a == index ? MIG_PAIR_LESS : MIG_PAIR_MORE);
}

/* close_moot: best is shown to take less than index: what else it takes less than, need not be told
 * apart from index. */
static void
close_moot (MigRace *race, guint best, guint index, gint64 run)
{
  const GArray *of_best = case_at (race, best)->pairs, *of_index = case_at (race, index)->pairs;
  g_autofree gboolean *worse = g_new0 (gboolean, race->cases->len);

  for (guint i = 0; i < of_best->len; i++)
    {
      const MigRacePair *pair = pair_at (race, g_array_index (of_best, guint, i));
      worse[other_of (pair, best)] = takes_less (pair, best);
    }
  for (guint i = 0; i < of_index->len; i++)
    {
      MigRacePair *pair = pair_at (race, g_array_index (of_index, guint, i));
      if (pair->verdict == MIG_PAIR_OPEN && pair->same_guests && worse[other_of (pair, index)])
        close_pair (race, pair, MIG_PAIR_MOOT, run);
    }
}

static void
judge_pair (MigRace *race, MigRacePair *pair, gint64 run)
{
  const MigRepeatedInterval *difference = &pair->difference;
  double margin = MIG_RACE_MARGIN * fmax (pair->mean_a, pair->mean_b);
  MigPairVerdict verdict = difference->low > 0                                      ? MIG_PAIR_LESS
                           : difference->high < 0                                   ? MIG_PAIR_MORE
                           : difference->low > -margin && difference->high < margin ? MIG_PAIR_ALIKE
                                                                                    : MIG_PAIR_OPEN;

  if (verdict == MIG_PAIR_OPEN ||
      (pair->verdict != MIG_PAIR_OPEN && pair->verdict != MIG_PAIR_MOOT))
    return;
  pair->decided_n = difference->n;
  close_pair (race, pair, verdict, run);
  if (takes_less (pair, pair->a))
    close_moot (race, pair->a, pair->b, run);
  else if (takes_less (pair, pair->b))
    close_moot (race, pair->b, pair->a, run);
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
  judge_pair (race, pair, run);
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
mig_race_give_up (MigRace *race, guint index, gint64 run)
{
  MigRaceCase *study_case = case_at (race, index);

  if (study_case->given_up)
    return;
  for (guint i = 0; i < study_case->pairs->len; i++)
    {
      const MigRacePair *pair = pair_at (race, g_array_index (study_case->pairs, guint, i));
      guint other = other_of (pair, index);
      if (!mig_race_pair_is_open (race, pair))
        continue;
      study_case->n_open--;
      case_at (race, other)->n_open--;
      note_out (race, other, run);
    }
  study_case->given_up = TRUE;
}

void
mig_race_add (MigRace *race, guint index, guint repetition, gint64 run, double time_s, double run_s)
{
  MigRaceCase *study_case = case_at (race, index);

  if (!isnan (run_s))
    {
      study_case->run_s += run_s;
      study_case->n_runs++;
    }
  if (isnan (time_s))
    {
      guint most = study_case->time.n == 0 ? MIG_RACE_MAX_FAILURES : MIG_RACE_MAX_FAILURES_SINCE;
      if (++study_case->n_failed >= most)
        mig_race_give_up (race, index, run);
      return;
    }
  study_case->n_failed = 0;
  note_value (race, study_case, repetition, time_s);
  for (guint i = 0; i < study_case->pairs->len; i++)
    extend_pair (race, pair_at (race, g_array_index (study_case->pairs, guint, i)), repetition,
                 run);
  note_out (race, index, run);
}
