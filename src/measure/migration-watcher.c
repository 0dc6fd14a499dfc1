/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/log.h"
#include "hosts/migration-row.h"
#include "measure/migration-state.h"

/* The watcher of a migration: what happens meanwhile, round by round, is read, written and reacted
 * to. */

/* how often the job's statistics are read for the display between rounds */
#define PROGRESS_PERIOD_NS (MIG_NS_PER_S / 2)
/* the destination's console is not there at once: libvirt says so, and there is no event for it */
#define CONSOLE_RETRY_NS (20 * MIG_NS_PER_MS)
/* so long before a stop that may come the guest is asked to beat fast: it may have to wait for its
 * CPU */
#define STOP_NOTICE_NS (400 * MIG_NS_PER_MS)
/* an abort that was refused so often is worth a word: a job that begins, or ends, refuses it once
 */
#define REFUSALS_TOLD 2
/* so long after the migration's end it is still waited for */
#define CONSOLE_PATIENCE_NS (60 * MIG_NS_PER_S)

static void
write_round (MigMigration *migration, const MigIteration *iteration, const MigJobStatistics *job)
{
  MigRoundRecord row;

  if (migration->step == MIG_STEP_HOME)
    return;
  mig_round_row_fill (&row, migration->run->number, mig_run_guest_name (migration->run_guest),
                      iteration->number, iteration->arrival_ns, job);
  mig_run_append (migration->run, MIG_TABLE_ROUNDS, &row);
}

static void
impose_stop (MigMigration *migration, MigStopCause cause)
{
  MigRun *run = migration->run;
  g_autoptr (GError) error = NULL;
  gboolean ok = mig_stop_impose (migration->guest, cause, &error);
  gint64 now = mig_clock_now ();

  g_mutex_lock (&run->lock);
  if (ok)
    {
      migration->stop_cause = cause;
      migration->stop_ns = now;
    }
  mig_run_event (run, migration->from->study->name, mig_run_guest_name (migration->run_guest), now,
                 MIG_EVENT_STOP_RULE, ok ? mig_stop_cause_name (cause) : error->message);
  g_mutex_unlock (&run->lock);
}

static void
look_at_job (MigMigration *migration, const MigIteration *iteration)
{
  MigRun *run = migration->run;
  MigJobStatistics job;

  if (!mig_host_can (migration->from->host, MIG_CAN_JOB_STATISTICS) ||
      !mig_guest_job_running (migration->guest, &job))
    return;
  g_mutex_lock (&run->lock);
  migration->job = job;
  mig_stop_forecast_look (&migration->forecast, mig_clock_now (), iteration ? iteration->number : 0,
                          &job);
  gboolean decide = migration->stop_cause == MIG_STOP_NOT_YET && iteration != NULL &&
                    migration->suspended_ns == MIG_MISSING_INT;
  g_mutex_unlock (&run->lock);
  if (!iteration)
    return;
  write_round (migration, iteration, &job);
  gboolean post_copy = run->study->technique == MIG_TECHNIQUE_POST_COPY && iteration->number > 1;
  MigStopCause cause = !decide ? MIG_STOP_NOT_YET
                       : post_copy
                           ? MIG_STOP_POST_COPY
                           : mig_stop_rule_decide (migration->stop, iteration->number - 1, &job);
  if (cause != MIG_STOP_NOT_YET)
    impose_stop (migration, cause);
}

/* The guest's console on the destination, as soon as there is one. */
static gboolean
open_destination (MigMigration *migration)
{
  MigRun *run = migration->run;
  MigRunGuest *run_guest = migration->run_guest;
  g_autoptr (MigGuest)
      guest = mig_guest_lookup_uuid (migration->to->host, mig_run_guest_uuid (run_guest), NULL);
  MigGuestConsole *console = mig_run_guest_console (run_guest);
  MigConsoleReader *reader = guest ? mig_guest_console_open (console, migration->to, guest, NULL)
                                   : NULL;
  if (!reader)
    return FALSE;
  g_mutex_lock (&run->lock);
  migration->destination_console = reader;
  mig_run_guest_add_handle (run_guest, g_steal_pointer (&guest));
  mig_run_event (run, migration->to->study->name, mig_run_guest_name (migration->run_guest),
                 mig_clock_now (), "console", "opened");
  if (!MIG_IS_MISSING (migration->suspended_ns))
    mig_guest_console_call (console, reader);
  g_mutex_unlock (&run->lock);
  return TRUE;
}

/* abort_migration: a refusal, as of a job that has only just begun, is not the last word: it is
 * asked again. */
static void
abort_migration (MigMigration *migration)
{
  g_autoptr (GError) error = NULL;
  gint64 again_ns = G_MAXINT64;

  if (!mig_host_can (migration->from->host, MIG_CAN_ABORT))
    mig_warning ("host '%s' cannot abort a migration: waiting until guest '%s' has moved",
                 migration->from->study->name, mig_run_guest_name (migration->run_guest));
  else if (!mig_guest_abort_migration (migration->guest, &error))
    {
      again_ns = mig_clock_now () + PROGRESS_PERIOD_NS;
      if (++migration->aborts_refused == REFUSALS_TOLD)
        mig_warning ("%s; asking again until it has ended", error->message);
    }
  g_mutex_lock (&migration->run->lock);
  migration->abort_ns = again_ns;
  g_mutex_unlock (&migration->run->lock);
}

/* end_soon: at its deadline a migration is to end by another way than being aborted. Where that is
 * refused, it is aborted after all. */
static void
end_soon (MigMigration *migration, MigTimeoutAction action)
{
  MigRun *run = migration->run;
  const char *name = mig_run_guest_name (migration->run_guest);
  g_autofree char *limit = mig_units_format_duration (run->study->timeout_ns);
  g_autoptr (GError) error = NULL;
  gboolean suspend = action == MIG_TIMEOUT_SUSPEND;
  MigStopCause cause = suspend ? MIG_STOP_SUSPENDED : MIG_STOP_POST_COPY;
  gboolean ok = mig_stop_impose (migration->guest, cause, &error);

  g_mutex_lock (&run->lock);
  if (ok)
    {
      migration->stop_cause = cause;
      migration->stop_ns = mig_clock_now ();
    }
  else
    migration->at_timeout = MIG_TIMEOUT_ABORT;
  mig_run_event (run, migration->from->study->name, name, mig_clock_now (), MIG_EVENT_TIMEOUT,
                 ok ? mig_timeout_action_name (action) : error->message);
  g_mutex_unlock (&run->lock);
  if (!ok)
    mig_warning ("%s", error->message);
  else
    mig_info ("'%s' has not moved after %s: %s", name, limit,
              suspend ? "it stands still until the rest is sent"
                      : "it goes on at its destination, by post-copy");
}

typedef enum {
  WATCH_END,
  WATCH_ROUND,
  WATCH_CONSOLE,
  WATCH_END_SOON,
  WATCH_ABORT,
  WATCH_PROGRESS
} Duty;

/* Whether the destination's console is still to be opened; even where the migration is over: its
 * heartbeats are wanted. Not from a guest or a host that is gone. Under the lock. */
static gboolean
wants_console (const MigMigration *migration, gint64 now)
{
  if (MIG_IS_MISSING (migration->appeared_ns) || migration->destination_console ||
      migration->to->lost || mig_run_guest_ended (migration->run_guest) ||
      mig_run_guest_study (migration->run_guest)->existing)
    return FALSE;
  return !migration->done || (!migration->error && now < migration->end_ns + CONSOLE_PATIENCE_NS);
}

/* Whether it is to be aborted, once it has begun: too late, not wanted any more, or without the
 * destination's daemon, which alone could let the guest go on there. Under the lock. */
static gboolean
wants_abort (const MigMigration *migration, gint64 now)
{
  return now >= migration->abort_ns && migration->start_ns && !migration->done &&
         !migration->from->lost &&
         ((now >= migration->deadline_ns && migration->at_timeout == MIG_TIMEOUT_ABORT) ||
          migration->run->cancelled || migration->to->lost);
}

/* is_sending: neither can be asked before memory is sent. Under the lock. */
static gboolean
is_sending (const MigMigration *migration)
{
  return !mig_host_can (migration->from->host, MIG_CAN_JOB_STATISTICS) ||
         (!MIG_IS_MISSING (migration->job.sent_bytes) && migration->job.sent_bytes > 0);
}

/* Whether it has had its time, and the guest has not stopped for its switch-over. Under the lock.
 */
static gboolean
wants_end_soon (const MigMigration *migration, gint64 now)
{
  return migration->at_timeout != MIG_TIMEOUT_ABORT && migration->start_ns && !migration->done &&
         !migration->from->lost && now >= migration->deadline_ns && is_sending (migration) &&
         migration->stop_cause != MIG_STOP_SUSPENDED &&
         migration->stop_cause != MIG_STOP_POST_COPY && MIG_IS_MISSING (migration->suspended_ns);
}

/* From when on the guest is to beat fast; where the hypervisor tells of no rounds, from the start.
 * Under the lock. */
static gint64
stop_notice (const MigMigration *migration)
{
  gint64 stop_ns = mig_stop_forecast_ns (&migration->forecast);

  if (migration->stop_cause != MIG_STOP_NOT_YET ||
      !mig_host_can (migration->from->host, MIG_CAN_ITERATION_EVENTS))
    return 0;
  return stop_ns == G_MAXINT64 ? stop_ns : stop_ns - STOP_NOTICE_NS;
}

/* How fast the guest is to beat; from its arrival on its first heartbeat there decides. Under the
 * lock. */
static void
pace_guest (MigMigration *migration, gint64 now)
{
  const MigHeartbeatPeriods *periods = &migration->run->options.heartbeat;
  const MigConsoleReader *there = migration->destination_console;

  if (mig_run_guest_study (migration->run_guest)->existing ||
      (!migration->done && !MIG_IS_MISSING (migration->suspended_ns)) ||
      (migration->done && !migration->error) ||
      (there && mig_console_reader_stream (there)->heartbeats > 0))
    return;
  mig_guest_console_want_period (mig_run_guest_console (migration->run_guest),
                                 migration->done                  ? periods->rest_ns
                                 : now >= stop_notice (migration) ? periods->switch_ns
                                                                  : periods->moving_ns);
}

/* What the watcher has to do next; waits until there is something. Under the lock. */
static Duty
next_duty (MigMigration *migration, gint64 *console_ns, gint64 *progress_ns,
           MigIteration *iteration)
{
  MigRun *run = migration->run;

  for (;;)
    {
      gint64 now = mig_clock_now ();
      gboolean want_console = wants_console (migration, now);

      pace_guest (migration, now);
      if (migration->iterations->len > 0)
        {
          *iteration = g_array_index (migration->iterations, MigIteration, 0);
          g_array_remove_index (migration->iterations, 0);
          return WATCH_ROUND;
        }
      if (want_console && now >= *console_ns)
        return WATCH_CONSOLE;
      if (migration->done && !want_console)
        return WATCH_END;
      if (wants_abort (migration, now))
        return WATCH_ABORT;
      if (wants_end_soon (migration, now))
        return WATCH_END_SOON;
      if (now >= *progress_ns && migration->start_ns && !migration->done)
        return WATCH_PROGRESS;

      gint64 wake = MIN (*progress_ns, migration->deadline_ns);
      if (now >= migration->deadline_ns || migration->done || !migration->start_ns)
        wake = now + PROGRESS_PERIOD_NS;
      if (want_console)
        wake = MIN (wake, *console_ns);
      if (stop_notice (migration) > now)
        wake = MIN (wake, stop_notice (migration));
      mig_clock_wait (&run->changed, &run->lock, wake);
    }
}

gpointer
mig_migration_watch (gpointer data)
{
  MigMigration *migration = data;
  MigRun *run = migration->run;
  gint64 console_ns = 0, progress_ns = mig_clock_now () + PROGRESS_PERIOD_NS;
  MigIteration iteration;
  Duty duty;

  g_mutex_lock (&run->lock);
  while ((duty = next_duty (migration, &console_ns, &progress_ns, &iteration)) != WATCH_END)
    {
      if (duty == WATCH_ABORT)
        {
          migration->abort_asked = TRUE;
          migration->timed_out = !run->cancelled && !migration->to->lost;
        }
      g_mutex_unlock (&run->lock);
      switch (duty)
        {
        case WATCH_ROUND:
          look_at_job (migration, &iteration);
          break;
        case WATCH_CONSOLE:
          if (!open_destination (migration))
            console_ns = mig_clock_now () + CONSOLE_RETRY_NS;
          break;
        case WATCH_END_SOON:
          end_soon (migration, run->study->flags.at_timeout);
          break;
        case WATCH_ABORT:
          abort_migration (migration);
          break;
        default:
          look_at_job (migration, NULL);
          progress_ns = mig_clock_now () + PROGRESS_PERIOD_NS;
        }
      g_mutex_lock (&run->lock);
    }
  g_mutex_unlock (&run->lock);
  return NULL;
}
