/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "measure/internal.h"
#include "virt/template.h"

/* of a guest's console at most this much is kept */
#define CONSOLE_LOG_BYTES (256 * 1024)
/* rates of the last seconds that differ by less than this are steady */
#define STEADY_RATIO 0.2

MigRunGuest *
mig_run_guest_new (MigRunner *runner, const MigStudyGuest *guest, gboolean migrates)
{
  MigRunGuest *run_guest = g_new0 (MigRunGuest, 1);

  run_guest->runner = runner;
  run_guest->guest = guest;
  run_guest->migrates = migrates;
  run_guest->memory_bytes = guest->memory_bytes;
  run_guest->dirty_bytes_per_s = MIG_MISSING_INT;
  run_guest->domain = guest->domain;
  const char *known = g_hash_table_lookup (runner->identities, guest->name);
  run_guest->uuid = known ? g_strdup (known) : g_uuid_string_random ();
  run_guest->home = run_guest->where = mig_runner_host (runner, guest->host);
  run_guest->handles = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_guest_free);
  run_guest->feeds = g_ptr_array_new ();
  run_guest->undo = g_array_new (FALSE, FALSE, sizeof (guint));
  return run_guest;
}

static void
feed_free (MigConsoleReader *feed)
{
  mig_heartbeat_stream_clear (&feed->segment);
  g_free (feed);
}

void
mig_run_guest_free (MigRunGuest *run_guest)
{
  if (!run_guest)
    return;
  g_ptr_array_foreach (run_guest->feeds, (GFunc) (void (*) (void)) feed_free, NULL);
  g_ptr_array_unref (run_guest->feeds);
  g_ptr_array_unref (run_guest->handles);
  g_array_unref (run_guest->undo);
  g_clear_error (&run_guest->start_error);
  g_free (run_guest->uuid);
  g_free (run_guest->fatal);
  g_free (run_guest->alarm);
  g_free (run_guest);
}

/* ---- the console ---- */

static void
take_rate (MigRunGuest *run_guest, gint64 arrival_ns, gint64 work)
{
  if (run_guest->bin_start_ns == 0)
    {
      run_guest->bin_start_ns = arrival_ns;
      run_guest->bin_work = work;
    }
  gint64 length = arrival_ns - run_guest->bin_start_ns;
  if (length < MIG_NS_PER_S)
    return;
  memmove (run_guest->rates + 1, run_guest->rates,
           sizeof run_guest->rates - sizeof run_guest->rates[0]);
  run_guest->rates[0] = (double) (work - run_guest->bin_work) / length;
  run_guest->n_rates++;
  run_guest->bin_start_ns = arrival_ns;
  run_guest->bin_work = work;
}

static void
take_heartbeat (MigConsoleReader *feed, const MigLine *line, gint64 arrival_ns)
{
  MigRunGuest *run_guest = feed->run_guest;
  MigHeartbeatRecord record = {
    .run = run_guest->runner->run,
    .guest = run_guest->guest->name,
    .host = feed->host->study->name,
    .sequence = (gint64) line->sequence,
    .arrival_ns = arrival_ns,
    .guest_ns = (gint64) line->guest_ns,
    .work_units = (gint64) line->work_units,
  };
  take_rate (run_guest, arrival_ns, record.work_units);
  mig_runner_append (run_guest->runner, MIG_TABLE_HEARTBEATS, &record);
}

static void
set_alarm (MigRunGuest *run_guest, const char *what, const char *text)
{
  if (!run_guest->alarm)
    run_guest->alarm = g_strdup_printf ("%s: %s", what, text);
}

static void
on_line (const MigLine *line, const char *text, gint64 arrival_ns, gpointer user)
{
  MigConsoleReader *feed = user;
  MigRunGuest *run_guest = feed->run_guest;
  const char *sign = NULL;

  switch (line->kind)
    {
    case MIG_LINE_HEARTBEAT:
      take_heartbeat (feed, line, arrival_ns);
      return; /* not into the log */
    case MIG_LINE_READY:
      run_guest->ready = TRUE;
      break;
    case MIG_LINE_FATAL:
      if (!run_guest->fatal)
        run_guest->fatal = g_strdup (line->text);
      break;
    case MIG_LINE_DAMAGE:
      set_alarm (run_guest, "damage", line->text);
      break;
    case MIG_LINE_MALFORMED:
      break;
    case MIG_LINE_OTHER:
      sign = mig_console_alarm (text);
      if (sign)
        set_alarm (run_guest, "kernel message", text);
      break;
    }

  g_autofree char *name = g_strdup_printf ("console/%" G_GINT64_FORMAT "-%s-%s.log",
                                           run_guest->runner->run, run_guest->guest->name,
                                           feed->host->study->name);
  g_autofree char *logged = g_strdup_printf ("%s\n", text);
  mig_result_writer_append_file (run_guest->runner->options.writer, name, logged, strlen (logged),
                                 CONSOLE_LOG_BYTES, NULL);
}

/* In the event loop's thread. */
static void
on_console (const char *data, gsize size, gint64 arrival_ns, const char *reason, gpointer user)
{
  MigConsoleReader *feed = user;
  MigRunner *runner = feed->run_guest->runner;

  g_mutex_lock (&runner->lock);
  gboolean was_ready = feed->run_guest->ready, first = feed->segment.heartbeats == 0;
  if (size > 0 && feed->before)
    mig_heartbeat_stream_continue (&feed->segment, g_steal_pointer (&feed->before), data, size);
  if (size > 0)
    mig_heartbeat_stream_feed (&feed->segment, data, size, arrival_ns, on_line, feed);
  else
    {
      feed->ended_ns = arrival_ns;
      mig_runner_event (runner, feed->host->study->name, feed->run_guest->guest->name, arrival_ns,
                        "console", reason ? reason : "ended");
    }
  /* waking the waiting threads for each heartbeat would cost CPU time and change nothing */
  if (size == 0 || feed->run_guest->ready != was_ready || first || feed->run_guest->fatal ||
      feed->run_guest->alarm)
    g_cond_broadcast (&runner->changed);
  g_mutex_unlock (&runner->lock);
}

MigConsoleReader *
mig_run_guest_open_console (MigRunGuest *run_guest, const MigRunHost *host, MigGuest *guest,
                            GError **error)
{
  MigConsoleReader *feed = g_new0 (MigConsoleReader, 1);

  feed->run_guest = run_guest;
  feed->host = host;
  feed->ended_ns = MIG_MISSING_INT;
  mig_heartbeat_stream_init (&feed->segment);
  g_mutex_lock (&run_guest->runner->lock);
  if (run_guest->feeds->len > 0)
    feed->before = &((MigConsoleReader *) g_ptr_array_index (run_guest->feeds,
                                                             run_guest->feeds->len - 1))
                        ->segment;
  g_mutex_unlock (&run_guest->runner->lock);
  MigConsole *console = mig_console_open (guest, on_console, feed, error);
  if (!console)
    {
      feed_free (feed);
      return NULL;
    }
  g_mutex_lock (&run_guest->runner->lock);
  feed->console = console;
  g_ptr_array_add (run_guest->feeds, feed);
  g_mutex_unlock (&run_guest->runner->lock);
  return feed;
}

void
mig_run_guest_close_consoles (MigRunGuest *run_guest)
{
  for (guint i = 0; i < run_guest->feeds->len; i++)
    {
      MigConsoleReader *feed = g_ptr_array_index (run_guest->feeds, i);
      g_clear_pointer (&feed->console, mig_console_close);
    }
}

/* ---- start and end ---- */

static char *
workload_arguments (const MigRunGuest *run_guest)
{
  const MigStudyWorkload *workload = run_guest->guest->workload;
  GString *text = g_string_new (workload->type);

  if (strcmp (workload->type, "memory") == 0)
    {
      g_string_append_printf (text, " wss=%" G_GUINT64_FORMAT, workload->wss_bytes);
      if (workload->rate_pages_per_s)
        g_string_append_printf (text, " rate=%" G_GUINT64_FORMAT, workload->rate_pages_per_s);
      if (workload->random)
        g_string_append (text, " order=random");
    }
  if (workload->off_after_ns)
    g_string_append_printf (text, " off-after=%" G_GINT64_FORMAT "ms",
                            workload->off_after_ns / MIG_NS_PER_MS);
  g_string_append_printf (text, " period=%" G_GINT64_FORMAT "us",
                          run_guest->runner->options.heartbeat_ns / MIG_NS_PER_US);
  return g_string_free (text, FALSE);
}

static char *
actor_xml (const MigRunGuest *run_guest, GError **error)
{
  const MigRunHost *host = run_guest->home;
  g_autofree char *arguments = workload_arguments (run_guest);
  g_autofree char *owner = g_strdup_printf ("run %" G_GINT64_FORMAT, run_guest->runner->run);
  g_autofree char *found = NULL;
  const char *file = run_guest->guest->template_name;

  if (file && !strchr (file, '/'))
    {
      g_autofree char *name = g_strdup_printf ("domains/%s.xml", file);
      file = found = mig_files_find_data (name);
      if (!found)
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                       "%s:%u: guest '%s' has an unknown template '%s'; expected a name from "
                       "'migcost list', or a path with a '/'",
                       run_guest->runner->options.study->path, run_guest->guest->line,
                       run_guest->guest->name, run_guest->guest->template_name);
          return NULL;
        }
    }
  MigTemplateValues values = {
    .name = run_guest->domain,
    .uuid = run_guest->uuid,
    .owner = owner,
    .memory_bytes = run_guest->guest->memory_bytes,
    .kernel = host->kernel,
    .initrd = host->initrd,
    .arguments = arguments,
    .emulator = host->emulator,
  };
  return mig_template_fill (file ? file : host->template_file, &values, error);
}

static gboolean
start_guest (MigRunGuest *run_guest, GError **error)
{
  MigRunner *runner = run_guest->runner;
  guint id = 0;
  g_autofree char *xml = NULL;

  if (run_guest->guest->existing)
    return mig_existing_take (run_guest, error);
  xml = actor_xml (run_guest, error);
  if (!xml)
    return FALSE;
  g_autoptr (MigGuest) there = mig_guest_lookup (run_guest->home->host, run_guest->domain, NULL);
  if (there)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_EXISTS,
                   "host '%s' already has a domain '%s'; rename the study's guest '%s', or remove "
                   "that domain",
                   run_guest->home->study->name, run_guest->domain, run_guest->guest->name);
      return FALSE;
    }
  if (!mig_undo_push_domain (runner->undo, run_guest->home->host, run_guest->domain,
                             run_guest->uuid, &id, error))
    return FALSE;
  g_array_append_val (run_guest->undo, id);

  MigGuest *guest = mig_guest_start (run_guest->home->host, xml, error);
  if (!guest)
    return FALSE;
  g_mutex_lock (&runner->lock);
  g_ptr_array_add (run_guest->handles, guest);
  g_mutex_unlock (&runner->lock);
  /* the console before the first instruction, so that READY is not missed */
  return mig_run_guest_open_console (run_guest, run_guest->home, guest, error) != NULL;
}

static gpointer
starter (gpointer data)
{
  MigRunGuest *run_guest = data;
  start_guest (run_guest, &run_guest->start_error);
  return NULL;
}

void
mig_run_guest_start (MigRunGuest *run_guest)
{
  run_guest->starter = g_thread_new ("start", starter, run_guest);
}

gboolean
mig_run_guest_join (MigRunGuest *run_guest, GError **error)
{
  if (run_guest->starter)
    g_thread_join (g_steal_pointer (&run_guest->starter));
  if (!run_guest->start_error)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&run_guest->start_error));
  return FALSE;
}

gboolean
mig_run_guest_resume (MigRunGuest *run_guest, GError **error)
{
  return run_guest->guest->existing ||
         mig_guest_resume (g_ptr_array_index (run_guest->handles, 0), error);
}

gboolean
mig_run_guest_destroy (MigRunGuest *run_guest, GError **error)
{
  gboolean ok = TRUE;

  for (guint i = 0; !run_guest->guest->existing && i < run_guest->handles->len; i++)
    {
      MigGuest *guest = g_ptr_array_index (run_guest->handles, i);
      ok = mig_guest_destroy (guest, ok ? error : NULL) && ok;
    }
  /* where it is not known to be, it may be left: the undo stack asks by name, and the journal keeps
   * what stays unknown */
  for (guint i = 0; ok && !run_guest->lost && i < run_guest->undo->len; i++)
    mig_undo_forget (run_guest->runner->undo, g_array_index (run_guest->undo, guint, i));
  return ok;
}

/* ---- questions ---- */

MigGuest *
mig_run_guest_handle (const MigRunGuest *run_guest, const MigRunHost *host)
{
  for (guint i = run_guest->handles->len; i > 0; i--)
    {
      MigGuest *guest = g_ptr_array_index (run_guest->handles, i - 1);
      if (mig_guest_host (guest) == host->host)
        return guest;
    }
  return NULL;
}

gboolean
mig_run_guest_is_steady (const MigRunGuest *run_guest)
{
  double low = INFINITY, high = 0;

  if (run_guest->guest->existing)
    return TRUE;
  if (run_guest->n_rates < MIG_RATE_BINS)
    return FALSE;
  for (guint i = 0; i < MIG_RATE_BINS; i++)
    {
      low = MIN (low, run_guest->rates[i]);
      high = MAX (high, run_guest->rates[i]);
    }
  return high - low <= STEADY_RATIO * high;
}

gboolean
mig_run_guest_failed (const MigRunGuest *run_guest, GError **error)
{
  const char *why = run_guest->fatal   ? run_guest->fatal
                    : run_guest->alarm ? run_guest->alarm
                                       : NULL;

  if (!why && !run_guest->stopped)
    return FALSE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "guest '%s' on host '%s' %s%s",
               run_guest->guest->name, run_guest->where->study->name,
               why ? "says: " : "ended by itself: ", why ? why : run_guest->stopped);
  return TRUE;
}

/* When the guest left a host by one of its migrations; missing: it did not. */
static gint64
left_at (const MigRunGuest *run_guest, const MigRunHost *host)
{
  const GPtrArray *migrations = run_guest->runner->migrations;

  for (guint i = 0; i < migrations->len; i++)
    {
      const MigMigration *migration = g_ptr_array_index (migrations, i);
      if (migration->run_guest == run_guest && migration->from == host &&
          mig_migration_is_ok (migration))
        return MIG_IS_MISSING (migration->suspended_ns) ? migration->start_ns
                                                        : migration->suspended_ns;
    }
  return MIG_MISSING_INT;
}

const MigConsoleReader *
mig_run_guest_broken_console (const MigRunGuest *run_guest)
{
  for (guint i = 0; i < run_guest->feeds->len; i++)
    {
      const MigConsoleReader *feed = g_ptr_array_index (run_guest->feeds, i);
      gint64 left_ns = left_at (run_guest, feed->host);
      if (MIG_IS_MISSING (feed->ended_ns) || run_guest->stopped || run_guest->lost ||
          feed->host->lost)
        continue;
      if (MIG_IS_MISSING (left_ns) ? feed->host == run_guest->where : feed->ended_ns < left_ns)
        return feed;
    }
  return NULL;
}

/* What its consoles said; one that was there is not listened to. */
static void
count_heartbeats (const MigRunGuest *run_guest, MigGuestRecord *record)
{
  const MigHeartbeatStream *before = NULL;

  record->period_ns = run_guest->runner->options.heartbeat_ns;
  record->heartbeats = record->heartbeats_lost = record->heartbeats_backwards =
      record->checksum_errors = 0;
  for (guint i = 0; i < run_guest->feeds->len; i++)
    {
      const MigConsoleReader *feed = g_ptr_array_index (run_guest->feeds, i);
      gint64 lost = MIG_MISSING_INT, backwards = MIG_MISSING_INT;
      record->heartbeats += feed->segment.heartbeats;
      record->heartbeats_lost += feed->segment.lost;
      record->heartbeats_backwards += feed->segment.backwards;
      record->checksum_errors += feed->segment.malformed;
      if (before)
        mig_heartbeat_stream_switch (before, &feed->segment, &lost, &backwards);
      if (!MIG_IS_MISSING (lost))
        {
          record->heartbeats_lost += lost;
          record->heartbeats_backwards += backwards;
        }
      if (feed->segment.heartbeats > 0)
        before = &feed->segment;
    }
}

void
mig_run_guest_write (MigRunGuest *run_guest)
{
  const MigStudyWorkload *workload = run_guest->guest->workload;
  gboolean memory = strcmp (workload->type, "memory") == 0;
  MigGuestRecord record;

  mig_record_init (MIG_TABLE_GUESTS, &record);
  record.run = run_guest->runner->run;
  record.guest = run_guest->guest->name;
  record.class_name = workload->name;
  record.workload = workload->type;
  if (run_guest->memory_bytes)
    record.memory_bytes = (gint64) run_guest->memory_bytes;
  if (memory)
    record.wss_bytes = (gint64) workload->wss_bytes;
  if (memory && workload->rate_pages_per_s)
    record.rate_pages_per_s = (gint64) workload->rate_pages_per_s;
  record.migrates = run_guest->migrates;
  record.host_before = run_guest->home->study->name;
  record.host_after = run_guest->lost || run_guest->stopped ? NULL : run_guest->where->study->name;
  record.alarm = run_guest->alarm;
  record.dirty_bytes_per_s = run_guest->dirty_bytes_per_s;
  if (!run_guest->guest->existing)
    count_heartbeats (run_guest, &record);
  mig_runner_append (run_guest->runner, MIG_TABLE_GUESTS, &record);
}
