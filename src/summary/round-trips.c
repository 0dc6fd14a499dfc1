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

static MigRoundTripSummary *
find (GPtrArray *summaries, const char *host)
{
  for (guint i = 0; i < summaries->len; i++)
    if (g_strcmp0 (((MigRoundTripSummary *) summaries->pdata[i])->host, host) == 0)
      return summaries->pdata[i];
  MigRoundTripSummary *added = g_new0 (MigRoundTripSummary, 1);
  added->host = g_strdup (host);
  added->low_s = INFINITY;
  added->high_s = -INFINITY;
  g_ptr_array_add (summaries, added);
  return added;
}

static double
median_of (const GPtrArray *rows, const char *host)
{
  g_autofree double *medians = g_new (double, rows->len);
  gsize n = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const MigRoundTripRecord *row = rows->pdata[i];
      if (is_whole (row) && g_strcmp0 (row->host, host) == 0)
        medians[n++] = (double) row->median_ns / MIG_NS_PER_S;
    }
  gsl_sort (medians, 1, n);
  return gsl_stats_median_from_sorted_data (medians, 1, n);
}

void
mig_round_trips_by_host (const GPtrArray *rows, GPtrArray *summaries)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const MigRoundTripRecord *row = rows->pdata[i];
      if (!is_whole (row))
        continue;
      MigRoundTripSummary *host = find (summaries, row->host);
      host->calls += row->calls;
      host->low_s = fmin (host->low_s, (double) row->low_ns / MIG_NS_PER_S);
      host->high_s = fmax (host->high_s, (double) row->high_ns / MIG_NS_PER_S);
    }
  for (guint i = 0; i < summaries->len; i++)
    {
      MigRoundTripSummary *host = summaries->pdata[i];
      host->median_s = median_of (rows, host->host);
    }
}
