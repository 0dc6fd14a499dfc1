/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/units.h"
#include "tests/unit/case-values.h"
#include "tests/unit/race-world.h"
#include "tests/unit/recorded.h"

/* Races: what they say, by hand, and how often that is wrong. */

#define ROUNDS 2000
#define MAX_BLOCKS 24

static const MigRaceRule decided = { MIG_UNTIL_DECIDED, NAN };

static void
assert_near (double value, double expected, double tolerance)
{
  g_assert_cmpfloat_with_epsilon (value, expected, tolerance);
}

/* Student's quantile has a closed form for two degrees of freedom, (2 q - 1) / sqrt (2 q (1 - q)),
 * and for four: 2 sqrt (cos (acos (sqrt (a)) / 3) / sqrt (a) - 1), a = 4 q (1 - q). */
static void
test_spending (void)
{
  MigErrorSpending spending;
  double sum = 0, q = 1 - 0.05 / 3 / 2, q4 = 1 - 0.05 / 10 / 2, a = 4 * q4 * (1 - q4);

  mig_error_spending_init (&spending, 0.05);
  g_assert_true (isinf (mig_error_spending_factor (&spending, 2)));
  for (guint again = 0; again < 2; again++)
    {
      assert_near (mig_error_spending_factor (&spending, 3),
                   (2 * q - 1) / sqrt (2 * q * (1 - q)) / sqrt (3), 1e-6);
      assert_near (mig_error_spending_factor (&spending, 5),
                   2 * sqrt (cos (acos (sqrt (a)) / 3) / sqrt (a) - 1) / sqrt (5), 1e-6);
    }
  for (guint n = 3; n < 100000; n++)
    sum += 2.0 / n / (n - 1);
  assert_near (sum, 1, 1e-4);
  for (guint n = 4; n < 200; n++)
    g_assert_cmpfloat (mig_error_spending_factor (&spending, n), <,
                       mig_error_spending_factor (&spending, n - 1));
}

static void
test_interval (void)
{
  const double values[] = { 10, 12, 14, 12 };
  MigErrorSpending spending;
  MigRepeatedInterval interval;

  mig_error_spending_init (&spending, 0.05);
  mig_repeated_interval_init (&interval);
  for (guint i = 0; i < 2; i++)
    mig_repeated_interval_add (&interval, &spending, values[i], 0);
  g_assert_true (isinf (interval.low) && isinf (interval.high));
  assert_near (mig_repeated_interval_sd (&interval), sqrt (2), 1e-12);
  mig_repeated_interval_add (&interval, &spending, values[2], 0);
  assert_near (interval.low, 12 - 2 * 4.416, 0.002); /* sd 2, factor as above */
  assert_near (interval.high, 12 + 2 * 4.416, 0.002);
  double before = interval.high;
  mig_repeated_interval_add (&interval, &spending, values[3], 0);
  g_assert_cmpfloat (interval.high, <, before);
  /* values without scatter: the resolution takes its place */
  mig_repeated_interval_init (&interval);
  for (guint i = 0; i < 3; i++)
    mig_repeated_interval_add (&interval, &spending, 5, 0.5);
  assert_near (interval.high, 5 + 0.5 * 4.416, 0.001);
}

static void
test_rules (void)
{
  MigRaceRule rule;

  g_assert_true (mig_race_rule_parse (NULL, &rule));
  g_assert_cmpint (rule.until, ==, MIG_UNTIL_TIME);
  g_assert_true (mig_race_rule_parse ("decided", &rule));
  g_assert_cmpint (rule.until, ==, MIG_UNTIL_DECIDED);
  g_assert_true (mig_race_rule_parse ("2.5%", &rule));
  g_assert_cmpint (rule.until, ==, MIG_UNTIL_PRECISION);
  assert_near (rule.precision, 0.025, 1e-12);
  g_assert_false (mig_race_rule_parse ("soon", &rule));
}

/* add_block: times of cases 0, 1, ...; NaN: the case does not run. */
static void
add_block (MigRace *race, guint block, const double *times, guint n)
{
  for (guint i = 0; i < n; i++)
    if (!isnan (times[i]))
      mig_race_add (race, i, block, block * 10 + i, times[i], 60);
}

static const MigRacePair *
pair_at (const MigRace *race, guint index)
{
  return &g_array_index (race->pairs, MigRacePair, index);
}

static MigRaceCase *
case_at (const MigRace *race, guint index)
{
  return race->cases->pdata[index];
}

/* Three orders of the same guests, about 10, 20 and 20.x: the first is the best, and then nobody
 * asks about the others. */
static void
test_moot (void)
{
  const RaceWorld world = { .n_cases = 3 };
  const double times[][3] = {
    { 10, 20, 21 }, { 11, 21.1, 21 }, { 12, 21.9, 22.1 }, { 11, 21, 22 }
  };
  g_autoptr (MigRace) race = race_world_new_race (&world, &decided, TRUE);

  mig_race_begin (race);
  g_assert_cmpint (mig_race_next (race, 100), ==, MIG_RACE_GO_ON);
  for (guint block = 1; block <= 4; block++)
    add_block (race, block, times[block - 1], 3);
  /* 10, 10.1, 9.9, 10: decided at the third; 11, 10, 10.1, 11: sd 0.586, 0.551 */
  g_assert_cmpint (pair_at (race, 0)->verdict, ==, MIG_PAIR_LESS);
  g_assert_cmpuint (pair_at (race, 0)->decided_n, ==, 3);
  g_assert_cmpint (pair_at (race, 0)->decided_run, ==, 31);
  g_assert_cmpint (pair_at (race, 1)->verdict, ==, MIG_PAIR_LESS);
  g_assert_cmpint (pair_at (race, 2)->verdict, ==, MIG_PAIR_MOOT);
  for (guint i = 0; i < 3; i++)
    g_assert_false (mig_race_runs (race, i));
  g_assert_cmpint (mig_race_next (race, HUGE_VAL), ==, MIG_RACE_DECIDED);
  g_assert_cmpint (case_at (race, 0)->out_run, ==, pair_at (race, 1)->decided_run);
  /* of other guests the third pair is a question of its own */
  g_autoptr (MigRace) claims = race_world_new_race (&world, &decided, FALSE);
  mig_race_begin (claims);
  for (guint block = 1; block <= 4; block++)
    add_block (claims, block, times[block - 1], 3);
  g_assert_cmpint (pair_at (claims, 2)->verdict, ==, MIG_PAIR_OPEN);
  g_assert_false (mig_race_runs (claims, 0));
  g_assert_true (mig_race_runs (claims, 1));
  g_assert_cmpint (mig_race_next (claims, HUGE_VAL), ==, MIG_RACE_GO_ON);
}

static void
test_alike (void)
{
  const RaceWorld world = { .n_cases = 2 };
  const double times[][2] = { { 20, 20.1 }, { 30, 30 }, { 40, 39.9 } };
  g_autoptr (MigRace) race = race_world_new_race (&world, &decided, TRUE);

  mig_race_begin (race);
  for (guint block = 1; block <= 3; block++)
    add_block (race, block, times[block - 1], 2);
  /* differences 0.1, 0, -0.1: within 0.442 of 0, which is less than 5 % of 30 */
  g_assert_cmpint (pair_at (race, 0)->verdict, ==, MIG_PAIR_ALIKE);
  assert_near (pair_at (race, 0)->difference.high, 0.4416, 0.001);
}

/* A pair whose blocks are not those of the others: only common ones count. */
static void
test_holes (void)
{
  const RaceWorld world = { .n_cases = 2 };
  const double times[][2] = { { 20, NAN }, { 20, 30 }, { NAN, 30 }, { 20, 30.1 } };
  g_autoptr (MigRace) race = race_world_new_race (&world, &decided, TRUE);

  mig_race_begin (race);
  for (guint block = 1; block <= 4; block++)
    add_block (race, block, times[block - 1], 2);
  g_assert_cmpuint (pair_at (race, 0)->difference.n, ==, 2);
  assert_near (pair_at (race, 0)->difference.mean, 10.05, 1e-9);
  mig_race_add (race, 1, 1, 99, 29.9, 60); /* run again */
  g_assert_cmpuint (pair_at (race, 0)->difference.n, ==, 3);
  g_assert_cmpint (pair_at (race, 0)->verdict, ==, MIG_PAIR_LESS);
  g_assert_cmpint (pair_at (race, 0)->decided_run, ==, 99);
}

static void
test_failures (void)
{
  const RaceWorld world = { .n_cases = 2 };
  g_autoptr (MigRace) race = race_world_new_race (&world, &decided, TRUE);

  mig_race_begin (race);
  for (guint block = 1; block <= 2; block++)
    {
      mig_race_add (race, 0, block, block * 2, 10, 60);
      mig_race_add (race, 1, block, block * 2 + 1, NAN, 60);
    }
  g_assert_true (mig_race_runs (race, 1));
  g_assert_cmpint (mig_race_next (race, HUGE_VAL), ==, MIG_RACE_GO_ON);
  mig_race_add (race, 1, 3, 7, NAN, 60);
  g_assert_false (mig_race_runs (race, 1));
  g_assert_cmpint (mig_race_next (race, HUGE_VAL), ==, MIG_RACE_GIVEN_UP);
}

/* One that was sound in two blocks, nine failures apart, then fails always. */
static void
test_failures_later (void)
{
  const RaceWorld world = { .n_cases = 2 };
  g_autoptr (MigRace) race = race_world_new_race (&world, &decided, TRUE);
  guint block = 1, failed = 0;

  mig_race_begin (race);
  for (; block <= 21; block++)
    {
      gboolean sound = block == 1 || block == 11;
      g_assert_cmpint (mig_race_next (race, HUGE_VAL), ==, MIG_RACE_GO_ON);
      g_assert_true (mig_race_runs (race, 1));
      mig_race_add (race, 0, block, block * 2, 10, 60);
      mig_race_add (race, 1, block, block * 2 + 1, sound ? 12 : NAN, 60);
      failed += !sound;
    }
  g_assert_cmpuint (failed, ==, 9 + 10);
  g_assert_false (mig_race_runs (race, 1));
  g_assert_cmpint (mig_race_next (race, HUGE_VAL), ==, MIG_RACE_GIVEN_UP);
}

static void
test_precision (void)
{
  const RaceWorld world = { .n_cases = 1 };
  const MigRaceRule rule = { MIG_UNTIL_PRECISION, 0.5 };
  g_autoptr (MigRace) race = race_world_new_race (&world, &rule, FALSE);
  const double times[] = { 10, 12, 14 };

  mig_race_begin (race);
  for (guint block = 1; block <= 2; block++)
    add_block (race, block, &times[block - 1], 1);
  MigRaceNeed need = mig_race_case_need (race, case_at (race, 0));
  g_assert_cmpint (need.repetitions, ==, 2); /* sd 1.41 x 4.42 = 6.2 > 5.5, x 2.88 = 4.1 < 5.5 */
  assert_near (need.seconds, 120, 1e-9);
  add_block (race, 3, &times[2], 1); /* 12 +- 8.8 */
  g_assert_true (mig_race_runs (race, 0));
  add_block (race, 4, &times[1], 1); /* sd 1.63, x 2.88 = 4.7 < 6 */
  g_assert_false (mig_race_runs (race, 0));
  g_assert_cmpint (mig_race_next (race, HUGE_VAL), ==, MIG_RACE_DECIDED);
}

static void
test_time (void)
{
  const RaceWorld world = { .n_cases = 2 };
  const double times[][2] = { { 20, 25 }, { 21, 20 }, { 20, 26 } };
  const MigRaceRule until_time = { MIG_UNTIL_TIME, NAN };
  g_autoptr (MigRace) race = race_world_new_race (&world, &decided, TRUE);
  g_autoptr (MigRace) fixed = race_world_new_race (&world, &until_time, TRUE);

  mig_race_begin (race);
  mig_race_begin (fixed);
  add_block (race, 1, times[0], 2);
  add_block (fixed, 1, times[0], 2);
  /* two more blocks of 120 s before there is anything to look at */
  g_assert_cmpint (mig_race_next (race, 241), ==, MIG_RACE_GO_ON);
  g_assert_cmpint (mig_race_next (race, 239), ==, MIG_RACE_TOO_LONG);
  g_assert_cmpint (mig_race_next (fixed, 121), ==, MIG_RACE_GO_ON);
  g_assert_cmpint (mig_race_next (fixed, 119), ==, MIG_RACE_NO_TIME);
  MigRaceNeed need = mig_race_pair_need (race, pair_at (race, 0));
  g_assert_true (MIG_IS_MISSING (need.repetitions) && isnan (need.seconds));
  for (guint block = 2; block <= 3; block++)
    add_block (race, block, times[block - 1], 2);
  /* 5, -1, 6: mean 3.33, sd 3.79; even half of that scatter wants more than one more block */
  g_assert_cmpint (mig_race_next (race, 121), ==, MIG_RACE_TOO_LONG);
  g_assert_cmpint (mig_race_next (race, 3600), ==, MIG_RACE_GO_ON);
  need = mig_race_pair_need (race, pair_at (race, 0));
  g_assert_cmpint (need.repetitions, >, 5);
  g_assert_cmpint (need.repetitions, <, 40);
  assert_near (need.seconds, need.repetitions * 120.0, 1e-9);
}

/* What it says that a difference takes decides it with the chance that it says, 80 %. */
static void
test_need (void)
{
  const RaceWorld world = { .n_cases = 2 };
  const double deviations[] = { -2, -1, 0, 1, 2 }, mean = 4, sd = 4; /* of them 1.581 */
  g_autoptr (MigRace) race = race_world_new_race (&world, &decided, TRUE);
  g_autoptr (GRand) random = g_rand_new_with_seed (29);
  guint shown = 0;

  mig_race_begin (race);
  for (guint block = 1; block <= 5; block++)
    {
      double times[] = { 20, 20 + mean + deviations[block - 1] * sd / sqrt (2.5) };
      add_block (race, block, times, 2);
    }
  guint n = 5 + (guint) mig_race_pair_need (race, pair_at (race, 0)).repetitions;
  for (guint i = 0; i < ROUNDS; i++)
    {
      MigStat values;
      mig_stat_init (&values);
      for (guint k = 0; k < n; k++)
        mig_stat_add (&values, k, k, mean + sd * case_values_normal (random));
      mig_stat_compute (&values);
      shown += fabs (values.mean) > mig_error_spending_factor (&race->spending, n) * values.sd;
      mig_stat_clear (&values);
    }
  g_assert_cmpfloat (shown / (double) ROUNDS, >, 0.77);
  g_assert_cmpfloat (shown / (double) ROUNDS, <, 0.9);
}

/* All that is open together: a repetition counts once, however many pairs it serves. */
static void
test_remaining (void)
{
  const RaceWorld world = { .n_cases = 3 };
  const double times[][3] = { { 20, 25, 20.3 }, { 21, 20, 20.9 }, { 20, 26, 21.2 } };
  g_autoptr (MigRace) race = race_world_new_race (&world, &decided, FALSE);
  gboolean all = FALSE;
  double longest_s = 0, sum_s = 0;

  mig_race_begin (race);
  g_assert_cmpfloat (mig_race_remaining (race, &all), ==, 0); /* no repetition yet: no length */
  add_block (race, 1, times[0], 3);
  /* two more blocks, whatever is seen then */
  assert_near (mig_race_remaining (race, &all), 2 * 3 * 60, 1e-9);
  g_assert_true (all);
  for (guint block = 2; block <= 3; block++)
    add_block (race, block, times[block - 1], 3);
  for (guint i = 0; i < race->pairs->len; i++)
    {
      MigRaceNeed need = mig_race_pair_need (race, pair_at (race, i));
      g_assert_true (mig_race_pair_is_open (race, pair_at (race, i)));
      g_assert_cmpint (need.repetitions, >, 0);
      longest_s = fmax (longest_s, need.seconds);
      sum_s += need.seconds;
    }
  double together_s = mig_race_remaining (race, &all);
  g_assert_true (all);
  g_assert_cmpfloat (together_s, >, longest_s);
  g_assert_cmpfloat (together_s, <, sum_s);
  /* in that time it goes on */
  g_assert_cmpint (mig_race_next (race, together_s), ==, MIG_RACE_GO_ON);
}

/* ---- how often it is wrong ---- */

static void
check_world (const RaceWorld *world, gboolean same_guests, guint rounds)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20);
  g_autoptr (MigRace) race = race_world_new_race (world, &decided, same_guests);
  guint wrong = 0, ordinary_wrong = 0;
  double runs = 0, decided_share = 0;

  for (guint i = 0; i < rounds; i++)
    {
      RaceOutcome outcome;
      race_world_run (world, race, random, MAX_BLOCKS, TRUE, &outcome);
      wrong += outcome.wrong;
      ordinary_wrong += outcome.ordinary_wrong;
      runs += outcome.n_runs;
      decided_share += (double) outcome.n_decided / race->pairs->len;
    }
  g_test_message ("%s, %u cases, %s guests: wrong in %.2f %% of %u runs; %.1f repetitions of each "
                  "case, %.1f %% of the pairs decided",
                  world->name, world->n_cases, same_guests ? "same" : "other",
                  100.0 * wrong / rounds, rounds, runs / rounds / world->n_cases,
                  100 * decided_share / rounds);
  /* that there is something to be wrong about */
  g_test_message ("ordinary intervals: wrong in %.1f %%", 100.0 * ordinary_wrong / rounds);
  g_assert_cmpfloat (ordinary_wrong, >, 2 * MIG_RACE_ERROR * rounds);
  g_assert_cmpfloat (wrong, <=, MIG_RACE_ERROR * rounds);
}

static void
test_errors (void)
{
  static const RaceWorld worlds[] = {
    { .name = "equal means",
      .n_cases = 4,
      .mean_s = { 30, 30, 30, 30 },
      .sd_share = { 0.05, 0.05, 0.05, 0.05 } },
    { .name = "equal means, little scatter",
      .n_cases = 4,
      .mean_s = { 30, 30, 30, 30 },
      .sd_share = { 0.01, 0.01, 0.01, 0.01 } },
    { .name = "one better by 5 %",
      .n_cases = 4,
      .mean_s = { 28.5, 30, 30, 30 },
      .sd_share = { 0.03, 0.03, 0.03, 0.03 } },
    { .name = "one better by 10 %",
      .n_cases = 4,
      .mean_s = { 27, 30, 30, 30 },
      .sd_share = { 0.03, 0.03, 0.03, 0.03 } },
    { .name = "one better by 20 %",
      .n_cases = 4,
      .mean_s = { 24, 30, 30, 30 },
      .sd_share = { 0.03, 0.03, 0.03, 0.03 } },
    { .name = "threefold scatter of two",
      .n_cases = 4,
      .mean_s = { 30, 30, 30, 30 },
      .sd_share = { 0.03, 0.09, 0.03, 0.09 } },
    { .name = "drift of 10 % a block",
      .n_cases = 4,
      .mean_s = { 30, 30, 27, 30 },
      .sd_share = { 0.03, 0.03, 0.03, 0.03 },
      .drift_s = 0.75,
      .block_s = 3 },
    { .name = "six orders, equal",
      .n_cases = 6,
      .mean_s = { 60, 60, 60, 60, 60, 60 },
      .sd_share = { 0.03, 0.03, 0.03, 0.03, 0.03, 0.03 } },
    { .name = "two", .n_cases = 2, .mean_s = { 30, 30 }, .sd_share = { 0.05, 0.05 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (worlds); i++)
    for (guint same = 0; same < 2; same++)
      check_world (&worlds[i], same, ROUNDS);
}

static void
test_errors_recorded (void)
{
  static const char *const sets[] = { "recorded-load-balancing", "recorded-paper",
                                      "recorded-xen-load-balancing", "recorded-smoke" };
  g_autoptr (GArray) shares = g_array_new (FALSE, FALSE, sizeof (double));
  RaceWorld world = { .name = "recorded scatter",
                      .n_cases = 4,
                      .mean_s = { 30, 30, 27, 30 },
                      .sd_share = { 1, 1, 1, 1 },
                      .shares = shares };

  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autoptr (MigLoadedResult) loaded = recorded_load (sets[i]);
      race_world_add_shares (shares, loaded->summary);
    }
  g_assert_cmpuint (shares->len, >=, 50);
  check_world (&world, FALSE, ROUNDS);
  world.mean_s[2] = 30;
  check_world (&world, TRUE, ROUNDS);
}

/* ---- from a result ---- */

static void
test_recorded (void)
{
  g_autoptr (MigLoadedResult) loaded = recorded_load ("recorded-load-balancing");

  g_autoptr (MigRace) race = mig_race_from_summary (loaded->summary, &decided);
  g_assert_cmpuint (race->cases->len, ==, 4);
  g_assert_cmpuint (race->pairs->len, ==, 6);
  g_assert_cmpuint (race->n_unknown, ==, 0);
  guint n_same = 0;
  for (guint i = 0; i < 6; i++)
    {
      const MigRacePair *pair = pair_at (race, i);
      const MigStat *a = mig_case_stat (loaded->summary->cases->pdata[pair->a],
                                        MIG_METRIC_TOTAL_TIME, NULL);
      const MigStat *b = mig_case_stat (loaded->summary->cases->pdata[pair->b],
                                        MIG_METRIC_TOTAL_TIME, NULL);
      n_same += pair->same_guests;
      g_assert_cmpuint (pair->difference.n, ==, 3);
      assert_near (pair->difference.mean, b->mean - a->mean, 1e-9);
      g_test_message ("%s, %s: %.2f s, %.2f to %.2f, verdict %d", case_at (race, pair->a)->label,
                      case_at (race, pair->b)->label, pair->difference.mean, pair->difference.low,
                      pair->difference.high, pair->verdict);
    }
  g_assert_cmpuint (n_same, ==, 1); /* cm and mc */
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpuint (case_at (race, i)->n_runs, ==, 3);
      g_assert_false (case_at (race, i)->alone);
    }
}

/* Of a study that sweeps, nothing is compared: each total time is asked by itself. */
static void
test_alone (void)
{
  g_autoptr (MigLoadedResult) loaded = recorded_load ("recorded-xen-interference");

  g_autoptr (MigRace) race = mig_race_from_summary (loaded->summary, &decided);
  for (guint i = 0; i < race->cases->len; i++)
    g_assert_true (case_at (race, i)->alone);
  assert_near (race->spending.error, MIG_RACE_ERROR / race->cases->len, 1e-12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/race/spending", test_spending);
  g_test_add_func ("/race/interval", test_interval);
  g_test_add_func ("/race/rules", test_rules);
  g_test_add_func ("/race/moot", test_moot);
  g_test_add_func ("/race/alike", test_alike);
  g_test_add_func ("/race/holes", test_holes);
  g_test_add_func ("/race/failures", test_failures);
  g_test_add_func ("/race/failures-later", test_failures_later);
  g_test_add_func ("/race/precision", test_precision);
  g_test_add_func ("/race/time", test_time);
  g_test_add_func ("/race/need", test_need);
  g_test_add_func ("/race/remaining", test_remaining);
  g_test_add_func ("/race/errors", test_errors);
  g_test_add_func ("/race/errors-recorded", test_errors_recorded);
  g_test_add_func ("/race/recorded", test_recorded);
  g_test_add_func ("/race/alone", test_alone);
  return g_test_run ();
}
