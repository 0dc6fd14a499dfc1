/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "summary/downtime.h"

static MigGuestDowntime
none (gint64 period_ns, const char *why)
{
  return (MigGuestDowntime){ MIG_MISSING_INT, MIG_MISSING_INT, MIG_MISSING_INT, period_ns, why };
}

static gint64
known (gint64 ns)
{
  return MIG_IS_MISSING (ns) ? 0 : ns;
}

/* When the guest stopped at the earliest: it had sent its last heartbeat, and no more than a round
 * trip passed until the event came, unless that came so late that another heartbeat would have been
 * due. */
static gint64
earliest_stop (const MigMigrationRecord *m, gint64 period_ns, gint64 late_ns)
{
  gint64 last_ns = m->last_source_heartbeat_ns;

  if (MIG_IS_MISSING (m->suspended_ns) || MIG_IS_MISSING (late_ns) ||
      m->suspended_ns - late_ns > last_ns + period_ns)
    return last_ns - known (late_ns);
  return MAX (last_ns, m->suspended_ns) - late_ns;
}

MigGuestDowntime
mig_downtime_guest (const MigMigrationRecord *m, gint64 period_ns, gint64 lateness_ns,
                    MigStampDelay late)
{
  if (!MIG_IS_MISSING (m->heartbeat_period_ns))
    period_ns = m->heartbeat_period_ns;
  if (period_ns <= 0 || MIG_IS_MISSING (m->last_source_heartbeat_ns) ||
      MIG_IS_MISSING (m->first_destination_heartbeat_ns))
    return none (period_ns, "no heartbeats on both sides of a switch-over");
  if (!MIG_IS_MISSING (m->lost_at_switch) && m->lost_at_switch > 0)
    return none (period_ns, "heartbeats were lost at a switch-over");

  gint64 first = m->first_destination_heartbeat_ns;
  if (first < m->last_source_heartbeat_ns)
    return none (period_ns, "the destination's heartbeat came before the source's last one");
  /* the guest's clock stands still with it: the rest of its period follows; an answer comes at once
   */
  gboolean answer = m->answered == 1 && !MIG_IS_MISSING (m->suspended_ns);
  gint64 begin = answer ? m->suspended_ns : m->last_source_heartbeat_ns + period_ns;
  gint64 slack = answer ? 0 : known (lateness_ns);
  return (MigGuestDowntime){
    .value_ns = MAX (0, first - begin),
    .low_ns = MAX (0, first - begin - slack - known (late.destination_ns)),
    .high_ns = first - earliest_stop (m, period_ns, late.source_ns),
    .resolution_ns = period_ns,
  };
}

gint64
mig_downtime_events (const MigMigrationRecord *m)
{
  if (MIG_IS_MISSING (m->suspended_ns) || MIG_IS_MISSING (m->resumed_ns))
    return MIG_MISSING_INT;
  return m->resumed_ns - m->suspended_ns;
}

void
mig_downtime_events_bounds (const MigMigrationRecord *m, MigStampDelay late, gint64 *low_ns,
                            gint64 *high_ns)
{
  gint64 value = mig_downtime_events (m);
  gboolean missing = MIG_IS_MISSING (value) || MIG_IS_MISSING (late.source_ns) ||
                     MIG_IS_MISSING (late.destination_ns);

  *low_ns = missing ? MIG_MISSING_INT : MAX (0, value - late.destination_ns);
  *high_ns = missing ? MIG_MISSING_INT : value + late.source_ns;
}

gint64
mig_downtime_best (const MigMigrationRecord *m, gint64 period_ns)
{
  const MigStampDelay unknown = { MIG_MISSING_INT, MIG_MISSING_INT };
  MigGuestDowntime guest = mig_downtime_guest (m, period_ns, MIG_MISSING_INT, unknown);
  gint64 events = mig_downtime_events (m);

  if (!MIG_IS_MISSING (guest.value_ns))
    return guest.value_ns;
  return MIG_IS_MISSING (events) ? m->downtime_reported_ns : events;
}
