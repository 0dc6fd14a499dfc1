/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include <string.h>

#include "measure/internal.h"
#include "virt/loop.h"
#include "virt/pin.h"

/* after the last migration at least this much is still observed, so that the guest is seen alive */
#define TAIL_NS (2 * MIG_NS_PER_S)
/* and for so long a guest is waited for that has moved and is not heard yet: on a busy host it may
 * take a while */
#define HEARING_NS (60 * MIG_NS_PER_S)

/* ---- waiting ---- */

typedef gboolean (*Condition) (MigRunner *runner);

/* Waits until the condition holds (TRUE) or the deadline has passed (FALSE, no error). FALSE with
 * error: the run has to stop or a guest has failed. condition NULL: the deadline alone. */
static gboolean
wait_for (MigRunner *runner, Condition condition, gint64 deadline_ns, gboolean guests_must_live,
          GError **error)
{
  gboolean met = FALSE, failed = FALSE;

  g_mutex_lock (&runner->lock);
  for (;;)
    {
      failed = mig_runner_must_stop (runner, error);
      for (guint i = 0; !failed && guests_must_live && i < runner->run_guests->len; i++)
        failed = mig_run_guest_failed (g_ptr_array_index (runner->run_guests, i), error);
      met = !failed && condition && condition (runner);
      if (failed || met || mig_clock_now () >= deadline_ns)
        break;
      mig_runner_wait (runner, deadline_ns);
    }
  g_mutex_unlock (&runner->lock);
  return met;
}

static gboolean
all_ready (MigRunner *runner)
{
  for (guint i = 0; i < runner->run_guests->len; i++)
    if (!((MigRunGuest *) g_ptr_array_index (runner->run_guests, i))->ready)
      return FALSE;
  return TRUE;
}

static gboolean
all_steady (MigRunner *runner)
{
  for (guint i = 0; i < runner->run_guests->len; i++)
    if (!mig_run_guest_is_steady (g_ptr_array_index (runner->run_guests, i)))
      return FALSE;
  return TRUE;
}

static gboolean
all_migrations_done (MigRunner *runner)
{
  for (guint i = 0; i < runner->migrations->len; i++)
    if (!((MigMigration *) g_ptr_array_index (runner->migrations, i))->done)
      return FALSE;
  return TRUE;
}

static gboolean
all_heard (MigRunner *runner)
{
  for (guint i = 0; i < runner->migrations->len; i++)
    if (!mig_migration_is_heard (g_ptr_array_index (runner->migrations, i)))
      return FALSE;
  return TRUE;
}

/* ---- the phases of a repetition ---- */

/* All are built before the first one runs: where they share a CPU with the management, as Xen's
 * with Domain-0, each that runs slows the building of the next. */
static gboolean
start_guests (MigRunner *runner, const MigStudyCase *study_case, GError **error)
{
  const MigStudy *study = runner->options.study;
  gboolean ok = TRUE;

  for (guint i = 0; i < study->guests->len; i++)
    {
      const MigStudyGuest *guest = g_ptr_array_index (study->guests, i);
      MigRunGuest *run_guest = mig_run_guest_new (runner, guest,
                                                  mig_case_moves (study_case, guest->name));
      g_mutex_lock (&runner->lock);
      g_ptr_array_add (runner->run_guests, run_guest);
      g_mutex_unlock (&runner->lock);
    }
  for (guint i = 0; i < runner->run_guests->len; i++)
    mig_run_guest_start (g_ptr_array_index (runner->run_guests, i));
  for (guint i = 0; i < runner->run_guests->len; i++)
    ok = mig_run_guest_join (g_ptr_array_index (runner->run_guests, i), ok ? error : NULL) && ok;
  for (guint i = 0; ok && i < runner->run_guests->len; i++)
    ok = mig_run_guest_resume (g_ptr_array_index (runner->run_guests, i), error);
  return ok;
}

static gboolean
wait_ready (MigRunner *runner, GError **error)
{
  gint64 timeout = runner->options.study->ready_timeout_ns;
  GError *failure = NULL;

  if (wait_for (runner, all_ready, mig_clock_now () + timeout, TRUE, &failure))
    return TRUE;
  if (failure)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_autofree char *limit = mig_units_format_duration (timeout);
  for (guint i = 0; i < runner->run_guests->len; i++)
    {
      const MigRunGuest *run_guest = g_ptr_array_index (runner->run_guests, i);
      if (!run_guest->ready)
        {
          g_set_error (
              error, MIG_ERROR, MIG_ERROR_TIMEOUT,
              "guest '%s' on host '%s' was not ready within %s; see console/%" G_GINT64_FORMAT
              "-%s-%s.log in the result directory, or raise ready-timeout in the study",
              run_guest->guest->name, run_guest->home->study->name, limit, runner->run,
              run_guest->guest->name, run_guest->home->study->name);
          break;
        }
    }
  return FALSE;
}

static gboolean
pin_guests (MigRunner *runner, GError **error)
{
  for (guint i = 0; i < runner->run_guests->len; i++)
    {
      MigRunGuest *run_guest = g_ptr_array_index (runner->run_guests, i);
      gboolean pin = run_guest->home->cpu >= 0 && !run_guest->guest->existing;
      if ((pin && !mig_guest_pin (g_ptr_array_index (run_guest->handles, 0), run_guest->home->cpu,
                                  error)) ||
          (run_guest->guest->pin && !mig_existing_pin (run_guest, error)))
        return FALSE;
    }
  return TRUE;
}

static void
save_domains (MigRunner *runner)
{
  for (guint i = 0; i < runner->run_guests->len; i++)
    {
      MigRunGuest *run_guest = g_ptr_array_index (runner->run_guests, i);
      g_autofree char *xml = mig_guest_xml (mig_run_guest_handle (run_guest, run_guest->where),
                                            FALSE, NULL);
      g_autofree char *name = g_strdup_printf ("domains/%s-%s.xml", run_guest->guest->name,
                                               run_guest->home->study->name);
      if (xml)
        mig_result_writer_save (runner->options.writer, name, xml, strlen (xml), NULL);
    }
}

static gboolean
prepare (MigRunner *runner, const MigStudyCase *study_case, GError **error)
{
  mig_runner_progress (runner, MIG_PHASE_STARTING);
  if (!start_guests (runner, study_case, error) || !mig_existing_bring_home (runner, error) ||
      !wait_ready (runner, error) || !pin_guests (runner, error))
    return FALSE;
  if (runner->run == 1)
    save_domains (runner);
  return TRUE;
}

static gboolean
settle (MigRunner *runner, GError **error)
{
  GError *failure = NULL;

  /* what was measured before the pinning says nothing */
  g_mutex_lock (&runner->lock);
  for (guint i = 0; i < runner->run_guests->len; i++)
    {
      MigRunGuest *run_guest = g_ptr_array_index (runner->run_guests, i);
      run_guest->n_rates = 0;
      run_guest->bin_start_ns = 0;
    }
  g_mutex_unlock (&runner->lock);
  mig_runner_progress (runner, MIG_PHASE_SETTLING);
  wait_for (runner, all_steady, mig_clock_now () + runner->options.study->settle_ns, TRUE,
            &failure);
  if (!failure)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static MigRunGuest *
find_actor (MigRunner *runner, const MigStudyGuest *guest)
{
  for (guint i = 0; i < runner->run_guests->len; i++)
    {
      MigRunGuest *run_guest = g_ptr_array_index (runner->run_guests, i);
      if (run_guest->guest == guest)
        return run_guest;
    }
  return NULL;
}

/* Migrations end by themselves, by their own deadline, or because their watchers saw the
 * cancellation. */
static void
wait_for_migrations (MigRunner *runner)
{
  g_mutex_lock (&runner->lock);
  while (!all_migrations_done (runner))
    mig_runner_wait (runner, G_MAXINT64);
  g_mutex_unlock (&runner->lock);
}

/* One step: its migrations start together; it is over when all are. FALSE without error: a
 * migration failed, which is a result. */
static gboolean
run_step (MigRunner *runner, const MigStudyStep *step, guint number, GError **error)
{
  guint first = runner->migrations->len;
  gboolean ok = TRUE;

  for (guint m = 0; m < step->moves->len; m++)
    {
      const MigStudyMove *move = &g_array_index (step->moves, MigStudyMove, m);
      mig_migration_start (runner, find_actor (runner, move->guest),
                           mig_runner_host (runner, move->destination), number);
    }
  wait_for_migrations (runner);
  for (guint i = first; i < runner->migrations->len; i++)
    {
      MigMigration *migration = g_ptr_array_index (runner->migrations, i);
      mig_migration_join (migration);
      if (!mig_migration_is_ok (migration))
        {
          mig_migration_locate_guest (migration);
          ok = FALSE;
        }
    }
  g_mutex_lock (&runner->lock);
  gboolean stop = mig_runner_must_stop (runner, error);
  g_mutex_unlock (&runner->lock);
  return ok && !stop;
}

static gboolean
measure (MigRunner *runner, const MigStudyCase *study_case, GError **error)
{
  const MigStudy *study = runner->options.study;
  MigRunRecord *record = &runner->record;
  GError *failure = NULL;
  gboolean ok = TRUE;

  mig_runner_progress (runner, MIG_PHASE_BASELINE);
  record->ready_ns = record->window_start_ns = mig_clock_now ();
  gint64 waited_ns = mig_loop_waited_ns ();
  mig_existing_start_dirty_rate (runner);
  wait_for (runner, NULL, record->window_start_ns + study->baseline_ns, TRUE, &failure);
  if (!failure)
    {
      mig_existing_read_dirty_rate (runner);
      mig_runner_progress (runner, MIG_PHASE_MIGRATING);
      record->migrations_start_ns = mig_clock_now ();
      for (guint s = 0; ok && s < study_case->steps->len; s++)
        ok = run_step (runner, g_ptr_array_index (study_case->steps, s), s + 1, &failure);
      record->migrations_end_ns = mig_clock_now ();
    }
  if (!failure && ok)
    {
      mig_runner_progress (runner, MIG_PHASE_AFTER);
      gint64 end = MAX (record->window_start_ns + study->window_ns,
                        record->migrations_end_ns + TAIL_NS);
      /* a guest that dies now is found by the verification */
      wait_for (runner, NULL, end, FALSE, &failure);
      if (!failure)
        wait_for (runner, all_heard, end + HEARING_NS, FALSE, &failure);
      record->window_end_ns = mig_clock_now ();
      if (!MIG_IS_MISSING (waited_ns))
        record->own_wait_ns = mig_loop_waited_ns () - waited_ns;
    }
  if (!failure)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

/* ---- the end of a repetition ---- */

static void
destroy_guests (MigRunner *runner)
{
  for (guint i = 0; i < runner->run_guests->len; i++)
    {
      MigRunGuest *run_guest = g_ptr_array_index (runner->run_guests, i);
      g_autoptr (GError) error = NULL;
      mig_run_guest_close_consoles (run_guest);
      if (!mig_run_guest_destroy (run_guest, &error))
        mig_warning ("%s; migcost tries again at the end and at its next start", error->message);
    }
}

/* Migrations' rows; the first thing that went wrong becomes the repetition's reason. */
static GPtrArray *
collect_migrations (MigRunner *runner)
{
  GPtrArray *records = g_ptr_array_new ();

  for (guint i = 0; i < runner->migrations->len; i++)
    {
      if (((MigMigration *) g_ptr_array_index (runner->migrations, i))->step == MIG_STEP_HOME)
        continue;
      MigMigrationRecord *record = mig_migration_record (g_ptr_array_index (runner->migrations, i));
      if (g_strcmp0 (record->status, "ok") != 0 && !runner->record.reason)
        runner->record.reason = g_strdup_printf ("%s: %s: %s", record->guest, record->status,
                                                 record->reason);
      g_ptr_array_add (records, record);
    }
  for (guint i = 0; i < runner->run_guests->len && !runner->record.reason; i++)
    {
      const MigRunGuest *run_guest = g_ptr_array_index (runner->run_guests, i);
      const MigConsoleReader *broken = mig_run_guest_broken_console (run_guest);
      g_autoptr (GError) error = NULL;
      if (mig_run_guest_failed (run_guest, &error))
        runner->record.reason = g_strdup (error->message);
      else if (broken)
        runner->record.reason = g_strdup_printf (
            "the console of guest '%s' on host '%s' broke: did somebody else open it?",
            run_guest->guest->name, broken->host->study->name);
    }
  return records;
}

static void
write_rows (MigRunner *runner, const GPtrArray *records, const GError *failure)
{
  MigRunRecord *record = &runner->record;

  mig_runner_write_round_trips (runner);
  for (guint i = 0; i < runner->run_guests->len; i++)
    mig_run_guest_write (g_ptr_array_index (runner->run_guests, i));
  for (guint i = 0; i < records->len; i++)
    mig_runner_append (runner, MIG_TABLE_MIGRATIONS, g_ptr_array_index (records, i));
  if (failure && !record->reason)
    record->reason = g_strdup (failure->message);
  record->status = g_strdup (g_error_matches (failure, MIG_ERROR, MIG_ERROR_INTERRUPTED)
                                 ? "interrupted"
                             : record->reason ? "failed"
                                              : "ok");
  mig_runner_append (runner, MIG_TABLE_RUNS, record);
}

static void
free_migration_record (gpointer record)
{
  mig_record_free (MIG_TABLE_MIGRATIONS, record);
}

static void
forget_repetition (MigRunner *runner, GPtrArray *records)
{
  g_mutex_lock (&runner->lock);
  g_autoptr (GPtrArray) run_guests = g_steal_pointer (&runner->run_guests);
  g_autoptr (GPtrArray) migrations = g_steal_pointer (&runner->migrations);
  runner->run_guests = g_ptr_array_new ();
  runner->migrations = g_ptr_array_new ();
  g_mutex_unlock (&runner->lock);
  g_ptr_array_foreach (migrations, (GFunc) (void (*) (void)) mig_migration_free, NULL);
  g_ptr_array_foreach (run_guests, (GFunc) (void (*) (void)) mig_run_guest_free, NULL);
  g_ptr_array_set_free_func (records, free_migration_record);
  g_ptr_array_unref (records);
  mig_record_clear (MIG_TABLE_RUNS, &runner->record);
}

/* On the disk before anything is started, so that one that was cut off is known by its name. */
static gboolean
note_beginning (MigRunner *runner, const MigScheduleItem *item, GError **error)
{
  g_autofree char *key = mig_run_key (item->study_case->label, item->repetition);
  MigEventRecord record = { .run = runner->run,
                            .time_ns = mig_clock_now (),
                            .event = (char *) MIG_EVENT_BEGUN,
                            .detail = key };

  mig_runner_append (runner, MIG_TABLE_EVENTS, &record);
  return mig_result_writer_commit (runner->options.writer, error);
}

gboolean
mig_repetition_run (MigRunner *runner, const MigScheduleItem *item, gboolean *sound, GError **error)
{
  MigRunRecord *record = &runner->record;
  GError *failure = NULL;

  mig_record_init (MIG_TABLE_RUNS, record);
  record->run = runner->run;
  record->case_label = g_strdup (item->study_case->label);
  record->repetition = item->repetition;
  record->started_ns = mig_clock_now ();

  MigSampler *sampler = NULL;
  gboolean prepared = note_beginning (runner, item, &failure) &&
                      prepare (runner, item->study_case, &failure);
  if (prepared && settle (runner, &failure))
    {
      mig_runner_time_round_trips (runner);
      sampler = mig_sampler_start (runner);
      measure (runner, item->study_case, &failure);
      mig_runner_time_round_trips (runner);
    }
  mig_runner_progress (runner, MIG_PHASE_ENDING);
  mig_sampler_stop (sampler);
  destroy_guests (runner);
  mig_existing_tell (runner);
  record->ended_ns = mig_clock_now ();

  GPtrArray *records = collect_migrations (runner);
  write_rows (runner, records, failure);
  gboolean written = mig_result_writer_commit (runner->options.writer, failure ? NULL : &failure);
  *sound = written && g_strcmp0 (record->status, "ok") == 0;
  if (written && runner->options.observer.finished)
    runner->options.observer.finished (record, records, runner->options.observer.data);
  forget_repetition (runner, records);

  /* what went wrong during the measurement is a row, and the next repetition may be sound; guests
   * that do not even start will not do so the next time */
  gboolean go_on = !failure || (prepared && written &&
                                !g_error_matches (failure, MIG_ERROR, MIG_ERROR_INTERRUPTED) &&
                                !runner->connection_error);
  if (go_on)
    g_clear_error (&failure);
  else
    g_propagate_error (error, failure);
  return go_on;
}

gboolean
mig_repetition_skip (MigRunner *runner, const MigScheduleItem *item, const char *why,
                     GError **error)
{
  MigRunRecord record;
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  mig_record_init (MIG_TABLE_RUNS, &record);
  record.run = runner->run;
  record.case_label = g_strdup (item->study_case->label);
  record.repetition = item->repetition;
  record.status = g_strdup ("skipped");
  record.reason = g_strdup (why);
  mig_runner_append (runner, MIG_TABLE_RUNS, &record);
  gboolean written = mig_result_writer_commit (runner->options.writer, error);
  if (written && runner->options.observer.finished)
    runner->options.observer.finished (&record, none, runner->options.observer.data);
  mig_record_clear (MIG_TABLE_RUNS, &record);
  return written;
}
