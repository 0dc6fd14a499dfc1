/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "measure/heartbeat-pace.h"

/* a guest that has to wait for its CPU answers late */
#define PATIENCE_NS MIG_NS_PER_S
#define MAX_TRIES 5

gboolean
mig_heartbeat_periods_fixed (const MigHeartbeatPeriods *periods)
{
  return periods->rest_ns == periods->moving_ns && periods->rest_ns == periods->switch_ns;
}

void
mig_heartbeat_pace_init (MigHeartbeatPace *pace, gint64 period_ns)
{
  *pace = (MigHeartbeatPace){ .wanted_ns = period_ns, .in_force_ns = period_ns };
}

void
mig_heartbeat_pace_want (MigHeartbeatPace *pace, gint64 period_ns)
{
  if (pace->wanted_ns == period_ns)
    return;
  pace->wanted_ns = period_ns;
  pace->tries = 0;
}

void
mig_heartbeat_pace_heard (MigHeartbeatPace *pace, gint64 period_ns)
{
  pace->in_force_ns = period_ns;
}

gint64
mig_heartbeat_pace_ask (MigHeartbeatPace *pace, gint64 now_ns)
{
  gboolean pending = pace->asked_ns && pace->asked_ns != pace->in_force_ns &&
                     now_ns < pace->asked_at_ns + PATIENCE_NS;
  gboolean right = pending ? pace->asked_ns == pace->wanted_ns
                           : pace->in_force_ns == pace->wanted_ns;

  if (right || pace->tries >= MAX_TRIES)
    return 0;
  pace->tries++;
  pace->asked_ns = pace->wanted_ns;
  pace->asked_at_ns = now_ns;
  return pace->wanted_ns;
}
