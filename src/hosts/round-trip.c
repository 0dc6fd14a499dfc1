/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
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

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return (x > y) - (x < y);
}

/* By nearest rank: the least of the times that at least that share of them does not exceed. */
static gint64
percentile (const GArray *times, double share)
{
  guint rank = (guint) (share * times->len);
  rank += rank < share * times->len;
  return g_array_index (times, gint64, MAX (rank, 1) - 1);
}

gboolean
mig_round_trips_sum_up (GArray *times, MigRoundTripRecord *record)
{
  if (times->len == 0)
    return FALSE;
  g_array_sort (times, compare);
  record->calls = times->len;
  record->median_ns = percentile (times, 0.5);
  record->low_ns = percentile (times, 0.025);
  record->high_ns = percentile (times, 0.975);
  return TRUE;
}
