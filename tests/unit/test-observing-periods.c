/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "hosts/observing-periods.h"

#define MS MIG_NS_PER_MS
#define S MIG_NS_PER_S

static void
assert_heartbeats (const MigStudy *study, MigHostTraits traits, gint64 rest, gint64 moving,
                   gint64 stop)
{
  MigHeartbeatPeriods periods = mig_heartbeat_periods (study, traits);

  g_assert_cmpint (periods.rest_ns, ==, rest);
  g_assert_cmpint (periods.moving_ns, ==, moving);
  g_assert_cmpint (periods.switch_ns, ==, stop);
}

static void
test_full_size (void)
{
  const MigStudy study = { .scale_ratio = 1 };

  assert_heartbeats (&study, (MigHostTraits){ 0 }, S, 200 * MS, 10 * MS);
  assert_heartbeats (&study, (MigHostTraits){ .nested = TRUE }, S, 200 * MS, 50 * MS);
  assert_heartbeats (&study, (MigHostTraits){ .management_domain = TRUE }, S, 200 * MS, 200 * MS);
}

/* A smaller model is observed more often, where that does not take the guests' CPU time. */
static void
test_scaled (void)
{
  const MigStudy quarter = { .scale_ratio = 0.25 }, tenth = { .scale_ratio = 0.1 };

  assert_heartbeats (&quarter, (MigHostTraits){ 0 }, 250 * MS, 200 * MS, 10 * MS);
  assert_heartbeats (&tenth, (MigHostTraits){ 0 }, 200 * MS, 200 * MS, 10 * MS);
  assert_heartbeats (&quarter, (MigHostTraits){ .nested = TRUE }, 250 * MS, 200 * MS, 50 * MS);
  assert_heartbeats (&quarter, (MigHostTraits){ .management_domain = TRUE }, S, 200 * MS, 200 * MS);
  assert_heartbeats (&tenth, (MigHostTraits){ .management_domain = TRUE }, S, 200 * MS, 200 * MS);
}

static void
test_fixed (void)
{
  const MigStudy study = { .scale_ratio = 0.25, .heartbeat_ns = 50 * MS, .sampling_ns = 100 * MS };
  const MigHostTraits traits = { .management_domain = TRUE, .nested = TRUE };
  gint64 moving_ns = 0;

  assert_heartbeats (&study, traits, 50 * MS, 50 * MS, 50 * MS);
  g_assert_cmpint (mig_sampling_period (&study, traits, &moving_ns), ==, 100 * MS);
  g_assert_cmpint (moving_ns, ==, 100 * MS);
}

static void
test_samples (void)
{
  static const struct {
    MigHostTraits traits;
    gint64 moving_ns;
  } rows[] = { { { 0 }, 500 * MS },
               { { .nested = TRUE }, S },
               { { .management_domain = TRUE }, S } };
  const MigStudy study = { .scale_ratio = 0.25 };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 moving_ns = 0;
      g_assert_cmpint (mig_sampling_period (&study, rows[i].traits, &moving_ns), ==, S);
      g_assert_cmpint (moving_ns, ==, rows[i].moving_ns);
    }
}

static void
test_probes (void)
{
  g_assert_cmpint (mig_probing_period ((MigHostTraits){ 0 }), ==, 10 * MS);
  g_assert_cmpint (mig_probing_period ((MigHostTraits){ .nested = TRUE }), ==, 50 * MS);
  g_assert_cmpint (mig_probing_period ((MigHostTraits){ .management_domain = TRUE }), ==, 10 * MS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/observing-periods/full-size", test_full_size);
  g_test_add_func ("/observing-periods/scaled", test_scaled);
  g_test_add_func ("/observing-periods/fixed", test_fixed);
  g_test_add_func ("/observing-periods/samples", test_samples);
  g_test_add_func ("/observing-periods/probes", test_probes);
  return g_test_run ();
}
