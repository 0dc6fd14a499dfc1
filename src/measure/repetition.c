/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "measure/repetition.h"

#define PROGRESS_PERIOD_NS (MIG_NS_PER_S / 2)

/* ---- events of the hosts ---- */

static MigRunGuest *
find_by_uuid (const MigRepetition *repetition, const char *uuid)
{
  for (guint i = 0; uuid && i < repetition->guests->len; i++)
    if (strcmp (mig_run_guest_uuid (repetition->guests->pdata[i]), uuid) == 0)
      return repetition->guests->pdata[i];
  return NULL;
}

/* tell_migrations: those of that guest, the newest first; TRUE: one of them goes on. What is told
 * of a job is of the newest alone. */
static gboolean
tell_migrations (const MigRepetition *repetition, const MigRunGuest *run_guest,
                 const MigEvent *event)
{
  gboolean of_job = event->kind == MIG_EVENT_JOB || mig_event_is_post_copy (event->detail);
  gboolean migrating = FALSE;

  for (guint i = repetition->migrations->len; i > 0; i--)
    {
      MigMigration *migration = repetition->migrations->pdata[i - 1];
      if (mig_migration_guest (migration) != run_guest)
        continue;
      migrating |= mig_migration_event (migration, event);
      if (of_job)
        break;
    }
  return migrating;
}

/* In the event loop's thread, under the lock. */
static void
on_event (const MigEvent *event, gpointer user)
{
  MigRepetition *repetition = user;
  MigRunGuest *run_guest = find_by_uuid (repetition, event->uuid);

  if (!run_guest)
    return;
  gboolean migrating = tell_migrations (repetition, run_guest, event);
  if (event->kind == MIG_EVENT_STARTED)
    mig_run_guest_note_start (run_guest, event->host);
  if (event->kind == MIG_EVENT_STOPPED && !event->by_migration && !migrating &&
      !mig_run_guest_is_expected (run_guest) &&
      mig_run_guest_where (run_guest)->host == event->host &&
      repetition->progress.phase != MIG_PHASE_ENDING)
    mig_run_guest_end (run_guest, event->detail);
  if (event->kind == MIG_EVENT_JOB) /* its statistics are the migration's row */
    return;
  mig_run_event (repetition->run, mig_host_name (event->host), mig_run_guest_name (run_guest),
                 event->arrival_ns, event->name, event->detail);
}

/* ---- life ---- */

MigRepetition *
mig_repetition_new (MigRun *run, const MigProgress *progress)
{
  MigRepetition *repetition = g_new0 (MigRepetition, 1);

  repetition->run = run;
  repetition->progress = *progress;
  repetition->guests = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_run_guest_free);
  repetition->migrations = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_migration_free);
  mig_record_init (MIG_TABLE_RUNS, &repetition->record);
  repetition->record.run = run->number;
  repetition->record.case_label = g_strdup (progress->case_label);
  repetition->record.repetition = progress->repetition;
  repetition->record.started_ns = mig_clock_now ();
  mig_clock_gap_init (&repetition->gap, mig_clock_asleep ());
  mig_run_listen (run, on_event, repetition);
  return repetition;
}

void
mig_repetition_free (MigRepetition *repetition)
{
  if (!repetition)
    return;
  mig_run_listen (repetition->run, NULL, NULL);
  mig_probing_free (repetition->probing);
  g_ptr_array_unref (repetition->migrations);
  g_ptr_array_unref (repetition->guests);
  mig_record_clear (MIG_TABLE_RUNS, &repetition->record);
  g_free (repetition);
}

void
mig_repetition_add (MigRepetition *repetition, MigRunGuest *run_guest)
{
  g_mutex_lock (&repetition->run->lock);
  g_ptr_array_add (repetition->guests, run_guest);
  g_mutex_unlock (&repetition->run->lock);
}

MigMigration *
mig_repetition_migrate (MigRepetition *repetition, MigRunGuest *run_guest, const MigRunHost *to,
                        guint step)
{
  MigMigration *migration = mig_migration_new (repetition->run, run_guest, to, step);

  g_mutex_lock (&repetition->run->lock);
  g_ptr_array_add (repetition->migrations, migration);
  g_mutex_unlock (&repetition->run->lock);
  mig_migration_start (migration);
  return migration;
}

MigRunGuest *
mig_repetition_find_guest (const MigRepetition *repetition, const MigStudyGuest *guest)
{
  for (guint i = 0; i < repetition->guests->len; i++)
    if (mig_run_guest_study (repetition->guests->pdata[i]) == guest)
      return repetition->guests->pdata[i];
  return NULL;
}

/* ---- progress, and waiting ---- */

/* waiting_for: "c2, m1": guests that have not said READY; the caller frees it. */
static char *
waiting_for (const MigRepetition *repetition)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < repetition->guests->len; i++)
    if (!mig_run_guest_is_ready (repetition->guests->pdata[i]))
      g_string_append_printf (names, "%s%s", names->len ? ", " : "",
                              mig_run_guest_name (repetition->guests->pdata[i]));
  return g_string_free (names, FALSE);
}

static gint64
estimate_remaining (const MigRepetition *repetition, gint64 now)
{
  const MigRun *run = repetition->run;
  guint left = repetition->progress.total - (repetition->progress.position - 1);

  if (repetition->progress.total == 0)
    return repetition->progress.time_ns == 0
               ? MIG_MISSING_INT
               : MAX (0, repetition->progress.time_ns - (now - run->started_ns));
  if (run->finished == 0)
    return MIG_MISSING_INT;
  gint64 each = (repetition->record.started_ns - run->started_ns) / run->finished;
  return MAX (0, each * left - (now - repetition->record.started_ns));
}

static void
show_progress (MigRepetition *repetition)
{
  const MigRunObserver *observer = &repetition->run->options.observer;
  MigProgress *progress = &repetition->progress;
  gint64 now = mig_clock_now ();
  MigProgressMigration shown[16];

  repetition->next_progress_ns = now + PROGRESS_PERIOD_NS;
  if (!observer->progress)
    return;
  progress->n_migrations = 0;
  for (guint i = 0;
       i < repetition->migrations->len && progress->n_migrations < G_N_ELEMENTS (shown); i++)
    progress->n_migrations += mig_migration_progress (repetition->migrations->pdata[i], now,
                                                      &shown[progress->n_migrations]);
  g_autofree char *waiting = progress->phase == MIG_PHASE_STARTING ? waiting_for (repetition)
                                                                   : NULL;
  progress->waiting_for = waiting && *waiting ? waiting : repetition->awaits;
  progress->migrations = shown;
  progress->elapsed_ns = now - repetition->run->started_ns;
  progress->remaining_ns = estimate_remaining (repetition, now);
  observer->progress (progress, observer->data);
  progress->migrations = NULL;
  progress->waiting_for = NULL;
}

void
mig_repetition_enter (MigRepetition *repetition, MigPhase phase)
{
  g_mutex_lock (&repetition->run->lock);
  repetition->progress.phase = phase;
  show_progress (repetition);
  g_mutex_unlock (&repetition->run->lock);
}

/* note_gap: a wait is over that was to end earlier. */
static void
note_gap (MigRepetition *repetition, gint64 due_ns, gint64 now_ns)
{
  gint64 before_ns = repetition->gap.total_ns;

  if (!mig_clock_gap_note (&repetition->gap, due_ns, now_ns, mig_clock_asleep ()))
    return;
  g_autofree char *length = mig_units_format_duration (repetition->gap.total_ns - before_ns);
  mig_run_event (repetition->run, NULL, NULL, now_ns, "standstill", length);
}

void
mig_repetition_wait (MigRepetition *repetition, gint64 deadline_ns)
{
  gint64 until = MIN (deadline_ns, repetition->next_progress_ns);
  gint64 due = MAX (until, mig_clock_now ());

  mig_clock_wait (&repetition->run->changed, &repetition->run->lock, until);
  note_gap (repetition, due, mig_clock_now ());
  if (mig_clock_now () >= repetition->next_progress_ns)
    show_progress (repetition);
}

gboolean
mig_repetition_wait_for (MigRepetition *repetition, MigCondition condition, gint64 deadline_ns,
                         gboolean guests_must_live, GError **error)
{
  gboolean met = FALSE, failed = FALSE;

  g_mutex_lock (&repetition->run->lock);
  repetition->run->awaits_heartbeats = condition != NULL;
  for (;;)
    {
      failed = mig_run_must_stop (repetition->run, error);
      for (guint i = 0; !failed && guests_must_live && i < repetition->guests->len; i++)
        failed = mig_run_guest_failed (repetition->guests->pdata[i], error);
      met = !failed && condition && condition (repetition);
      if (failed || met || mig_clock_now () >= deadline_ns)
        break;
      mig_repetition_wait (repetition, deadline_ns);
    }
  repetition->run->awaits_heartbeats = FALSE;
  g_mutex_unlock (&repetition->run->lock);
  return met;
}

static gboolean
all_migrations_done (const MigRepetition *repetition)
{
  for (guint i = 0; i < repetition->migrations->len; i++)
    if (!mig_migration_is_done (repetition->migrations->pdata[i]))
      return FALSE;
  return TRUE;
}

void
mig_repetition_wait_for_migrations (MigRepetition *repetition)
{
  g_mutex_lock (&repetition->run->lock);
  while (!all_migrations_done (repetition))
    mig_repetition_wait (repetition, G_MAXINT64);
  g_mutex_unlock (&repetition->run->lock);
}
