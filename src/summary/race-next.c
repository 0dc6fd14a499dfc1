/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "base/units.h"
#include "summary/power.h"
#include "summary/race.h"

/* How much longer a race would take, and whether it goes on. */

/* What an interval is to show: that a mean is not 0, or that it lies within the margin; one_sided:
 * that it is above 0, or below the margin; or (mean NaN) that the interval is no wider than the
 * margin to each side. */
typedef struct {
  MigErrorSpending *spending;
  double mean, margin, sd;
  gboolean one_sided;
  double resolution; /* sd is taken for at least this */
  double reserve;    /* standard errors that the mean may turn out to be worse */
} Aim;

static gboolean
is_reached (const Aim *aim, guint n)
{
  double half = mig_error_spending_factor (aim->spending, n) * aim->sd;

  if (isnan (aim->mean))
    return half <= aim->margin;
  half += aim->reserve * aim->sd / sqrt (n);
  if (aim->one_sided)
    return half < aim->mean || half + aim->mean < aim->margin;
  return half < fabs (aim->mean) || half + fabs (aim->mean) < aim->margin;
}

/* values_needed: the smallest number from n on that reaches the aim; beyond
 * MIG_RACE_MOST_REPETITIONS: 0. Intervals get narrower with every value. */
static guint
values_needed (const Aim *aim, guint n)
{
  guint low = MAX (n, MIG_FIRST_LOOK), high = low;

  while (!is_reached (aim, high))
    {
      low = high + 1;
      high *= 2;
      if (high > MIG_RACE_MOST_REPETITIONS)
        return 0;
    }
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (is_reached (aim, middle))
        high = middle;
      else
        low = middle + 1;
    }
  return high;
}

double
mig_race_length (const MigRace *race, const MigRaceCase *study_case)
{
  double all_s = 0;
  guint n = 0;

  if (study_case->n_runs > 0)
    return study_case->run_s / study_case->n_runs;
  for (guint i = 0; i < race->cases->len; i++)
    {
      const MigRaceCase *other = race->cases->pdata[i];
      all_s += other->run_s;
      n += other->n_runs;
    }
  return n > 0 ? all_s / n : NAN;
}

/* ---- what a question needs ---- */

/* careful: half of the scatter, and one standard error to the better: of what is not to be given up
 * too early. Else with a chance of MIG_POWER_WANTED, if mean and scatter are what they seem. Before
 * the first look there is nothing to go by but that look. */
static MigRaceNeed
interval_need (const MigRepeatedInterval *interval, const Aim *start, gboolean careful,
               double repetition_s)
{
  Aim aim = *start;
  MigRaceNeed need = { MIG_MISSING_INT, NAN };
  guint from = interval->n + 1, wanted;

  aim.sd = fmax (mig_repeated_interval_sd (interval), aim.resolution);
  aim.reserve = careful ? 0 : gsl_cdf_ugaussian_Pinv (MIG_POWER_WANTED);
  if (interval->n < 2 && !careful)
    return need;
  if (careful && interval->n < MIG_FIRST_LOOK)
    wanted = MIG_FIRST_LOOK;
  else
    {
      double shift = careful ? aim.sd / sqrt (interval->n) : 0;
      Aim nearer = aim;
      if (careful)
        aim.sd = nearer.sd = aim.sd / 2;
      aim.mean = (aim.one_sided ? aim.mean : fabs (aim.mean)) + shift;
      nearer.mean = aim.one_sided ? nearer.mean - shift : fmax (0, fabs (nearer.mean) - shift);
      wanted = values_needed (&aim, from);
      if (careful && !isnan (start->mean))
        {
          guint alike = values_needed (&nearer, from);
          wanted = wanted == 0 ? alike : alike == 0 ? wanted : MIN (wanted, alike);
        }
    }
  if (wanted == 0)
    return need;
  need.repetitions = wanted - interval->n;
  need.seconds = need.repetitions * repetition_s;
  return need;
}

MigRaceNeed
mig_race_aim_need (MigRace *race, const MigRaceAim *aim, gboolean careful, double repetition_s)
{
  const Aim start = { .spending = mig_race_spending (race, aim->error),
                      .mean = aim->interval->mean,
                      .margin = aim->margin,
                      .one_sided = aim->one_sided,
                      .resolution = aim->resolution };

  return interval_need (aim->interval, &start, careful, repetition_s);
}

static MigRaceNeed
pair_need (MigRace *race, const MigRacePair *pair, gboolean careful)
{
  const Aim aim = { .spending = &race->spending,
                    .mean = pair->difference.mean,
                    .resolution = MIG_RACE_RESOLUTION_S,
                    .margin = MIG_RACE_MARGIN * fmax (pair->mean_a, pair->mean_b) };

  if (pair->verdict != MIG_PAIR_OPEN)
    return (MigRaceNeed){ 0, 0 };
  return interval_need (&pair->difference, &aim, careful,
                        mig_race_length (race, race->cases->pdata[pair->a]) +
                            mig_race_length (race, race->cases->pdata[pair->b]));
}

static MigRaceNeed
case_need (MigRace *race, const MigRaceCase *study_case, gboolean careful)
{
  double precision = race->rule.until == MIG_UNTIL_PRECISION ? race->rule.precision
                                                             : MIG_RACE_MARGIN;
  const Aim aim = { .spending = &race->spending,
                    .mean = NAN,
                    .resolution = MIG_RACE_RESOLUTION_S,
                    .margin = precision * fabs (study_case->time.mean) };

  if (!mig_race_case_is_open (race, study_case))
    return (MigRaceNeed){ 0, 0 };
  return interval_need (&study_case->time, &aim, careful, mig_race_length (race, study_case));
}

MigRaceNeed
mig_race_pair_need (MigRace *race, const MigRacePair *pair)
{
  return pair_need (race, pair, FALSE);
}

MigRaceNeed
mig_race_case_need (MigRace *race, const MigRaceCase *study_case)
{
  return case_need (race, study_case, FALSE);
}

/* ---- what all of it needs ---- */

/* repetitions_of: 0: not known, or too many. */
static guint
repetitions_of (MigRaceNeed need, guint n)
{
  if (MIG_IS_MISSING (need.repetitions))
    return n < 2 ? MIG_FIRST_LOOK - n : 0;
  return need.repetitions > MIG_RACE_MOST_REPETITIONS ? 0 : (guint) need.repetitions;
}

/* add_open_pair, add_open_case: wanted: repetitions of each case. FALSE: not known. */
static gboolean
add_open_pair (MigRace *race, const MigRacePair *pair, guint *wanted)
{
  guint more = repetitions_of (mig_race_pair_need (race, pair), pair->difference.n);

  wanted[pair->a] = MAX (wanted[pair->a], more);
  wanted[pair->b] = MAX (wanted[pair->b], more);
  return more > 0;
}

static gboolean
add_open_case (MigRace *race, guint index, guint *wanted)
{
  const MigRaceCase *study_case = race->cases->pdata[index];
  guint more = repetitions_of (mig_race_case_need (race, study_case), study_case->time.n);

  wanted[index] = MAX (wanted[index], more);
  return more > 0;
}

double
mig_race_remaining (MigRace *race, gboolean *all)
{
  g_autofree guint *wanted = g_new0 (guint, race->cases->len);
  gboolean any = FALSE;
  double seconds = 0;

  *all = TRUE;
  for (guint i = 0; i < race->pairs->len; i++)
    {
      const MigRacePair *pair = &g_array_index (race->pairs, MigRacePair, i);
      if (mig_race_pair_is_open (race, pair))
        *all &= add_open_pair (race, pair, wanted);
    }
  for (guint i = 0; i < race->cases->len; i++)
    {
      if (mig_race_case_is_open (race, race->cases->pdata[i]))
        *all &= add_open_case (race, i, wanted);
      any |= wanted[i] > 0;
    }
  for (guint i = 0; any && i < race->cases->len; i++)
    {
      double length_s = mig_race_length (race, race->cases->pdata[i]);
      if (mig_race_runs (race, i) && !isnan (length_s))
        seconds += MAX (wanted[i], 1) * length_s;
    }
  return seconds;
}

/* ---- whether it goes on ---- */

/* What is open, and whether some of it may be decided in the time that is left. */
typedef struct {
  guint n_open, n_given_up;
  gboolean in_time;
} Outlook;

static void
add_need (Outlook *outlook, const MigRaceNeed *need, double left_s)
{
  outlook->n_open++;
  outlook->in_time |= !MIG_IS_MISSING (need->repetitions) && !(need->seconds > left_s);
}

static Outlook
look_ahead (MigRace *race, double left_s)
{
  Outlook outlook = { 0 };

  for (guint i = 0; i < race->pairs->len; i++)
    {
      const MigRacePair *pair = &g_array_index (race->pairs, MigRacePair, i);
      MigRaceNeed need = pair_need (race, pair, TRUE);
      if (mig_race_pair_is_open (race, pair))
        add_need (&outlook, &need, left_s);
      else
        outlook.n_given_up += pair->verdict == MIG_PAIR_OPEN;
    }
  for (guint i = 0; i < race->cases->len; i++)
    {
      const MigRaceCase *study_case = race->cases->pdata[i];
      MigRaceNeed need = case_need (race, study_case, TRUE);
      outlook.n_given_up += study_case->given_up;
      if (mig_race_case_is_open (race, study_case))
        add_need (&outlook, &need, left_s);
      else if (mig_race_runs (race, i) && study_case->time.n == 0)
        {
          outlook.n_open++; /* it has failed so far */
          outlook.in_time = TRUE;
        }
    }
  return outlook;
}

MigRaceNext
mig_race_next (MigRace *race, double left_s)
{
  gboolean any = FALSE;
  double block_s = 0;

  for (guint i = 0; i < race->cases->len; i++)
    if (mig_race_runs (race, i))
      {
        double length_s = mig_race_length (race, race->cases->pdata[i]);
        block_s += isnan (length_s) ? 0 : length_s;
        any = TRUE;
      }
  Outlook outlook = look_ahead (race, left_s);
  if (!any || (race->rule.until != MIG_UNTIL_TIME && outlook.n_open == 0))
    return outlook.n_given_up > 0 ? MIG_RACE_GIVEN_UP : MIG_RACE_DECIDED;
  if (race->rule.until != MIG_UNTIL_TIME && !outlook.in_time && left_s < HUGE_VAL)
    return MIG_RACE_TOO_LONG;
  return block_s > left_s ? MIG_RACE_NO_TIME : MIG_RACE_GO_ON;
}
