/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "measure/case-run.h"
#include "measure/left-definitions.h"
#include "measure/observing.h"
#include "measure/runner.h"
#include "virt/pin.h"

struct _MigRunner {
  MigRunnerOptions options;
  MigRun *run;
  MigRunHandle handle;
  GPtrArray *cases;         /* MigStudyCase of the schedule */
  GHashTable *pins;         /* MigRunHost -> Domain-0's CPU map as it was found, of those that were
                               changed */
  guint64 link_bytes_per_s; /* that the lab's link has now */
};

MigRunner *
mig_runner_new (const MigRunnerOptions *options)
{
  MigRunner *runner = g_new0 (MigRunner, 1);

  runner->options = *options;
  runner->run = mig_run_new (&options->run, options->study);
  mig_run_handle_init (&runner->handle);
  mig_run_handle_set (&runner->handle, runner->run);
  runner->cases = g_ptr_array_new ();
  for (guint i = 0; i < options->schedule->len; i++)
    g_ptr_array_add (runner->cases,
                     (gpointer) g_array_index (options->schedule, MigScheduleItem, i).study_case);
  runner->pins = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  runner->link_bytes_per_s = options->study->link_bytes_per_s;
  return runner;
}

void
mig_runner_free (MigRunner *runner)
{
  if (!runner)
    return;
  g_hash_table_unref (runner->pins);
  g_ptr_array_unref (runner->cases);
  mig_run_handle_clear (&runner->handle);
  mig_run_free (runner->run);
  g_free (runner);
}

MigRunHandle *
mig_runner_handle (MigRunner *runner)
{
  return &runner->handle;
}

/* ---- the hosts as a case wants them: its CPUs, and the lab's link ---- */

/* Where there is a Domain-0, to the one CPU that the case has for it; back to where it was, where
 * that is none. */
static gboolean
pin_management (MigRunner *runner, const MigRunHost *host, GError **error)
{
  const char *before = g_hash_table_lookup (runner->pins, host);
  guint id = 0;

  if (!before)
    {
      g_autofree char *found = NULL;
      if (host->management_cpu < 0)
        return TRUE;
      if (!mig_host_management_pins (host->host, &found, error))
        return FALSE;
      if (!found)
        return TRUE;
      if (!mig_undo_push_management_pin (runner->run->undo, host->host, found, &id, error))
        return FALSE;
      before = found;
      g_hash_table_insert (runner->pins, (gpointer) host, g_steal_pointer (&found));
    }
  return host->management_cpu < 0
             ? mig_host_put_management_pins (host->host, before, error)
             : mig_host_pin_management (host->host, host->management_cpu, error);
}

static gboolean
enter_case (MigRunner *runner, const MigStudyCase *study_case, GError **error)
{
  const MigStudy *variant = study_case->study;
  const MigRunnerOptions *options = &runner->options;

  runner->run->study = variant;
  for (guint i = 0; i < options->run.hosts->len; i++)
    {
      MigRunHost *host = options->run.hosts->pdata[i];
      int before = host->management_cpu;
      mig_run_host_give_cpus (host, variant);
      if (host->management_cpu == before && g_hash_table_contains (runner->pins, host))
        continue;
      if (!pin_management (runner, host, error))
        return FALSE;
    }
  if (!options->shape_link || variant->link_bytes_per_s == runner->link_bytes_per_s)
    return TRUE;
  if (!options->shape_link (variant->link_bytes_per_s, options->shape_data, error))
    return FALSE;
  runner->link_bytes_per_s = variant->link_bytes_per_s;
  return TRUE;
}

/* ---- the schedule ---- */

static MigRepetition *
begin (MigRunner *runner, guint index)
{
  const GArray *schedule = runner->options.schedule;
  const MigScheduleItem *item = &g_array_index (schedule, MigScheduleItem, index);
  MigProgress progress = {
    .position = index + 1,
    .total = runner->options.extend ? 0 : schedule->len,
    .case_label = item->study_case->label,
    .repetition = item->repetition,
    .repetitions = runner->options.extend
                       ? 0
                       : g_array_index (schedule, MigScheduleItem, schedule->len - 1).repetition,
    .time_ns = runner->options.time_ns,
  };

  runner->run->number++;
  return mig_repetition_new (runner->run, &progress);
}

/* A row that says why it is not run. */
static gboolean
skip (MigRepetition *repetition, const char *why, GError **error)
{
  const MigRunOptions *options = &repetition->run->options;
  MigRunRecord *record = &repetition->record;
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  record->started_ns = MIG_MISSING_INT;
  record->status = g_strdup ("skipped");
  record->reason = g_strdup (why);
  mig_run_append (repetition->run, MIG_TABLE_RUNS, record);
  gboolean written = mig_result_writer_commit (options->writer, error);
  if (written && options->observer.finished)
    options->observer.finished (record, none, options->observer.data);
  return written;
}

/* guests_return: whether what is still to be run has a case of the same guests. */
static gboolean
guests_return (const MigRunner *runner, guint index)
{
  const MigRunnerOptions *options = &runner->options;
  const GArray *schedule = options->schedule;
  const MigStudy *variant = g_array_index (schedule, MigScheduleItem, index).study_case->study;

  for (guint i = index + 1; i < schedule->len; i++)
    {
      const MigScheduleItem *item = &g_array_index (schedule, MigScheduleItem, i);
      const char *label = item->study_case->label;
      g_autofree char *key = mig_run_key (label, item->repetition);
      if (item->study_case->study == variant &&
          !(options->done && g_hash_table_contains (options->done, key)) &&
          !(options->skipped && g_hash_table_contains (options->skipped, label)))
        return TRUE;
    }
  return options->extend != NULL;
}

/* run_item: *counted: it was run, soundly or not. */
static gboolean
run_item (MigRunner *runner, guint index, gboolean *counted, gboolean *sound, GError **error)
{
  const MigScheduleItem *item = &g_array_index (runner->options.schedule, MigScheduleItem, index);
  const char *label = item->study_case->label;
  g_autoptr (MigRepetition) repetition = NULL;

  g_mutex_lock (&runner->run->lock);
  gboolean stop = mig_run_must_stop (runner->run, error);
  g_mutex_unlock (&runner->run->lock);
  if (stop)
    return FALSE;
  const char *why = runner->options.skipped ? g_hash_table_lookup (runner->options.skipped, label)
                                            : NULL;
  if (!why && !enter_case (runner, item->study_case, error))
    return FALSE;
  repetition = begin (runner, index);
  if (why)
    return skip (repetition, why, error);
  *counted = TRUE;
  runner->run->guests_return = guests_return (runner, index);
  return mig_case_run (repetition, item->study_case, runner->cases, sound, error);
}

static gboolean
extend_schedule (MigRunner *runner, GError **error)
{
  const MigRunnerOptions *options = &runner->options;

  return !options->extend ||
         options->extend (mig_clock_now () - runner->run->started_ns, options->extend_data, error);
}

static gboolean
run_schedule (MigRunner *runner, guint *sound, guint *failed, GError **error)
{
  const GArray *schedule = runner->options.schedule;

  for (guint i = 0;; i++)
    {
      if (i >= schedule->len && !extend_schedule (runner, error))
        return FALSE;
      if (i >= schedule->len)
        return TRUE;
      const MigScheduleItem *item = &g_array_index (schedule, MigScheduleItem, i);
      g_autofree char *key = mig_run_key (item->study_case->label, item->repetition);
      gboolean counted = FALSE, ok = FALSE;

      if (runner->options.done && g_hash_table_contains (runner->options.done, key))
        continue;
      gboolean go_on = run_item (runner, i, &counted, &ok, error);
      if (counted)
        *(ok ? sound : failed) += 1;
      if (!go_on)
        return FALSE;
      runner->run->finished += counted;
    }
}

gboolean
mig_runner_run (MigRunner *runner, guint *sound, guint *failed, GError **error)
{
  MigRun *run = runner->run;

  *sound = *failed = 0;
  run->number = runner->options.last_run;
  run->started_ns = mig_clock_now ();
  run->undo = mig_undo_new (error);
  if (!run->undo)
    return FALSE;
  run->saved = mig_saved_guests_new (run->undo);
  gboolean ok = mig_run_watch (run, error) && run_schedule (runner, sound, failed, error);
  mig_run_unwatch (run);
  mig_run_tell_definitions (run);
  mig_observing_write (run);
  g_clear_pointer (&run->saved, mig_saved_guests_free);
  g_clear_pointer (&run->undo, mig_undo_end);
  return ok;
}
