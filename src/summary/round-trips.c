/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "summary/round-trips.h"

static gboolean
is_whole (const MigRoundTripRecord *row)
{
  return row->host && !MIG_IS_MISSING (row->calls) && !MIG_IS_MISSING (row->median_ns) &&
         !MIG_IS_MISSING (row->low_ns) && !MIG_IS_MISSING (row->high_ns);
}

/* A host while its rows are read. */
typedef struct {
  MigRoundTripSummary *summary;
  GArray *medians; /* of double, s */
} Host;

static void
host_free (gpointer data)
{
  Host *host = data;

  g_array_unref (host->medians);
  g_free (host);
}

static Host *
find_host (GHashTable *hosts, GPtrArray *summaries, const char *name)
{
  Host *host = g_hash_table_lookup (hosts, name);

  if (host)
    return host;
  host = g_new0 (Host, 1);
  host->medians = g_array_new (FALSE, FALSE, sizeof (double));
  host->summary = g_new0 (MigRoundTripSummary, 1);
  host->summary->host = g_strdup (name);
  host->summary->low_s = INFINITY;
  host->summary->high_s = -INFINITY;
  g_ptr_array_add (summaries, host->summary);
  g_hash_table_insert (hosts, host->summary->host, host);
  return host;
}

static void
add_row (Host *host, const MigRoundTripRecord *row)
{
  MigRoundTripSummary *summary = host->summary;
  double median_s = mig_units_seconds (row->median_ns);

  summary->calls += row->calls;
  summary->low_s = fmin (summary->low_s, mig_units_seconds (row->low_ns));
  summary->high_s = fmax (summary->high_s, mig_units_seconds (row->high_ns));
  g_array_append_val (host->medians, median_s);
}

void
mig_round_trips_by_host (const GPtrArray *rows, GPtrArray *summaries)
{
  g_autoptr (GHashTable) hosts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, host_free);
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; i < rows->len; i++)
    {
      const MigRoundTripRecord *row = rows->pdata[i];
      if (is_whole (row))
        add_row (find_host (hosts, summaries, row->host), row);
    }
  g_hash_table_iter_init (&iter, hosts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Host *host = value;
      double *medians = (double *) (gpointer) host->medians->data;
      gsl_sort (medians, 1, host->medians->len);
      host->summary->median_s = gsl_stats_median_from_sorted_data (medians, 1, host->medians->len);
    }
}
