/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "measure/run.h"

const char *
mig_phase_name (MigPhase phase)
{
  static const char *const names[] = { "starting guests", "settling", "baseline",
                                       "migrating",       "after",    "ending" };
  return names[phase];
}

static void
copy_identity (gpointer guest, gpointer uuid, gpointer identities)
{
  g_hash_table_insert (identities, g_strdup (guest), g_strdup (uuid));
}

MigRun *
mig_run_new (const MigRunOptions *options, const MigStudy *study)
{
  MigRun *run = g_new0 (MigRun, 1);

  g_mutex_init (&run->lock);
  g_cond_init (&run->changed);
  run->options = *options;
  run->study = study;
  run->identities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  run->guest_pins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  run->autostarts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  run->unreachable = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  run->left = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (options->identities)
    g_hash_table_foreach (options->identities, copy_identity, run->identities);
  return run;
}

void
mig_run_free (MigRun *run)
{
  if (!run)
    return;
  g_hash_table_unref (run->identities);
  g_hash_table_unref (run->guest_pins);
  g_hash_table_unref (run->autostarts);
  g_hash_table_unref (run->unreachable);
  g_hash_table_unref (run->left);
  g_clear_error (&run->write_error);
  g_clear_error (&run->connection_error);
  g_mutex_clear (&run->lock);
  g_cond_clear (&run->changed);
  g_free (run);
}

MigRunHost *
mig_run_host (const MigRun *run, const MigStudyHost *host)
{
  return mig_run_host_find (run->options.hosts, host->name);
}

/* pair_name: of two hosts; the caller frees it. */
static char *
pair_name (const MigRunHost *from, const MigRunHost *to)
{
  return g_strdup_printf ("%s %s", from->study->name, to->study->name);
}

static char *
left_name (const MigRunHost *host, const char *guest)
{
  return g_strdup_printf ("%s %s", host->study->name, guest);
}

gboolean
mig_run_was_left (MigRun *run, const MigRunHost *host, const char *guest)
{
  g_autofree char *name = left_name (host, guest);
  return g_hash_table_contains (run->left, name);
}

void
mig_run_note_left (MigRun *run, const MigRunHost *host, const char *guest)
{
  g_hash_table_add (run->left, left_name (host, guest));
}

gboolean
mig_run_is_unreachable (MigRun *run, const MigRunHost *from, const MigRunHost *to)
{
  g_autofree char *pair = pair_name (from, to);
  return g_hash_table_contains (run->unreachable, pair);
}

gboolean
mig_run_set_unreachable (MigRun *run, const MigRunHost *from, const MigRunHost *to)
{
  return g_hash_table_add (run->unreachable, pair_name (from, to));
}

/* ---- its rows ---- */

/* The writer keeps its first error and returns it from commit too; here it only has to be noticed.
 */
void
mig_run_append (MigRun *run, MigTable table, gconstpointer record)
{
  GError *error = NULL;

  if (g_atomic_pointer_get (&run->write_error) ||
      mig_result_writer_append (run->options.writer, table, record, &error))
    return;
  if (!g_atomic_pointer_compare_and_exchange (&run->write_error, NULL, error))
    g_error_free (error);
}

void
mig_run_event (MigRun *run, const char *host, const char *guest, gint64 time_ns, const char *event,
               const char *detail)
{
  MigEventRecord record = { run->number,    time_ns,        (char *) host,
                            (char *) guest, (char *) event, (char *) detail };
  mig_run_append (run, MIG_TABLE_EVENTS, &record);
}

/* ---- while it may not be stopped ---- */

gboolean
mig_run_hold (MigRun *run)
{
  g_mutex_lock (&run->lock);
  run->held = TRUE;
  gboolean idle = run->direct == 0;
  g_mutex_unlock (&run->lock);
  return idle;
}

void
mig_run_release (MigRun *run)
{
  g_mutex_lock (&run->lock);
  run->held = FALSE;
  g_cond_broadcast (&run->changed);
  g_mutex_unlock (&run->lock);
}

gboolean
mig_run_begin_direct (MigRun *run)
{
  while (run->held && !run->cancelled)
    g_cond_wait (&run->changed, &run->lock);
  if (!run->cancelled)
    run->direct++;
  return !run->cancelled;
}

void
mig_run_end_direct (MigRun *run)
{
  run->direct--;
  if (run->held && run->direct == 0 && run->options.observer.may_stop)
    run->options.observer.may_stop ();
}

/* ---- its end ---- */

void
mig_run_cancel (MigRun *run)
{
  g_mutex_lock (&run->lock);
  run->cancelled = TRUE;
  g_cond_broadcast (&run->changed);
  g_mutex_unlock (&run->lock);
}

gboolean
mig_run_must_stop (MigRun *run, GError **error)
{
  const GError *written = g_atomic_pointer_get (&run->write_error);
  const GError *why = written ? written : run->connection_error;

  if (run->cancelled)
    g_set_error (error, MIG_ERROR, MIG_ERROR_INTERRUPTED, "interrupted");
  else if (why && error)
    *error = g_error_copy (why);
  return run->cancelled || why != NULL;
}

gboolean
mig_run_is_over (MigRun *run)
{
  return run->cancelled || g_atomic_pointer_get (&run->write_error) != NULL;
}

/* ---- events of the hosts ---- */

static void
take_loss (MigRun *run, const MigEvent *event)
{
  for (guint i = 0; i < run->options.hosts->len; i++)
    {
      MigRunHost *host = run->options.hosts->pdata[i];
      host->lost = host->lost || host->host == event->host;
    }
  if (!run->connection_error)
    g_set_error (&run->connection_error, MIG_ERROR, MIG_ERROR_FAILED,
                 "lost the connection to host '%s' (%s): %s", mig_host_name (event->host),
                 mig_host_uri (event->host), event->detail);
  mig_run_event (run, mig_host_name (event->host), NULL, event->arrival_ns, event->name,
                 event->detail);
}

/* In the event loop's thread. */
static void
on_event (const MigEvent *event, gpointer user)
{
  MigRun *run = user;

  g_mutex_lock (&run->lock);
  if (event->kind == MIG_EVENT_CLOSED)
    take_loss (run, event);
  else if (run->listener)
    run->listener (event, run->listener_data);
  g_cond_broadcast (&run->changed);
  g_mutex_unlock (&run->lock);
}

gboolean
mig_run_watch (MigRun *run, GError **error)
{
  for (guint i = 0; i < run->options.hosts->len; i++)
    {
      MigHost *host = ((MigRunHost *) run->options.hosts->pdata[i])->host;
      if (!mig_host_watch (host, on_event, run, error))
        return FALSE;
      mig_host_watch_jobs (host);
    }
  return TRUE;
}

void
mig_run_unwatch (MigRun *run)
{
  for (guint i = 0; i < run->options.hosts->len; i++)
    mig_host_watch (((MigRunHost *) run->options.hosts->pdata[i])->host, NULL, NULL, NULL);
}

void
mig_run_listen (MigRun *run, void (*listener) (const MigEvent *event, gpointer data), gpointer data)
{
  g_mutex_lock (&run->lock);
  run->listener = listener;
  run->listener_data = data;
  g_mutex_unlock (&run->lock);
}
