/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "measure/steady-state.h"

#define MS MIG_NS_PER_MS
#define FULL 1
#define QUARTER 0.25

/* beat: so many heartbeats, each so long after the one before, with so much more work. */
typedef struct {
  MigSteadyState state;
  gint64 now_ns, work, period_ns;
} Guest;

static void
beat (Guest *guest, guint n, gint64 after_ns, gint64 work)
{
  for (guint i = 0; i < n; i++)
    mig_steady_state_add (&guest->state, guest->now_ns += after_ns, guest->work += work,
                          guest->period_ns);
}

/* begin: with its first heartbeat. */
static Guest
begin (double scale, gint64 period_ns)
{
  Guest guest = { .now_ns = 7, .period_ns = period_ns };

  mig_steady_state_init (&guest.state, scale);
  beat (&guest, 1, 0, 1000);
  return guest;
}

static void
assert_reached (const Guest *guest, gboolean booted, gboolean restored)
{
  g_assert_cmpint (mig_steady_state_reached (&guest->state, FALSE), ==, booted);
  g_assert_cmpint (mig_steady_state_reached (&guest->state, TRUE), ==, restored);
}

/* Three bins of one that boots, two of one that was ready before. */
static void
test_bins (void)
{
  Guest guest = begin (QUARTER, 250 * MS);

  assert_reached (&guest, FALSE, FALSE);
  beat (&guest, 1, 250 * MS, 100);
  assert_reached (&guest, FALSE, FALSE);
  beat (&guest, 1, 250 * MS, 100);
  assert_reached (&guest, FALSE, TRUE);
  beat (&guest, 1, 250 * MS, 100);
  assert_reached (&guest, TRUE, TRUE);
}

/* A bin is a quarter of a second at least, at full size half a second, less a tenth; and as long as
 * the guest's period. */
static void
test_length (void)
{
  static const struct {
    double scale;
    gint64 period_ns, least_ns;
  } cases[] = { { QUARTER, 10 * MS, 225 * MS },
                { FULL, 10 * MS, 450 * MS },
                { QUARTER, 1000 * MS, 900 * MS } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Guest guest = begin (cases[i].scale, cases[i].period_ns);
      beat (&guest, 2, cases[i].least_ns - 1, 100);
      assert_reached (&guest, FALSE, FALSE); /* two heartbeats, one bin */
      guest = begin (cases[i].scale, cases[i].period_ns);
      beat (&guest, 2, cases[i].least_ns, 100);
      assert_reached (&guest, FALSE, TRUE);
    }
}

/* Rates that are a fifth apart are steady, more is not; an old one is forgotten. */
static void
test_rates (void)
{
  Guest guest = begin (FULL, 1000 * MS);

  beat (&guest, 1, 1000 * MS, 201);
  beat (&guest, 1, 1000 * MS, 160);
  assert_reached (&guest, FALSE, FALSE);
  beat (&guest, 1, 1000 * MS, 200);
  assert_reached (&guest, FALSE, TRUE);
  beat (&guest, 1, 1000 * MS, 200);
  assert_reached (&guest, TRUE, TRUE);
  beat (&guest, 1, 2000 * MS, 200);
  assert_reached (&guest, FALSE, FALSE);
}

/* One that does no work is steady. */
static void
test_idle (void)
{
  Guest guest = begin (FULL, 1000 * MS);

  beat (&guest, 3, 1000 * MS, 0);
  assert_reached (&guest, TRUE, TRUE);
}

static void
test_reset (void)
{
  Guest guest = begin (QUARTER, 250 * MS);

  beat (&guest, 3, 250 * MS, 100);
  mig_steady_state_reset (&guest.state);
  beat (&guest, 2, 250 * MS, 100); /* the first one begins a bin */
  assert_reached (&guest, FALSE, FALSE);
  beat (&guest, 1, 250 * MS, 100);
  assert_reached (&guest, FALSE, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/steady-state/bins", test_bins);
  g_test_add_func ("/steady-state/length", test_length);
  g_test_add_func ("/steady-state/rates", test_rates);
  g_test_add_func ("/steady-state/idle", test_idle);
  g_test_add_func ("/steady-state/reset", test_reset);
  return g_test_run ();
}
