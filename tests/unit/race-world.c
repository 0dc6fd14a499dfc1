/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "tests/unit/case-values.h"
#include "tests/unit/race-world.h"

static double
draw_time (const RaceWorld *world, GRand *random, guint index)
{
  double deviation = world->shares
                         ? g_array_index (world->shares, double,
                                          g_rand_int_range (random, 0, (gint32) world->shares->len))
                         : case_values_normal (random);

  return world->mean_s[index] * (1 + deviation * world->sd_share[index]);
}

/* shuffle: the first n, in an order drawn anew, as in each block of a schedule. */
static void
shuffle (guint *order, guint n, GRand *random)
{
  for (guint i = 0; i < n; i++)
    {
      guint other = (guint) g_rand_int_range (random, 0, (gint32) i + 1);
      order[i] = order[other];
      order[other] = i;
    }
}

MigRace *
race_world_new_race (const RaceWorld *world, const MigRaceRule *rule, gboolean same_guests)
{
  MigRace *race = mig_race_new (rule);

  for (guint i = 0; i < world->n_cases; i++)
    {
      const char label[] = { (char) ('a' + i), '\0' };
      mig_race_add_case (race, label);
    }
  for (guint i = 0; i < world->n_cases; i++)
    for (guint j = i + 1; j < world->n_cases; j++)
      mig_race_ask (race, i, j, same_guests);
  return race;
}

static gboolean
is_wrong (const RaceWorld *world, const MigRacePair *pair)
{
  const MigRepeatedInterval *said = &pair->difference;
  double truth = world->mean_s[pair->b] - world->mean_s[pair->a];

  return said->low > truth || said->high < truth ||
         (pair->verdict == MIG_PAIR_LESS && truth <= 0) ||
         (pair->verdict == MIG_PAIR_MORE && truth >= 0);
}

/* is_ordinary_wrong: of Student's 95 % interval. */
static gboolean
is_ordinary_wrong (const RaceWorld *world, const MigRacePair *pair)
{
  static double quantiles[64];
  const MigRepeatedInterval *d = &pair->difference;
  double truth = world->mean_s[pair->b] - world->mean_s[pair->a];

  if (d->n < 2 || d->n >= G_N_ELEMENTS (quantiles))
    return FALSE;
  if (quantiles[d->n] == 0)
    quantiles[d->n] = gsl_cdf_tdist_Pinv (0.975, d->n - 1);
  return fabs (d->mean - truth) > quantiles[d->n] * mig_repeated_interval_sd (d) / sqrt (d->n);
}

static void
run_block (const RaceWorld *world, MigRace *race, GRand *random, const gboolean *runs,
           RaceOutcome *outcome)
{
  guint order[RACE_WORLD_MAX_CASES];
  double common_s = world->block_s * case_values_normal (random);

  outcome->n_blocks++;
  shuffle (order, world->n_cases, random);
  for (guint i = 0; i < world->n_cases; i++)
    if (runs[order[i]])
      {
        double time_s = draw_time (world, random, order[i]) + common_s +
                        world->drift_s * outcome->n_runs;
        outcome->n_runs++;
        mig_race_add (race, order[i], outcome->n_blocks, outcome->n_runs, time_s, 1);
      }
  for (guint i = 0; i < race->pairs->len; i++)
    {
      const MigRacePair *pair = &g_array_index (race->pairs, MigRacePair, i);
      outcome->wrong |= is_wrong (world, pair);
      outcome->ordinary_wrong |= is_ordinary_wrong (world, pair);
    }
}

void
race_world_run (const RaceWorld *world, MigRace *race, GRand *random, guint max_blocks,
                gboolean racing, RaceOutcome *outcome)
{
  *outcome = (RaceOutcome){ 0 };
  mig_race_begin (race);
  while (outcome->n_blocks < max_blocks &&
         (!racing || mig_race_next (race, HUGE_VAL) == MIG_RACE_GO_ON))
    {
      gboolean runs[RACE_WORLD_MAX_CASES];
      for (guint i = 0; i < world->n_cases; i++)
        runs[i] = !racing || mig_race_runs (race, i);
      run_block (world, race, random, runs, outcome);
    }
  for (guint i = 0; i < race->pairs->len; i++)
    outcome->n_decided += g_array_index (race->pairs, MigRacePair, i).verdict != MIG_PAIR_OPEN;
}

void
race_world_add_shares (GArray *shares, const MigSummary *summary)
{
  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      const MigStat *time = &study_case->stats[MIG_METRIC_TOTAL_TIME];
      for (guint j = 0; time->n > 1 && j < time->n; j++)
        {
          double share = (g_array_index (time->values, MigValue, j).value / time->mean - 1) *
                         sqrt (time->n / (time->n - 1.0));
          g_array_append_val (shares, share);
        }
    }
}
