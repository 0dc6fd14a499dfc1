/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "measure/run-guest-state.h"
#include "virt/pin.h"
#include "virt/template.h"

/* rates of the last seconds that differ by less than this are steady */
#define STEADY_RATIO 0.2
/* of a second, so that a heartbeat a second, one a little early, ends each bin */
#define BIN_NS (MIG_NS_PER_S * 9 / 10)

MigRunGuest *
mig_run_guest_new (MigRun *run, const MigStudyGuest *guest, gboolean migrates)
{
  MigRunGuest *run_guest = g_new0 (MigRunGuest, 1);
  const char *known = g_hash_table_lookup (run->identities, guest->name);

  run_guest->run = run;
  run_guest->guest = guest;
  run_guest->migrates = migrates;
  run_guest->memory_bytes = guest->memory_bytes;
  run_guest->dirty_bytes_per_s = MIG_MISSING_INT;
  run_guest->uuid = known ? g_strdup (known) : g_uuid_string_random ();
  run_guest->home = run_guest->where = mig_run_host (run, guest->host);
  run_guest->handles = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_guest_free);
  run_guest->consoles = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_console_reader_free);
  run_guest->departures = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  mig_heartbeat_pace_init (&run_guest->pace, run->options.heartbeat.rest_ns);
  run_guest->undo = g_array_new (FALSE, FALSE, sizeof (guint));
  return run_guest;
}

void
mig_run_guest_free (MigRunGuest *run_guest)
{
  if (!run_guest)
    return;
  g_ptr_array_unref (run_guest->consoles);
  g_ptr_array_unref (run_guest->handles);
  g_hash_table_unref (run_guest->departures);
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
  if (length < BIN_NS)
    return;
  memmove (run_guest->rates + 1, run_guest->rates,
           sizeof run_guest->rates - sizeof run_guest->rates[0]);
  run_guest->rates[0] = (double) (work - run_guest->bin_work) / length;
  run_guest->n_rates++;
  run_guest->bin_start_ns = arrival_ns;
  run_guest->bin_work = work;
}

/* An empty line first: on a destination the beginning of what came before the guest may be lost. */
static void
ask_for_period (MigConsoleReader *reader, gint64 period_ns)
{
  char line[1 + MIG_PROTOCOL_MAX_LINE] = "\n";

  mig_console_reader_write (reader, line,
                            1 + mig_protocol_format_period (line + 1, (guint64) period_ns));
}

static void
ask_again (MigRunGuest *run_guest)
{
  gint64 period_ns = run_guest->speaking
                         ? mig_heartbeat_pace_ask (&run_guest->pace, mig_clock_now ())
                         : 0;

  if (period_ns)
    ask_for_period (run_guest->speaking, period_ns);
}

void
mig_run_guest_want_period (MigRunGuest *run_guest, gint64 period_ns)
{
  mig_heartbeat_pace_want (&run_guest->pace, period_ns);
  ask_again (run_guest);
}

void
mig_run_guest_call (MigRunGuest *run_guest, MigConsoleReader *destination)
{
  const MigHeartbeatPeriods *periods = &run_guest->run->options.heartbeat;

  if (!mig_heartbeat_periods_fixed (periods) && run_guest->pace.in_force_ns > periods->switch_ns &&
      mig_console_reader_stream (destination)->heartbeats == 0)
    ask_for_period (destination, periods->rest_ns);
}

gint64
mig_run_guest_last_heartbeat (const MigRunGuest *run_guest)
{
  return run_guest->speaking ? mig_console_reader_stream (run_guest->speaking)->last_arrival_ns
                             : MIG_MISSING_INT;
}

/* What it says of its period. Through another console than before: it has arrived. */
static void
take_period (MigRunGuest *run_guest, MigConsoleReader *reader, gint64 period_ns)
{
  if (run_guest->speaking && reader != run_guest->speaking)
    mig_heartbeat_pace_want (&run_guest->pace, run_guest->run->options.heartbeat.rest_ns);
  run_guest->speaking = reader;
  mig_heartbeat_pace_heard (&run_guest->pace, period_ns);
  ask_again (run_guest);
}

static void
take_heartbeat (MigRunGuest *run_guest, MigConsoleReader *reader, const MigLine *line,
                gint64 arrival_ns)
{
  MigHeartbeatRecord record = {
    .run = run_guest->run->number,
    .guest = run_guest->guest->name,
    .host = mig_console_reader_host (reader)->study->name,
    .sequence = (gint64) line->sequence,
    .arrival_ns = arrival_ns,
    .guest_ns = (gint64) line->guest_ns,
    .work_units = (gint64) line->work_units,
    .period_ns = (gint64) line->period_ns,
  };
  take_rate (run_guest, arrival_ns, record.work_units);
  take_period (run_guest, reader, record.period_ns);
  mig_run_append (run_guest->run, MIG_TABLE_HEARTBEATS, &record);
}

static void
set_alarm (MigRunGuest *run_guest, const char *what, const char *text)
{
  if (!run_guest->alarm)
    run_guest->alarm = g_strdup_printf ("%s: %s", what, text);
}

static gboolean
on_line (MigConsoleReader *reader, const MigLine *line, const char *text, gint64 arrival_ns,
         gpointer user)
{
  MigRunGuest *run_guest = user;

  switch (line->kind)
    {
    case MIG_LINE_HEARTBEAT:
      take_heartbeat (run_guest, reader, line, arrival_ns);
      return FALSE;
    case MIG_LINE_READY:
      run_guest->ready = TRUE;
      return TRUE;
    case MIG_LINE_FATAL:
      if (!run_guest->fatal)
        run_guest->fatal = g_strdup (line->text);
      return TRUE;
    case MIG_LINE_DAMAGE:
      set_alarm (run_guest, "damage", line->text);
      return TRUE;
    case MIG_LINE_OTHER:
      if (!mig_console_alarm (text))
        return FALSE;
      set_alarm (run_guest, "kernel message", text);
      return TRUE;
    default:
      return FALSE;
    }
}

MigConsoleReader *
mig_run_guest_console (const MigRunGuest *run_guest)
{
  return run_guest->consoles->len ? run_guest->consoles->pdata[run_guest->consoles->len - 1] : NULL;
}

MigConsoleReader *
mig_run_guest_open_console (MigRunGuest *run_guest, const MigRunHost *host, MigGuest *guest,
                            GError **error)
{
  MigRun *run = run_guest->run;

  g_mutex_lock (&run->lock);
  MigConsoleReader *before = mig_run_guest_console (run_guest);
  g_mutex_unlock (&run->lock);
  MigConsoleReader *reader = mig_console_reader_open (run, host, guest, run_guest->guest->name,
                                                      before, on_line, run_guest, error);
  if (!reader)
    return NULL;
  g_mutex_lock (&run->lock);
  g_ptr_array_add (run_guest->consoles, reader);
  g_mutex_unlock (&run->lock);
  return reader;
}

void
mig_run_guest_close_consoles (MigRunGuest *run_guest)
{
  g_ptr_array_foreach (run_guest->consoles, (GFunc) (void (*) (void)) mig_console_reader_close,
                       NULL);
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
                          run_guest->run->options.heartbeat.rest_ns / MIG_NS_PER_US);
  return g_string_free (text, FALSE);
}

static char *
domain_xml (const MigRunGuest *run_guest, GError **error)
{
  const MigRunHost *host = run_guest->home;
  g_autofree char *arguments = workload_arguments (run_guest);
  g_autofree char *owner = g_strdup_printf ("run %" G_GINT64_FORMAT, run_guest->run->number);
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
                       run_guest->run->study->path, run_guest->guest->line, run_guest->guest->name,
                       run_guest->guest->template_name);
          return NULL;
        }
    }
  MigTemplateValues values = {
    .name = run_guest->guest->domain,
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

gboolean
mig_run_guest_note_domain (MigRunGuest *run_guest, const MigRunHost *host, GError **error)
{
  guint id = 0;

  /* one that was there before is never to be destroyed */
  if (run_guest->guest->existing)
    return TRUE;
  if (!mig_undo_push_domain (run_guest->run->undo, host->host, run_guest->guest->domain,
                             run_guest->uuid, &id, error))
    return FALSE;
  g_array_append_val (run_guest->undo, id);
  return TRUE;
}

static gboolean
start_guest (MigRunGuest *run_guest, GError **error)
{
  MigRun *run = run_guest->run;
  g_autofree char *xml = NULL;

  if (run_guest->guest->existing)
    return mig_run_guest_take (run_guest, error);
  xml = domain_xml (run_guest, error);
  if (!xml)
    return FALSE;
  g_autoptr (MigGuest)
      there = mig_guest_lookup (run_guest->home->host, run_guest->guest->domain, NULL);
  if (there)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_EXISTS,
                   "host '%s' already has a domain '%s'; rename the study's guest '%s', or remove "
                   "that domain",
                   run_guest->home->study->name, run_guest->guest->domain, run_guest->guest->name);
      return FALSE;
    }
  if (!mig_run_guest_note_domain (run_guest, run_guest->home, error))
    return FALSE;
  MigGuest *guest = mig_guest_start (run_guest->home->host, xml, error);
  if (!guest)
    return FALSE;
  g_mutex_lock (&run->lock);
  g_ptr_array_add (run_guest->handles, guest);
  g_mutex_unlock (&run->lock);
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
mig_run_guest_pin (MigRunGuest *run_guest, GError **error)
{
  MigGuest *guest = mig_run_guest_handle (run_guest, run_guest->where);
  int cpu = run_guest->where->cpu;

  if (run_guest->guest->existing && !run_guest->guest->pin)
    return TRUE;
  if (cpu >= 0)
    return mig_guest_pin (guest, cpu, error);
  return !run_guest->guest->existing ||
         mig_guest_put_pins (
             guest, g_hash_table_lookup (run_guest->run->guest_pins, run_guest->guest->name),
             error);
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
  /* where it is not known to be, it may be left: the undo stack asks again, and the journal keeps
   * what stays unknown */
  for (guint i = 0; ok && !run_guest->lost && i < run_guest->undo->len; i++)
    mig_undo_forget (run_guest->run->undo, g_array_index (run_guest->undo, guint, i));
  return ok;
}

/* ---- questions ---- */

const MigStudyGuest *
mig_run_guest_study (const MigRunGuest *run_guest)
{
  return run_guest->guest;
}

const char *
mig_run_guest_name (const MigRunGuest *run_guest)
{
  return run_guest->guest->name;
}

const char *
mig_run_guest_uuid (const MigRunGuest *run_guest)
{
  return run_guest->uuid;
}

const MigRunHost *
mig_run_guest_home (const MigRunGuest *run_guest)
{
  return run_guest->home;
}

const MigRunHost *
mig_run_guest_where (const MigRunGuest *run_guest)
{
  return run_guest->where;
}

gboolean
mig_run_guest_is_lost (const MigRunGuest *run_guest)
{
  return run_guest->lost;
}

void
mig_run_guest_set_where (MigRunGuest *run_guest, const MigRunHost *host)
{
  run_guest->lost = !host;
  if (host)
    run_guest->where = host;
}

void
mig_run_guest_moved (MigRunGuest *run_guest, const MigRunHost *to, MigGuest *moved, gint64 left_ns)
{
  if (!g_hash_table_contains (run_guest->departures, run_guest->where))
    g_hash_table_insert (run_guest->departures, (gpointer) run_guest->where,
                         g_memdup2 (&left_ns, sizeof left_ns));
  run_guest->where = to;
  g_ptr_array_add (run_guest->handles, moved);
}

gboolean
mig_run_guest_is_ready (const MigRunGuest *run_guest)
{
  return run_guest->ready;
}

void
mig_run_guest_unsettle (MigRunGuest *run_guest)
{
  run_guest->n_rates = 0;
  run_guest->bin_start_ns = 0;
}

void
mig_run_guest_end (MigRunGuest *run_guest, const char *detail)
{
  run_guest->ended = detail;
}

const char *
mig_run_guest_ended (const MigRunGuest *run_guest)
{
  return run_guest->ended;
}

const char *
mig_run_guest_alarm (const MigRunGuest *run_guest)
{
  return run_guest->alarm;
}

const char *
mig_run_guest_fatal (const MigRunGuest *run_guest)
{
  return run_guest->fatal;
}

void
mig_run_guest_add_handle (MigRunGuest *run_guest, MigGuest *guest)
{
  g_ptr_array_add (run_guest->handles, guest);
}

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

  if (!why && !run_guest->ended)
    return FALSE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "guest '%s' on host '%s' %s%s",
               run_guest->guest->name, run_guest->where->study->name,
               why ? "says: " : "ended by itself: ", why ? why : run_guest->ended);
  return TRUE;
}

const MigConsoleReader *
mig_run_guest_broken_console (const MigRunGuest *run_guest)
{
  for (guint i = 0; i < run_guest->consoles->len && !run_guest->ended && !run_guest->lost; i++)
    {
      const MigConsoleReader *reader = run_guest->consoles->pdata[i];
      const MigRunHost *host = mig_console_reader_host (reader);
      const gint64 *left_ns = g_hash_table_lookup (run_guest->departures, host);
      gint64 ended_ns = mig_console_reader_ended (reader);
      if (!MIG_IS_MISSING (ended_ns) && !host->lost &&
          (left_ns ? ended_ns < *left_ns : host == run_guest->where))
        return reader;
    }
  return NULL;
}

/* What its consoles said; one that was there is not listened to. */
static void
count_heartbeats (const MigRunGuest *run_guest, MigGuestRecord *record)
{
  const MigHeartbeatStream *before = NULL;

  record->period_ns = run_guest->run->options.heartbeat.rest_ns;
  record->heartbeats = record->heartbeats_lost = record->heartbeats_backwards =
      record->checksum_errors = 0;
  for (guint i = 0; i < run_guest->consoles->len; i++)
    {
      const MigHeartbeatStream *stream = mig_console_reader_stream (run_guest->consoles->pdata[i]);
      gint64 lost = MIG_MISSING_INT, backwards = MIG_MISSING_INT;
      record->heartbeats += stream->heartbeats;
      record->heartbeats_lost += stream->lost;
      record->heartbeats_backwards += stream->backwards;
      record->checksum_errors += stream->malformed;
      if (before)
        mig_heartbeat_stream_switch (before, stream, &lost, &backwards);
      if (!MIG_IS_MISSING (lost))
        {
          record->heartbeats_lost += lost;
          record->heartbeats_backwards += backwards;
        }
      if (stream->heartbeats > 0)
        before = stream;
    }
}

void
mig_run_guest_write (const MigRunGuest *run_guest)
{
  const MigStudyWorkload *workload = run_guest->guest->workload;
  gboolean memory = strcmp (workload->type, "memory") == 0;
  MigGuestRecord record;

  mig_record_init (MIG_TABLE_GUESTS, &record);
  record.run = run_guest->run->number;
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
  record.host_after = run_guest->lost || run_guest->ended ? NULL : run_guest->where->study->name;
  record.alarm = run_guest->alarm;
  record.dirty_bytes_per_s = run_guest->dirty_bytes_per_s;
  if (!run_guest->guest->existing)
    count_heartbeats (run_guest, &record);
  mig_run_append (run_guest->run, MIG_TABLE_GUESTS, &record);
}
