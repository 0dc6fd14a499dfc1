/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "run/internal.h"
#include "virt/template.h"

/* how often the job's statistics are read for the display between rounds */
#define PROGRESS_PERIOD_NS (MIG_NS_PER_S / 2)
/* the destination's console is not there at once: libvirt says so, and there is no event for it */
#define CONSOLE_RETRY_NS (20 * MIG_NS_PER_MS)
/* so long after the migration's end it is still waited for */
#define CONSOLE_PATIENCE_NS (60 * MIG_NS_PER_S)

/* ---- the worker: blocks in the migration ---- */

/* What is uploaded may lie elsewhere there. */
static gboolean
boots_from_elsewhere (const MigMigration *migration)
{
  return migration->to->kernel && g_strcmp0 (migration->from->kernel, migration->to->kernel) != 0;
}

/* NULL without error: as it is on the source. */
static char *
destination_xml (const MigMigration *migration, GError **error)
{
  const MigRunHost *to = migration->to;
  const MigStudyGuest *guest = migration->actor->guest;
  gboolean pin = to->cpu >= 0 && (!guest->existing || guest->pin);
  gboolean boot = !guest->existing && boots_from_elsewhere (migration);

  if (!pin && !boot)
    return NULL;
  char *xml = mig_guest_xml (migration->guest, TRUE, error);
  if (xml && boot)
    {
      g_autofree char *before = xml;
      xml = mig_template_boot (before, to->kernel, to->initrd, error);
    }
  if (xml && pin)
    {
      g_autofree char *before = xml;
      xml = mig_template_pin (before, to->cpu, mig_host_can (to->host, MIG_CAN_EMULATOR_PIN), error);
    }
  return xml;
}

static MigGuest *
migrate (MigMigration *migration, gint64 *end_ns, GError **error)
{
  const MigStudy *study = migration->runner->options.study;
  GError *failure = NULL;
  g_autofree char *xml = destination_xml (migration, &failure);

  if (failure)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  MigMigrateOptions options = { .migrate_uri = migration->to->migrate_uri,
                                .listen_address = migration->to->listen_address,
                                .destination_xml = xml,
                                .bandwidth_bytes_per_s = study->bandwidth_bytes_per_s,
                                .technique = study->technique,
                                .connections = study->connections,
                                .cache_bytes = study->cache_bytes,
                                .throttle_initial = study->throttle_initial,
                                .throttle_increment = study->throttle_increment };
  g_autoptr (MigJob) job = mig_job_new (migration->guest, migration->to->host, error);
  if (!job)
    return NULL;
  g_mutex_lock (&migration->runner->lock);
  migration->start_ns = mig_clock_now ();
  g_mutex_unlock (&migration->runner->lock);
  return mig_job_run (job, &options, end_ns, error);
}

static gpointer
worker (gpointer data)
{
  MigMigration *migration = data;
  MigRunner *runner = migration->runner;
  GError *error = NULL;
  gint64 end_ns = 0;
  MigGuest *moved = migrate (migration, &end_ns, &error);

  if (moved)
    mig_guest_job_completed (moved, &migration->completed);
  g_mutex_lock (&runner->lock);
  migration->end_ns = end_ns ? end_ns : mig_clock_now (); /* it may not have begun */
  migration->moved = moved;
  migration->error = error;
  migration->done = TRUE;
  if (moved)
    {
      migration->actor->where = migration->to;
      /* it may have ended there before libvirt's call returned */
      if (migration->stopped[1])
        migration->actor->stopped = migration->stopped[1];
      g_ptr_array_add (migration->actor->handles, moved);
    }
  g_cond_broadcast (&runner->changed);
  g_mutex_unlock (&runner->lock);
  return NULL;
}

/* ---- the watcher: looks after it meanwhile ---- */

static void
write_round (MigMigration *migration, const MigIteration *iteration, const MigJobStatistics *job)
{
  gboolean pages = !MIG_IS_MISSING (job->normal_pages) && !MIG_IS_MISSING (job->constant_pages);
  if (migration->step == MIG_STEP_HOME)
    return;
  MigRoundRecord record = {
    .run = migration->runner->run,
    .guest = migration->actor->guest->name,
    .round = iteration->number,
    .start_ns = iteration->arrival_ns,
    .sent_bytes = job->sent_bytes,
    .sent_pages = pages ? job->normal_pages + job->constant_pages : MIG_MISSING_INT,
    .remaining_bytes = job->remaining_bytes,
    .dirty_pages_per_s = job->dirty_pages_per_s,
    .send_bytes_per_s = job->send_bytes_per_s,
  };
  mig_runner_append (migration->runner, MIG_TABLE_ROUNDS, &record);
}

static void
impose_stop (MigMigration *migration, MigStopCause cause)
{
  MigRunner *runner = migration->runner;
  g_autoptr (GError) error = NULL;
  gboolean ok = cause == MIG_STOP_POST_COPY ? mig_guest_start_post_copy (migration->guest, &error)
                                            : mig_guest_set_max_downtime (migration->guest, MIG_STOP_NOW_NS, &error);
  gint64 now = mig_clock_now ();

  g_mutex_lock (&runner->lock);
  if (ok)
    {
      migration->stop_cause = cause;
      migration->stop_ns = now;
    }
  mig_runner_event (runner, migration->from->study->name, migration->actor->guest->name, now, "stop-rule",
                    ok ? mig_stop_cause_name (cause) : error->message);
  g_mutex_unlock (&runner->lock);
}

static void
look_at_job (MigMigration *migration, const MigIteration *iteration)
{
  MigRunner *runner = migration->runner;
  MigJobStatistics job;

  if (!mig_host_can (migration->from->host, MIG_CAN_JOB_STATISTICS)
      || !mig_guest_job_running (migration->guest, &job))
    return;
  g_mutex_lock (&runner->lock);
  migration->job = job;
  gboolean decide = migration->stop_cause == MIG_STOP_NOT_YET && iteration != NULL
                    && migration->suspended_ns == MIG_MISSING_INT;
  g_mutex_unlock (&runner->lock);
  if (!iteration)
    return;
  write_round (migration, iteration, &job);
  gboolean post_copy = runner->options.study->technique == MIG_TECHNIQUE_POST_COPY && iteration->number > 1;
  MigStopCause cause = !decide    ? MIG_STOP_NOT_YET
                       : post_copy ? MIG_STOP_POST_COPY
                                   : mig_stop_rule_decide (runner->stop, iteration->number - 1, &job);
  if (cause != MIG_STOP_NOT_YET)
    impose_stop (migration, cause);
}

/* The guest's console on the destination, as soon as there is one. A domain of its name that is another one's is
 * left alone. */
static gboolean
open_destination (MigMigration *migration)
{
  MigRunner *runner = migration->runner;
  MigGuest *guest = mig_guest_lookup (migration->to->host, migration->actor->domain, NULL);
  gboolean ours = guest && strcmp (mig_guest_uuid (guest), migration->actor->uuid) == 0;

  MigFeed *feed = ours ? mig_actor_open_console (migration->actor, migration->to, guest, NULL) : NULL;
  if (!feed)
    {
      mig_guest_free (guest);
      return FALSE;
    }
  g_mutex_lock (&runner->lock);
  migration->destination_feed = feed;
  g_ptr_array_add (migration->actor->handles, guest);
  mig_runner_event (runner, migration->to->study->name, migration->actor->guest->name, mig_clock_now (),
                    "console", "opened");
  g_mutex_unlock (&runner->lock);
  return TRUE;
}

static void
abort_migration (MigMigration *migration)
{
  g_autoptr (GError) error = NULL;

  if (!mig_host_can (migration->from->host, MIG_CAN_ABORT))
    mig_warning ("host '%s' cannot abort a migration: waiting until guest '%s' has moved",
                 migration->from->study->name, migration->actor->guest->name);
  else if (!mig_guest_abort_migration (migration->guest, &error))
    mig_warning ("%s", error->message);
}

typedef enum { WATCH_END, WATCH_ROUND, WATCH_CONSOLE, WATCH_ABORT, WATCH_PROGRESS } Duty;

/* Whether the destination's console is still to be opened; even where the migration is over: its heartbeats are
 * wanted. Not from a guest or a host that is gone. Under the lock. */
static gboolean
wants_console (const MigMigration *migration, gint64 now)
{
  if (MIG_IS_MISSING (migration->appeared_ns) || migration->destination_feed || migration->to->lost
      || migration->actor->stopped || migration->actor->guest->existing)
    return FALSE;
  return !migration->done || (!migration->error && now < migration->end_ns + CONSOLE_PATIENCE_NS);
}

/* Whether it is to be aborted: too late, not wanted any more, or without the destination's daemon, which alone
 * could let the guest go on there. Under the lock. */
static gboolean
wants_abort (const MigMigration *migration, gint64 now)
{
  return !migration->abort_asked && !migration->done && !migration->from->lost
         && (now >= migration->deadline_ns || migration->runner->cancelled || migration->to->lost);
}

/* What the watcher has to do next; waits until there is something. Under the lock. */
static Duty
next_duty (MigMigration *migration, gint64 *console_ns, gint64 *progress_ns, MigIteration *iteration)
{
  MigRunner *runner = migration->runner;

  for (;;)
    {
      gint64 now = mig_clock_now ();
      gboolean want_console = wants_console (migration, now);

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
      if (now >= *progress_ns && migration->start_ns && !migration->done)
        return WATCH_PROGRESS;

      gint64 wake = MIN (*progress_ns, migration->deadline_ns);
      if (migration->abort_asked || migration->done || !migration->start_ns)
        wake = now + PROGRESS_PERIOD_NS;
      if (want_console)
        wake = MIN (wake, *console_ns);
      g_cond_wait_until (&runner->changed, &runner->lock, wake / MIG_NS_PER_US + 1);
    }
}

static gpointer
watcher (gpointer data)
{
  MigMigration *migration = data;
  MigRunner *runner = migration->runner;
  gint64 console_ns = 0, progress_ns = mig_clock_now () + PROGRESS_PERIOD_NS;
  MigIteration iteration;
  Duty duty;

  g_mutex_lock (&runner->lock);
  while ((duty = next_duty (migration, &console_ns, &progress_ns, &iteration)) != WATCH_END)
    {
      if (duty == WATCH_ABORT)
        {
          migration->abort_asked = TRUE;
          migration->timed_out = !runner->cancelled && !migration->to->lost;
        }
      g_mutex_unlock (&runner->lock);
      switch (duty)
        {
        case WATCH_ROUND:
          look_at_job (migration, &iteration);
          break;
        case WATCH_CONSOLE:
          if (!open_destination (migration))
            console_ns = mig_clock_now () + CONSOLE_RETRY_NS;
          break;
        case WATCH_ABORT:
          abort_migration (migration);
          break;
        default:
          look_at_job (migration, NULL);
          progress_ns = mig_clock_now () + PROGRESS_PERIOD_NS;
        }
      g_mutex_lock (&runner->lock);
    }
  g_mutex_unlock (&runner->lock);
  return NULL;
}

/* ---- life ---- */

static MigFeed *
current_feed (const MigActor *actor)
{
  return actor->feeds->len ? g_ptr_array_index (actor->feeds, actor->feeds->len - 1) : NULL;
}

/* The downtime limit to begin with: the study's, or what makes the stop rule's page limit hold. */
static void
set_initial_limit (MigMigration *migration)
{
  MigRunner *runner = migration->runner;
  const MigStudy *study = runner->options.study;
  guint64 rate = study->bandwidth_bytes_per_s ? study->bandwidth_bytes_per_s : study->link_bytes_per_s;
  gint64 limit_ns = study->max_downtime_ns ? study->max_downtime_ns : mig_stop_rule_downtime (runner->stop, rate);
  g_autoptr (GError) error = NULL;

  if (limit_ns && mig_host_can (migration->from->host, MIG_CAN_MAX_DOWNTIME)
      && !mig_guest_set_max_downtime (migration->guest, limit_ns, &error))
    mig_warning ("%s", error->message);
}

MigMigration *
mig_migration_start (MigRunner *runner, MigActor *actor, const MigRunHost *to, guint step)
{
  MigMigration *migration = g_new0 (MigMigration, 1);
  guint id = 0;
  g_autoptr (GError) error = NULL;

  migration->runner = runner;
  migration->actor = actor;
  migration->from = actor->where;
  migration->to = to;
  migration->step = step;
  migration->appeared_ns = migration->suspended_ns = migration->resumed_ns = MIG_MISSING_INT;
  migration->stop_ns = MIG_MISSING_INT;
  migration->completed = (MigJobStatistics){ MIG_MISSING_INT, MIG_MISSING_INT, MIG_MISSING_INT, MIG_MISSING_INT,
                                             MIG_MISSING_INT, MIG_MISSING_INT, MIG_MISSING_INT, MIG_MISSING_INT,
                                             MIG_MISSING_INT, MIG_MISSING_INT, MIG_MISSING_INT };
  migration->job = migration->completed;
  migration->iterations = g_array_new (FALSE, FALSE, sizeof (MigIteration));
  migration->deadline_ns = mig_clock_now () + runner->options.study->timeout_ns;

  g_mutex_lock (&runner->lock);
  migration->guest = mig_actor_handle (actor, migration->from);
  migration->source_feed = current_feed (actor);
  g_ptr_array_add (runner->migrations, migration);
  g_mutex_unlock (&runner->lock);

  /* one that was there before is never to be destroyed */
  if (!actor->guest->existing)
    {
      if (!mig_undo_push_domain (runner->undo, to->host, actor->domain, actor->uuid, &id, &error))
        {
          /* what could not be taken back after a crash is not begun */
          migration->error = g_steal_pointer (&error);
          migration->end_ns = mig_clock_now ();
          migration->done = TRUE;
          return migration;
        }
      g_array_append_val (actor->undo, id);
    }
  set_initial_limit (migration);
  migration->worker = g_thread_new ("migrate", worker, migration);
  migration->watcher = g_thread_new ("watch", watcher, migration);
  return migration;
}

void
mig_migration_event (MigMigration *migration, const MigEvent *event)
{
  gboolean source = event->host == migration->from->host;

  if (event->kind == MIG_EVENT_STOPPED && !event->by_migration)
    migration->stopped[source ? 0 : 1] = event->detail;
  if (migration->done && event->kind != MIG_EVENT_RESUMED)
    return;
  if (!source && event->kind == MIG_EVENT_STARTED && event->by_migration)
    migration->appeared_ns = event->arrival_ns;
  else if (source && event->kind == MIG_EVENT_SUSPENDED && event->by_migration)
    migration->suspended_ns = event->arrival_ns;
  else if (!source && event->kind == MIG_EVENT_RESUMED && MIG_IS_MISSING (migration->resumed_ns))
    migration->resumed_ns = event->arrival_ns;
  else if (source && event->kind == MIG_EVENT_ITERATION)
    {
      MigIteration iteration = { event->number, event->arrival_ns };
      g_array_append_val (migration->iterations, iteration);
    }
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
  g_free (migration->fate);
  g_free (migration);
}

/* ---- its row ---- */

gboolean
mig_migration_is_heard (const MigMigration *migration)
{
  const MigFeed *feed = migration->destination_feed;
  const MigActor *actor = migration->actor;

  return !feed || feed->segment.heartbeats > 0 || !MIG_IS_MISSING (feed->ended_ns) || actor->stopped || actor->alarm
         || actor->fatal;
}

/* Why the guest that arrived is not the one that left; NULL: it is. */
static char *
damage (const MigMigration *migration)
{
  const MigActor *actor = migration->actor;
  const MigFeed *broken = mig_actor_broken_console (actor);
  gint64 lost, backwards;

  if (actor->alarm || actor->guest->existing) /* what it should hold is not known */
    return g_strdup (actor->alarm);
  if (actor->stopped && (!migration->destination_feed || migration->destination_feed->segment.heartbeats == 0))
    return g_strdup_printf ("it ended on the destination (%s), and no heartbeat came from there", actor->stopped);
  if (broken && broken == migration->destination_feed)
    return g_strdup ("its console on the destination broke");
  if (!migration->destination_feed)
    return g_strdup ("its console on the destination could not be opened");
  if (migration->destination_feed->segment.heartbeats == 0)
    return g_strdup ("no heartbeat came from the destination");
  mig_segment_switch (&migration->source_feed->segment, &migration->destination_feed->segment, &lost, &backwards);
  if (!MIG_IS_MISSING (backwards) && backwards > 0)
    return g_strdup_printf ("its heartbeat sequence went back by %" G_GINT64_FORMAT, backwards);
  if (migration->destination_feed->segment.backwards)
    return g_strdup ("its heartbeat sequence went back on the destination");
  if (actor->fatal)
    return g_strdup (actor->fatal);
  return NULL;
}

static void
set_status (const MigMigration *migration, MigMigrationRecord *record)
{
  if (!migration->error)
    {
      record->reason = damage (migration);
      record->status = g_strdup (record->reason ? "damaged" : "ok");
      return;
    }
  const GError *lost = migration->from->lost || migration->to->lost ? migration->runner->connection_error : NULL;
  record->status = g_strdup (migration->timed_out             ? "timed-out"
                             : migration->abort_asked && !lost ? "aborted"
                                                              : "failed");
  g_autofree char *limit = mig_units_format_duration (migration->runner->options.study->timeout_ns);
  g_autofree char *why = migration->timed_out ? g_strdup_printf ("not over after %s", limit)
                                              : g_strdup (migration->error->message);
  record->reason = g_strconcat (lost ? lost->message : "", lost ? "; " : "", why, migration->fate ? "; " : NULL,
                                migration->fate, NULL);
}

static const char *
stopped_by (const MigMigration *migration)
{
  const MigStopLimits *stop = migration->runner->stop;

  if (migration->stop_cause != MIG_STOP_NOT_YET)
    return mig_stop_cause_name (migration->stop_cause);
  if (migration->error || !mig_host_can (migration->from->host, MIG_CAN_MAX_DOWNTIME))
    return NULL;
  return stop->min_pages && !migration->runner->options.study->max_downtime_ns ? "pages" : "hypervisor";
}

static MigStopRule
stop_rule_in_force (const MigMigration *migration)
{
  const MigHost *source = migration->from->host;

  return mig_stop_rule_in_force (migration->runner->options.study->stop_rule,
                                 mig_host_can (source, MIG_CAN_MAX_DOWNTIME), mig_host_info (source));
}

MigMigrationRecord *
mig_migration_record (MigMigration *migration)
{
  MigMigrationRecord *record = g_new (MigMigrationRecord, 1);
  const MigSegment *source = migration->source_feed ? &migration->source_feed->segment : NULL;
  const MigSegment *destination = migration->destination_feed ? &migration->destination_feed->segment : NULL;
  gint64 backwards;

  mig_record_init (MIG_TABLE_MIGRATIONS, record);
  record->run = migration->runner->run;
  record->step = migration->step;
  record->guest = g_strdup (migration->actor->guest->name);
  record->source = g_strdup (migration->from->study->name);
  record->destination = g_strdup (migration->to->study->name);
  set_status (migration, record);
  record->start_ns = migration->start_ns ? migration->start_ns : MIG_MISSING_INT;
  record->end_ns = migration->end_ns;
  record->transfer_ns = migration->completed.elapsed_ns;
  record->setup_ns = migration->completed.setup_ns;
  record->downtime_reported_ns = migration->completed.downtime_ns;
  record->suspended_ns = migration->suspended_ns;
  record->resumed_ns = migration->resumed_ns;
  if (source && !migration->error)
    record->last_source_heartbeat_ns = source->last_arrival_ns;
  if (destination && !migration->error)
    record->first_destination_heartbeat_ns = destination->first_arrival_ns;
  if (source && destination)
    mig_segment_switch (source, destination, &record->lost_at_switch, &backwards);
  record->sent_bytes = migration->completed.sent_bytes;
  record->ram_bytes = migration->completed.ram_bytes;
  record->normal_pages = migration->completed.normal_pages;
  record->constant_pages = migration->completed.constant_pages;
  record->rounds = migration->completed.rounds;
  record->stop_rule = g_strdup (mig_stop_rule_limits (stop_rule_in_force (migration))->name);
  record->stopped_by = g_strdup (stopped_by (migration));
  record->stop_ns = migration->stop_ns;
  record->technique = g_strdup (mig_technique_info (migration->runner->options.study->technique)->name);
  return record;
}
