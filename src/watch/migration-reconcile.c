/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "watch/migration-tracker.h"

/* one look may fall between the end and its event */
#define LOOKS 2

/* so long a lost host may come back, and a switch-over may last */
#define PATIENCE_NS (60 * MIG_NS_PER_S)

static gboolean
is_there (MigSide side)
{
  return side == MIG_SIDE_JOB || side == MIG_SIDE_RUNNING || side == MIG_SIDE_PAUSED;
}

/* is_whole: it goes on at the destination and needs nothing from the source any more. */
static gboolean
is_whole (const MigTrackedMigration *self)
{
  return !MIG_IS_MISSING (self->resumed_ns) && MIG_IS_MISSING (self->post_copy_ns);
}

/* by_destination: the source does not tell. */
static MigVerdict
by_destination (const MigTrackedMigration *self, MigSide destination)
{
  if (is_whole (self) || is_there (destination))
    return MIG_VERDICT_MOVED;
  if (destination == MIG_SIDE_ARRIVING)
    return MIG_VERDICT_GOES_ON;
  return self->source < 0 && destination == MIG_SIDE_ABSENT ? MIG_VERDICT_ABORTED
                                                            : MIG_VERDICT_SILENCE;
}

/* without_guest: the source does not have it any more. */
static MigVerdict
without_guest (const MigTrackedMigration *self, MigSide destination)
{
  if (!MIG_IS_MISSING (self->resumed_ns) || is_there (destination))
    return MIG_VERDICT_MOVED;
  if (destination == MIG_SIDE_ARRIVING)
    return MIG_VERDICT_GOES_ON;
  return destination == MIG_SIDE_ABSENT ? MIG_VERDICT_GONE : MIG_VERDICT_SILENCE;
}

/* with_guest_paused: the switch-over looks so, and so does the source before it lets go of a guest
 * that has moved: *patient, unless nothing waits for it at the destination. */
static MigVerdict
with_guest_paused (const MigTrackedMigration *self, MigSide destination, gboolean *patient)
{
  *patient = TRUE;
  if (!MIG_IS_MISSING (self->resumed_ns) || is_there (destination))
    return MIG_VERDICT_MOVED;
  *patient = destination != MIG_SIDE_ABSENT && !self->destination_ended;
  return MIG_VERDICT_STOOD_STILL;
}

static MigVerdict
verdict_of (const MigTrackedMigration *self, MigSide source, MigSide destination, gboolean *patient)
{
  *patient = FALSE;
  if (self->broken) /* until it is recovered */
    return source == MIG_SIDE_UNKNOWN && destination == MIG_SIDE_UNKNOWN ? MIG_VERDICT_SILENCE
                                                                         : MIG_VERDICT_GOES_ON;
  switch (source)
    {
    case MIG_SIDE_JOB:
    case MIG_SIDE_ARRIVING:
      return MIG_VERDICT_GOES_ON;
    case MIG_SIDE_MIGRATED:
      return MIG_VERDICT_MOVED;
    case MIG_SIDE_RUNNING: /* resumed: it is back since */
      return MIG_IS_MISSING (self->resumed_ns) ? MIG_VERDICT_STAYED : MIG_VERDICT_MOVED;
    case MIG_SIDE_PAUSED:
      return with_guest_paused (self, destination, patient);
    case MIG_SIDE_ABSENT:
      return without_guest (self, destination);
    default:
      return by_destination (self, destination);
    }
}

static void
conclude (MigTrackedMigration *self, MigVerdict verdict)
{
  static const char *const failures[] = {
    [MIG_VERDICT_STAYED] = "the job ended, but the guest did not move",
    [MIG_VERDICT_STOOD_STILL] = "the job ended, and the guest stands still on the source",
    [MIG_VERDICT_ABORTED] = "cancelled or failed: it did not continue on the destination",
    [MIG_VERDICT_GONE] = "the guest is on neither host any more",
  };
  gint64 since_ns = self->reconcile.since_ns;

  if (verdict == MIG_VERDICT_MOVED)
    mig_migration_tracker_arrived (self, since_ns);
  else if (verdict == MIG_VERDICT_SILENCE)
    mig_migration_tracker_lose (self, since_ns, "no host told of its end");
  else
    mig_migration_tracker_give_up (self, since_ns, failures[verdict]);
}

void
mig_migration_reconcile (MigTrackedMigration *self, MigSide source, MigSide destination,
                         gint64 now_ns)
{
  MigReconcileState *state = &self->reconcile;
  gboolean patient;
  MigVerdict verdict = verdict_of (self, source, destination, &patient);

  if (state->looks == 0 || verdict != state->verdict)
    *state = (MigReconcileState){ verdict, 0, now_ns };
  state->looks++;
  patient |= verdict == MIG_VERDICT_SILENCE;
  if (verdict != MIG_VERDICT_GOES_ON && state->looks >= LOOKS &&
      now_ns - state->since_ns >= (patient ? PATIENCE_NS : 0))
    conclude (self, verdict);
}
