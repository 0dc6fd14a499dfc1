/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/migrate.h"
#include "virt/stop-limits.h"

/* When a pre-copy migration may stop its guest, from what its rounds have left to send. It stops at
 * the end of a round: by the stop rule that is imposed, or by the hypervisor where what was dirtied
 * meanwhile can be sent within the downtime limit. Pure: the caller brings the time. */
typedef struct {
  const MigStopLimits *limits;
  gint64 downtime_limit_ns;           /* of the hypervisor */
  gint64 round;                       /* under way, from 1; 0: none yet */
  gint64 round_start_ns, round_bytes; /* of it */
  gint64 before_bytes;                /* what the round before it had to send; 0: unknown */
  gint64 looked_ns, remaining_bytes;  /* at the last look */
  double bytes_per_s;                 /* how fast it got less; 0: unknown */
  gint64 stop_ns;
} MigStopForecast;

void mig_stop_forecast_init (MigStopForecast *forecast, const MigStopLimits *limits,
                             gint64 downtime_limit_ns);

/* mig_stop_forecast_look: what the hypervisor says of the job. round: that begins now; 0: the one
 * before goes on. */
void mig_stop_forecast_look (MigStopForecast *forecast, gint64 now_ns, gint64 round,
                             const MigJobStatistics *job);

/* mig_stop_forecast_ns: the moment of the next stop that is possible; before a job, and where the
 * round under way will not be the last, G_MAXINT64. */
gint64 mig_stop_forecast_ns (const MigStopForecast *forecast);
