/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/log.h"
#include "execute/internal.h"

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

static char *
text_of (const MigPredicted *expected)
{
  return mig_units_format_duration (
      isnan (expected->value) ? MIG_MISSING_INT : (gint64) (expected->value * MIG_NS_PER_S));
}

/* ---- the end of one ---- */

static double
seconds (gint64 from_ns, gint64 to_ns)
{
  return MIG_IS_MISSING (from_ns) || MIG_IS_MISSING (to_ns)
             ? NAN
             : (double) (to_ns - from_ns) / MIG_NS_PER_S;
}

static void
measure (MigPlannedMove *move)
{
  const MigMigrationRecord *record = move->record;

  move->time_s = seconds (record->start_ns, record->end_ns);
  move->downtime_s = seconds (record->suspended_ns, record->resumed_ns);
  if (isnan (move->downtime_s))
    move->downtime_s = seconds (0, record->downtime_reported_ns);
}

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
  g_autofree char *planned = text_of (&move->time);
  g_autofree char *down = mig_units_format_duration (
      isnan (move->downtime_s) ? MIG_MISSING_INT : (gint64) (move->downtime_s * MIG_NS_PER_S));
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

static void
finish (MigPlanExecutorRound *round, Running *running)
{
  MigPlannedMove *move = running->move;
  MigMigration *migration = running->migration;

  mig_migration_join (migration);
  MigGuestState left = MIG_GUEST_ABSENT;
  gboolean done = mig_migration_verify (migration, &left);
  move->record = mig_migration_record (migration);
  move->where = where_name (mig_migration_guest (migration));
  move->dirty_pages_per_s = mig_migration_dirty_pages (migration);
  if (done)
    measure (move);
  move->definition_left = done && left != MIG_GUEST_ABSENT;
  keep (round, move);
  tell (move, done);
  mig_plan_progress_ended (round->execute->execution, move, done);
}

/* ---- the beginning ---- */

/* refuse: it cannot even begin. */
static void
refuse (MigPlanExecutorRound *round, MigPlannedMove *move, const MigRunGuest *run_guest,
        const char *why)
{
  MigMigrationRecord *record = g_new (MigMigrationRecord, 1);

  mig_record_init (MIG_TABLE_MIGRATIONS, record);
  record->run = round->run->number;
  record->step = move->group + 1;
  record->guest = g_strdup (move->guest);
  record->source = g_strdup (move->from);
  record->destination = g_strdup (move->to);
  record->status = g_strdup ("failed");
  record->reason = g_strdup (why);
  move->record = record;
  move->where = run_guest ? where_name (run_guest) : NULL;
  keep (round, move);
  tell (move, FALSE);
  mig_plan_progress_ended (round->execute->execution, move, FALSE);
}

static void
begin (MigPlanExecutorRound *round, MigPlannedMove *move)
{
  guint n;
  MigRunGuest *run_guest = find_guest (round, move->uuid, &n);
  const MigRunHost *to = mig_run_host_find (round->hosts, move->to);
  g_autofree char *planned = text_of (&move->time);

  if (!to)
    refuse (round, move, run_guest, "its destination does not answer");
  else if (!run_guest)
    refuse (round, move, run_guest, "no host that answers has the guest");
  else if (n > 1)
    refuse (round, move, NULL,
            "guests with its UUID run on several hosts: end all but one of them first");
  else if (strcmp (mig_run_guest_where (run_guest)->study->name, move->from) != 0)
    refuse (round, move, run_guest, "somebody else moved the guest");
  else
    {
      Running *running = g_new (Running, 1);
      mig_info ("moving '%s' from host '%s' to '%s'; predicted %s", move->guest, move->from,
                move->to, planned);
      *running = (Running){ move, mig_repetition_migrate (round->repetition, run_guest, to,
                                                          move->group + 1) };
      g_ptr_array_add (round->running, running);
    }
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

void
mig_plan_executor_moves (MigPlanExecutorRound *round)
{
  MigRun *run = round->run;
  MigPlannedMove *move;

  for (;;)
    {
      g_mutex_lock (&run->lock);
      look_around (round);
      g_mutex_unlock (&run->lock);
      while ((move = mig_plan_progress_next (round->execute->execution)))
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
