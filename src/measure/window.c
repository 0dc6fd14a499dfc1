/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/log.h"
#include "measure/alternation.h"
#include "measure/observing.h"
#include "measure/window.h"
#include "virt/loop.h"

/* after the last migration at least this much is still observed, so that the guest is seen alive */
#define TAIL_NS (2 * MIG_NS_PER_S)
/* and for so long a guest is waited for that has moved and is not heard yet: on a busy host it may
 * take a while */
#define HEARING_NS (60 * MIG_NS_PER_S)
/* and for so long clients are waited for whom it has not answered yet; every so often they are
 * asked */
#define ANSWERING_NS (60 * MIG_NS_PER_S)
#define ASKING_NS (200 * MIG_NS_PER_MS)
/* for so long, after the window, guests are waited for: a line to one can be lost, and it beats
 * once a second */
#define COUNTING_NS (MIG_NS_PER_S * 3 / 2)

/* and before the baseline for so long clients of guests that were started, whose ports a spanning
 * tree may keep waiting for twice 30 s at most; and of those that were there all the time: a TCP
 * client's first three tries */
#define FIRST_ANSWER_NS (75 * MIG_NS_PER_S)
#define EXISTING_ANSWER_NS (10 * MIG_NS_PER_S)

static gboolean
all_heard (const MigRepetition *repetition)
{
  for (guint i = 0; i < repetition->migrations->len; i++)
    if (!mig_migration_is_heard (repetition->migrations->pdata[i]))
      return FALSE;
  return TRUE;
}

/* Whether all guests have beaten since the window's end: then the work until its end is known. */
static gboolean
all_counted (const MigRepetition *repetition)
{
  for (guint i = 0; i < repetition->guests->len; i++)
    {
      gint64 last_ns = mig_guest_console_last_heartbeat (
          mig_run_guest_console (repetition->guests->pdata[i]));
      if (!MIG_IS_MISSING (last_ns) && last_ns < repetition->record.window_end_ns)
        return FALSE;
    }
  return TRUE;
}

static void
begin_observing (const MigRepetition *repetition, const MigWindow *window)
{
  if (window->observes)
    mig_observing_begin (repetition->run);
}

/* Who beats once a second is not waited for: it is asked. */
static void
count_all (MigRepetition *repetition, GError **error)
{
  g_mutex_lock (&repetition->run->lock);
  for (guint i = 0; i < repetition->guests->len; i++)
    if (!mig_run_guest_study (repetition->guests->pdata[i])->existing)
      mig_guest_console_wake (mig_run_guest_console (repetition->guests->pdata[i]));
  g_mutex_unlock (&repetition->run->lock);
  mig_repetition_wait_for (repetition, all_counted, repetition->record.window_end_ns + COUNTING_NS,
                           FALSE, error);
}

/* Missing: not observed. */
static gint64
end_observing (const MigRepetition *repetition, const MigWindow *window, MigObservedPhase phase)
{
  return window->observes ? mig_observing_end (repetition->run, phase) : MIG_MISSING_INT;
}

/* answer_limit: how long these guests' clients are waited for. */
static gint64
answer_limit (const GPtrArray *unheard)
{
  for (guint i = 0; i < unheard->len; i++)
    if (!mig_run_guest_study (unheard->pdata[i])->existing)
      return FIRST_ANSWER_NS;
  return EXISTING_ANSWER_NS;
}

/* clients_of: "clients of m1, n1 to be answered"; the caller frees it. */
static char *
clients_of (const GPtrArray *unheard)
{
  g_autoptr (GString) text = g_string_new ("clients of ");

  for (guint i = 0; i < unheard->len; i++)
    g_string_append_printf (text, "%s%s", i ? ", " : "", mig_run_guest_name (unheard->pdata[i]));
  g_string_append (text, " to be answered");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* await_answers: a guest whose clients cannot reach it yet has no baseline: what they would notice
 * of its migration could not be told from that. */
static void
await_answers (MigRepetition *repetition, const MigWindow *window, GError **error)
{
  g_autoptr (GPtrArray) unheard = mig_probing_unheard (repetition->probing);
  gint64 start_ns = mig_clock_now ();
  GError *failure = NULL;

  while (!failure && unheard->len && mig_clock_now () < start_ns + answer_limit (unheard))
    {
      g_autofree char *clients = clients_of (unheard);
      repetition->awaits = clients;
      mig_repetition_wait_for (repetition, NULL, mig_clock_now () + ASKING_NS, !window->goes_on,
                               &failure);
      repetition->awaits = NULL;
      g_ptr_array_unref (unheard);
      unheard = mig_probing_unheard (repetition->probing);
    }
  for (guint i = 0; !failure && i < unheard->len; i++)
    mig_warning ("clients of guest '%s' have not been answered before the baseline: what they "
                 "notice of its migration will not be known",
                 mig_run_guest_name (unheard->pdata[i]));
  mig_probing_begin (repetition->probing);
  if (failure)
    g_propagate_error (error, failure);
}

static void
wait_for_baseline (MigRepetition *repetition, const MigWindow *window, GError **error)
{
  begin_observing (repetition, window);
  if (window->begun)
    window->begun (repetition);
  mig_repetition_wait_for (repetition, NULL,
                           repetition->record.window_start_ns + window->baseline_ns,
                           !window->goes_on, error);
}

static gboolean
migrate (MigRepetition *repetition, const MigWindow *window, GError **error)
{
  MigRunRecord *record = &repetition->record;

  if (window->baseline_over)
    window->baseline_over (repetition);
  record->observing_before_ns = end_observing (repetition, window, MIG_OBSERVED_BEFORE);
  mig_repetition_enter (repetition, MIG_PHASE_MIGRATING);
  record->migrations_start_ns = mig_clock_now ();
  gboolean ok = window->migrate (repetition, window->data, error);
  record->migrations_end_ns = mig_clock_now ();
  record->observing_during_ns = end_observing (repetition, window, MIG_OBSERVED_DURING);
  return ok;
}

/* A guest runs and is heard long before clients reach it, where a bridge waits before it forwards.
 */
static void
wait_for_clients (MigRepetition *repetition, gint64 deadline_ns, GError **error)
{
  GError *failure = NULL;

  while (!failure && mig_clock_now () < deadline_ns &&
         !mig_probing_has_heard (repetition->probing, repetition->record.migrations_end_ns))
    mig_repetition_wait_for (repetition, NULL, mig_clock_now () + ASKING_NS, FALSE, &failure);
  if (failure)
    g_propagate_error (error, failure);
}

/* A guest that dies now is found by the verification. */
static void
wait_for_end (MigRepetition *repetition, const MigWindow *window, gint64 waited_ns, GError **error)
{
  MigRunRecord *record = &repetition->record;
  GError *failure = NULL;

  mig_repetition_enter (repetition, MIG_PHASE_AFTER);
  gint64 end = MAX (record->window_start_ns + window->length_ns,
                    record->migrations_end_ns + TAIL_NS);
  mig_repetition_wait_for (repetition, NULL, end, FALSE, &failure);
  if (!failure)
    mig_repetition_wait_for (repetition, all_heard, end + HEARING_NS, FALSE, &failure);
  if (!failure)
    wait_for_clients (repetition, end + ANSWERING_NS, &failure);
  record->window_end_ns = mig_clock_now ();
  if (window->observes && !MIG_IS_MISSING (waited_ns))
    record->own_wait_ns = mig_loop_waited_ns () - waited_ns;
  record->observing_after_ns = end_observing (repetition, window, MIG_OBSERVED_AFTER);
  if (!failure)
    count_all (repetition, &failure);
  if (failure)
    g_propagate_error (error, failure);
}

gboolean
mig_window_measure (MigRepetition *repetition, const MigWindow *window, GError **error)
{
  GError *failure = NULL;
  GError **stop = window->goes_on ? NULL : &failure;

  await_answers (repetition, window, stop);
  if (failure)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  mig_repetition_enter (repetition, MIG_PHASE_BASELINE);
  repetition->record.ready_ns = repetition->record.window_start_ns = mig_clock_now ();
  gint64 waited_ns = mig_loop_waited_ns ();
  MigAlternation *alternation = window->observes
                                    ? mig_alternation_start (repetition->run, repetition->guests)
                                    : NULL;
  wait_for_baseline (repetition, window, stop);
  if (!failure && migrate (repetition, window, stop))
    wait_for_end (repetition, window, waited_ns, stop);
  mig_alternation_stop (alternation);
  if (!failure)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}
