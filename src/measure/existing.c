/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "measure/internal.h"
#include "virt/demand.h"
#include "virt/pin.h"

/* Guests that were there before the study and stay when it is over. They are migrated and looked
 * at, nothing else: no start, pause, console or end. Only what the study asks for is in the undo
 * stack: the pins that they had. */

/* how long the hypervisor watches their pages, at the beginning of the baseline */
#define DIRTY_RATE_S 1

void
mig_found_clear (MigFound *found)
{
  g_clear_pointer (&found->guest, mig_guest_free);
  g_clear_pointer (&found->stranger_uuid, g_free);
}

/* Takes the guest in, where it is the one that is looked for. */
static void
take (MigFound *found, MigGuest *guest, const MigGuestInfo *look, const MigRunHost *host,
      gboolean home)
{
  gboolean same = found->guest && mig_guest_is_same (found->guest, guest);

  if (same)
    found->also = home ? found->where : host;
  else if (home)
    found->also = NULL;
  if (found->guest && !home)
    {
      mig_guest_free (guest);
      return;
    }
  mig_guest_free (found->guest);
  found->guest = guest;
  found->look = *look;
  found->where = host;
}

static void
look_at (MigFound *found, const MigRunHost *host, const MigStudyGuest *wanted, const char *uuid)
{
  gboolean home = g_strcmp0 (host->study->name, wanted->host->name) == 0;
  g_autoptr (MigGuest) named = mig_guest_lookup (host->host, wanted->domain, NULL);
  gboolean stranger = named && uuid && strcmp (mig_guest_uuid (named), uuid) != 0;
  MigGuestInfo look;

  if (stranger)
    {
      g_free (found->stranger_uuid);
      found->stranger = host;
      found->stranger_uuid = g_strdup (mig_guest_uuid (named));
    }
  g_autoptr (MigGuest) there = uuid ? mig_guest_lookup_uuid (host->host, uuid, NULL)
                                    : g_steal_pointer (&named);
  if (there && mig_guest_get_info (there, &look) && look.running)
    take (found, g_steal_pointer (&there), &look, host, home);
}

gboolean
mig_existing_find (const GPtrArray *hosts, const MigStudyGuest *guest, const char *uuid,
                   MigFound *found)
{
  *found = (MigFound){ NULL };
  for (guint i = 0; i < hosts->len; i++)
    look_at (found, hosts->pdata[i], guest, uuid);
  return found->guest != NULL;
}

/* A domain that has its name and is another one stands in the way of a guest that is to be moved;
 * nor is it ever taken for the guest. */
static gboolean
check_found (const MigRunGuest *run_guest, const char *uuid, const MigFound *found, GError **error)
{
  const MigStudyGuest *guest = run_guest->guest;

  if (!found->guest && !found->stranger)
    g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
                 "guest '%s' (domain '%s') runs on none of the study's hosts; start it, then "
                 "continue with --resume",
                 guest->name, guest->domain);
  else if (!found->guest)
    g_set_error (error, MIG_ERROR, MIG_ERROR_EXISTS,
                 "guest '%s' (domain '%s', UUID %s) runs on none of the study's hosts, and the "
                 "domain of that name on host '%s' is another one (UUID %s), left alone; start the "
                 "guest again, then continue with --resume",
                 guest->name, guest->domain, uuid, found->stranger->study->name,
                 found->stranger_uuid);
  else if (found->also)
    g_set_error (error, MIG_ERROR, MIG_ERROR_EXISTS,
                 "guest '%s' (UUID %s) runs on host '%s' and on host '%s'; end the unwanted one, "
                 "then continue with --resume",
                 guest->name, uuid, found->where->study->name, found->also->study->name);
  else if (found->stranger && run_guest->migrates)
    g_set_error (error, MIG_ERROR, MIG_ERROR_EXISTS,
                 "another domain '%s' (UUID %s) is on host '%s' now, so guest '%s' cannot move "
                 "safely; rename one of them, then continue with --resume",
                 guest->domain, found->stranger_uuid, found->stranger->study->name, guest->name);
  else
    return TRUE;
  return FALSE;
}

/* What it has is put back at the end, on whichever host it is then. Before it is moved for the
 * first time. */
static gboolean
remember_pins (const MigRunGuest *run_guest, MigGuest *guest, GError **error)
{
  MigRunner *runner = run_guest->runner;
  guint id;

  g_mutex_lock (&runner->lock);
  gboolean known = g_hash_table_contains (runner->guest_pins, run_guest->guest->name);
  g_mutex_unlock (&runner->lock);
  if (known)
    return TRUE;
  g_autofree char *pins = mig_guest_pins (guest, error);
  for (guint i = 0; pins && i < runner->options.hosts->len; i++)
    {
      const MigRunHost *host = runner->options.hosts->pdata[i];
      if (!mig_undo_push_guest_pin (runner->undo, host->host, mig_guest_uuid (guest), pins, &id,
                                    error))
        return FALSE;
    }
  if (!pins)
    return FALSE;
  g_mutex_lock (&runner->lock);
  g_hash_table_insert (runner->guest_pins, g_strdup (run_guest->guest->name),
                       g_steal_pointer (&pins));
  g_mutex_unlock (&runner->lock);
  return TRUE;
}

/* In place of its start. */
gboolean
mig_existing_take (MigRunGuest *run_guest, GError **error)
{
  MigRunner *runner = run_guest->runner;
  g_auto (MigFound) found = { NULL };
  g_mutex_lock (&runner->lock);
  g_autofree char *uuid = g_strdup (
      g_hash_table_lookup (runner->identities, run_guest->guest->name));
  g_mutex_unlock (&runner->lock);

  mig_existing_find (runner->options.hosts, run_guest->guest, uuid, &found);
  if (!check_found (run_guest, uuid, &found, error) ||
      (run_guest->guest->pin && !remember_pins (run_guest, found.guest, error)))
    return FALSE;
  g_mutex_lock (&runner->lock);
  g_free (run_guest->uuid);
  run_guest->uuid = g_strdup (mig_guest_uuid (found.guest));
  if (!uuid)
    g_hash_table_insert (runner->identities, g_strdup (run_guest->guest->name),
                         g_strdup (run_guest->uuid));
  g_ptr_array_add (run_guest->handles, g_steal_pointer (&found.guest));
  run_guest->where = found.where;
  run_guest->memory_bytes = found.look.memory_bytes;
  run_guest->ready = TRUE;
  g_mutex_unlock (&runner->lock);
  return TRUE;
}

static gboolean
bring_home (MigRunner *runner, MigRunGuest *run_guest, GError **error)
{
  mig_info ("guest '%s' is on host '%s': moving it back to '%s' (not measured)",
            run_guest->guest->name, run_guest->where->study->name, run_guest->home->study->name);
  mig_runner_event (runner, run_guest->where->study->name, run_guest->guest->name, mig_clock_now (),
                    "home", run_guest->home->study->name);
  MigMigration *migration = mig_migration_start (runner, run_guest, run_guest->home, MIG_STEP_HOME);
  g_mutex_lock (&runner->lock);
  while (!migration->done)
    mig_runner_wait (runner, G_MAXINT64);
  g_mutex_unlock (&runner->lock);
  mig_migration_join (migration);
  if (mig_migration_is_ok (migration))
    return TRUE;
  g_set_error (error, MIG_ERROR, migration->timed_out ? MIG_ERROR_TIMEOUT : MIG_ERROR_FAILED,
               "cannot move guest '%s' back to host '%s': %s; move it, then continue with --resume",
               run_guest->guest->name, run_guest->home->study->name, migration->error->message);
  return FALSE;
}

/* An earlier run, or whoever else, may have left it on another host. One after the other. One that
 * no case moves is not moved back either: preflight has seen to it that it is there. */
gboolean
mig_existing_bring_home (MigRunner *runner, GError **error)
{
  for (guint i = 0; i < runner->run_guests->len; i++)
    {
      MigRunGuest *run_guest = g_ptr_array_index (runner->run_guests, i);
      g_mutex_lock (&runner->lock);
      gboolean stop = mig_runner_must_stop (runner, error);
      g_mutex_unlock (&runner->lock);
      if (stop)
        return FALSE;
      if (run_guest->where != run_guest->home &&
          mig_cases_move (runner->cases, run_guest->guest->name) &&
          !bring_home (runner, run_guest, error))
        return FALSE;
    }
  return TRUE;
}

/* To the CPU of the host where it is; in a case that pins nothing, back to what it had. */
gboolean
mig_existing_pin (MigRunGuest *run_guest, GError **error)
{
  MigGuest *guest = mig_run_guest_handle (run_guest, run_guest->where);
  const char *before = g_hash_table_lookup (run_guest->runner->guest_pins, run_guest->guest->name);
  int cpu = run_guest->where->cpu;

  return cpu < 0 ? mig_guest_put_pins (guest, before, error) : mig_guest_pin (guest, cpu, error);
}

static gboolean
has_dirty_rate (const MigRunGuest *run_guest)
{
  return run_guest->guest->existing && mig_host_can (run_guest->where->host, MIG_CAN_DIRTY_RATE);
}

void
mig_existing_start_dirty_rate (MigRunner *runner)
{
  for (guint i = 0; i < runner->run_guests->len; i++)
    {
      MigRunGuest *run_guest = g_ptr_array_index (runner->run_guests, i);
      g_autoptr (GError) error = NULL;
      if (has_dirty_rate (run_guest) &&
          !mig_guest_start_dirty_rate (mig_run_guest_handle (run_guest, run_guest->where),
                                       DIRTY_RATE_S, &error))
        mig_warning ("%s", error->message);
    }
}

void
mig_existing_read_dirty_rate (MigRunner *runner)
{
  for (guint i = 0; i < runner->run_guests->len; i++)
    {
      MigRunGuest *run_guest = g_ptr_array_index (runner->run_guests, i);
      if (has_dirty_rate (run_guest))
        mig_guest_dirty_rate (mig_run_guest_handle (run_guest, run_guest->where),
                              &run_guest->dirty_bytes_per_s);
    }
}

/* Says where it is; NULL: it is on one host. Otherwise what is wrong, which the caller frees. */
static char *
tell (const MigRunGuest *run_guest, const MigFound *found)
{
  const char *name = run_guest->guest->name;
  char *wrong = NULL;

  if (found->also)
    wrong = g_strdup_printf ("it runs on host '%s' and on host '%s'", found->where->study->name,
                             found->also->study->name);
  else if (found->guest)
    mig_info ("guest '%s' is on host '%s' now", name, found->where->study->name);
  else
    wrong = g_strdup ("it runs on none of the study's hosts");
  if (wrong)
    mig_warning ("guest '%s' (domain '%s', UUID %s): %s", name, run_guest->domain, run_guest->uuid,
                 wrong);
  return wrong;
}

/* Whatever happened: where it is now, asked by its UUID and not concluded. One that was never found
 * has none. */
void
mig_existing_tell (MigRunner *runner)
{
  for (guint i = 0; i < runner->run_guests->len; i++)
    {
      MigRunGuest *run_guest = g_ptr_array_index (runner->run_guests, i);
      g_auto (MigFound) found = { NULL };

      if (!run_guest->guest->existing)
        continue;
      mig_existing_find (runner->options.hosts, run_guest->guest, run_guest->uuid, &found);
      char *wrong = tell (run_guest, &found);
      g_mutex_lock (&runner->lock);
      run_guest->lost = wrong != NULL;
      if (found.guest)
        run_guest->where = found.where;
      if (wrong && !run_guest->alarm)
        run_guest->alarm = g_steal_pointer (&wrong);
      g_mutex_unlock (&runner->lock);
      g_free (wrong);
    }
}
