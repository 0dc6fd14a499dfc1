/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/durations.h"
#include "hosts/round-trip.h"

#define LONGEST_NS MIG_NS_PER_S

void
mig_round_trips_take (GArray *times, MigHost *host, guint calls)
{
  gint64 end_ns = mig_clock_now () + LONGEST_NS, ns;

  for (guint i = 0; i < calls && mig_clock_now () < end_ns && mig_host_round_trip (host, &ns, NULL);
       i++)
    g_array_append_val (times, ns);
}

gboolean
mig_round_trips_sum_up (GArray *times, MigRoundTripRecord *record)
{
  if (times->len == 0)
    return FALSE;
  g_array_sort (times, mig_durations_compare);
  record->calls = times->len;
  record->median_ns = mig_durations_quantile (times, 500);
  record->low_ns = mig_durations_quantile (times, 25);
  record->high_ns = mig_durations_quantile (times, 975);
  return TRUE;
}
