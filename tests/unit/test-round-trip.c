/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/columns.h"
#include "hosts/round-trip.h"
#include "virt/loop.h"

/* How long the way to a host and back takes. */

static MigRoundTripRecord
sum_up (const gint64 *ns, guint n)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  MigRoundTripRecord record;

  mig_record_init (MIG_TABLE_ROUND_TRIPS, &record);
  g_array_append_vals (times, ns, n);
  g_assert_true (mig_round_trips_sum_up (times, &record) == (n > 0));
  return record;
}

static void
test_percentiles (void)
{
  gint64 ns[200];

  for (guint i = 0; i < G_N_ELEMENTS (ns); i++)
    ns[i] = (i * 77) % 200 + 1; /* 1 to 200, each once */
  MigRoundTripRecord all = sum_up (ns, 200);
  g_assert_cmpint (all.calls, ==, 200);
  g_assert_cmpint (all.median_ns, ==, 100);
  g_assert_cmpint (all.low_ns, ==, 5);
  g_assert_cmpint (all.high_ns, ==, 195);

  MigRoundTripRecord one = sum_up (ns, 1);
  g_assert_cmpint (one.median_ns, ==, 1);
  g_assert_cmpint (one.low_ns, ==, 1);
  g_assert_cmpint (one.high_ns, ==, 1);

  MigRoundTripRecord none = sum_up (ns, 0);
  g_assert_true (MIG_IS_MISSING (none.calls) && MIG_IS_MISSING (none.high_ns));
}

static void
test_calls (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigHost) host = mig_host_open ("h", "test:///default", &error);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_assert_no_error (error);
  mig_round_trips_take (times, host, 7);
  mig_round_trips_take (times, host, 3);
  g_assert_cmpuint (times->len, ==, 10);
  for (guint i = 0; i < times->len; i++)
    g_assert_cmpint (g_array_index (times, gint64, i), >=, 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (&error));
  g_test_add_func ("/round-trip/percentiles", test_percentiles);
  g_test_add_func ("/round-trip/calls", test_calls);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
