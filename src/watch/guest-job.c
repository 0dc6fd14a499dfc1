/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "hosts/migration-row.h"
#include "watch/internal.h"

/* What hosts say of a guest that is migrated, and of its job. */

/* so long events alone tell of a migration that began */
#define EVENTS_NS (5 * MIG_NS_PER_S)

MigOperation
mig_watch_operation (MigWatch *watch, int host, const char *uuid)
{
  MigHost *where = mig_watch_host (watch, host);
  g_autoptr (MigGuest) guest = where ? mig_guest_lookup_uuid (where, uuid, NULL) : NULL;
  MigJobStatistics job;

  mig_job_statistics_init (&job);
  if (guest && !mig_guest_job_running (guest, &job))
    mig_guest_job_completed (guest, &job); /* it may be over by now */
  return job.operation;
}

void
mig_watch_job (MigWatch *watch, int host, const char *uuid, const MigJobStatistics *job)
{
  MigTrackedMigration *migration = mig_migration_tracker_latest (watch->tracker, host, uuid);

  if (migration && job->operation == MIG_OPERATION_MIGRATION_OUT)
    mig_migration_log_completed (mig_watch_log (watch, migration), job);
}

/* side_of: what a host says of the guest now; job: of MIG_SIDE_JOB. */
static MigSide
side_of (MigWatch *watch, int host, const char *uuid, MigJobStatistics *job)
{
  MigHost *where = mig_watch_host (watch, host);
  MigGuestState state;

  if (!where || !mig_host_guest_state (where, uuid, &state, NULL))
    return MIG_SIDE_UNKNOWN;
  if (state == MIG_GUEST_ARRIVING)
    return MIG_SIDE_ARRIVING;
  if (state == MIG_GUEST_ABSENT || state == MIG_GUEST_DEAD)
    return mig_host_guest_end (where, uuid) == MIG_GUEST_END_MIGRATED ? MIG_SIDE_MIGRATED
                                                                      : MIG_SIDE_ABSENT;
  g_autoptr (MigGuest) guest = mig_guest_lookup_uuid (where, uuid, NULL);
  switch (guest ? mig_guest_job_state (guest, job) : MIG_JOB_UNKNOWN)
    {
    case MIG_JOB_RUNS:
      return MIG_SIDE_JOB;
    case MIG_JOB_ARRIVES:
      return MIG_SIDE_ARRIVING;
    case MIG_JOB_NONE:
      return state == MIG_GUEST_PAUSED ? MIG_SIDE_PAUSED : MIG_SIDE_RUNNING;
    default:
      return MIG_SIDE_UNKNOWN;
    }
}

/* source_of: what its source says, and what its job has done, which is kept. */
static MigSide
source_of (MigWatch *watch, const MigTrackedMigration *migration, MigJobStatistics *job)
{
  MigSide side = side_of (watch, migration->source, migration->uuid, job);

  if (side == MIG_SIDE_JOB)
    mig_migration_log_job (mig_watch_log (watch, migration), job);
  return side;
}

void
mig_watch_round (MigWatch *watch, MigTrackedMigration *migration, int round, gint64 arrival_ns)
{
  MigJobStatistics job;
  gboolean runs = source_of (watch, migration, &job) == MIG_SIDE_JOB;
  MigRoundRecord record;

  /* the job knows better when it began than the first event that came of it */
  if (runs && !MIG_IS_MISSING (job.elapsed_ns))
    migration->start_ns = MIN (migration->start_ns, mig_clock_now () - job.elapsed_ns);
  mig_round_row_fill (&record, watch->run, migration->guest, round, arrival_ns, runs ? &job : NULL);
  mig_migration_log_row (mig_watch_log (watch, migration), MIG_TABLE_ROUNDS, arrival_ns, &record);
}

static void
reconcile (MigWatch *watch, MigTrackedMigration *migration)
{
  MigJobStatistics job;
  MigSide source = source_of (watch, migration, &job), destination = MIG_SIDE_UNKNOWN;

  if (source != MIG_SIDE_JOB)
    destination = side_of (watch, migration->destination, migration->uuid, &job);
  mig_migration_reconcile (migration, source, destination, mig_clock_now ());
}

void
mig_watch_reconcile (MigWatch *watch)
{
  const GPtrArray *all = mig_migration_tracker_all (watch->tracker);
  gint64 now_ns = mig_clock_now ();

  for (guint i = 0; i < all->len; i++)
    {
      MigTrackedMigration *migration = all->pdata[i];
      if (MIG_IS_MISSING (migration->end_ns) && migration->start_ns <= now_ns - EVENTS_NS)
        reconcile (watch, migration);
    }
}
