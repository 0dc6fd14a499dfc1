/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "hosts/found-guest.h"
#include "measure/run-guest-state.h"
#include "virt/definition.h"
#include "virt/migrate.h"
#include "virt/pin.h"

/* Guests that were there before the study and stay when it is over. They are migrated and looked
 * at, nothing else: no start, pause, console or end. Only what the study asks for is in the undo
 * stack: the pins that they had. */

/* how often a guest that somebody else migrates is looked at */
#define ASK_NS (MIG_NS_PER_S / 2)
/* so often in a row it is looked for that runs nowhere: at the switch-over it is stopped on both */
#define ASK_STOPPED 20

/* A domain that has its name and is another one stands in the way of a guest that is to be moved;
 * nor is it ever taken for the guest. */
static gboolean
check_found (const MigRunGuest *run_guest, const char *uuid, const MigFoundGuest *found,
             GError **error)
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
  MigRun *run = run_guest->run;
  guint id;

  g_mutex_lock (&run->lock);
  gboolean known = g_hash_table_contains (run->guest_pins, run_guest->guest->name);
  g_mutex_unlock (&run->lock);
  if (known)
    return TRUE;
  g_autofree char *pins = mig_guest_pins (guest, error);
  for (guint i = 0; pins && i < run->options.hosts->len; i++)
    {
      const MigRunHost *host = run->options.hosts->pdata[i];
      if (!mig_undo_push_guest_pin (run->undo, host->host, guest, pins, &id, error))
        return FALSE;
    }
  if (!pins)
    return FALSE;
  g_mutex_lock (&run->lock);
  g_hash_table_insert (run->guest_pins, g_strdup (run_guest->guest->name), g_steal_pointer (&pins));
  g_mutex_unlock (&run->lock);
  return TRUE;
}

void
mig_run_guest_adopt (MigRunGuest *run_guest, MigGuest *guest)
{
  MigRun *run = run_guest->run;
  MigGuestInfo info;
  gboolean known = mig_guest_get_info (guest, &info);

  g_mutex_lock (&run->lock);
  g_free (run_guest->uuid);
  run_guest->uuid = g_strdup (mig_guest_uuid (guest));
  g_hash_table_insert (run->identities, g_strdup (run_guest->guest->name),
                       g_strdup (run_guest->uuid));
  if (known)
    {
      run_guest->memory_bytes = info.memory_bytes;
      run_guest->vcpus = info.vcpus;
    }
  g_ptr_array_add (run_guest->handles, guest);
  g_mutex_unlock (&run->lock);
}

/* search: where it is; while somebody migrates or saves it, which an earlier process may have begun
 * peer-to-peer, it is *waited for. FALSE: the run must stop. */
static gboolean
search (MigRunGuest *run_guest, const char *uuid, MigFoundGuest *found, gboolean *waited,
        GError **error)
{
  MigRun *run = run_guest->run;
  gboolean told = *waited = FALSE;

  for (guint stopped = 0;;)
    {
      mig_found_guest_search (found, run->options.hosts, run_guest->guest, uuid);
      g_autofree char *busy = found->guest ? mig_guest_busy (found->guest) : NULL;
      stopped = found->guest ? 0 : stopped + 1;
      if (!busy && (found->guest || !told || stopped > ASK_STOPPED))
        return TRUE;
      if (busy && !told)
        mig_info ("guest '%s' on host '%s': %s; waiting for its end", run_guest->guest->name,
                  found->where->study->name, busy);
      *waited = told |= busy != NULL;
      mig_found_guest_clear (found);
      g_mutex_lock (&run->lock);
      gboolean stop = mig_run_must_stop (run, error);
      g_mutex_unlock (&run->lock);
      if (stop)
        return FALSE;
      mig_clock_sleep_until (mig_clock_now () + ASK_NS);
    }
}

/* take_over: what an earlier process changed of it, and could not put back while it was migrated:
 * what the guest has now is not its own. */
static void
take_over (const MigRunGuest *run_guest, const MigFoundGuest *found, gboolean waited)
{
  if (waited || run_guest->run->finished == 0)
    mig_undo_recover_guest (mig_guest_uuid (found->guest));
}

/* restore_autostart: a migration that went on without the run that began it took the definition
 * along and no more. */
static void
restore_autostart (const MigRunGuest *run_guest, const MigFoundGuest *found)
{
  MigRun *run = run_guest->run;
  const MigRunOptions *options = &run->options;
  const char *name = run_guest->guest->name;
  MigDefinition definition;

  /* all guests are taken at the same time */
  g_mutex_lock (&run->lock);
  gboolean wanted = options->autostarts && g_hash_table_remove (options->autostarts, name);
  if (wanted)
    g_hash_table_add (run->autostarts, g_strdup (name));
  for (guint i = 0; wanted && i < options->hosts->len; i++)
    if (options->hosts->pdata[i] != found->where)
      mig_run_note_left (run, options->hosts->pdata[i], name);
  g_mutex_unlock (&run->lock);
  if (!wanted)
    return;
  mig_guest_definition (found->guest, &definition);
  if (!definition.persistent || definition.autostart)
    return;
  for (guint i = 0; i < options->hosts->len; i++)
    {
      const MigRunHost *other = options->hosts->pdata[i];
      g_autoptr (GError) error = NULL;
      if (other == found->where || mig_guest_carry_autostart (other->host, found->guest, &error))
        continue;
      mig_warning ("%s", error->message);
      return;
    }
  mig_info ("host '%s' starts guest '%s' by itself, as the one did that it left while migcost did "
            "not run",
            found->where->study->name, name);
}

gboolean
mig_run_guest_take (MigRunGuest *run_guest, GError **error)
{
  MigRun *run = run_guest->run;
  g_auto (MigFoundGuest) found = { NULL };
  gboolean waited;
  g_mutex_lock (&run->lock);
  g_autofree char *uuid = g_strdup (g_hash_table_lookup (run->identities, run_guest->guest->name));
  g_mutex_unlock (&run->lock);

  if (!search (run_guest, uuid, &found, &waited, error) ||
      !check_found (run_guest, uuid, &found, error))
    return FALSE;
  take_over (run_guest, &found, waited);
  if (run_guest->guest->pin && !remember_pins (run_guest, found.guest, error))
    return FALSE;
  restore_autostart (run_guest, &found);
  mig_run_guest_adopt (run_guest, g_steal_pointer (&found.guest));
  g_mutex_lock (&run->lock);
  run_guest->where = found.where;
  g_mutex_unlock (&run->lock);
  return TRUE;
}

/* Says where it is; NULL: it is on one host. Otherwise what is wrong, which the caller frees. */
static char *
report_place (const MigRunGuest *run_guest, const MigFoundGuest *found)
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
    mig_warning ("guest '%s' (domain '%s', UUID %s): %s", name, run_guest->guest->domain,
                 run_guest->uuid, wrong);
  return wrong;
}

/* By its UUID and not concluded. One that was never found has none. */
void
mig_run_guest_tell (MigRunGuest *run_guest)
{
  MigRun *run = run_guest->run;
  g_auto (MigFoundGuest) found = { NULL };

  if (!run_guest->guest->existing)
    return;
  mig_found_guest_search (&found, run->options.hosts, run_guest->guest, run_guest->uuid);
  g_autofree char *wrong = report_place (run_guest, &found);
  g_mutex_lock (&run->lock);
  if (found.guest)
    run_guest->where = found.where;
  run_guest->lost = wrong != NULL;
  if (wrong)
    mig_guest_console_set_alarm (run_guest->console, NULL, wrong);
  g_mutex_unlock (&run->lock);
}
