/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stopping when it is decided saves: repetitions of each case, on average, until the best of
 * several orders of the same guests is shown, beside the fixed number of repetitions at which
 * paired t tests with Bonferroni's correction show it as often. Drawn. */
#include "config.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>

#include "tests/unit/race-world.h"

#define ROUNDS 1000
#define MAX_BLOCKS 60

static const MigRaceRule decided = { MIG_UNTIL_DECIDED, NAN };

/* shows_best: whether case 0 is shown to take less than each other one. critical: of |t| for a
 * fixed number of blocks; NaN: the race's own verdicts. */
static gboolean
shows_best (const MigRace *race, double critical)
{
  for (guint i = 0; i < race->pairs->len; i++)
    {
      const MigRacePair *pair = &g_array_index (race->pairs, MigRacePair, i);
      const MigRepeatedInterval *d = &pair->difference;
      double t = d->mean / mig_repeated_interval_sd (d) * sqrt (d->n);
      if (pair->a == 0 && !(isnan (critical) ? pair->verdict == MIG_PAIR_LESS : t > critical))
        return FALSE;
    }
  return TRUE;
}

typedef struct {
  double runs; /* of each case */
  double share_shown, share_wrong;
} Result;

static Result
run_races (const RaceWorld *world, guint blocks, gboolean racing)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (MigRace) race = race_world_new_race (world, &decided, TRUE);
  double critical = racing ? NAN
                           : gsl_cdf_tdist_Qinv (MIG_RACE_ERROR / 2 / race->pairs->len, blocks - 1);
  Result result = { 0, 0, 0 };

  for (guint i = 0; i < ROUNDS; i++)
    {
      RaceOutcome outcome;
      race_world_run (world, race, random, blocks, racing, &outcome);
      result.runs += (double) outcome.n_runs / world->n_cases / ROUNDS;
      result.share_shown += (double) shows_best (race, critical) / ROUNDS;
      result.share_wrong += (double) outcome.wrong / ROUNDS;
    }
  return result;
}

/* fixed_number: the smallest that shows the best as often; 0: none up to MAX_BLOCKS. */
static guint
fixed_number (const RaceWorld *world, double share)
{
  guint low = 2, high = MAX_BLOCKS;

  if (run_races (world, high, FALSE).share_shown < share)
    return 0;
  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (run_races (world, middle, FALSE).share_shown >= share)
        high = middle;
      else
        low = middle + 1;
    }
  return high;
}

static void
bench (guint n_cases, double sd_share)
{
  static const double effects[] = { 0.05, 0.1, 0.2, 0.5 };
  guint planned = 0;

  for (guint e = 0; e < G_N_ELEMENTS (effects); e++)
    {
      RaceWorld world = { .n_cases = n_cases };
      for (guint i = 0; i < n_cases; i++)
        {
          world.mean_s[i] = i == 0 ? 30 * (1 - effects[e]) : 30;
          world.sd_share[i] = sd_share;
        }
      Result sequential = run_races (&world, MAX_BLOCKS, TRUE);
      guint fixed = fixed_number (&world, sequential.share_shown);
      if (e == 0)
        planned = fixed;
      printf ("%5u  %6.0f %%  %10.0f %%  %5.1f %%  %5.1f %%  %10.1f  %5u  %9.0f %%  %15.0f %%\n",
              n_cases, 100 * sd_share, 100 * effects[e], 100 * sequential.share_shown,
              100 * sequential.share_wrong, sequential.runs, fixed,
              fixed ? 100 * (1 - sequential.runs / fixed) : NAN,
              planned ? 100 * (1 - sequential.runs / planned) : NAN);
    }
}

int
main (void)
{
  puts (
      "Repetitions of each case until the best order is decided, and the fixed number that shows\n"
      "it as often; saved: of that number, and of the one for a difference of 5 %\n"
      "cases  scatter  better by   shown   wrong  until decided  fixed  saved  saved, planned 5 %");
  bench (2, 0.03);
  bench (4, 0.03);
  bench (6, 0.03);
  bench (6, 0.01);
  return 0;
}
