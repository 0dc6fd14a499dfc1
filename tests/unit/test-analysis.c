/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#include "summary/analysis.h"
#include "summary/downtime.h"
#include "summary/duration-histogram.h"
#include "summary/series.h"
#include "results/columns.h"
#include "tests/unit/manpage.h"

#define MS MIG_NS_PER_MS

static void
assert_near (double value, double expected, double tolerance)
{
  g_assert_cmpfloat_with_epsilon (value, expected, tolerance);
}

static void
stat_of (MigStat *stat, const double *values, guint n)
{
  mig_stat_init (stat);
  for (guint i = 0; i < n; i++)
    mig_stat_add (stat, i + 1, i + 1, values[i]);
  mig_stat_compute (stat);
}

/* Quantiles of Student's t as printed in statistical tables (0.975 one-sided). With values -1 and 1
 * repeated to unit standard error the half width is the quantile itself. */
static void
test_t_quantiles (void)
{
  static const struct {
    guint degrees;
    double t;
  } table[] = {
    { 1, 12.706 }, { 2, 4.303 },  { 3, 3.182 },  { 4, 2.776 },
    { 9, 2.262 },  { 29, 2.045 }, { 99, 1.984 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      MigStat stat = { .n = table[i].degrees + 1, .mean = 10 };
      double low, high;
      stat.sd = sqrt (stat.n); /* standard error 1 */
      g_assert_true (mig_stat_interval (&stat, 0.95, &low, &high));
      assert_near (high - 10, table[i].t, 5.1e-4);
      assert_near (10 - low, table[i].t, 5.1e-4);
    }
}

/* NIST StRD "NumAcc1": certified mean 10000002, standard deviation 1. */
static void
test_nist_numacc1 (void)
{
  const double values[] = { 10000001, 10000003, 10000002 };
  MigStat stat;

  stat_of (&stat, values, 3);
  g_assert_cmpfloat (stat.mean, ==, 10000002);
  g_assert_cmpfloat (stat.sd, ==, 1);
  g_assert_cmpfloat (stat.median, ==, 10000002);
  assert_near (stat.ci_high - stat.mean, 4.302652730 / sqrt (3), 1e-6);
  mig_stat_clear (&stat);
}

static void
test_few (void)
{
  const double one[] = { 3 };
  MigStat stat;

  stat_of (&stat, one, 0);
  g_assert_cmpuint (stat.n, ==, 0);
  g_assert_true (isnan (stat.mean) && isnan (stat.ci_low) && isnan (stat.min));
  mig_stat_clear (&stat);
  stat_of (&stat, one, 1);
  g_assert_cmpfloat (stat.mean, ==, 3);
  g_assert_true (isnan (stat.ci_low) && isnan (stat.ci_high) && isnan (stat.sd) && isnan (stat.cv));
  mig_stat_add (&stat, 2, 2, NAN); /* no value */
  mig_stat_compute (&stat);
  g_assert_cmpuint (stat.n, ==, 1);
  mig_stat_clear (&stat);
}

/* Properties of any sample: order of the members; what adding and scaling do to them. */
static void
test_properties (void)
{
  for (guint round = 0; round < 200; round++)
    {
      double values[20], moved[20];
      guint n = g_test_rand_int_range (2, 20);
      double scale = g_test_rand_double_range (0.1, 9), shift = g_test_rand_double_range (-5, 5);
      MigStat a, b, difference;
      for (guint i = 0; i < n; i++)
        {
          values[i] = g_test_rand_double_range (-1000, 1000);
          moved[i] = values[i] * scale + shift;
        }
      stat_of (&a, values, n);
      stat_of (&b, moved, n);
      g_assert_true (a.min <= a.median && a.median <= a.max && a.min <= a.mean && a.mean <= a.max);
      g_assert_true (a.ci_low <= a.mean && a.mean <= a.ci_high);
      assert_near (b.mean, a.mean * scale + shift, 1e-6);
      assert_near (b.ci_high - b.ci_low, (a.ci_high - a.ci_low) * scale, 1e-6);
      mig_stat_paired (&difference, &a, &b);
      g_assert_cmpuint (difference.n, ==, n);
      assert_near (difference.mean, b.mean - a.mean, 1e-6);
      mig_stat_clear (&difference);
      mig_stat_paired (&difference, &a, &a);
      assert_near (difference.ci_high, 0, 1e-12);
      mig_stat_clear (&difference);
      mig_stat_clear (&a);
      mig_stat_clear (&b);
    }
}

/* The 95 % interval of samples of a known mean holds it in about 95 % of them: in 2000 of a seeded
 * generator, between 93.5 and 96.5 % (3 standard deviations of a binomial). */
static void
test_coverage (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261123);
  guint holds = 0;

  for (guint round = 0; round < 2000; round++)
    {
      double values[5];
      MigStat stat;
      for (guint i = 0; i < 5; i++)
        {
          values[i] = -6;
          for (guint j = 0; j < 12; j++) /* nearly normal, mean 0 */
            values[i] += g_rand_double (rand);
        }
      stat_of (&stat, values, 5);
      holds += stat.ci_low <= 0 && 0 <= stat.ci_high;
      mig_stat_clear (&stat);
    }
  g_assert_cmpuint (holds, >=, 1870);
  g_assert_cmpuint (holds, <=, 1930);
}

static void
test_pairs_by_repetition (void)
{
  MigStat a, b, difference;

  mig_stat_init (&a);
  mig_stat_init (&b);
  mig_stat_add (&a, 1, 1, 10);
  mig_stat_add (&a, 2, 2, 20);
  mig_stat_add (&a, 3, 3, 30);
  mig_stat_add (&b, 4, 3, 33);
  mig_stat_add (&b, 5, 1, 11);
  mig_stat_paired (&difference, &a, &b);
  g_assert_cmpuint (difference.n, ==, 2); /* repetition 2 has no partner */
  g_assert_cmpfloat (difference.mean, ==, 2);
  mig_stat_clear (&difference);
  mig_stat_clear (&a);
  mig_stat_clear (&b);
}

static MigMigrationRecord
migration (gint64 last, gint64 first, gint64 lost)
{
  MigMigrationRecord m;
  mig_record_init (MIG_TABLE_MIGRATIONS, &m);
  m.last_source_heartbeat_ns = last;
  m.first_destination_heartbeat_ns = first;
  m.lost_at_switch = lost;
  return m;
}

static const MigStampDelay unknown = { MIG_MISSING_INT, MIG_MISSING_INT };

static void
test_downtime (void)
{
  MigMigrationRecord m = migration (1000 * MS, 1067 * MS, 0);
  MigGuestDowntime d = mig_downtime_guest (&m, 10 * MS, MIG_MISSING_INT, unknown);

  g_assert_cmpint (d.value_ns, ==, 57 * MS);
  g_assert_cmpint (d.low_ns, ==, 57 * MS);
  g_assert_cmpint (d.high_ns, ==, 67 * MS);
  g_assert_cmpint (d.resolution_ns, ==, 10 * MS);
  g_assert_null (d.why);
  g_assert_true (MIG_IS_MISSING (mig_downtime_events (&m)));
  m.suspended_ns = 1002 * MS;
  m.resumed_ns = 1047 * MS;
  g_assert_cmpint (mig_downtime_events (&m), ==, 45 * MS);
  /* a guest that sends late anyway */
  d = mig_downtime_guest (&m, 10 * MS, 32 * MS, unknown);
  g_assert_cmpint (d.value_ns, ==, 57 * MS);
  g_assert_cmpint (d.low_ns, ==, 25 * MS);
  d = mig_downtime_guest (&m, 10 * MS, 80 * MS, unknown);
  g_assert_cmpint (d.low_ns, ==, 0);
  /* no silence at all */
  m = migration (1000 * MS, 1004 * MS, 0);
  g_assert_cmpint (mig_downtime_guest (&m, 10 * MS, MIG_MISSING_INT, unknown).value_ns, ==, 0);
}

/* The period in force at the switch-over is that of the migration, not the guest's. */
static void
test_downtime_period (void)
{
  const MigStampDelay late = { 3 * MS, 5 * MS };
  MigMigrationRecord m = migration (1000 * MS, 1500 * MS, 0);

  m.heartbeat_period_ns = 100 * MS;
  MigGuestDowntime d = mig_downtime_guest (&m, 1000 * MS, 0, late);
  g_assert_cmpint (d.value_ns, ==, 400 * MS);
  g_assert_cmpint (d.low_ns, ==, 395 * MS);
  g_assert_cmpint (d.high_ns, ==, 503 * MS);
  g_assert_cmpint (d.resolution_ns, ==, 100 * MS);
  /* it did not stop more than a round trip before the event */
  m.suspended_ns = 1060 * MS;
  d = mig_downtime_guest (&m, 1000 * MS, 0, late);
  g_assert_cmpint (d.value_ns, ==, 400 * MS);
  g_assert_cmpint (d.high_ns, ==, 443 * MS);
  /* an event that came later than its round trip would have it */
  m.suspended_ns = 1200 * MS;
  g_assert_cmpint (mig_downtime_guest (&m, 1000 * MS, 0, late).high_ns, ==, 503 * MS);
}

/* An answer comes at once, and not at the end of the period. */
static void
test_downtime_answered (void)
{
  const MigStampDelay late = { 3 * MS, 5 * MS };
  MigMigrationRecord m = migration (1000 * MS, 1500 * MS, 0);

  m.heartbeat_period_ns = 1000 * MS;
  m.suspended_ns = 1300 * MS;
  m.answered = 1;
  MigGuestDowntime d = mig_downtime_guest (&m, 1000 * MS, 20 * MS, late);
  g_assert_cmpint (d.value_ns, ==, 200 * MS);
  g_assert_cmpint (d.low_ns, ==, 195 * MS);
  g_assert_cmpint (d.high_ns, ==, 203 * MS);
  /* without the event the answer says no more than another heartbeat */
  m.suspended_ns = MIG_MISSING_INT;
  d = mig_downtime_guest (&m, 1000 * MS, 20 * MS, late);
  g_assert_cmpint (d.value_ns, ==, 0);
  g_assert_cmpint (d.high_ns, ==, 503 * MS);
}

/* What the way from a host takes is not known: between nothing and a whole round trip. */
static void
test_downtime_late (void)
{
  MigMigrationRecord m = migration (1000 * MS, 1067 * MS, 0);
  const MigStampDelay late = { 3 * MS, 20 * MS }, half = { 3 * MS, MIG_MISSING_INT };
  gint64 low, high;

  m.suspended_ns = 1002 * MS;
  m.resumed_ns = 1047 * MS;
  mig_downtime_events_bounds (&m, late, &low, &high);
  g_assert_cmpint (low, ==, 25 * MS);
  g_assert_cmpint (high, ==, 48 * MS);
  mig_downtime_events_bounds (&m, half, &low, &high);
  g_assert_true (MIG_IS_MISSING (low) && MIG_IS_MISSING (high));
  m.resumed_ns = 1010 * MS;
  mig_downtime_events_bounds (&m, late, &low, &high);
  g_assert_cmpint (low, ==, 0);
  m.suspended_ns = MIG_MISSING_INT;
  mig_downtime_events_bounds (&m, late, &low, &high);
  g_assert_true (MIG_IS_MISSING (low) && MIG_IS_MISSING (high));

  MigGuestDowntime d = mig_downtime_guest (&m, 10 * MS, MIG_MISSING_INT, late);
  g_assert_cmpint (d.value_ns, ==, 57 * MS);
  g_assert_cmpint (d.low_ns, ==, 37 * MS);
  g_assert_cmpint (d.high_ns, ==, 70 * MS);
  g_assert_cmpint (d.resolution_ns, ==, 10 * MS);
  g_assert_cmpint (mig_downtime_guest (&m, 10 * MS, MIG_MISSING_INT, half).low_ns, ==, 57 * MS);
}

static void
test_downtime_missing (void)
{
  MigMigrationRecord cases[] = {
    migration (MIG_MISSING_INT, 1, 0),
    migration (1, MIG_MISSING_INT, 0),
    migration (1, 2, 3),
    migration (2, 1, 0),
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MigGuestDowntime d = mig_downtime_guest (&cases[i], 10 * MS, 0, unknown);
      g_assert_true (MIG_IS_MISSING (d.value_ns) && MIG_IS_MISSING (d.low_ns) &&
                     MIG_IS_MISSING (d.high_ns));
      g_assert_nonnull (d.why);
    }
}

static void
test_gaps (void)
{
  MigDurationHistogram gaps = { 0 };

  g_assert_true (MIG_IS_MISSING (mig_duration_histogram_percentile (&gaps, 0.99)));
  for (guint i = 0; i < 990; i++)
    mig_duration_histogram_add (&gaps, 10 * MS);
  for (guint i = 0; i < 10; i++)
    mig_duration_histogram_add (&gaps, 40 * MS);
  gint64 p99 = mig_duration_histogram_percentile (&gaps, 0.99),
         p995 = mig_duration_histogram_percentile (&gaps, 0.995);
  g_assert_cmpint (p99, >=, 10 * MS);
  g_assert_cmpint (p99, <=, 10 * MS * 17 / 16);
  g_assert_cmpint (p995, >=, 40 * MS);
  g_assert_cmpint (p995, <=, 40 * MS * 17 / 16);
}

/* For any duration within the range, the percentile of it alone is it, to 1/16, rounded up. */
static void
test_gaps_resolution (void)
{
  for (guint i = 0; i < 1000; i++)
    {
      MigDurationHistogram gaps = { 0 };
      gint64 gap = (gint64) (1000 * pow (2, g_test_rand_double_range (0, 26)));
      mig_duration_histogram_add (&gaps, gap);
      gint64 found = mig_duration_histogram_percentile (&gaps, 0.99);
      g_assert_cmpint (found, >=, gap);
      g_assert_cmpint (found, <=, gap + gap / 16 + 1);
    }
}

static void
push (MigSeries *series, gint64 time_ns, double value)
{
  mig_series_push (series, time_ns, &value);
}

static void
test_series (void)
{
  MigSeries series;
  double length_s;

  mig_series_init (&series, 1, 100 * MS);
  mig_series_probe (&series, 3000 * MS);
  mig_series_probe (&series, 1000 * MS); /* any order */
  mig_series_probe (&series, 1050 * MS);
  mig_series_probe (&series, 9000 * MS);
  mig_series_probe (&series, MIG_MISSING_INT);
  push (&series, 1040 * MS, 10); /* 40 ms after the probe: stands for it */
  push (&series, 2000 * MS, 106);
  push (&series, 1500 * MS, 1e9); /* back in time: ignored */
  push (&series, 4000 * MS, 306);
  push (&series, 8800 * MS, 306);
  mig_series_finish (&series);
  assert_near (mig_series_delta (&series, 0, 1000 * MS, 3000 * MS, &length_s), 196, 1e-9);
  assert_near (length_s, 1.96, 1e-12);
  assert_near (mig_series_delta (&series, 0, 1050 * MS, 3000 * MS, &length_s), 195, 1e-9);
  assert_near (length_s, 1.95, 1e-12);
  g_assert_true (isnan (mig_series_delta (&series, 0, 1000 * MS, 9000 * MS, NULL))); /* out of reach
                                                                                      */
  g_assert_true (isnan (mig_series_delta (&series, 0, 1000 * MS, 5000 * MS, NULL))); /* no probe */
}

static void
test_series_of_a_move (void)
{
  MigSeries source, destination, none;
  const double missing = NAN;

  mig_series_init (&source, 1, MS);
  source.ends_at_last = TRUE;
  mig_series_init (&destination, 1, MS);
  destination.starts_at_zero = TRUE;
  mig_series_init (&none, 1, MS);
  for (guint i = 0; i < 2; i++)
    {
      mig_series_probe (&source, i * 10 * MIG_NS_PER_S);
      mig_series_probe (&destination, i * 10 * MIG_NS_PER_S);
      mig_series_probe (&none, i * 10 * MIG_NS_PER_S);
    }
  push (&source, 0, 5);
  push (&source, 4 * MIG_NS_PER_S, 7);
  push (&destination, 6 * MIG_NS_PER_S, 1);
  push (&destination, 10 * MIG_NS_PER_S, 4);
  mig_series_push (&none, 0, &missing);
  mig_series_push (&none, 10 * MIG_NS_PER_S, &missing);
  mig_series_finish (&source);
  mig_series_finish (&destination);
  mig_series_finish (&none);
  assert_near (mig_series_delta (&source, 0, 0, 10 * MIG_NS_PER_S, NULL), 2, 1e-12);
  assert_near (mig_series_delta (&destination, 0, 0, 10 * MIG_NS_PER_S, NULL), 4, 1e-12);
  g_assert_true (isnan (mig_series_delta (&none, 0, 0, 10 * MIG_NS_PER_S, NULL)));
}

/* The id carries the unit; ids are unique and fit for JSON keys. */
static void
test_metrics (void)
{
  static const struct {
    const char *unit, *suffix;
  } suffixes[] = {
    { "s", "_s" },         { "bytes", "_bytes" },         { "bytes/s", "_bytes_per_s" },
    { "share", "_share" }, { "units/s", "_units_per_s" }, { "1", "" },
  };

  for (guint i = 0; i < MIG_N_METRICS; i++)
    {
      const MigMetricInfo *info = mig_metric_info (i);
      gboolean known = FALSE;
      g_assert_nonnull (info->id);
      for (guint j = 0; j < i; j++)
        g_assert_cmpstr (info->id, !=, mig_metric_info (j)->id);
      for (guint j = 0; j < G_N_ELEMENTS (suffixes); j++)
        if (strcmp (info->unit, suffixes[j].unit) == 0)
          {
            known = TRUE;
            g_assert_true (g_str_has_suffix (info->id, suffixes[j].suffix));
          }
      g_assert_true (known);
      g_assert_cmpuint (strlen (info->meaning), >, 10);
    }
}

/* migcost-results(5) names every metric with its unit and meaning, and no other. */
static void
test_manual (void)
{
  g_autoptr (GHashTable) items = manpage_items ("migcost-results.5");

  for (guint i = 0; i < MIG_N_METRICS; i++)
    {
      const MigMetricInfo *info = mig_metric_info (i);
      manpage_take (
          items, i < MIG_FIRST_CLASS_METRIC ? "Metrics of a run" : "Metrics of a class of guests",
          info->id, info->unit, info->meaning);
    }
  manpage_assert_empty (items, "Metrics of a run");
  manpage_assert_empty (items, "Metrics of a class of guests");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/stats/t-quantiles", test_t_quantiles);
  g_test_add_func ("/analysis/stats/numacc1", test_nist_numacc1);
  g_test_add_func ("/analysis/stats/few", test_few);
  g_test_add_func ("/analysis/stats/properties", test_properties);
  g_test_add_func ("/analysis/stats/coverage", test_coverage);
  g_test_add_func ("/analysis/stats/pairs", test_pairs_by_repetition);
  g_test_add_func ("/analysis/downtime", test_downtime);
  g_test_add_func ("/analysis/downtime-late", test_downtime_late);
  g_test_add_func ("/analysis/downtime-period", test_downtime_period);
  g_test_add_func ("/analysis/downtime-answered", test_downtime_answered);
  g_test_add_func ("/analysis/downtime/missing", test_downtime_missing);
  g_test_add_func ("/analysis/gaps", test_gaps);
  g_test_add_func ("/analysis/gaps/resolution", test_gaps_resolution);
  g_test_add_func ("/analysis/series", test_series);
  g_test_add_func ("/analysis/series/move", test_series_of_a_move);
  g_test_add_func ("/analysis/metrics", test_metrics);
  g_test_add_func ("/analysis/metrics/manual", test_manual);
  return g_test_run ();
}
