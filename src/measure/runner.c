/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "measure/internal.h"

#define PROGRESS_PERIOD_NS (MIG_NS_PER_S / 2)

MigRunHost *
mig_run_host_new (const MigStudyHost *study, MigHost *host)
{
  MigRunHost *run_host = g_new0 (MigRunHost, 1);
  run_host->study = study;
  run_host->host = host;
  run_host->cpu = study->cpu;
  run_host->n_cpus = mig_host_info (host)->cpus;
  run_host->hypervisor_version = mig_host_info (host)->hypervisor_version;
  run_host->migrate_uri = g_strdup (study->migrate_uri);
  run_host->peer_uri = g_strdup (study->peer_uri ? study->peer_uri : mig_host_uri (host));
  return run_host;
}

void
mig_run_host_free (MigRunHost *host)
{
  if (!host)
    return;
  mig_host_free (host->host);
  g_clear_pointer (&host->own_cpus, g_array_unref);
  g_free (host->migrate_uri);
  g_free (host->peer_uri);
  g_free (host->kernel);
  g_free (host->initrd);
  g_free (host->emulator);
  g_free (host->template_file);
  g_free (host);
}

MigRunHost *
mig_run_host_find (const GPtrArray *hosts, const char *name)
{
  for (guint i = 0; i < hosts->len; i++)
    {
      MigRunHost *host = g_ptr_array_index (hosts, i);
      if (strcmp (host->study->name, name) == 0)
        return host;
    }
  return NULL;
}

const char *
mig_phase_name (MigPhase phase)
{
  static const char *const names[] = { "starting guests", "settling", "baseline",
                                       "migrating",       "after",    "ending" };
  return names[phase];
}

static void
keep_identity (gpointer guest, gpointer uuid, gpointer identities)
{
  g_hash_table_insert (identities, g_strdup (guest), g_strdup (uuid));
}

MigRunner *
mig_runner_new (const MigRunOptions *options)
{
  MigRunner *runner = g_new0 (MigRunner, 1);

  g_mutex_init (&runner->lock);
  g_cond_init (&runner->changed);
  runner->options = *options;
  runner->stop = mig_stop_rule_limits (options->study->stop_rule);
  runner->cases = g_ptr_array_new ();
  for (guint i = 0; i < options->schedule->len; i++)
    g_ptr_array_add (runner->cases,
                     (gpointer) g_array_index (options->schedule, MigScheduleItem, i).study_case);
  runner->identities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  runner->guest_pins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  runner->round_trips = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
  if (options->identities)
    g_hash_table_foreach (options->identities, keep_identity, runner->identities);
  runner->run_guests = g_ptr_array_new ();
  runner->migrations = g_ptr_array_new ();
  runner->pins = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  runner->link_bytes_per_s = options->study->link_bytes_per_s;
  return runner;
}

void
mig_runner_free (MigRunner *runner)
{
  if (!runner)
    return;
  g_ptr_array_unref (runner->run_guests);
  g_ptr_array_unref (runner->migrations);
  g_hash_table_unref (runner->pins);
  g_hash_table_unref (runner->identities);
  g_hash_table_unref (runner->guest_pins);
  g_hash_table_unref (runner->round_trips);
  g_ptr_array_unref (runner->cases);
  g_clear_error (&runner->write_error);
  g_clear_error (&runner->connection_error);
  g_mutex_clear (&runner->lock);
  g_cond_clear (&runner->changed);
  g_free (runner);
}

void
mig_runner_cancel (MigRunner *runner)
{
  g_mutex_lock (&runner->lock);
  runner->cancelled = TRUE;
  g_cond_broadcast (&runner->changed);
  g_mutex_unlock (&runner->lock);
}

MigRunHost *
mig_runner_host (MigRunner *runner, const MigStudyHost *host)
{
  return mig_run_host_find (runner->options.hosts, host->name); /* a variant has hosts of its own */
}

/* From any thread, with or without the lock. The writer keeps its first error and returns it from
 * commit too; here it only has to be noticed. */
void
mig_runner_append (MigRunner *runner, MigTable table, gconstpointer record)
{
  GError *error = NULL;

  if (g_atomic_pointer_get (&runner->write_error) ||
      mig_result_writer_append (runner->options.writer, table, record, &error))
    return;
  if (!g_atomic_pointer_compare_and_exchange (&runner->write_error, NULL, error))
    g_error_free (error);
}

void
mig_runner_event (MigRunner *runner, const char *host, const char *guest, gint64 time_ns,
                  const char *event, const char *detail)
{
  MigEventRecord record = { runner->run,    time_ns,        (char *) host,
                            (char *) guest, (char *) event, (char *) detail };
  mig_runner_append (runner, MIG_TABLE_EVENTS, &record);
}

gboolean
mig_runner_must_stop (MigRunner *runner, GError **error)
{
  const GError *written = g_atomic_pointer_get (&runner->write_error);
  const GError *why = written ? written : runner->connection_error;

  if (runner->cancelled)
    g_set_error (error, MIG_ERROR, MIG_ERROR_INTERRUPTED, "interrupted");
  else if (why && error)
    *error = g_error_copy (why);
  return runner->cancelled || why != NULL;
}

/* ---- events of the hosts ---- */

static MigRunGuest *
actor_of_domain (MigRunner *runner, const MigEvent *event)
{
  for (guint i = 0; event->uuid && i < runner->run_guests->len; i++)
    {
      MigRunGuest *run_guest = g_ptr_array_index (runner->run_guests, i);
      if (strcmp (run_guest->uuid, event->uuid) == 0)
        return run_guest;
    }
  return NULL;
}

static void
take_event (MigRunner *runner, MigRunGuest *run_guest, const MigEvent *event)
{
  gboolean migrating = FALSE;

  for (guint i = 0; i < runner->migrations->len; i++)
    {
      MigMigration *migration = g_ptr_array_index (runner->migrations, i);
      if (migration->run_guest != run_guest)
        continue;
      migrating = migrating || !migration->done;
      if (event->host == migration->from->host || event->host == migration->to->host)
        mig_migration_event (migration, event);
    }
  if (event->kind == MIG_EVENT_STOPPED && !event->by_migration && !migrating &&
      run_guest->where->host == event->host && runner->phase != MIG_PHASE_ENDING)
    run_guest->stopped = event->detail;
}

static void
take_loss (MigRunner *runner, const MigEvent *event)
{
  for (guint i = 0; i < runner->options.hosts->len; i++)
    {
      MigRunHost *host = g_ptr_array_index (runner->options.hosts, i);
      host->lost = host->lost || host->host == event->host;
    }
  if (!runner->connection_error)
    g_set_error (&runner->connection_error, MIG_ERROR, MIG_ERROR_FAILED,
                 "lost the connection to host '%s' (%s): %s", mig_host_name (event->host),
                 mig_host_uri (event->host), event->detail);
  mig_runner_event (runner, mig_host_name (event->host), NULL, event->arrival_ns, event->name,
                    event->detail);
}

/* In the event loop's thread. */
static void
on_event (const MigEvent *event, gpointer user)
{
  MigRunner *runner = user;

  g_mutex_lock (&runner->lock);
  MigRunGuest *run_guest = actor_of_domain (runner, event);
  if (run_guest)
    {
      take_event (runner, run_guest, event);
      mig_runner_event (runner, mig_host_name (event->host), run_guest->guest->name,
                        event->arrival_ns, event->name, event->detail);
    }
  else if (event->kind == MIG_EVENT_CLOSED)
    take_loss (runner, event);
  g_cond_broadcast (&runner->changed);
  g_mutex_unlock (&runner->lock);
}

/* ---- progress ---- */

static gint64
estimate_remaining (const MigRunner *runner)
{
  guint left = runner->options.schedule->len - (runner->position - 1);

  if (runner->finished == 0)
    return MIG_MISSING_INT;
  gint64 each = (runner->record.started_ns - runner->started_ns) / runner->finished;
  gint64 spent = mig_clock_now () - runner->record.started_ns;
  return MAX (0, each * left - spent);
}

static void
show_progress (MigRunner *runner)
{
  const MigRunObserver *observer = &runner->options.observer;
  gint64 now = mig_clock_now ();
  MigProgressMigration shown[16];
  guint n = 0;

  runner->next_progress_ns = now + PROGRESS_PERIOD_NS;
  if (!observer->progress || !runner->item)
    return;
  for (guint i = 0; i < runner->migrations->len && n < G_N_ELEMENTS (shown); i++)
    {
      const MigMigration *migration = g_ptr_array_index (runner->migrations, i);
      if (migration->done || !migration->start_ns)
        continue;
      shown[n++] = (MigProgressMigration){ migration->run_guest->guest->name,
                                           migration->to->study->name, now - migration->start_ns,
                                           migration->job.rounds, migration->job.sent_bytes };
    }
  MigProgress progress = {
    .position = runner->position,
    .total = runner->options.schedule->len,
    .case_label = runner->item->study_case->label,
    .repetition = runner->item->repetition,
    .repetitions = g_array_index (runner->options.schedule, MigScheduleItem,
                                  runner->options.schedule->len - 1)
                       .repetition,
    .phase = runner->phase,
    .elapsed_ns = now - runner->started_ns,
    .remaining_ns = estimate_remaining (runner),
    .migrations = shown,
    .n_migrations = n,
  };
  observer->progress (&progress, observer->data);
}

void
mig_runner_progress (MigRunner *runner, MigPhase phase)
{
  g_mutex_lock (&runner->lock);
  runner->phase = phase;
  show_progress (runner);
  g_mutex_unlock (&runner->lock);
}

void
mig_runner_wait (MigRunner *runner, gint64 deadline_ns)
{
  gint64 until = MIN (deadline_ns, runner->next_progress_ns);

  g_cond_wait_until (&runner->changed, &runner->lock, until / MIG_NS_PER_US + 1);
  if (mig_clock_now () >= runner->next_progress_ns)
    show_progress (runner);
}

/* ---- the whole run ---- */

gboolean
mig_runner_watch (MigRunner *runner, GError **error)
{
  for (guint i = 0; i < runner->options.hosts->len; i++)
    {
      const MigRunHost *host = g_ptr_array_index (runner->options.hosts, i);
      if (!mig_host_watch (host->host, on_event, runner, error))
        return FALSE;
    }
  return TRUE;
}

void
mig_runner_unwatch (MigRunner *runner)
{
  for (guint i = 0; i < runner->options.hosts->len; i++)
    mig_host_watch (((MigRunHost *) g_ptr_array_index (runner->options.hosts, i))->host, NULL, NULL,
                    NULL);
}

static gboolean
run_schedule (MigRunner *runner, guint *sound, guint *failed, GError **error)
{
  GArray *schedule = runner->options.schedule;

  for (guint i = 0; i < schedule->len; i++)
    {
      const MigScheduleItem *item = &g_array_index (schedule, MigScheduleItem, i);
      g_autofree char *key = mig_run_key (item->study_case->label, item->repetition);
      gboolean ok = FALSE;

      runner->position = i + 1;
      if (runner->options.done && g_hash_table_contains (runner->options.done, key))
        continue;
      g_mutex_lock (&runner->lock);
      gboolean stop = mig_runner_must_stop (runner, error);
      runner->item = item;
      runner->run++;
      g_mutex_unlock (&runner->lock);
      if (stop)
        return FALSE;
      const char *why = runner->options.skipped
                            ? g_hash_table_lookup (runner->options.skipped, item->study_case->label)
                            : NULL;
      if (why)
        {
          if (!mig_repetition_skip (runner, item, why, error))
            return FALSE;
          continue;
        }
      if (!mig_case_enter (runner, item->study_case, error))
        return FALSE;
      gboolean go_on = mig_repetition_run (runner, item, &ok, error);
      *(ok ? sound : failed) += 1;
      if (!go_on)
        return FALSE;
      runner->finished++;
    }
  return TRUE;
}

gboolean
mig_runner_run (MigRunner *runner, guint *sound, guint *failed, GError **error)
{
  GError *undo_error = NULL;

  *sound = *failed = 0;
  runner->run = runner->options.last_run;
  runner->started_ns = mig_clock_now ();
  runner->undo = mig_undo_new (error);
  if (!runner->undo)
    return FALSE;
  gboolean ok = mig_runner_watch (runner, error) && run_schedule (runner, sound, failed, error);
  mig_runner_unwatch (runner);
  if (!mig_undo_all (runner->undo, &undo_error))
    {
      mig_warning ("%s; migcost tries again at its next start", undo_error->message);
      g_clear_error (&undo_error);
    }
  g_clear_pointer (&runner->undo, mig_undo_free);
  return ok;
}
