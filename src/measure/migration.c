/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/error.h"
#include "measure/migration-state.h"

/* ---- life ---- */

/* QEMU's downtime limit where none is set */
#define HYPERVISOR_LIMIT_NS (300 * MIG_NS_PER_MS)

/* keep_limit: what somebody's guest has, for when the migration fails. */
static gboolean
keep_limit (MigMigration *migration, GError **error)
{
  MigUndo *undo = migration->run->undo;
  gint64 before_ns;

  if (!undo || !mig_run_guest_study (migration->run_guest)->existing)
    return TRUE;
  if (!mig_guest_max_downtime (migration->guest, &before_ns, error) ||
      !mig_undo_push_max_downtime (undo, migration->from->host, migration->guest, before_ns,
                                   &migration->limit_id, error))
    return FALSE;
  migration->limit_before_ns = before_ns;
  return TRUE;
}

void
mig_migration_put_limit (MigMigration *migration, gboolean moved)
{
  gint64 before_ns = migration->limit_before_ns;

  /* what cannot be put back now stays in the journal */
  if (!MIG_IS_MISSING (before_ns) &&
      (moved || mig_guest_set_max_downtime (migration->guest, before_ns, NULL)))
    mig_undo_forget (migration->run->undo, migration->limit_id);
}

/* The downtime limit to begin with: the study's, or what makes the stop rule's page limit hold.
 * Returns the one in force. */
static gint64
set_initial_limit (MigMigration *migration)
{
  gint64 limit_ns = mig_stop_first_limit (migration->run->study);
  g_autoptr (GError) error = NULL;

  if (limit_ns && mig_host_can (migration->from->host, MIG_CAN_MAX_DOWNTIME) &&
      !(keep_limit (migration, &error) &&
        mig_guest_set_max_downtime (migration->guest, limit_ns, &error)))
    mig_warning ("%s", error->message);
  return limit_ns && !error ? limit_ns : HYPERVISOR_LIMIT_NS;
}

/* peer_uri: by which the source's daemon is to drive it; NULL: this process does. A guest that is
 * somebody's is better off with a migration that goes on whatever becomes of this process. */
static const char *
peer_uri (MigRun *run, const MigRunGuest *run_guest, const MigRunHost *from, const MigRunHost *to)
{
  const MigStudy *study = run->study;

  if (study->peer_to_peer)
    return to->peer_uri;
  return mig_run_guest_study (run_guest)->existing && !study->direct &&
                 mig_run_host_is_reachable (to) && !mig_run_is_unreachable (run, from, to)
             ? to->peer_uri
             : NULL;
}

MigMigration *
mig_migration_new (MigRun *run, MigRunGuest *run_guest, const MigRunHost *to, guint step)
{
  MigMigration *migration = g_new0 (MigMigration, 1);

  migration->run = run;
  migration->run_guest = run_guest;
  migration->to = to;
  migration->step = step;
  migration->stop = mig_stop_rule_limits (run->study->stop_rule);
  migration->at_timeout = run->study->flags.at_timeout;
  migration->appeared_ns = migration->suspended_ns = migration->resumed_ns = MIG_MISSING_INT;
  migration->stop_ns = migration->limit_before_ns = migration->memory_ns = MIG_MISSING_INT;
  mig_job_statistics_init (&migration->completed);
  migration->job = migration->told = migration->completed;
  migration->iterations = g_array_new (FALSE, FALSE, sizeof (MigIteration));
  migration->deadline_ns = mig_clock_now () + run->study->timeout_ns;
  g_mutex_lock (&run->lock);
  migration->from = mig_run_guest_where (run_guest);
  migration->guest = mig_run_guest_handle (run_guest, migration->from);
  migration->source_console = mig_guest_console_last (mig_run_guest_console (run_guest));
  migration->peer_uri = peer_uri (run, run_guest, migration->from, to);
  g_mutex_unlock (&run->lock);
  return migration;
}

void
mig_migration_start (MigMigration *migration)
{
  g_autoptr (GError) error = NULL;

  /* what could not be taken back after a crash is not begun */
  if (!mig_run_guest_note_domain (migration->run_guest, migration->to, &error))
    {
      migration->error = g_steal_pointer (&error);
      migration->end_ns = mig_clock_now ();
      migration->done = TRUE;
      return;
    }
  mig_stop_forecast_init (&migration->forecast, migration->stop, set_initial_limit (migration));
  g_mutex_lock (&migration->run->lock);
  migration->run->migrating++;
  g_cond_broadcast (&migration->run->changed); /* samples come faster from now on */
  g_mutex_unlock (&migration->run->lock);
  migration->worker = g_thread_new ("migrate", mig_migration_work, migration);
  migration->watcher = g_thread_new ("watch", mig_migration_watch, migration);
}

/* hang_up: where the guest has left Xen removes it, and its console with it. libvirt's daemon may
 * lock up when it removes a domain while a stream of its console ends (virChrdevFree() and
 * virFDStreamCloseInt() take two locks in either order); so that has ended before. Under the lock.
 */
static void
hang_up (const MigMigration *migration)
{
  /* afterwards the repetition may be closing its consoles */
  if (!migration->done && migration->source_console &&
      mig_host_can (migration->from->host, MIG_CAN_MANAGEMENT_DOMAIN))
    mig_console_reader_end (migration->source_console);
}

gboolean
mig_migration_event (MigMigration *migration, const MigEvent *event)
{
  gboolean source = event->host == migration->from->host;
  gboolean goes_on = !migration->done;

  if (!source && event->host != migration->to->host)
    return goes_on;
  if (event->kind == MIG_EVENT_STOPPED && !event->by_migration)
    migration->ended[source ? 0 : 1] = event->detail;
  migration->post_copy |= mig_event_is_post_copy (event->detail);
  migration->post_copy_failed |= g_strcmp0 (event->detail, MIG_EVENT_POST_COPY_FAILED) == 0;
  /* it may come behind the end of libvirt's call */
  if (source && event->kind == MIG_EVENT_JOB &&
      event->job->operation == MIG_OPERATION_MIGRATION_OUT)
    migration->told = *event->job;
  if (migration->done && event->kind != MIG_EVENT_RESUMED)
    return goes_on;
  if (!source && event->kind == MIG_EVENT_STARTED && event->by_migration)
    migration->appeared_ns = event->arrival_ns;
  else if (source && event->kind == MIG_EVENT_SUSPENDED && event->by_migration)
    {
      migration->suspended_ns = event->arrival_ns;
      if (migration->destination_console)
        mig_guest_console_call (mig_run_guest_console (migration->run_guest),
                                migration->destination_console);
    }
  else if (!source && event->kind == MIG_EVENT_RESUMED && MIG_IS_MISSING (migration->resumed_ns))
    {
      migration->resumed_ns = event->arrival_ns;
      hang_up (migration);
    }
  else if (source && event->kind == MIG_EVENT_ITERATION)
    {
      MigIteration iteration = { event->number, event->arrival_ns };
      if (MIG_IS_MISSING (migration->memory_ns))
        migration->memory_ns = event->arrival_ns;
      g_array_append_val (migration->iterations, iteration);
    }
  return goes_on;
}

void
mig_migration_join (MigMigration *migration)
{
  if (migration->worker)
    g_thread_join (g_steal_pointer (&migration->worker));
  if (migration->watcher)
    g_thread_join (g_steal_pointer (&migration->watcher));
}

gboolean
mig_migration_is_ok (const MigMigration *migration)
{
  return migration->done && !migration->error;
}

void
mig_migration_free (MigMigration *migration)
{
  if (!migration)
    return;
  mig_migration_join (migration);
  g_array_unref (migration->iterations);
  g_clear_error (&migration->error);
  g_free (migration->whereabouts);
  g_free (migration);
}

/* ---- questions ---- */

MigRunGuest *
mig_migration_guest (const MigMigration *migration)
{
  return migration->run_guest;
}

guint
mig_migration_step (const MigMigration *migration)
{
  return migration->step;
}

gboolean
mig_migration_is_done (const MigMigration *migration)
{
  return migration->done;
}

const GError *
mig_migration_error (const MigMigration *migration)
{
  return migration->error;
}

gboolean
mig_migration_takes_autostart (const MigMigration *migration)
{
  return migration->autostart;
}

gint64
mig_migration_dirty_pages (const MigMigration *migration)
{
  return migration->job.dirty_pages_per_s;
}

gboolean
mig_migration_progress (const MigMigration *migration, gint64 now_ns,
                        MigProgressMigration *progress)
{
  if (migration->done || !migration->start_ns)
    return FALSE;
  *progress = (MigProgressMigration){ mig_run_guest_name (migration->run_guest),
                                      migration->to->study->name, now_ns - migration->start_ns,
                                      migration->job.rounds, migration->job.sent_bytes };
  return TRUE;
}

gboolean
mig_migration_is_heard (const MigMigration *migration)
{
  const MigConsoleReader *reader = migration->destination_console;
  const MigRunGuest *run_guest = migration->run_guest;
  const MigGuestSigns *signs = mig_guest_console_signs (mig_run_guest_console (run_guest));

  return !reader || mig_console_reader_stream (reader)->heartbeats > 0 ||
         !MIG_IS_MISSING (mig_console_reader_ended (reader)) || mig_run_guest_ended (run_guest) ||
         signs->alarm || signs->fatal;
}

gboolean
mig_migration_has_ended_guest (const MigMigration *migration)
{
  g_mutex_lock (&migration->run->lock);
  const char *said = migration->ended[0];
  gboolean resumed = !MIG_IS_MISSING (migration->resumed_ns);
  g_mutex_unlock (&migration->run->lock);
  return said && !resumed && mig_event_is_orderly_end (said);
}

static gboolean
is_some (gint64 bytes)
{
  return !MIG_IS_MISSING (bytes) && bytes > 0;
}

gboolean
mig_migration_is_refused (const MigMigration *migration)
{
  const MigRun *run = migration->run;
  const GError *error = migration->error;

  g_mutex_lock (&migration->run->lock);
  gboolean answered = !run->cancelled && !run->connection_error && !migration->timed_out &&
                      !migration->abort_asked;
  gboolean copied = is_some (migration->job.sent_bytes) ||
                    is_some (migration->job.disk_sent_bytes) ||
                    !MIG_IS_MISSING (migration->suspended_ns);
  g_mutex_unlock (&migration->run->lock);
  return error && answered && !copied && error->code != MIG_ERROR_TIMEOUT;
}
