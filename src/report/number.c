/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "report/number.h"

/* prefixed: the largest prefix of which there is at least one. */
static MigShown
prefixed (const MigShown *prefixes, guint n, double largest)
{
  MigShown best = prefixes[0];

  for (guint i = 1; i < n; i++)
    if (fabs (largest) * prefixes[i].factor >= 1)
      best = prefixes[i];
  return best;
}

MigShown
mig_number_shown (const MigMetricInfo *info, double largest)
{
  static const MigShown bytes[] = { { "B", 1 }, { "kB", 1e-3 }, { "MB", 1e-6 } };
  static const MigShown speeds[] = { { "B/s", 1 }, { "kB/s", 1e-3 }, { "MB/s", 1e-6 } };
  static const MigShown rates[] = {
    { "/s", 1 }, { "k/s", 1e-3 }, { "M/s", 1e-6 }, { "G/s", 1e-9 }
  };

  if (strcmp (info->unit, "bytes") == 0)
    return prefixed (bytes, G_N_ELEMENTS (bytes), largest);
  if (strcmp (info->unit, "bytes/s") == 0)
    return prefixed (speeds, G_N_ELEMENTS (speeds), largest);
  if (strcmp (info->unit, "units/s") == 0)
    return prefixed (rates, G_N_ELEMENTS (rates), largest);
  if (strcmp (info->unit, "share") == 0)
    return (MigShown){ "%", 100 };
  return (MigShown){ strcmp (info->unit, "1") == 0 ? "" : info->unit, 1 };
}

char *
mig_number_stat (const MigStat *stat, double factor, guint n_expected)
{
  double mean = stat->mean * factor, half = (stat->ci_high - stat->ci_low) / 2 * factor;
  guint decimals = mig_number_decimals (mean);
  g_autofree char *first = mig_number (mean, decimals);
  g_autofree char *second = mig_number (half, decimals);
  GString *text = g_string_new (first);

  if (!isnan (half))
    g_string_append_printf (text, " ± %s", second);
  if (stat->n > 0 && stat->n != n_expected)
    g_string_append_printf (text, " (n=%u)", stat->n);
  return g_string_free (text, FALSE);
}

gboolean
mig_number_is_vague (const MigStat *stat)
{
  return stat->n >= 2 && (stat->ci_high - stat->ci_low) / 2 > fabs (stat->mean);
}

char *
mig_number_interval (const MigStat *stat, double factor, guint decimals)
{
  g_autofree char *low = mig_number (stat->ci_low * factor, decimals);
  g_autofree char *high = mig_number (stat->ci_high * factor, decimals);

  return isnan (stat->ci_low) ? g_strdup ("no interval") : g_strdup_printf ("%s to %s", low, high);
}

char *
mig_number_predicted (MigPredicted predicted)
{
  g_autofree char *middle = mig_number_measure (predicted.value),
                  *low = mig_number_measure (predicted.low),
                  *high = mig_number_measure (predicted.high);

  if (isnan (predicted.low))
    return g_steal_pointer (&middle);
  return isnan (predicted.high) ? g_strdup_printf ("%s (at least %s)", middle, low)
                                : g_strdup_printf ("%s (%s to %s)", middle, low, high);
}

char *
mig_number_fact (const char *value, const char *unit)
{
  static const struct {
    const char *unit;
    char *(*format) (gint64 value);
  } units[] = {
    { "ns", mig_units_format_duration },
    { "bytes", mig_units_format_bytes },
    { "bytes/s", mig_units_format_rate },
  };

  for (guint i = 0; value && *value && i < G_N_ELEMENTS (units); i++)
    if (g_strcmp0 (unit, units[i].unit) == 0)
      return units[i].format (g_ascii_strtoll (value, NULL, 10));
  if (!value || !*value)
    return g_strdup ("-");
  return g_strdup_printf ("%s%s%s", value, unit ? " " : "", unit ? unit : "");
}
