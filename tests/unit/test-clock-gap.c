/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/units.h"
#include "base/clock-gap.h"

#define S MIG_NS_PER_S

/* On time, and as late as a busy machine makes it: no gap. */
static void
test_none (void)
{
  MigClockGap gap;

  mig_clock_gap_init (&gap, 7 * S);
  g_assert_false (mig_clock_gap_note (&gap, 10 * S, 10 * S, 7 * S));
  g_assert_false (mig_clock_gap_note (&gap, 10 * S, 12 * S, 7 * S));
  g_assert_null (mig_clock_gap_text (&gap));
}

/* Stopped twice. */
static void
test_stopped (void)
{
  MigClockGap gap;

  mig_clock_gap_init (&gap, 0);
  g_assert_true (mig_clock_gap_note (&gap, 10 * S, 25 * S, 0));
  g_assert_cmpint (gap.end_ns, ==, 25 * S);
  g_assert_true (mig_clock_gap_note (&gap, 30 * S, 35 * S, 0));
  g_assert_cmpint (gap.end_ns, ==, 35 * S);
  g_assert_cmpint (gap.total_ns, ==, 20 * S);
  g_autofree char *text = mig_clock_gap_text (&gap);
  g_assert_cmpstr (text, ==,
                   "migcost itself stood still for 20.0 s: it was stopped, or its machine slept");
}

/* CLOCK_MONOTONIC stands still as well while a machine sleeps: only the other clock tells. */
static void
test_asleep (void)
{
  MigClockGap gap;

  mig_clock_gap_init (&gap, 7 * S);
  g_assert_true (mig_clock_gap_note (&gap, 10 * S, 10 * S, 67 * S));
  g_assert_cmpint (gap.total_ns, ==, 60 * S);
  g_assert_false (mig_clock_gap_note (&gap, 11 * S, 11 * S, 67 * S));
  g_assert_cmpint (gap.total_ns, ==, 60 * S);
}

/* No machine slept while this ran. */
static void
test_clock (void)
{
  gint64 before = mig_clock_asleep ();

  g_assert_cmpint (before, >=, 0);
  g_assert_cmpint (ABS (mig_clock_asleep () - before), <, S);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock-gap/none", test_none);
  g_test_add_func ("/clock-gap/stopped", test_stopped);
  g_test_add_func ("/clock-gap/asleep", test_asleep);
  g_test_add_func ("/clock-gap/clock", test_clock);
  return g_test_run ();
}
