/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "analysis/downtime.h"

static MigGuestDowntime
missing (gint64 period_ns, const char *why)
{
  return (MigGuestDowntime){ MIG_MISSING_INT, MIG_MISSING_INT, MIG_MISSING_INT, period_ns, why };
}

MigGuestDowntime
mig_downtime_guest (const MigMigrationRecord *m, gint64 period_ns, gint64 gap_ns)
{
  if (period_ns <= 0 || MIG_IS_MISSING (m->last_source_heartbeat_ns) ||
      MIG_IS_MISSING (m->first_destination_heartbeat_ns))
    return missing (period_ns, "no heartbeats on both sides of a switch-over");
  if (!MIG_IS_MISSING (m->lost_at_switch) && m->lost_at_switch > 0)
    return missing (period_ns, "heartbeats were lost at a switch-over");

  gint64 silence = m->first_destination_heartbeat_ns - m->last_source_heartbeat_ns;
  if (silence < 0)
    return missing (period_ns, "the destination's heartbeat came before the source's last one");
  gint64 slack = MIG_IS_MISSING (gap_ns) ? period_ns : MAX (period_ns, gap_ns);
  return (MigGuestDowntime){
    .value_ns = MAX (0, silence - period_ns),
    .low_ns = MAX (0, silence - slack),
    .high_ns = silence,
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

gint64
mig_downtime_best (const MigMigrationRecord *m, gint64 period_ns)
{
  MigGuestDowntime guest = mig_downtime_guest (m, period_ns, MIG_MISSING_INT);
  gint64 events = mig_downtime_events (m);

  if (!MIG_IS_MISSING (guest.value_ns))
    return guest.value_ns;
  return MIG_IS_MISSING (events) ? m->downtime_reported_ns : events;
}
