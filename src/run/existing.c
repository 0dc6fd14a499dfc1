/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "run/internal.h"
#include "virt/demand.h"

/* Guests that were there before the study and stay when it is over. They are migrated and looked at, nothing
 * else: no start, pause, pin, console or end, and nothing of theirs is in the undo stack. */

/* how long the hypervisor watches their pages, at the beginning of the baseline */
#define DIRTY_RATE_S 1

/* mig_existing_find: the guest where it runs, on its own host rather than another; NULL: on none of them. */
MigGuest *
mig_existing_find (const GPtrArray *hosts, const MigStudyGuest *guest, const MigRunHost **where, MigGuestLook *look)
{
  MigGuest *found = NULL;

  for (guint i = 0; i < hosts->len; i++)
    {
      const MigRunHost *host = hosts->pdata[i];
      g_autoptr (MigGuest) there = mig_guest_lookup (host->host, guest->domain, NULL);
      gboolean home = g_strcmp0 (host->study->name, guest->host->name) == 0;
      MigGuestLook seen;

      if (!there || !mig_guest_look (there, &seen) || !seen.running || (found && !home))
        continue;
      mig_guest_free (found);
      found = g_steal_pointer (&there);
      *where = host;
      *look = seen;
    }
  return found;
}

/* In place of its start. */
gboolean
mig_existing_take (MigActor *actor, GError **error)
{
  MigRunner *runner = actor->runner;
  const MigRunHost *where = NULL;
  MigGuestLook look;
  MigGuest *guest = mig_existing_find (runner->options.hosts, actor->guest, &where, &look);

  if (!guest)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
                   "guest '%s' (domain '%s') runs on none of the study's hosts; start it, and go on with --resume",
                   actor->guest->name, actor->domain);
      return FALSE;
    }
  g_mutex_lock (&runner->lock);
  g_ptr_array_add (actor->handles, guest);
  actor->where = where;
  g_free (actor->uuid);
  actor->uuid = g_strdup (mig_guest_uuid (guest));
  actor->memory_bytes = look.memory_bytes;
  actor->ready = TRUE;
  g_mutex_unlock (&runner->lock);
  return TRUE;
}

static gboolean
bring_home (MigRunner *runner, MigActor *actor, GError **error)
{
  mig_info ("guest '%s' is on host '%s': moving it back to '%s', which is not measured", actor->guest->name,
            actor->where->study->name, actor->home->study->name);
  mig_runner_event (runner, actor->where->study->name, actor->guest->name, mig_clock_now (), "home",
                    actor->home->study->name);
  MigMigration *migration = mig_migration_start (runner, actor, actor->home, MIG_STEP_HOME);
  g_mutex_lock (&runner->lock);
  while (!migration->done)
    mig_runner_wait (runner, G_MAXINT64);
  g_mutex_unlock (&runner->lock);
  mig_migration_join (migration);
  if (mig_migration_is_ok (migration))
    return TRUE;
  g_set_error (error, MIG_ERROR, migration->timed_out ? MIG_ERROR_TIMEOUT : MIG_ERROR_FAILED,
               "guest '%s' could not be moved back to host '%s': %s; move it, and go on with --resume",
               actor->guest->name, actor->home->study->name, migration->error->message);
  return FALSE;
}

/* One that no case moves is not moved back either: preflight has seen to it that it is there. */
static gboolean
is_moved (const MigRunner *runner, const MigActor *actor)
{
  const GArray *schedule = runner->options.schedule;

  for (guint i = 0; i < schedule->len; i++)
    if (mig_case_moves (g_array_index (schedule, MigScheduleItem, i).study_case, actor->guest->name))
      return TRUE;
  return FALSE;
}

/* An earlier run, or whoever else, may have left it on another host. One after the other. */
gboolean
mig_existing_bring_home (MigRunner *runner, GError **error)
{
  for (guint i = 0; i < runner->actors->len; i++)
    {
      MigActor *actor = g_ptr_array_index (runner->actors, i);
      g_mutex_lock (&runner->lock);
      gboolean stop = mig_runner_must_stop (runner, error);
      g_mutex_unlock (&runner->lock);
      if (stop)
        return FALSE;
      if (actor->where != actor->home && is_moved (runner, actor) && !bring_home (runner, actor, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_dirty_rate (const MigActor *actor)
{
  return actor->guest->existing && mig_host_can (actor->where->host, MIG_CAN_DIRTY_RATE);
}

void
mig_existing_start_dirty_rate (MigRunner *runner)
{
  for (guint i = 0; i < runner->actors->len; i++)
    {
      MigActor *actor = g_ptr_array_index (runner->actors, i);
      g_autoptr (GError) error = NULL;
      if (has_dirty_rate (actor)
          && !mig_guest_start_dirty_rate (mig_actor_handle (actor, actor->where), DIRTY_RATE_S, &error))
        mig_warning ("%s", error->message);
    }
}

void
mig_existing_read_dirty_rate (MigRunner *runner)
{
  for (guint i = 0; i < runner->actors->len; i++)
    {
      MigActor *actor = g_ptr_array_index (runner->actors, i);
      if (has_dirty_rate (actor))
        mig_guest_dirty_rate (mig_actor_handle (actor, actor->where), &actor->dirty_bytes_per_s);
    }
}

/* Whatever happened: where it is now, asked and not concluded. */
void
mig_existing_tell (MigRunner *runner)
{
  for (guint i = 0; i < runner->actors->len; i++)
    {
      MigActor *actor = g_ptr_array_index (runner->actors, i);
      const MigRunHost *where = NULL;
      MigGuestLook look;

      if (!actor->guest->existing)
        continue;
      g_autoptr (MigGuest) guest = mig_existing_find (runner->options.hosts, actor->guest, &where, &look);
      if (guest)
        mig_info ("guest '%s' is on host '%s' now", actor->guest->name, where->study->name);
      else
        mig_warning ("guest '%s' (domain '%s') is seen running on none of the study's hosts", actor->guest->name,
                     actor->domain);
      g_mutex_lock (&runner->lock);
      actor->lost = !guest;
      if (guest)
        actor->where = where;
      else if (!actor->alarm)
        actor->alarm = g_strdup ("it is seen running on none of the study's hosts");
      g_mutex_unlock (&runner->lock);
    }
}
