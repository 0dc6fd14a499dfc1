/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "execute/internal.h"
#include "hosts/migration-row.h"
#include "virt/standstill.h"
#include "virt/stop-limits.h"

/* The migrations of one plan: which starts when, what became of it, and where its guest is. */

typedef struct {
  MigPlannedMove *move;
  MigMigration *migration;
} Running;

/* find_guest: *n: on how many hosts it was seen to run. */
static MigRunGuest *
find_guest (const MigPlanExecutorRound *round, const char *uuid, guint *n)
{
  MigRunGuest *found = NULL;

  *n = 0;
  for (guint i = 0; i < round->repetition->guests->len; i++)
    {
      MigRunGuest *run_guest = round->repetition->guests->pdata[i];
      if (strcmp (mig_run_guest_uuid (run_guest), uuid) != 0)
        continue;
      found = run_guest;
      ++*n;
    }
  return found;
}

static char *
where_name (const MigRunGuest *run_guest)
{
  return mig_run_guest_is_lost (run_guest)
             ? NULL
             : g_strdup (mig_run_guest_where (run_guest)->study->name);
}

/* ---- the end of one ---- */

static void
tell (const MigPlannedMove *move, gboolean done)
{
  if (!done)
    {
      mig_warning ("'%s' to host '%s': %s: %s", move->guest, move->to, move->record->status,
                   move->record->reason);
      return;
    }
  g_autofree char *took = mig_units_format_duration (move->record->end_ns - move->record->start_ns);
  g_autofree char *planned = mig_units_format_seconds (move->time.value);
  g_autofree char *down = mig_units_format_seconds (move->downtime_s);
  if (move->paused)
    mig_info ("'%s' is on host '%s', paused as it was: %s (predicted %s)", move->guest, move->to,
              took, planned);
  else
    mig_info ("'%s' runs on host '%s': %s (predicted %s), downtime %s", move->guest, move->to, took,
              planned, down);
}

/* On the disk before anything else begins. */
static void
keep (MigPlanExecutorRound *round, const MigPlannedMove *move)
{
  mig_run_append (round->run, MIG_TABLE_MIGRATIONS, move->record);
  mig_result_writer_commit (round->execute->options.writer, NULL); /* a failure is kept, and found
                                                                      by the runner */
}

/* is_final: no other host could take it: another one is not there, or what refuses it is not of the
 * destination. */
static gboolean
is_final (const MigPlanExecutorRound *round, const MigMigration *migration)
{
  return mig_migration_is_refused (migration) &&
         (round->hosts->len <= 2 || mig_migration_error (migration)->code == MIG_ERROR_UNSUPPORTED);
}

static gboolean
is_unmodelled (const MigPlannedMove *move)
{
  const MigMigrationRecord *record = move->record;
  const char *stopped_by = record->stopped_by;

  return (!MIG_IS_MISSING (record->disk_total_bytes) && !move->disks_known) ||
         g_strcmp0 (stopped_by, mig_stop_cause_name (MIG_STOP_SUSPENDED)) == 0 ||
         g_strcmp0 (stopped_by, mig_stop_cause_name (MIG_STOP_POST_COPY)) == 0;
}

static void
finish (MigPlanExecutorRound *round, Running *running)
{
  MigPlannedMove *move = running->move;
  MigMigration *migration = running->migration;

  mig_migration_join (migration);
  gboolean done = mig_migration_verify (migration, move->paused);
  move->autostart = mig_migration_takes_autostart (migration);
  move->record = mig_migration_record (migration);
  move->lost = !done && mig_migration_row_is_lost (move->record);
  move->where = where_name (mig_migration_guest (migration));
  move->dirty_pages_per_s = mig_migration_dirty_pages (migration);
  if (done)
    {
      mig_planned_move_measure (move);
      if (move->paused) /* it stood still all the time */
        move->downtime_s = NAN;
      if (round->repetition->gap.end_ns > move->record->start_ns) /* nobody knows */
        move->time_s = move->downtime_s = NAN;
      move->unmodelled = is_unmodelled (move);
    }
  keep (round, move);
  if (!done && !move->where && mig_migration_has_ended_guest (migration))
    {
      mig_info ("'%s' ended on host '%s' while it was migrated", move->guest, move->from);
      mig_plan_progress_gone (round->execute->execution, move);
      return;
    }
  tell (move, done);
  if (!done && is_final (round, migration))
    mig_plan_progress_refused (round->execute->execution, move);
  else
    mig_plan_progress_ended (round->execute->execution, move, done);
}

/* ---- the beginning ---- */

/* refuse: it cannot even begin. */
static void
refuse (MigPlanExecutorRound *round, MigPlannedMove *move, const MigRunGuest *run_guest,
        const char *why)
{
  const MigMigrationOutcome outcome = { .run = round->run->number,
                                        .step = move->group + 1,
                                        .guest = move->guest,
                                        .source = move->from,
                                        .destination = move->to,
                                        .status = "failed",
                                        .reason = why };
  MigMigrationRecord row;

  mig_migration_row_fill (&row, &outcome);
  move->record = mig_record_copy (MIG_TABLE_MIGRATIONS, &row);
  move->where = run_guest ? where_name (run_guest) : NULL;
  keep (round, move);
  tell (move, FALSE);
}

/* state_at_source: on the host that it is to leave; FALSE: that does not tell. */
static gboolean
state_at_source (const MigPlanExecutorRound *round, const MigPlannedMove *move,
                 MigGuestState *state)
{
  const MigRunHost *from = mig_run_host_find (round->hosts, move->from);

  return from && mig_host_guest_state (from->host, move->uuid, state, NULL);
}

static gboolean
has_gone (const MigPlanExecutorRound *round, const MigPlannedMove *move)
{
  MigGuestState state;

  return state_at_source (round, move, &state) &&
         (state == MIG_GUEST_DEAD || state == MIG_GUEST_ABSENT);
}

/* busy_with: on the host where it is; NULL: nothing. */
static char *
busy_with (const MigPlanExecutorRound *round, const MigRunGuest *run_guest)
{
  g_mutex_lock (&round->run->lock);
  MigGuest *guest = mig_run_guest_handle (run_guest, mig_run_guest_where (run_guest));
  g_mutex_unlock (&round->run->lock);
  return guest ? mig_guest_busy (guest) : NULL;
}

/* note_beginning: on the disk before it begins: what is interrupted goes on from it. */
static void
note_beginning (MigPlanExecutorRound *round, const MigPlannedMove *move)
{
  gint64 now = mig_clock_now ();

  mig_run_event (round->run, move->from, move->guest, now, MIG_EVENT_MOVING, move->to);
  if (move->paused)
    mig_run_event (round->run, move->from, move->guest, now, MIG_EVENT_PAUSED, move->to);
  mig_result_writer_commit (round->execute->options.writer, NULL); /* as in keep() */
}

static void
start (MigPlanExecutorRound *round, MigPlannedMove *move, MigRunGuest *run_guest,
       const MigRunHost *to)
{
  Running *running = g_new (Running, 1);
  g_autofree char *planned = mig_units_format_seconds (move->time.value);
  MigGuestState state;

  mig_info ("moving '%s' from host '%s' to '%s'; predicted %s", move->guest, move->from, move->to,
            planned);
  gboolean known = state_at_source (round, move, &state);
  move->paused = known && state == MIG_GUEST_PAUSED;
  move->ran = known && state == MIG_GUEST_RUNNING;
  note_beginning (round, move);
  *running = (Running){ move, mig_repetition_migrate (round->repetition, run_guest, to,
                                                      move->group + 1) };
  g_ptr_array_add (round->running, running);
}

/* end_standstill: what an earlier try left standing still, and could not be asked for then, goes on
 * before it moves: otherwise it would arrive as it stands. NULL: it may move; else why not, which
 * the caller frees. */
static char *
end_standstill (const MigPlanExecutorRound *round, const MigPlannedMove *move)
{
  const MigPlannedMove *tried = mig_plan_progress_tried (round->execute->execution, move);
  const MigRunHost *from = mig_run_host_find (round->hosts, move->from);
  const MigRunHost *other = tried ? mig_run_host_find (round->hosts, tried->to) : NULL;
  g_autoptr (GError) error = NULL;
  MigGuestState state;
  gboolean resumed;

  if (!tried || other == from || !state_at_source (round, move, &state) ||
      state != MIG_GUEST_PAUSED)
    return NULL;
  if (!other)
    return g_strdup_printf ("it is paused, and host '%s', where it may run, does not answer",
                            tried->to);
  return mig_host_end_standstill (from->host, other->host, move->uuid, &resumed, &error)
             ? NULL
             : g_strdup (error->message);
}

/* why_not: it cannot begin; NULL: it can. */
static const char *
why_not (const MigPlannedMove *move, const MigRunGuest *run_guest, guint n, const MigRunHost *to)
{
  if (!to)
    return "its destination does not answer";
  if (!run_guest)
    return "no host that answers has the guest";
  if (n > 1)
    return "guests with its UUID run on several hosts, and libvirt tells of no migration of it: "
           "find out which one is the guest";
  return strcmp (mig_run_guest_where (run_guest)->study->name, move->from) != 0
             ? "somebody else moved the guest"
             : NULL;
}

static void
begin (MigPlanExecutorRound *round, MigPlannedMove *move)
{
  MigPlanProgress *progress = round->execute->execution;
  guint n;
  MigRunGuest *run_guest = find_guest (round, move->uuid, &n);
  const MigRunHost *to = mig_run_host_find (round->hosts, move->to);
  g_autofree char *busy = run_guest && n == 1 ? busy_with (round, run_guest) : NULL;
  const char *why = why_not (move, run_guest, n, to);
  g_autofree char *stands = why || busy ? NULL : end_standstill (round, move);

  if (to &&
      (!run_guest || strcmp (mig_run_guest_where (run_guest)->study->name, move->from) == 0) &&
      has_gone (round, move))
    {
      mig_info ("'%s' has ended on host '%s': no move is needed", move->guest, move->from);
      mig_plan_progress_gone (progress, move);
    }
  else if (to && run_guest && busy)
    {
      refuse (round, move, run_guest, busy);
      mig_plan_progress_refused (progress, move);
    }
  else if (why || stands)
    {
      refuse (round, move, n > 1 ? NULL : run_guest, why ? why : stands);
      mig_plan_progress_ended (progress, move, FALSE);
    }
  else
    start (round, move, run_guest, to);
}

/* look_around: what ends it all: an interrupt, a full disk; what ends this plan: a host that is
 * lost. Under the lock. */
static void
look_around (MigPlanExecutorRound *round)
{
  if (mig_run_is_over (round->run))
    mig_plan_progress_stop (round->execute->execution);
  else if (mig_run_must_stop (round->run, NULL))
    mig_plan_progress_ask (round->execute->execution);
}

/* wait_for_one: until a migration is over; its index. */
static guint
wait_for_one (MigPlanExecutorRound *round)
{
  for (;;)
    {
      for (guint i = 0; i < round->running->len; i++)
        if (mig_migration_is_done (((Running *) round->running->pdata[i])->migration))
          return i;
      mig_repetition_wait (round->repetition, G_MAXINT64);
    }
}

/* next: the one that begins now: after each an interrupt may have come. NULL: none. */
static MigPlannedMove *
next (MigPlanExecutorRound *round)
{
  g_mutex_lock (&round->run->lock);
  look_around (round);
  g_mutex_unlock (&round->run->lock);
  return mig_plan_progress_next (round->execute->execution);
}

void
mig_plan_executor_moves (MigPlanExecutorRound *round)
{
  MigRun *run = round->run;
  MigPlannedMove *move;

  for (;;)
    {
      while ((move = next (round)))
        begin (round, move);
      if (round->running->len == 0)
        return;
      g_mutex_lock (&run->lock);
      guint index = wait_for_one (round);
      g_mutex_unlock (&run->lock);
      g_autofree Running *over = g_ptr_array_steal_index (round->running, index);
      finish (round, over);
    }
}
