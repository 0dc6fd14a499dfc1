/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <math.h>

#include "base/error.h"
#include "base/units.h"

static void
test_bytes (void)
{
  static const struct {
    const char *text;
    guint64 bytes;
  } good[] = {
    { "512 MiB", 512 * MIG_MIB }, { "460 MB", 460000000 }, { "4096", 4096 },
    { "1.5GiB", 1610612736 },     { " 64 MB ", 64000000 }, { "0", 0 },
  };
  static const char *const bad[] = { "",    "MiB", "-1 MB",   "12 apples", "1,5 GiB",
                                     "nan", "inf", "1e30 TB", "0x10" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      guint64 bytes = 1;
      g_assert_true (mig_units_parse_bytes (good[i].text, &bytes, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (bytes, ==, good[i].bytes);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      guint64 bytes = 1;
      g_assert_false (mig_units_parse_bytes (bad[i], &bytes, &error));
      g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
      g_assert_cmpuint (bytes, ==, 1);
    }
}

static void
test_duration (void)
{
  g_autoptr (GError) error = NULL;
  gint64 ns = 0;

  g_assert_true (mig_units_parse_duration ("10 ms", &ns, NULL));
  g_assert_cmpint (ns, ==, 10 * MIG_NS_PER_MS);
  g_assert_true (mig_units_parse_duration ("1.5s", &ns, NULL));
  g_assert_cmpint (ns, ==, 1500 * MIG_NS_PER_MS);
  g_assert_true (mig_units_parse_duration ("0", &ns, NULL));
  g_assert_cmpint (ns, ==, 0);
  g_assert_false (mig_units_parse_duration ("10", &ns, &error));
  g_assert_cmpstr (error->message, ==,
                   "'10' is not a duration; expected something like '30 s' or '10 ms'");
}

static void
test_rate (void)
{
  guint64 rate = 0;
  g_assert_true (mig_units_parse_rate ("1 Gbit/s", &rate, NULL));
  g_assert_cmpuint (rate, ==, 125000000);
  g_assert_true (mig_units_parse_rate ("117 MiB/s", &rate, NULL));
  g_assert_cmpuint (rate, ==, 117 * MIG_MIB);
  g_assert_false (mig_units_parse_rate ("1 Gbit", &rate, NULL));
}

static void
test_format (void)
{
  static const struct {
    gint64 ns;
    const char *text;
  } cases[] = {
    { 0, "0 ns" },
    { 999, "999 ns" },
    { 45 * MIG_NS_PER_MS, "45.0 ms" },
    { 3558 * MIG_NS_PER_MS, "3.56 s" },
    { 118810 * MIG_NS_PER_MS, "119 s" },
    { MIG_MISSING_INT, "-" },
    { -2 * MIG_NS_PER_S, "-2.00 s" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = mig_units_format_duration (cases[i].ns);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
  g_autofree char *bytes = mig_units_format_bytes (536870912);
  g_assert_cmpstr (bytes, ==, "537 MB");
  g_autofree char *rate = mig_units_format_rate (118 * 1000 * 1000);
  g_assert_cmpstr (rate, ==, "118 MB/s");
}

static void
test_seconds (void)
{
  g_assert_cmpfloat (mig_units_seconds (1500 * MIG_NS_PER_MS), ==, 1.5);
  g_assert_true (isnan (mig_units_seconds (MIG_MISSING_INT)));
  g_assert_cmpfloat (mig_units_seconds_between (MIG_NS_PER_S, 3 * MIG_NS_PER_S), ==, 2);
  g_assert_true (isnan (mig_units_seconds_between (MIG_MISSING_INT, 3)));
  g_assert_true (isnan (mig_units_seconds_between (3, MIG_MISSING_INT)));
  g_assert_cmpint (mig_units_ns (-1.5), ==, -1500 * MIG_NS_PER_MS);
  g_assert_true (MIG_IS_MISSING (mig_units_ns (NAN)));
  g_assert_true (MIG_IS_MISSING (mig_units_ns (INFINITY)));
  g_assert_cmpint (mig_units_ns (1e300), >, 0); /* the longest */
  g_autofree char *text = mig_units_format_seconds (0.123);
  g_autofree char *none = mig_units_format_seconds (NAN);
  g_assert_cmpstr (text, ==, "123 ms");
  g_assert_cmpstr (none, ==, "-");
}

static void
test_limit (void)
{
  static const struct {
    guint64 bytes_per_s, mib_per_s;
  } cases[] = {
    { 0, 0 },       { 1000, 0 },          { 1000000, 1 },   { 1250000, 0 },         { 1500000, 0 },
    { MIG_MIB, 1 }, { 12 * MIG_MIB, 12 }, { 50000000, 48 }, { 117 * MIG_MIB, 117 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean fits = cases[i].bytes_per_s == 0 || cases[i].mib_per_s;
      g_assert_cmpuint (mig_units_limit_mib (cases[i].bytes_per_s), ==, cases[i].mib_per_s);
      g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT " B/s", cases[i].bytes_per_s);
      guint64 limit = 1;
      g_assert_true (mig_units_parse_limit (text, &limit, &error) == fits);
      g_assert_true (!fits || limit == cases[i].bytes_per_s);
      g_assert_true (fits || g_error_matches (error, MIG_ERROR, MIG_ERROR_INVALID));
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/units/bytes", test_bytes);
  g_test_add_func ("/units/duration", test_duration);
  g_test_add_func ("/units/rate", test_rate);
  g_test_add_func ("/units/seconds", test_seconds);
  g_test_add_func ("/units/limit", test_limit);
  g_test_add_func ("/units/format", test_format);
  return g_test_run ();
}
