/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/log.h"
#include "measure/migration-state.h"
#include "measure/reached-host.h"

/* A migration whose call failed because the connection to its source broke: the source goes on
 * with it, and it is over when both hosts say so. */

typedef enum { NO_ANSWER, GOES_ON, OVER } Word;

/* goes_on_at_source: by its word. abort: it is asked to end it. */
static gboolean
goes_on_at_source (const MigReachedHost *from, const char *uuid, gboolean abort)
{
  g_autoptr (MigGuest) guest = mig_guest_lookup_uuid (mig_reached_host (from), uuid, NULL);
  gboolean goes_on = guest && mig_guest_is_leaving (guest);

  if (goes_on && abort)
    mig_guest_abort_migration (guest, NULL); /* refused: it is asked again */
  return goes_on;
}

static Word
ask (const MigMigration *migration, MigReachedHost *from, MigReachedHost *to, gboolean abort)
{
  const char *uuid = mig_run_guest_uuid (migration->run_guest);
  MigGuestState left, arrived;

  if (!mig_reached_host_state (from, uuid, &left, NULL) ||
      !mig_reached_host_state (to, uuid, &arrived, NULL))
    return NO_ANSWER;
  return goes_on_at_source (from, uuid, abort) || arrived == MIG_GUEST_ARRIVING ? GOES_ON : OVER;
}

/* is_unwanted: it is to be aborted, which the watcher cannot do any more. */
static gboolean
is_unwanted (MigMigration *migration)
{
  g_mutex_lock (&migration->run->lock);
  gboolean late = mig_clock_now () >= migration->deadline_ns &&
                  migration->at_timeout == MIG_TIMEOUT_ABORT;
  gboolean unwanted = migration->run->cancelled || late;
  g_mutex_unlock (&migration->run->lock);
  return unwanted;
}

static void
tell (const MigMigration *migration)
{
  mig_info ("the connection to host '%s' broke; the migration of '%s' to '%s' still goes on: "
            "waiting for its end",
            migration->from->study->name, mig_run_guest_name (migration->run_guest),
            migration->to->study->name);
}

/* One that this process drives ends soon, for nobody brings it to its end. */
void
mig_migration_await_end (MigMigration *migration)
{
  g_auto (MigReachedHost) from = { .host = migration->from }, to = { .host = migration->to };
  gint64 limit_ns = mig_clock_now () + MIG_REACHED_HOST_PATIENCE_NS;
  gboolean told = FALSE;

  for (;;)
    {
      gboolean unwanted = is_unwanted (migration);
      Word word = ask (migration, &from, &to, unwanted);
      gint64 now = mig_clock_now ();

      if (word == GOES_ON && migration->peer_uri && !unwanted)
        limit_ns = now + MIG_REACHED_HOST_PATIENCE_NS;
      if (word == OVER || now >= limit_ns)
        return;
      if (word == GOES_ON && !told)
        tell (migration);
      told |= word == GOES_ON;
      mig_clock_sleep_until (now + MIG_REACHED_HOST_RETRY_NS);
    }
}
