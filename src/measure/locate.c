/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "measure/migration-state.h"
#include "measure/reached-host.h"
#include "virt/definition.h"
#include "virt/standstill.h"

/* What one host says of the guest. */
typedef struct {
  const MigRunHost *host;
  MigReachedHost reached;
  gboolean known;
  MigGuestState state;
  char *said; /* for people: "running"; where it is not known, why */
} Word;

/* Over a connection of its own, where the run's is lost. */
static gboolean
ask_again (const MigMigration *migration, MigReachedHost *host, MigGuestState *state,
           GError **error)
{
  MigRun *run = migration->run;
  const char *uuid = mig_run_guest_uuid (migration->run_guest);
  gint64 deadline = mig_clock_now () + MIG_REACHED_HOST_PATIENCE_NS;

  mig_info ("host '%s' is lost: looking for guests there for up to %d s", host->host->study->name,
            (int) (MIG_REACHED_HOST_PATIENCE_NS / MIG_NS_PER_S));
  for (;;)
    {
      g_autoptr (GError) problem = NULL;
      if (mig_reached_host_state (host, uuid, state, &problem))
        return TRUE;
      g_mutex_lock (&run->lock);
      gboolean stop = run->cancelled || mig_clock_now () >= deadline;
      g_mutex_unlock (&run->lock);
      if (stop)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      mig_clock_sleep_until (mig_clock_now () + MIG_REACHED_HOST_RETRY_NS);
    }
}

static Word
ask (const MigMigration *migration, const MigRunHost *host)
{
  g_autoptr (GError) error = NULL;
  Word word = { .host = host, .reached = { .host = host } };

  word.known = mig_host_guest_state (host->host, mig_run_guest_uuid (migration->run_guest),
                                     &word.state, NULL) ||
               ask_again (migration, &word.reached, &word.state, &error);
  word.said = g_strdup (word.known ? mig_guest_state_text (word.state) : error->message);
  return word;
}

static gboolean
is_there (const Word *word)
{
  return word->known && (word->state == MIG_GUEST_RUNNING || word->state == MIG_GUEST_PAUSED);
}

/* The proof that it is lost: what the hypervisor said when it ended. The destination's word is one
 * only where the guest had gone on there: what waits for a guest ends with every migration that
 * fails. */
static void
append_last_words (GString *text, const MigMigration *migration)
{
  if (migration->ended[0])
    g_string_append_printf (text, "; host '%s' said: %s", migration->from->study->name,
                            migration->ended[0]);
  if (migration->ended[1] && !MIG_IS_MISSING (migration->resumed_ns))
    g_string_append_printf (text, "; host '%s', where it had gone on, said: %s",
                            migration->to->study->name, migration->ended[1]);
}

gboolean
mig_migration_row_is_lost (const MigMigrationRecord *row)
{
  const char *lost = row->reason ? strstr (row->reason, MIG_MIGRATION_LOST) : NULL;
  g_autofree char *said = g_strdup_printf ("; host '%s' said: ", row->source);
  const char *words = lost ? lost + strlen (MIG_MIGRATION_LOST) : NULL;

  return lost && (!MIG_IS_MISSING (row->resumed_ns) || !g_str_has_prefix (words, said) ||
                  !mig_event_is_orderly_end (words + strlen (said)));
}

/* is_broken: its post-copy failed: it stands still on both hosts, each of which has a part of its
 * memory that the other one lacks. */
static gboolean
is_broken (const MigMigration *migration, const Word words[2])
{
  return migration->post_copy_failed && words[0].known && words[1].known &&
         words[0].state == MIG_GUEST_PAUSED &&
         (words[1].state == MIG_GUEST_PAUSED || words[1].state == MIG_GUEST_RUNNING);
}

static char *
sum_up (const MigMigration *migration, const Word words[2])
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = is_there (&words[0]) + is_there (&words[1]);
  gboolean all_known = words[0].known && words[1].known;

  if (n == 0 && all_known)
    {
      g_string_append (text, MIG_MIGRATION_LOST);
      append_last_words (text, migration);
    }
  else if (is_broken (migration, words))
    g_string_append_printf (text, MIG_POST_COPY_BROKEN, migration->from->study->name);
  else if (n == 1 && all_known)
    {
      const Word *word = &words[is_there (&words[0]) ? 0 : 1];
      g_string_append_printf (text, "the guest is %s on host '%s' alone", word->said,
                              word->host->study->name);
    }
  else
    for (guint i = 0; i < 2; i++)
      g_string_append_printf (text, "%s host '%s': %s", i == 0 ? "the guest, by" : ", by",
                              words[i].host->study->name, words[i].said);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* end_standstill: a guest that ran is not left standing still by a switch-over that failed. */
static void
end_standstill (const MigMigration *migration, Word *left, const Word *arrived)
{
  g_autoptr (GError) error = NULL;
  gboolean resumed = FALSE;

  if (!migration->ran || !left->known || left->state != MIG_GUEST_PAUSED || !arrived->known ||
      is_there (arrived))
    return;
  if (!mig_host_end_standstill (mig_reached_host (&left->reached),
                                mig_reached_host (&arrived->reached),
                                mig_run_guest_uuid (migration->run_guest), &resumed, &error))
    mig_warning ("%s", error->message);
  if (!resumed)
    return;
  left->state = MIG_GUEST_RUNNING;
  g_free (left->said);
  left->said = g_strdup (mig_guest_state_text (MIG_GUEST_RUNNING));
}

/* carry_autostart: of one that arrived although its call failed: the source went on with it. */
static void
carry_autostart (const MigMigration *migration, const Word *left, const Word *arrived)
{
  g_autoptr (GError) error = NULL;

  if (!migration->autostart || !left->known || is_there (left) || !is_there (arrived))
    return;
  if (!mig_host_carry_autostart (mig_reached_host (&left->reached),
                                 mig_reached_host (&arrived->reached),
                                 mig_run_guest_uuid (migration->run_guest), &error))
    mig_warning ("%s", error->message);
}

void
mig_migration_locate_guest (MigMigration *migration)
{
  MigRun *run = migration->run;
  MigRunGuest *run_guest = migration->run_guest;
  const MigRunHost *const hosts[] = { migration->from, migration->to };
  Word words[2];

  for (guint i = 0; i < 2; i++)
    words[i] = ask (migration, hosts[i]);
  end_standstill (migration, &words[0], &words[1]);
  carry_autostart (migration, &words[0], &words[1]);
  g_mutex_lock (&run->lock);
  for (guint i = 0; i < 2; i++)
    mig_run_event (run, hosts[i]->study->name, mig_run_guest_name (run_guest), mig_clock_now (),
                   "state", words[i].said);
  migration->whereabouts = sum_up (migration, words);
  gboolean found = words[0].known && words[1].known && is_there (&words[0]) != is_there (&words[1]);
  mig_run_guest_set_where (run_guest, found ? hosts[is_there (&words[0]) ? 0 : 1] : NULL);
  g_mutex_unlock (&run->lock);
  for (guint i = 0; i < 2; i++)
    {
      mig_reached_host_clear (&words[i].reached);
      g_free (words[i].said);
    }
}

const char *
mig_migration_whereabouts (const MigMigration *migration)
{
  return migration->whereabouts;
}

/* is_there_alone: on the destination, running or paused as it was, and not on the source. */
static gboolean
is_there_alone (const MigMigration *migration, gboolean paused)
{
  const char *uuid = mig_run_guest_uuid (migration->run_guest);
  MigGuestState state, left;

  return mig_host_guest_state (migration->to->host, uuid, &state, NULL) &&
         state == (paused ? MIG_GUEST_PAUSED : MIG_GUEST_RUNNING) &&
         mig_host_guest_state (migration->from->host, uuid, &left, NULL) &&
         left != MIG_GUEST_RUNNING && left != MIG_GUEST_PAUSED;
}

gboolean
mig_migration_verify (MigMigration *migration, gboolean paused)
{
  const MigRunGuest *run_guest = migration->run_guest;
  gboolean ok = mig_migration_is_ok (migration);

  if (ok && is_there_alone (migration, paused))
    return TRUE;
  mig_migration_locate_guest (migration);
  g_mutex_lock (&migration->run->lock);
  gboolean arrived = !mig_run_guest_is_lost (run_guest) &&
                     mig_run_guest_where (run_guest) == migration->to;
  if (ok && !arrived)
    g_set_error (&migration->error, MIG_ERROR, MIG_ERROR_FAILED,
                 "libvirt says that guest '%s' has moved from '%s' to '%s'",
                 mig_run_guest_name (run_guest), migration->from->study->name,
                 migration->to->study->name);
  g_mutex_unlock (&migration->run->lock);
  return ok && arrived;
}
