/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "measure/case-run.h"
#include "measure/repetition-guests.h"
#include "measure/resume.h"
#include "measure/round-trip-log.h"
#include "measure/sampler.h"
#include "measure/window.h"

/* ---- what is waited for ---- */

static gboolean
all_steady (const MigRepetition *repetition)
{
  for (guint i = 0; i < repetition->guests->len; i++)
    if (!mig_guest_console_is_steady (mig_run_guest_console (repetition->guests->pdata[i])))
      return FALSE;
  return TRUE;
}

/* ---- the phases of a repetition ---- */

static gboolean
bring_home (MigRepetition *repetition, MigRunGuest *run_guest, GError **error)
{
  const MigRunHost *where = mig_run_guest_where (run_guest), *home = mig_run_guest_home (run_guest);
  const char *name = mig_run_guest_name (run_guest);

  mig_info ("guest '%s' is on host '%s': moving it back to '%s' (not measured)", name,
            where->study->name, home->study->name);
  mig_run_event (repetition->run, where->study->name, name, mig_clock_now (), "home",
                 home->study->name);
  MigMigration *migration = mig_repetition_migrate (repetition, run_guest, home, MIG_STEP_HOME);
  mig_repetition_wait_for_migrations (repetition);
  mig_migration_join (migration);
  const GError *why = mig_migration_error (migration);
  if (!why)
    return TRUE;
  mig_migration_locate_guest (migration);
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
               "cannot move guest '%s' back to host '%s': %s; %s; move it, then continue with "
               "--resume",
               name, home->study->name, why->message, mig_migration_whereabouts (migration));
  return FALSE;
}

/* An earlier run, or whoever else, may have left guests that were there on another host. One after
 * the other. One that no case moves is not moved back either: preflight has seen to it that it is
 * there. */
static gboolean
bring_all_home (MigRepetition *repetition, const GPtrArray *cases, GError **error)
{
  for (guint i = 0; i < repetition->guests->len; i++)
    {
      MigRunGuest *run_guest = repetition->guests->pdata[i];
      g_mutex_lock (&repetition->run->lock);
      gboolean stop = mig_run_must_stop (repetition->run, error);
      g_mutex_unlock (&repetition->run->lock);
      if (stop)
        return FALSE;
      if (mig_run_guest_where (run_guest) != mig_run_guest_home (run_guest) &&
          mig_cases_move (cases, mig_run_guest_name (run_guest)) &&
          !bring_home (repetition, run_guest, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
pin_guests (MigRepetition *repetition, GError **error)
{
  for (guint i = 0; i < repetition->guests->len; i++)
    if (!mig_run_guest_runs_pinned (repetition->guests->pdata[i]) &&
        !mig_run_guest_pin (repetition->guests->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* save_domains: each guest's definition, in the first repetition that has it. */
static void
save_domains (const MigRepetition *repetition)
{
  MigResultWriter *writer = repetition->run->options.writer;

  for (guint i = 0; i < repetition->guests->len; i++)
    {
      const MigRunGuest *run_guest = repetition->guests->pdata[i];
      g_autofree char *name = g_strdup_printf ("domains/%s-%s.xml", mig_run_guest_name (run_guest),
                                               mig_run_guest_home (run_guest)->study->name);
      if (mig_result_writer_has (writer, name))
        continue;
      g_autofree char *xml = mig_guest_xml (
          mig_run_guest_handle (run_guest, mig_run_guest_where (run_guest)), FALSE, NULL);
      if (xml)
        mig_result_writer_save (writer, name, xml, strlen (xml), NULL);
    }
}

static gboolean
prepare (MigRepetition *repetition, const MigStudyCase *study_case, const GPtrArray *cases,
         GError **error)
{
  mig_repetition_enter (repetition, MIG_PHASE_STARTING);
  if (!mig_repetition_start_guests (repetition, study_case, error) ||
      !bring_all_home (repetition, cases, error) ||
      !mig_repetition_await_guests (repetition, error) ||
      !mig_repetition_save_guests (repetition, study_case, error) ||
      !pin_guests (repetition, error))
    return FALSE;
  save_domains (repetition);
  return TRUE;
}

static gboolean
settle (MigRepetition *repetition, GError **error)
{
  GError *failure = NULL;

  mig_repetition_forget_rates (repetition);
  mig_repetition_enter (repetition, MIG_PHASE_SETTLING);
  mig_repetition_wait_for (repetition, all_steady,
                           mig_clock_now () + repetition->run->study->settle_ns, TRUE, &failure);
  if (!failure)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

/* One step: its migrations start together; it is over when all are. FALSE without error: a
 * migration failed, which is a result. */
static gboolean
run_step (MigRepetition *repetition, const MigStudyStep *step, guint number, GError **error)
{
  guint first = repetition->migrations->len;
  gboolean ok = TRUE;

  for (guint m = 0; m < step->moves->len; m++)
    {
      const MigStudyMove *move = &g_array_index (step->moves, MigStudyMove, m);
      mig_repetition_migrate (repetition, mig_repetition_find_guest (repetition, move->guest),
                              mig_run_host (repetition->run, move->destination), number);
    }
  mig_repetition_wait_for_migrations (repetition);
  for (guint i = first; i < repetition->migrations->len; i++)
    {
      MigMigration *migration = repetition->migrations->pdata[i];
      mig_migration_join (migration);
      if (!mig_migration_is_ok (migration))
        {
          mig_migration_locate_guest (migration);
          ok = FALSE;
        }
    }
  g_mutex_lock (&repetition->run->lock);
  gboolean stop = mig_run_must_stop (repetition->run, error);
  g_mutex_unlock (&repetition->run->lock);
  return ok && !stop;
}

static gboolean
run_steps (MigRepetition *repetition, gpointer data, GError **error)
{
  const MigStudyCase *study_case = data;
  gboolean ok = TRUE;

  for (guint s = 0; ok && s < study_case->steps->len; s++)
    ok = run_step (repetition, study_case->steps->pdata[s], s + 1, error);
  return ok;
}

static void
start_dirty_rates (MigRepetition *repetition)
{
  g_ptr_array_foreach (repetition->guests, (GFunc) (void (*) (void)) mig_run_guest_start_dirty_rate,
                       NULL);
}

static void
read_dirty_rates (MigRepetition *repetition)
{
  g_ptr_array_foreach (repetition->guests, (GFunc) (void (*) (void)) mig_run_guest_read_dirty_rate,
                       NULL);
}

static void
measure (MigRepetition *repetition, const MigStudyCase *study_case, GError **error)
{
  const MigStudy *study = repetition->run->study;
  const MigWindow window = { .baseline_ns = study->baseline_ns,
                             .length_ns = study->window_ns,
                             .observes = TRUE,
                             .begun = start_dirty_rates,
                             .baseline_over = read_dirty_rates,
                             .migrate = run_steps,
                             .data = (gpointer) study_case };

  mig_window_measure (repetition, &window, error);
}

/* ---- the end of a repetition ---- */

/* Migrations' rows; the first thing that went wrong becomes the repetition's reason. */
static GPtrArray *
collect_migrations (MigRepetition *repetition)
{
  GPtrArray *records = g_ptr_array_new_with_free_func (g_free);
  char **reason = &repetition->record.reason;

  *reason = mig_clock_gap_text (&repetition->gap); /* whatever else happened, this may be why */
  for (guint i = 0; i < repetition->migrations->len; i++)
    {
      const MigMigration *migration = repetition->migrations->pdata[i];
      if (mig_migration_step (migration) == MIG_STEP_HOME)
        continue;
      MigMigrationRecord *record = mig_migration_record (migration);
      if (g_strcmp0 (record->status, "ok") != 0 && !*reason)
        *reason = g_strdup_printf ("%s: %s: %s", record->guest, record->status, record->reason);
      g_ptr_array_add (records, record);
    }
  for (guint i = 0; i < repetition->guests->len && !*reason; i++)
    {
      const MigRunGuest *run_guest = repetition->guests->pdata[i];
      const MigConsoleReader *broken = mig_run_guest_broken_console (run_guest);
      g_autoptr (GError) error = NULL;
      if (mig_run_guest_failed (run_guest, &error))
        *reason = g_strdup (error->message);
      else if (broken)
        *reason = g_strdup_printf (
            "the console of guest '%s' on host '%s' broke: did somebody else open it?",
            mig_run_guest_name (run_guest), mig_console_reader_host (broken)->study->name);
    }
  return records;
}

static void
write_rows (MigRepetition *repetition, const GPtrArray *records, const GError *failure)
{
  MigRunRecord *record = &repetition->record;

  for (guint i = 0; i < repetition->guests->len; i++)
    mig_run_guest_write (repetition->guests->pdata[i]);
  for (guint i = 0; i < records->len; i++)
    mig_run_append (repetition->run, MIG_TABLE_MIGRATIONS, records->pdata[i]);
  if (failure && !record->reason)
    record->reason = g_strdup (failure->message);
  record->status = g_strdup (g_error_matches (failure, MIG_ERROR, MIG_ERROR_INTERRUPTED)
                                 ? "interrupted"
                             : record->reason ? "failed"
                                              : "ok");
  mig_run_append (repetition->run, MIG_TABLE_RUNS, record);
}

/* On the disk before anything is started, so that one that was cut off is known by its name. */
static gboolean
note_beginning (MigRepetition *repetition, GError **error)
{
  const MigRunRecord *record = &repetition->record;
  g_autofree char *key = mig_run_key (record->case_label, record->repetition);

  mig_run_event (repetition->run, NULL, NULL, mig_clock_now (), MIG_EVENT_BEGUN, key);
  return mig_result_writer_commit (repetition->run->options.writer, error);
}

/* What went wrong during the measurement is a row, and the next repetition may be sound. So may it
 * be where guests were not ready in time, once: those of two repetitions in a row will not be the
 * next time either, nor what fails to start at all. */
static gboolean
may_go_on (MigRepetition *repetition, gboolean prepared, GError *failure)
{
  const MigProgress *progress = &repetition->progress;
  gboolean late = !prepared && g_error_matches (failure, MIG_ERROR, MIG_ERROR_TIMEOUT);

  repetition->run->unready += late;
  if (late && repetition->run->unready > 1)
    g_prefix_error (&failure, "twice in a row guests were not ready, so no more is tried: ");
  if (late && (repetition->run->unready > 1 || progress->position == progress->total))
    return FALSE;
  return (prepared || late) && !g_error_matches (failure, MIG_ERROR, MIG_ERROR_INTERRUPTED) &&
         !repetition->run->connection_error;
}

gboolean
mig_case_run (MigRepetition *repetition, const MigStudyCase *study_case, const GPtrArray *cases,
              gboolean *sound, GError **error)
{
  const MigRunOptions *options = &repetition->run->options;
  g_autoptr (GHashTable) round_trips = mig_round_trip_log_new ();
  MigRunRecord *record = &repetition->record;
  MigSampler *sampler = NULL;
  GError *failure = NULL;
  gboolean prepared = note_beginning (repetition, &failure) &&
                      prepare (repetition, study_case, cases, &failure);

  if (prepared && settle (repetition, &failure))
    {
      mig_round_trip_log_time (round_trips, repetition->run);
      sampler = mig_sampler_start (repetition->run, repetition->guests);
      repetition->probing = mig_probing_start (repetition->run, repetition->guests);
      measure (repetition, study_case, &failure);
      mig_round_trip_log_time (round_trips, repetition->run);
    }
  mig_repetition_enter (repetition, MIG_PHASE_ENDING);
  mig_sampler_stop (sampler);
  mig_probing_end (repetition->probing);
  mig_repetition_end_guests (repetition);
  g_ptr_array_foreach (repetition->guests, (GFunc) (void (*) (void)) mig_run_guest_tell, NULL);
  record->ended_ns = mig_clock_now ();

  g_autoptr (GPtrArray) records = collect_migrations (repetition);
  mig_round_trip_log_write (round_trips, repetition->run);
  mig_probing_write (repetition->probing, records);
  write_rows (repetition, records, failure);
  gboolean written = mig_result_writer_commit (options->writer, failure ? NULL : &failure);
  *sound = written && g_strcmp0 (record->status, "ok") == 0;
  if (prepared)
    repetition->run->unready = 0;
  if (written && options->observer.finished)
    options->observer.finished (record, records, options->observer.data);

  gboolean go_on = !failure || (written && may_go_on (repetition, prepared, failure));
  if (go_on)
    g_clear_error (&failure);
  else
    g_propagate_error (error, failure);
  return go_on;
}
