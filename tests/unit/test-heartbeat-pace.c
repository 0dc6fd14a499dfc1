/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "measure/heartbeat-pace.h"
#include "measure/stop-forecast.h"

#define MS MIG_NS_PER_MS
#define S MIG_NS_PER_S
#define MB 1000000

/* ---- the pace ---- */

static void
test_nothing_to_ask (void)
{
  const MigHeartbeatPeriods fixed = { 10, 10, 10 }, usual = { 1000, 100, 10 };
  MigHeartbeatPace pace;

  g_assert_true (mig_heartbeat_periods_fixed (&fixed));
  g_assert_false (mig_heartbeat_periods_fixed (&usual));
  mig_heartbeat_pace_init (&pace, S);
  g_assert_cmpint (mig_heartbeat_pace_ask (&pace, 0), ==, 0);
  mig_heartbeat_pace_want (&pace, S);
  g_assert_cmpint (mig_heartbeat_pace_ask (&pace, 5), ==, 0);
}

/* at rest, moving, near the stop, at rest again, each answered */
static void
test_life (void)
{
  static const gint64 periods[] = { 100 * MS, 10 * MS, S };
  MigHeartbeatPace pace;
  gint64 now = 0;

  mig_heartbeat_pace_init (&pace, S);
  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    {
      mig_heartbeat_pace_want (&pace, periods[i]);
      g_assert_cmpint (mig_heartbeat_pace_ask (&pace, now += MS), ==, periods[i]);
      g_assert_cmpint (mig_heartbeat_pace_ask (&pace, now += MS), ==, 0);
      mig_heartbeat_pace_heard (&pace, periods[i]);
      g_assert_cmpint (mig_heartbeat_pace_ask (&pace, now += 10 * S), ==, 0);
    }
}

/* What is not answered is asked again, but not for ever: it may be a guest that cannot hear. */
static void
test_unanswered (void)
{
  MigHeartbeatPace pace;
  guint asked = 0;

  mig_heartbeat_pace_init (&pace, S);
  mig_heartbeat_pace_want (&pace, 100 * MS);
  for (gint64 now = 0; now < 60 * S; now += 100 * MS)
    {
      asked += mig_heartbeat_pace_ask (&pace, now) != 0;
      mig_heartbeat_pace_heard (&pace, S);
    }
  g_assert_cmpuint (asked, ==, 5);
  /* another wish is another matter */
  mig_heartbeat_pace_want (&pace, 10 * MS);
  g_assert_cmpint (mig_heartbeat_pace_ask (&pace, 61 * S), ==, 10 * MS);
}

/* Heartbeats that were under way when it was asked say the old period: no reason to ask at once
 * again; and a wish that goes back to it before the answer is asked for as well. */
static void
test_late_answers (void)
{
  MigHeartbeatPace pace;

  mig_heartbeat_pace_init (&pace, S);
  mig_heartbeat_pace_want (&pace, 100 * MS);
  g_assert_cmpint (mig_heartbeat_pace_ask (&pace, 0), ==, 100 * MS);
  mig_heartbeat_pace_heard (&pace, S);
  g_assert_cmpint (mig_heartbeat_pace_ask (&pace, MS), ==, 0);
  mig_heartbeat_pace_want (&pace, S);
  g_assert_cmpint (mig_heartbeat_pace_ask (&pace, 2 * MS), ==, S);
  mig_heartbeat_pace_heard (&pace, 100 * MS);
  g_assert_cmpint (mig_heartbeat_pace_ask (&pace, 3 * MS), ==, 0);
  g_assert_cmpint (mig_heartbeat_pace_ask (&pace, 2 * S), ==, S);
}

/* ---- when it may stop ---- */

static MigJobStatistics
job (gint64 remaining_bytes, gint64 dirty_pages_per_s)
{
  return (MigJobStatistics){ .remaining_bytes = remaining_bytes,
                             .ram_bytes = 512 * MB,
                             .normal_pages = MIG_MISSING_INT,
                             .constant_pages = MIG_MISSING_INT,
                             .dirty_pages_per_s = dirty_pages_per_s,
                             .send_bytes_per_s = MIG_MISSING_INT };
}

static gint64
look (MigStopForecast *forecast, gint64 now_ns, gint64 round, gint64 remaining_bytes)
{
  MigJobStatistics statistics = job (remaining_bytes, MIG_MISSING_INT);

  mig_stop_forecast_look (forecast, now_ns, round, &statistics);
  return mig_stop_forecast_ns (forecast);
}

/* The first round may be the last; its end is known from the second look on. */
static void
test_first_round (void)
{
  const MigStopLimits *limits = mig_stop_rule_limits (MIG_STOP_HYPERVISOR);
  MigStopForecast forecast;

  mig_stop_forecast_init (&forecast, limits, 300 * MS);
  g_assert_cmpint (mig_stop_forecast_ns (&forecast), ==, G_MAXINT64);
  g_assert_cmpint (look (&forecast, S / 2, 0, 512 * MB), ==, G_MAXINT64);
  g_assert_cmpint (look (&forecast, S, 1, 512 * MB), ==, S);
  g_assert_cmpint (look (&forecast, 2 * S, 0, 412 * MB), ==, 2 * S + 412 * 10 * MS);
  g_assert_cmpint (look (&forecast, 3 * S, 0, 212 * MB), ==, 3 * S + 212 * 5 * MS);
}

/* A guest that dirties what a round sends: no round is the last, until little is left. */
static void
test_rounds (void)
{
  const MigStopLimits *limits = mig_stop_rule_limits (MIG_STOP_HYPERVISOR);
  MigStopForecast forecast;
  gint64 now = S;

  mig_stop_forecast_init (&forecast, limits, 300 * MS);
  look (&forecast, now, 1, 500 * MB);
  now += 5 * S;
  g_assert_cmpint (look (&forecast, now, 2, 400 * MB), ==, G_MAXINT64);
  g_assert_cmpint (look (&forecast, now + S, 0, 300 * MB), ==, G_MAXINT64);
  now += 4 * S;
  g_assert_cmpint (look (&forecast, now, 3, 390 * MB), ==, G_MAXINT64);
  now += S * 39 / 10;
  g_assert_cmpint (look (&forecast, now, 4, 40 * MB), ==, now + S * 4 / 10);
}

/* The rule that is imposed is known before: by rounds, and by what will have been sent. */
static void
test_imposed (void)
{
  const MigStopLimits *limits = mig_stop_rule_limits (MIG_STOP_XEN_4_4);
  MigStopForecast forecast;
  gint64 now = S;

  mig_stop_forecast_init (&forecast, limits, MS);
  for (gint64 round = 1; round <= (gint64) limits->max_rounds; round++)
    {
      gint64 stop_ns = look (&forecast, now, round, 100 * MB);
      if (round > 1)
        g_assert_cmpint (stop_ns, ==, round < (gint64) limits->max_rounds ? G_MAXINT64 : now + S);
      now += S;
    }

  MigJobStatistics statistics = job (100 * MB, MIG_MISSING_INT);
  mig_stop_forecast_init (&forecast, limits, MS);
  look (&forecast, S, 1, 100 * MB);
  statistics.normal_pages = 3 * statistics.ram_bytes / 4096 - 30000;
  statistics.constant_pages = 0;
  mig_stop_forecast_look (&forecast, 2 * S, 2, &statistics);
  g_assert_cmpint (mig_stop_forecast_ns (&forecast), ==, G_MAXINT64);
  statistics.normal_pages += 20000;
  mig_stop_forecast_look (&forecast, 3 * S, 3, &statistics);
  g_assert_cmpint (mig_stop_forecast_ns (&forecast), ==, 4 * S);
}

/* What a hypervisor does not tell changes nothing. */
static void
test_missing (void)
{
  MigStopForecast forecast;

  mig_stop_forecast_init (&forecast, mig_stop_rule_limits (MIG_STOP_HYPERVISOR), 300 * MS);
  g_assert_cmpint (look (&forecast, S, 1, MIG_MISSING_INT), ==, G_MAXINT64);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/heartbeat-pace/nothing-to-ask", test_nothing_to_ask);
  g_test_add_func ("/heartbeat-pace/life", test_life);
  g_test_add_func ("/heartbeat-pace/unanswered", test_unanswered);
  g_test_add_func ("/heartbeat-pace/late-answers", test_late_answers);
  g_test_add_func ("/stop-forecast/first-round", test_first_round);
  g_test_add_func ("/stop-forecast/rounds", test_rounds);
  g_test_add_func ("/stop-forecast/imposed", test_imposed);
  g_test_add_func ("/stop-forecast/missing", test_missing);
  return g_test_run ();
}
