/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stopping when it is decided saves: repetitions of each case, on average, until the best of
 * several orders of the same guests is shown, beside the fixed number of repetitions at which
 * paired t tests with Bonferroni's correction show it as often. Then what it would cost total time
 * if the claims of a study had a part of its error from the beginning, and how long those take that
 * come after it. Drawn, of the means and the scatter of recorded results. */
#include "config.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>

#include "tests/unit/claim-world.h"
#include "tests/unit/race-world.h"
#include "tests/unit/recorded.h"

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

/* ---- total time beside the claims ---- */

/* Comparisons of the claims of load balancing besides those of total time. */
#define N_OF_CLAIMS 16
/* Repetitions that five minutes have room for at a quarter of the size on the lab. */
#define IN_FIVE_MINUTES 14

typedef struct {
  double runs; /* of all cases, until total time was decided, or MAX_BLOCKS were over */
  double share_decided, share_in_time;
} TimeResult;

/* run_time: n_more: comparisons that share the error. */
static TimeResult
run_time (const RaceWorld *world, guint n_more)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (MigRace) race = race_world_new_race (world, &decided, FALSE);
  TimeResult result = { 0, 0, 0 };

  race->n_unknown = n_more;
  for (guint i = 0; i < ROUNDS; i++)
    {
      RaceOutcome outcome;
      race_world_run (world, race, random, MAX_BLOCKS, TRUE, &outcome);
      gboolean all = outcome.n_decided == race->pairs->len;
      result.runs += (double) outcome.n_runs / ROUNDS;
      result.share_decided += (double) all / ROUNDS;
      result.share_in_time += (double) (all && outcome.n_runs <= IN_FIVE_MINUTES) / ROUNDS;
    }
  return result;
}

static void
bench_time (const char *name, const MigSummary *summary)
{
  static const struct {
    const char *name;
    guint n_more;
  } ways[] = { { "first", 0 }, { "a share for each", N_OF_CLAIMS } };
  g_autoptr (GArray) shares = g_array_new (FALSE, FALSE, sizeof (double));
  RaceWorld world = { .n_cases = summary->cases->len, .shares = shares };

  race_world_add_shares (shares, summary);
  for (guint i = 0; i < world.n_cases; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      world.mean_s[i] = study_case->stats[MIG_METRIC_TOTAL_TIME].mean;
      world.sd_share[i] = 1;
    }
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      TimeResult result = run_time (&world, ways[i].n_more);
      printf ("%-28s  %-16s  %6.1f  %7.1f %%  %13.1f %%\n", name, ways[i].name, result.runs,
              100 * result.share_decided, 100 * result.share_in_time);
    }
}

static void
bench_claims (const char *name, const MigSummary *summary)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (GArray) shares = g_array_new (FALSE, FALSE, sizeof (ClaimShares));
  ClaimWorld world = { .name = name, .scatter = 1, .shares = shares };
  double runs = 0, blocks = 0;
  guint n_decided = 0, wrong = 0;

  claim_world_add_shares (shares, summary);
  claim_world_set_means (&world, summary);
  for (guint i = 0; i < ROUNDS / 10; i++)
    {
      ClaimOutcome outcome;
      claim_world_run (&world, random, MAX_BLOCKS, TRUE, &outcome);
      runs += outcome.n_runs * 10.0 / ROUNDS;
      blocks += outcome.n_blocks * 10.0 / ROUNDS;
      n_decided += outcome.decided;
      wrong += outcome.wrong;
    }
  printf ("%-28s  %6.1f  %6.1f  %7.1f %%  %5.1f %%\n", name, runs, blocks,
          1000.0 * n_decided / ROUNDS, 1000.0 * wrong / ROUNDS);
}

static void
bench_recorded (void)
{
  static const char *const sets[] = { "recorded-lab-quarter", "recorded-xen-quarter",
                                      "recorded-load-balancing", "recorded-xen-load-balancing" };

  puts (
      "\nRepetitions of all cases until total time is decided, if it has all of the error, and if\n"
      "each comparison of the claims has a share of it\n"
      "result                        total time        until   decided  within 14 runs");
  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autoptr (MigLoadedResult) loaded = recorded_load (sets[i]);
      bench_time (sets[i], loaded->summary);
    }
  puts ("\nUntil the claims are decided, too, after total time; at most 60 blocks\n"
        "result                          runs  blocks    decided    wrong");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (MigLoadedResult) loaded = recorded_load (sets[i]);
      bench_claims (sets[i], loaded->summary);
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
  bench_recorded ();
  return 0;
}
