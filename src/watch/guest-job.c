/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "hosts/migration-row.h"
#include "watch/internal.h"

/* What hosts say of a guest that is migrated, and of its job. */

/* without a sign of the job for so long, a migration is taken for abandoned */
#define SILENCE_NS (5 * MIG_NS_PER_S)

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

static gboolean
look_at_job (MigWatch *watch, const MigTrackedMigration *migration, MigJobStatistics *job)
{
  MigHost *source = mig_watch_host (watch, migration->source);
  g_autoptr (MigGuest) guest = source ? mig_guest_lookup_uuid (source, migration->uuid, NULL)
                                      : NULL;

  if (!guest || !mig_guest_job_running (guest, job))
    return FALSE;
  mig_migration_log_job (mig_watch_log (watch, migration), job);
  return TRUE;
}

void
mig_watch_round (MigWatch *watch, MigTrackedMigration *migration, int round, gint64 arrival_ns)
{
  MigJobStatistics job;
  gboolean runs = look_at_job (watch, migration, &job);
  MigRoundRecord record;

  /* the job knows better when it began than the first event that came of it */
  if (runs && !MIG_IS_MISSING (job.elapsed_ns))
    migration->start_ns = MIN (migration->start_ns, mig_clock_now () - job.elapsed_ns);
  mig_round_row_fill (&record, watch->run, migration->guest, round, arrival_ns, runs ? &job : NULL);
  mig_migration_log_row (mig_watch_log (watch, migration), MIG_TABLE_ROUNDS, arrival_ns, &record);
}

void
mig_watch_find_abandoned (MigWatch *watch)
{
  const GPtrArray *all = mig_migration_tracker_all (watch->tracker);
  gint64 now = mig_clock_now ();
  MigJobStatistics job;

  for (guint i = 0; i < all->len; i++)
    {
      MigTrackedMigration *migration = all->pdata[i];
      if (!MIG_IS_MISSING (migration->end_ns) || migration->start_ns > now - SILENCE_NS)
        continue;
      /* once it was suspended the job's statistics are gone before its end */
      if (mig_watch_host (watch, migration->source) &&
          (MIG_IS_MISSING (migration->suspended_ns) || migration->destination_ended) &&
          !look_at_job (watch, migration, &job) &&
          mig_migration_log_last (mig_watch_log (watch, migration)))
        mig_migration_tracker_give_up (migration, now, "the job ended, but the guest did not move");
      else if (!mig_watch_host (watch, migration->source) &&
               !mig_watch_host (watch, migration->destination))
        mig_migration_tracker_give_up (migration, now, "lost the connection to the hosts");
    }
}
