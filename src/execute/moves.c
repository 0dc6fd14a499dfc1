/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "execute/internal.h"

/* The migrations of one plan: which starts when, what became of it, and where its guest is. */

typedef struct {
  MigPlannedMove *move;
  MigMigration *migration;
} Running;

/* find_actor: *n: on how many hosts it was seen to run. */
static MigRunGuest *
find_actor (const MigRunner *runner, const char *uuid, guint *n)
{
  MigRunGuest *found = NULL;

  *n = 0;
  for (guint i = 0; i < runner->run_guests->len; i++)
    {
      MigRunGuest *run_guest = runner->run_guests->pdata[i];
      if (strcmp (run_guest->uuid, uuid) != 0)
        continue;
      found = run_guest;
      ++*n;
    }
  return found;
}

static MigRunHost *
find_host (const MigPlanExecutorRound *round, const char *name)
{
  for (guint i = 0; i < round->hosts->len; i++)
    {
      MigRunHost *host = round->hosts->pdata[i];
      if (strcmp (host->study->name, name) == 0)
        return host;
    }
  return NULL;
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

/* is_there: on the destination, and not on the source, of whose state there *from is told: by both
 * hosts' word, not by the call that returned. */
static gboolean
is_there (const MigMigration *migration, MigGuestState *from)
{
  const char *uuid = migration->run_guest->uuid;
  MigGuestState to;

  return mig_host_guest_state (migration->to->host, uuid, &to, NULL) && to == MIG_GUEST_RUNNING &&
         mig_host_guest_state (migration->from->host, uuid, from, NULL) &&
         *from != MIG_GUEST_RUNNING && *from != MIG_GUEST_PAUSED;
}

/* verify: FALSE: the migration failed, or its guest is not where it has to be; then its fate is
 * known. *from, where TRUE: what is on the host that it left: of a persistent domain the definition
 * stays. */
static gboolean
verify (MigMigration *migration, MigGuestState *from)
{
  MigRunner *runner = migration->runner;
  const MigRunGuest *run_guest = migration->run_guest;
  gboolean ok = mig_migration_is_ok (migration);

  if (ok && is_there (migration, from))
    return TRUE;
  mig_migration_locate_guest (migration);
  g_mutex_lock (&runner->lock);
  gboolean arrived = !run_guest->lost && run_guest->where == migration->to;
  if (ok && !arrived)
    g_set_error (&migration->error, MIG_ERROR, MIG_ERROR_FAILED,
                 "libvirt says that guest '%s' has moved from '%s' to '%s'", run_guest->guest->name,
                 migration->from->study->name, migration->to->study->name);
  g_mutex_unlock (&runner->lock);
  if (!ok || !arrived)
    return FALSE;
  if (!mig_host_guest_state (migration->from->host, run_guest->uuid, from, NULL))
    *from = MIG_GUEST_ABSENT; /* as far as is known */
  return TRUE;
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
  mig_runner_append (round->runner, MIG_TABLE_MIGRATIONS, move->record);
  mig_result_writer_commit (round->execute->options.writer, NULL); /* a failure is kept, and found
                                                                      by the runner */
}

static void
finish (MigPlanExecutorRound *round, Running *running)
{
  MigPlannedMove *move = running->move;
  MigMigration *migration = running->migration;

  mig_migration_join (migration);
  MigGuestState from = MIG_GUEST_ABSENT;
  gboolean done = verify (migration, &from);
  const MigRunGuest *run_guest = migration->run_guest;
  move->record = mig_migration_record (migration);
  move->where = run_guest->lost ? NULL : g_strdup (run_guest->where->study->name);
  move->dirty_pages_per_s = migration->job.dirty_pages_per_s;
  if (done)
    measure (move);
  move->definition_left = done && from != MIG_GUEST_ABSENT;
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
  record->run = round->runner->run;
  record->step = move->group + 1;
  record->guest = g_strdup (move->guest);
  record->source = g_strdup (move->from);
  record->destination = g_strdup (move->to);
  record->status = g_strdup ("failed");
  record->reason = g_strdup (why);
  move->record = record;
  move->where = run_guest ? g_strdup (run_guest->where->study->name) : NULL;
  keep (round, move);
  tell (move, FALSE);
  mig_plan_progress_ended (round->execute->execution, move, FALSE);
}

static void
begin (MigPlanExecutorRound *round, MigPlannedMove *move)
{
  guint n;
  MigRunGuest *run_guest = find_actor (round->runner, move->uuid, &n);
  const MigRunHost *to = find_host (round, move->to);
  g_autofree char *planned = text_of (&move->time);

  if (!to)
    refuse (round, move, run_guest, "its destination does not answer");
  else if (!run_guest)
    refuse (round, move, run_guest, "no host that answers has the guest");
  else if (n > 1)
    refuse (round, move, NULL,
            "guests with its UUID run on several hosts: end all but one of them first");
  else if (strcmp (run_guest->where->study->name, move->from) != 0)
    refuse (round, move, run_guest, "somebody else moved the guest");
  else
    {
      Running *running = g_new (Running, 1);
      mig_info ("moving '%s' from host '%s' to '%s'; predicted %s", move->guest, move->from,
                move->to, planned);
      *running = (Running){ move,
                            mig_migration_start (round->runner, run_guest, to, move->group + 1) };
      g_ptr_array_add (round->running, running);
    }
}

/* look_around: what ends it all: an interrupt, a full disk; what ends this plan: a host that is
 * lost. Under the lock. */
static void
look_around (MigPlanExecutorRound *round)
{
  MigRunner *runner = round->runner;

  if (runner->cancelled || g_atomic_pointer_get (&runner->write_error))
    mig_plan_progress_stop (round->execute->execution);
  else if (runner->connection_error)
    mig_plan_progress_ask (round->execute->execution);
}

/* wait_for_one: until a migration is over; its index. */
static guint
wait_for_one (MigPlanExecutorRound *round)
{
  MigRunner *runner = round->runner;

  for (;;)
    {
      for (guint i = 0; i < round->running->len; i++)
        if (((Running *) round->running->pdata[i])->migration->done)
          return i;
      mig_runner_wait (runner, G_MAXINT64);
    }
}

void
mig_plan_executor_moves (MigPlanExecutorRound *round)
{
  MigRunner *runner = round->runner;
  MigPlannedMove *move;

  for (;;)
    {
      g_mutex_lock (&runner->lock);
      look_around (round);
      g_mutex_unlock (&runner->lock);
      while ((move = mig_plan_progress_next (round->execute->execution)))
        begin (round, move);
      if (round->running->len == 0)
        return;
      g_mutex_lock (&runner->lock);
      guint index = wait_for_one (round);
      g_mutex_unlock (&runner->lock);
      g_autofree Running *over = g_ptr_array_steal_index (round->running, index);
      finish (round, over);
    }
}
