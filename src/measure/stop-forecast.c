/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "measure/stop-forecast.h"

/* a round that leaves up to so many times what the downtime limit allows may be the last: rates
 * vary */
#define MARGIN 3

void
mig_stop_forecast_init (MigStopForecast *forecast, const MigStopLimits *limits,
                        gint64 downtime_limit_ns)
{
  *forecast = (MigStopForecast){ .limits = limits,
                                 .downtime_limit_ns = downtime_limit_ns,
                                 .stop_ns = G_MAXINT64 };
}

/* What the hypervisor will have left when the round is over: the dirty rate's share of it, or as
 * much less than this round's as this round's was than that of the one before. Below 0: unknown. */
static double
left_after_round (const MigStopForecast *forecast, double round_s, const MigJobStatistics *job)
{
  double left = -1;

  if (forecast->before_bytes > 0)
    left = (double) forecast->round_bytes / (double) forecast->before_bytes *
           (double) forecast->round_bytes;
  if (forecast->round > 1 && !MIG_IS_MISSING (job->dirty_pages_per_s))
    {
      double dirtied = (double) job->dirty_pages_per_s * MIG_PAGE_BYTES * round_s;
      left = left < 0 ? dirtied : MIN (left, dirtied);
    }
  return left;
}

/* Whether the stop rule is sure to be imposed when the round is over. */
static gboolean
is_imposed (const MigStopForecast *forecast, const MigJobStatistics *job)
{
  const MigStopLimits *limits = forecast->limits;
  gint64 page = (gint64) MIG_PAGE_BYTES;

  if (limits->max_rounds && forecast->round >= limits->max_rounds)
    return TRUE;
  return limits->max_ram && !MIG_IS_MISSING (job->normal_pages) &&
         !MIG_IS_MISSING (job->constant_pages) && !MIG_IS_MISSING (job->ram_bytes) &&
         job->normal_pages + job->constant_pages + job->remaining_bytes / page >
             (gint64) limits->max_ram * (job->ram_bytes / page);
}

static void
measure_rate (MigStopForecast *forecast, gint64 now_ns, gint64 remaining_bytes, gboolean new_round)
{
  gint64 sent = new_round ? forecast->remaining_bytes : forecast->remaining_bytes - remaining_bytes;
  gint64 passed_ns = now_ns - forecast->looked_ns;

  if (forecast->looked_ns && passed_ns > 0 && sent > 0)
    forecast->bytes_per_s = (double) sent * MIG_NS_PER_S / (double) passed_ns;
}

void
mig_stop_forecast_look (MigStopForecast *forecast, gint64 now_ns, gint64 round,
                        const MigJobStatistics *job)
{
  if (MIG_IS_MISSING (job->remaining_bytes) || (!round && !forecast->round))
    return;
  measure_rate (forecast, now_ns, job->remaining_bytes, round > 0);
  if (round)
    {
      forecast->before_bytes = forecast->round_bytes;
      forecast->round = round;
      forecast->round_start_ns = now_ns;
      forecast->round_bytes = job->remaining_bytes;
    }
  forecast->looked_ns = now_ns;
  forecast->remaining_bytes = job->remaining_bytes;
  if (forecast->bytes_per_s <= 0)
    {
      forecast->stop_ns = now_ns; /* at any time */
      return;
    }
  double rest_s = (double) job->remaining_bytes / forecast->bytes_per_s;
  gint64 end_ns = now_ns + (gint64) (rest_s * MIG_NS_PER_S);
  double round_s = (double) (end_ns - forecast->round_start_ns) / MIG_NS_PER_S;
  double left = left_after_round (forecast, round_s, job);
  double allowed = (double) forecast->downtime_limit_ns / MIG_NS_PER_S * forecast->bytes_per_s;
  gboolean last = left <= MARGIN * allowed || is_imposed (forecast, job);
  forecast->stop_ns = last ? end_ns : G_MAXINT64;
}

gint64
mig_stop_forecast_ns (const MigStopForecast *forecast)
{
  return forecast->stop_ns;
}
