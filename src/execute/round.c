/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/log.h"
#include "hosts/environment.h"
#include "execute/internal.h"
#include "measure/sampler.h"
#include "measure/window.h"
#include "virt/inspect.h"

/* One plan: new connections, the guests that are there, a run in the result. */

/* Before the first migration: how all fare without. */
#define BASELINE_NS (2 * MIG_NS_PER_S)

/* ---- hosts and guests ---- */

/* open_hosts: one that does not answer is left out; a plan made now knows of that. */
static void
open_hosts (MigPlanExecutorRound *round)
{
  round->hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_run_host_free);
  for (guint i = 0; i < round->study->hosts->len; i++)
    {
      const MigStudyHost *study = round->study->hosts->pdata[i];
      g_autoptr (GError) error = NULL;
      MigHost *host = mig_host_open (study->name, study->uri, &error);
      if (host)
        g_ptr_array_add (round->hosts, mig_run_host_new (study, host));
      else
        mig_warning ("%s", error->message);
    }
}

/* name_in_plan: what the plan calls it, in which two guests of one name have two; NULL: it does not
 * move. */
static const char *
name_in_plan (const MigPlanProgress *execution, const char *uuid)
{
  const GPtrArray *moves = mig_plan_progress_moves (execution);

  for (guint i = mig_plan_progress_first (execution); i < moves->len; i++)
    if (g_str_equal (((const MigPlannedMove *) moves->pdata[i])->uuid, uuid))
      return ((const MigPlannedMove *) moves->pdata[i])->guest;
  return NULL;
}

static void
add_guest (MigPlanExecutorRound *round, const MigRunHost *host, MigGuest *there /* taken */,
           GHashTable *taken)
{
  const char *planned = name_in_plan (round->execute->execution, mig_guest_uuid (there));
  char *name = planned ? g_strdup (planned)
                       : mig_survey_name (taken, mig_guest_name (there), host->study->name);
  GHashTable *probes = round->execute->options.probes;
  const MigStudyGuest *guest = mig_plan_executor_add_guest (
      round->study, name, mig_guest_name (there), host->study->name,
      probes ? g_hash_table_lookup (probes, name) : NULL);
  MigRunGuest *run_guest = mig_run_guest_new (round->run, guest, planned != NULL);

  mig_run_guest_adopt (run_guest, there);
  mig_repetition_add (round->repetition, run_guest);
  g_hash_table_add (taken, name);
}

/* find_guests: those that move first, so that nobody else gets their names. Before any event or
 * thread can look at them. */
static void
find_guests (MigPlanExecutorRound *round)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint moving = 0; moving < 2; moving++)
    for (guint h = 0; h < round->hosts->len; h++)
      {
        const MigRunHost *host = round->hosts->pdata[h];
        g_autoptr (GError) error = NULL;
        g_autoptr (GPtrArray) guests = mig_host_guests (host->host, &error);
        if (!guests)
          mig_warning ("%s", error->message);
        g_clear_error (&error);
        for (guint g = 0; guests && g < guests->len; g++)
          {
            MigGuest *there = guests->pdata[g];
            if ((name_in_plan (round->execute->execution, mig_guest_uuid (there)) == NULL) !=
                (moving == 1))
              continue;
            guests->pdata[g] = NULL;
            add_guest (round, host, there, taken);
          }
      }
}

/* ---- a run ---- */

static void
make_run (MigPlanExecutorRound *round)
{
  const MigPlanExecutorOptions *options = &round->execute->options;
  const MigStudyCase *study_case = round->study->cases->pdata[0];
  MigRunOptions run = { .hosts = round->hosts,
                        .writer = options->writer,
                        .heartbeat = { MIG_MISSING_INT, MIG_MISSING_INT, MIG_MISSING_INT },
                        .move_definitions = !options->keep_definitions,
                        .sampling_ns = options->sampling_ns,
                        .observer = { .progress = options->observer.progress,
                                      .may_stop = options->observer.may_stop,
                                      .data = options->observer.data } };
  MigProgress progress = {
    .position = 1, .total = 1, .case_label = study_case->label, .repetition = 1, .repetitions = 1
  };

  round->run = mig_run_new (&run, round->study);
  round->run->number = mig_plan_progress_plan (round->execute->execution);
  round->run->started_ns = mig_clock_now ();
  round->repetition = mig_repetition_new (round->run, &progress);
}

static gboolean
write_beginning (MigPlanExecutorRound *round, GError **error)
{
  MigResultWriter *writer = round->execute->options.writer;
  MigScheduleRecord planned = { round->run->number, round->repetition->record.case_label, 1 };

  return mig_result_writer_append (writer, MIG_TABLE_SCHEDULE, &planned, error) &&
         (round->run->number > 1 ||
          mig_environment_write (writer, round->hosts, NULL, round->execute->options.sampling_ns, 0,
                                 error)) &&
         mig_result_writer_commit (writer, error);
}

static gboolean
perform_moves (MigRepetition *repetition, gpointer data, GError **error)
{
  mig_plan_executor_moves (data);
  return TRUE;
}

static void
measure (MigPlanExecutorRound *round)
{
  const MigWindow window = {
    .baseline_ns = BASELINE_NS, .goes_on = TRUE, .migrate = perform_moves, .data = round
  };
  MigRunRecord *record = &round->repetition->record;
  MigSampler *sampler = mig_sampler_start (round->run, round->repetition->guests);

  round->repetition->probing = mig_probing_start (round->run, round->repetition->guests);
  mig_window_measure (round->repetition, &window, NULL);
  mig_probing_end (round->repetition->probing);
  record->started_ns = record->window_start_ns;
  record->ended_ns = record->window_end_ns;
  mig_sampler_stop (sampler);
  mig_plan_executor_note_clients (round);
}

/* why_not: the first migration of this plan that failed. */
static const MigPlannedMove *
first_failure (const MigPlanProgress *execution)
{
  const GPtrArray *moves = mig_plan_progress_moves (execution);

  for (guint i = mig_plan_progress_first (execution); i < moves->len; i++)
    if (((const MigPlannedMove *) moves->pdata[i])->state == MIG_MOVE_FAILED)
      return moves->pdata[i];
  return NULL;
}

static gboolean
write_end (MigPlanExecutorRound *round, GError **error)
{
  MigRunRecord *record = &round->repetition->record;
  const MigPlannedMove *failed = first_failure (round->execute->execution);

  for (guint i = 0; i < round->repetition->guests->len; i++)
    mig_run_guest_write (round->repetition->guests->pdata[i]);
  if (failed)
    record->reason = g_strdup_printf ("%s: %s: %s", failed->guest, failed->record->status,
                                      failed->record->reason);
  else if (round->run->cancelled)
    record->reason = g_strdup ("interrupted");
  else
    record->reason = mig_clock_gap_text (&round->repetition->gap);
  record->status = g_strdup (round->run->cancelled ? "interrupted"
                             : record->reason      ? "failed"
                                                   : "ok");
  mig_run_append (round->run, MIG_TABLE_RUNS, record);
  return mig_result_writer_commit (round->execute->options.writer, error);
}

static void
round_clear (MigPlanExecutorRound *round)
{
  if (round->run)
    {
      mig_run_handle_set (&round->execute->handle, NULL);
      mig_run_unwatch (round->run);
      g_clear_pointer (&round->run->undo, mig_undo_end);
    }
  g_clear_pointer (&round->repetition, mig_repetition_free);
  g_clear_pointer (&round->run, mig_run_free);
  g_clear_pointer (&round->running, g_ptr_array_unref);
  g_clear_pointer (&round->hosts, g_ptr_array_unref);
  g_clear_pointer (&round->study, mig_study_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MigPlanExecutorRound, round_clear)

gboolean
mig_plan_executor_round (MigPlanExecutor *execute, GError **error)
{
  g_autofree char *label = mig_plan_executor_case (mig_plan_progress_plan (execute->execution));
  g_auto (MigPlanExecutorRound) round = { .execute = execute, .running = g_ptr_array_new () };

  round.study = mig_plan_executor_study (
      &execute->options, mig_plan_progress_moves (execute->execution),
      mig_plan_progress_first (execute->execution), label, error);
  if (!round.study)
    return FALSE;
  open_hosts (&round);
  make_run (&round);
  /* which alone changes something of guests */
  if (round.study->stop_rule != MIG_STOP_HYPERVISOR && !(round.run->undo = mig_undo_new (error)))
    return FALSE;
  find_guests (&round);
  mig_run_handle_set (&execute->handle, round.run);
  if (!mig_run_watch (round.run, error) || !write_beginning (&round, error))
    return FALSE;
  measure (&round);
  return write_end (&round, error);
}
