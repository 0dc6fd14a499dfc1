/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/log.h"
#include "measure/internal.h"

/* A daemon that ended is started again by most systems: so long it is waited for, also on a busy
 * machine. */
#define PATIENCE_NS (20 * MIG_NS_PER_S)
#define RETRY_NS (MIG_NS_PER_S / 4)

/* What one host says of the guest. */
typedef struct {
  const MigRunHost *host;
  gboolean known;
  MigGuestState state;
  char *said; /* for people: "running"; where it is not known, why */
} Word;

/* Over a connection of its own, where the run's is lost. */
static gboolean
ask_again (MigRunner *runner, const MigRunHost *host, const char *uuid, MigGuestState *state,
           GError **error)
{
  gint64 deadline = mig_clock_now () + PATIENCE_NS;

  mig_info ("host '%s' is lost: looking for guests there for up to %d s", host->study->name,
            (int) (PATIENCE_NS / MIG_NS_PER_S));
  for (;;)
    {
      g_autoptr (GError) problem = NULL;
      g_autoptr (MigHost)
          again = mig_host_open (mig_host_name (host->host), mig_host_uri (host->host), &problem);
      if (again && mig_host_guest_state (again, uuid, state, &problem))
        return TRUE;
      g_mutex_lock (&runner->lock);
      gboolean stop = runner->cancelled || mig_clock_now () >= deadline;
      g_mutex_unlock (&runner->lock);
      if (stop)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      mig_clock_sleep_until (mig_clock_now () + RETRY_NS);
    }
}

static Word
ask (MigRunner *runner, const MigRunHost *host, const char *uuid)
{
  static const char *const names[] = { "not there", "running", "paused", "there, but ended" };
  g_autoptr (GError) error = NULL;
  Word word = { .host = host };

  word.known = mig_host_guest_state (host->host, uuid, &word.state, NULL) ||
               ask_again (runner, host, uuid, &word.state, &error);
  word.said = g_strdup (word.known ? names[word.state] : error->message);
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
  if (migration->stopped[0])
    g_string_append_printf (text, "; host '%s' said: %s", migration->from->study->name,
                            migration->stopped[0]);
  if (migration->stopped[1] && !MIG_IS_MISSING (migration->resumed_ns))
    g_string_append_printf (text, "; host '%s', where it had gone on, said: %s",
                            migration->to->study->name, migration->stopped[1]);
}

static char *
sum_up (const MigMigration *migration, const Word words[2])
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = is_there (&words[0]) + is_there (&words[1]);
  gboolean all_known = words[0].known && words[1].known;

  if (n == 0 && all_known)
    {
      g_string_append (text, "the guest is lost: it is on no host");
      append_last_words (text, migration);
    }
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

void
mig_migration_locate_guest (MigMigration *migration)
{
  MigRunner *runner = migration->runner;
  MigRunGuest *run_guest = migration->run_guest;
  const MigRunHost *const hosts[] = { migration->from, migration->to };
  Word words[2];

  for (guint i = 0; i < 2; i++)
    words[i] = ask (runner, hosts[i], run_guest->uuid);
  g_mutex_lock (&runner->lock);
  for (guint i = 0; i < 2; i++)
    mig_runner_event (runner, hosts[i]->study->name, run_guest->guest->name, mig_clock_now (),
                      "state", words[i].said);
  migration->fate = sum_up (migration, words);
  run_guest->lost = !(words[0].known && words[1].known &&
                      is_there (&words[0]) != is_there (&words[1]));
  if (!run_guest->lost)
    run_guest->where = hosts[is_there (&words[0]) ? 0 : 1];
  g_mutex_unlock (&runner->lock);
  for (guint i = 0; i < 2; i++)
    g_free (words[i].said);
}
