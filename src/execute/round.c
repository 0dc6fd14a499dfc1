/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/log.h"
#include "hosts/environment.h"
#include "execute/internal.h"
#include "virt/inspect.h"

/* One plan: new connections, the guests that are there, a run in the result. */

/* Before the first migration, and after the last one: how all fare without. */
#define BASELINE_NS (2 * MIG_NS_PER_S)
#define TAIL_NS (2 * MIG_NS_PER_S)

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
add_actor (MigPlanExecutorRound *round, const MigRunHost *host, MigGuest *there /* taken */,
           GHashTable *taken)
{
  const char *planned = name_in_plan (round->execute->execution, mig_guest_uuid (there));
  char *name = planned ? g_strdup (planned)
                       : mig_survey_name (taken, mig_guest_name (there), host->study->name);
  const MigStudyGuest *guest = mig_plan_executor_add_guest (
      round->study, name, mig_guest_name (there), host->study->name);
  MigRunGuest *run_guest = mig_run_guest_new (round->runner, guest, planned != NULL);
  MigGuestInfo look;

  g_free (run_guest->uuid);
  run_guest->uuid = g_strdup (mig_guest_uuid (there));
  if (mig_guest_get_info (there, &look))
    run_guest->memory_bytes = look.memory_bytes;
  run_guest->ready = TRUE;
  g_ptr_array_add (run_guest->handles, there);
  g_ptr_array_add (round->runner->run_guests, run_guest);
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
            add_actor (round, host, there, taken);
          }
      }
}

/* ---- a run ---- */

static void
make_runner (MigPlanExecutorRound *round)
{
  const MigPlanExecutorOptions *options = &round->execute->options;
  const MigScheduleItem item = { mig_plan_progress_plan (round->execute->execution),
                                 round->study->cases->pdata[0], 1 };

  round->schedule = g_array_new (FALSE, FALSE, sizeof (MigScheduleItem));
  g_array_append_val (round->schedule, item);
  MigRunOptions run = { .study = round->study,
                        .hosts = round->hosts,
                        .writer = options->writer,
                        .schedule = round->schedule,
                        .heartbeat_ns = MIG_MISSING_INT,
                        .sampling_ns = options->sampling_ns,
                        .observer = { .progress = options->observer.progress,
                                      .data = options->observer.data } };
  round->runner = mig_runner_new (&run);
  round->runner->run = item.position;
  round->runner->position = 1;
  round->runner->started_ns = mig_clock_now ();
  round->runner->item = &g_array_index (round->schedule, MigScheduleItem, 0);
}

/* set_runner: the one that an interrupt reaches. */
static void
set_runner (MigPlanExecutor *execute, MigRunner *runner)
{
  g_mutex_lock (&execute->lock);
  execute->runner = runner;
  if (runner && execute->cancelled)
    mig_runner_cancel (runner);
  g_mutex_unlock (&execute->lock);
}

static gboolean
write_beginning (MigPlanExecutorRound *round, GError **error)
{
  MigRunner *runner = round->runner;
  MigScheduleRecord planned = { runner->run, runner->item->study_case->label, 1 };

  return mig_result_writer_append (runner->options.writer, MIG_TABLE_SCHEDULE, &planned, error) &&
         (runner->run > 1 || mig_environment_write (&runner->options, error)) &&
         mig_result_writer_commit (runner->options.writer, error);
}

static void
wait_ns (MigRunner *runner, gint64 ns)
{
  gint64 deadline = mig_clock_now () + ns;

  g_mutex_lock (&runner->lock);
  while (mig_clock_now () < deadline && !mig_runner_must_stop (runner, NULL))
    mig_runner_wait (runner, deadline);
  g_mutex_unlock (&runner->lock);
}

static void
measure (MigPlanExecutorRound *round)
{
  MigRunner *runner = round->runner;
  MigRunRecord *record = &runner->record;
  MigSampler *sampler = mig_sampler_start (runner);

  record->started_ns = record->ready_ns = record->window_start_ns = mig_clock_now ();
  mig_runner_progress (runner, MIG_PHASE_BASELINE);
  wait_ns (runner, BASELINE_NS);
  mig_runner_progress (runner, MIG_PHASE_MIGRATING);
  record->migrations_start_ns = mig_clock_now ();
  mig_plan_executor_moves (round);
  record->migrations_end_ns = mig_clock_now ();
  mig_runner_progress (runner, MIG_PHASE_AFTER);
  wait_ns (runner, TAIL_NS);
  record->window_end_ns = record->ended_ns = mig_clock_now ();
  mig_sampler_stop (sampler);
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
  MigRunner *runner = round->runner;
  MigRunRecord *record = &runner->record;
  const MigPlannedMove *failed = first_failure (round->execute->execution);

  for (guint i = 0; i < runner->run_guests->len; i++)
    mig_run_guest_write (runner->run_guests->pdata[i]);
  if (failed)
    record->reason = g_strdup_printf ("%s: %s: %s", failed->guest, failed->record->status,
                                      failed->record->reason);
  else if (runner->cancelled)
    record->reason = g_strdup ("interrupted");
  record->status = g_strdup (runner->cancelled ? "interrupted" : failed ? "failed" : "ok");
  mig_runner_append (runner, MIG_TABLE_RUNS, record);
  return mig_result_writer_commit (runner->options.writer, error);
}

static void
round_clear (MigPlanExecutorRound *round)
{
  MigRunner *runner = round->runner;

  if (runner)
    {
      set_runner (round->execute, NULL);
      mig_runner_unwatch (runner);
      g_ptr_array_foreach (runner->migrations, (GFunc) (void (*) (void)) mig_migration_free, NULL);
      g_ptr_array_foreach (runner->run_guests, (GFunc) (void (*) (void)) mig_run_guest_free, NULL);
      mig_record_clear (MIG_TABLE_RUNS, &runner->record);
      mig_runner_free (runner);
    }
  g_clear_pointer (&round->running, g_ptr_array_unref);
  g_clear_pointer (&round->schedule, g_array_unref);
  g_clear_pointer (&round->hosts, g_ptr_array_unref);
  g_clear_pointer (&round->study, mig_study_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MigPlanExecutorRound, round_clear)

gboolean
mig_plan_executor_round (MigPlanExecutor *execute, GError **error)
{
  g_autofree char *label = mig_plan_executor_case (mig_plan_progress_plan (execute->execution));
  g_auto (MigPlanExecutorRound) round = { .execute = execute, .running = g_ptr_array_new () };

  round.study = mig_plan_executor_study (execute, label, error);
  if (!round.study)
    return FALSE;
  open_hosts (&round);
  make_runner (&round);
  find_guests (&round);
  mig_record_init (MIG_TABLE_RUNS, &round.runner->record);
  round.runner->record.run = round.runner->run;
  round.runner->record.case_label = g_strdup (label);
  round.runner->record.repetition = 1;
  set_runner (execute, round.runner);
  if (!mig_runner_watch (round.runner, error) || !write_beginning (&round, error))
    return FALSE;
  measure (&round);
  return write_end (&round, error);
}
