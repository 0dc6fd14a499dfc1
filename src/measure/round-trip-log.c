/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "hosts/round-trip.h"
#include "measure/round-trip-log.h"

GHashTable *
mig_round_trip_log_new (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
}

void
mig_round_trip_log_time (GHashTable *log, MigRun *run)
{
  for (guint i = 0; i < run->options.hosts->len; i++)
    {
      MigRunHost *host = run->options.hosts->pdata[i];
      GArray *times = g_hash_table_lookup (log, host);
      g_mutex_lock (&run->lock);
      gboolean skip = host->lost || run->cancelled;
      g_mutex_unlock (&run->lock);
      if (!times)
        g_hash_table_insert (log, host, times = g_array_new (FALSE, FALSE, sizeof (gint64)));
      if (!skip)
        mig_round_trips_take (times, host->host, MIG_ROUND_TRIP_CALLS);
    }
}

void
mig_round_trip_log_write (GHashTable *log, MigRun *run)
{
  for (guint i = 0; i < run->options.hosts->len; i++)
    {
      MigRunHost *host = run->options.hosts->pdata[i];
      GArray *times = g_hash_table_lookup (log, host);
      MigRoundTripRecord record = { .run = run->number, .host = host->study->name };
      if (times && mig_round_trips_sum_up (times, &record))
        mig_run_append (run, MIG_TABLE_ROUND_TRIPS, &record);
    }
}
