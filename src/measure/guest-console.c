/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "measure/guest-console.h"
#include "measure/heartbeat-pace.h"
#include "measure/steady-state.h"

struct _MigGuestConsole {
  MigRun *run;
  const MigStudyGuest *guest;
  GPtrArray *readers;         /* (L) MigConsoleReader */
  MigConsoleReader *speaking; /* (L) through which its last heartbeat came; NULL: none yet */
  MigHeartbeatPace pace;      /* (L) */
  MigGuestSigns signs;        /* (L) */
  gboolean restored;          /* (L) a heartbeat says that it is ready */
  MigSteadyState throughput;  /* (L) */
};

MigGuestConsole *
mig_guest_console_new (MigRun *run, const MigStudyGuest *guest)
{
  MigGuestConsole *console = g_new0 (MigGuestConsole, 1);

  console->run = run;
  console->guest = guest;
  console->readers = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_console_reader_free);
  console->signs.ready = guest->existing;
  mig_heartbeat_pace_init (&console->pace, run->options.heartbeat.rest_ns);
  mig_steady_state_init (&console->throughput, run->study->scale_ratio);
  return console;
}

void
mig_guest_console_free (MigGuestConsole *console)
{
  if (!console)
    return;
  g_ptr_array_unref (console->readers);
  g_free (console->signs.fatal);
  g_free (console->signs.alarm);
  g_free (console);
}

/* ---- throughput ---- */

gboolean
mig_guest_console_is_steady (const MigGuestConsole *console)
{
  return console->guest->existing ||
         mig_steady_state_reached (&console->throughput, console->restored);
}

void
mig_guest_console_forget_rates (MigGuestConsole *console)
{
  mig_steady_state_reset (&console->throughput);
}

/* ---- the period ---- */

/* An empty line first: on a destination the beginning of what came before the guest may be lost. */
static void
ask_for_period (MigConsoleReader *reader, gint64 period_ns)
{
  char line[1 + MIG_PROTOCOL_MAX_LINE] = "\n";

  mig_console_reader_write (reader, line,
                            1 + mig_protocol_format_period (line + 1, (guint64) period_ns));
}

static void
ask_again (MigGuestConsole *console)
{
  gint64 period_ns = console->speaking ? mig_heartbeat_pace_ask (&console->pace, mig_clock_now ())
                                       : 0;

  if (period_ns)
    ask_for_period (console->speaking, period_ns);
}

static void
want_period (MigGuestConsole *console, gint64 period_ns)
{
  mig_heartbeat_pace_want (&console->pace,
                           console->run->guests_alone ? MIG_ALONE_PERIOD_NS : period_ns);
}

void
mig_guest_console_want_period (MigGuestConsole *console, gint64 period_ns)
{
  want_period (console, period_ns);
  ask_again (console);
}

void
mig_guest_console_call (MigGuestConsole *console, MigConsoleReader *destination)
{
  const MigHeartbeatPeriods *periods = &console->run->options.heartbeat;

  if (!mig_heartbeat_periods_fixed (periods) && console->pace.in_force_ns > periods->switch_ns &&
      mig_console_reader_stream (destination)->heartbeats == 0)
    ask_for_period (destination, periods->rest_ns);
}

void
mig_guest_console_expect_heartbeat (MigGuestConsole *console)
{
  g_mutex_lock (&console->run->lock);
  console->restored = TRUE;
  g_mutex_unlock (&console->run->lock);
}

void
mig_guest_console_wake (MigGuestConsole *console)
{
  MigConsoleReader *reader = console->speaking ? console->speaking
                                               : mig_guest_console_last (console);

  if (reader)
    ask_for_period (reader, console->run->options.heartbeat.rest_ns);
}

/* What it says of its period. Through another console than before: it has arrived. */
static void
take_period (MigGuestConsole *console, MigConsoleReader *reader, gint64 period_ns)
{
  if (console->speaking && reader != console->speaking)
    want_period (console, console->run->options.heartbeat.rest_ns);
  console->speaking = reader;
  mig_heartbeat_pace_heard (&console->pace, period_ns);
  ask_again (console);
}

/* ---- lines ---- */

static void
take_heartbeat (MigGuestConsole *console, MigConsoleReader *reader, const MigLine *line,
                gint64 arrival_ns)
{
  MigHeartbeatRecord record = {
    .run = console->run->number,
    .guest = console->guest->name,
    .host = mig_console_reader_host (reader)->study->name,
    .sequence = (gint64) line->sequence,
    .arrival_ns = arrival_ns,
    .guest_ns = (gint64) line->guest_ns,
    .work_units = (gint64) line->work_units,
    .period_ns = (gint64) line->period_ns,
  };
  console->signs.ready |= console->restored;
  mig_steady_state_add (&console->throughput, arrival_ns, record.work_units, record.period_ns);
  take_period (console, reader, record.period_ns);
  mig_run_append (console->run, MIG_TABLE_HEARTBEATS, &record);
}

void
mig_guest_console_set_alarm (MigGuestConsole *console, const char *kind, const char *text)
{
  if (!console->signs.alarm)
    console->signs.alarm = kind ? g_strdup_printf ("%s: %s", kind, text) : g_strdup (text);
}

static gboolean
on_line (MigConsoleReader *reader, const MigLine *line, const char *text, gint64 arrival_ns,
         gpointer user)
{
  MigGuestConsole *console = user;

  switch (line->kind)
    {
    case MIG_LINE_HEARTBEAT:
      take_heartbeat (console, reader, line, arrival_ns);
      return FALSE;
    case MIG_LINE_READY:
      console->signs.ready = TRUE;
      return TRUE;
    case MIG_LINE_FATAL:
      if (!console->signs.fatal)
        console->signs.fatal = g_strdup (line->text);
      return TRUE;
    case MIG_LINE_DAMAGE:
      mig_guest_console_set_alarm (console, "damage", line->text);
      return TRUE;
    case MIG_LINE_OTHER:
      if (!mig_console_alarm (text))
        return FALSE;
      mig_guest_console_set_alarm (console, "kernel message", text);
      return TRUE;
    default:
      return FALSE;
    }
}

/* ---- the consoles ---- */

const GPtrArray *
mig_guest_console_readers (const MigGuestConsole *console)
{
  return console->readers;
}

MigConsoleReader *
mig_guest_console_last (const MigGuestConsole *console)
{
  return console->readers->len ? console->readers->pdata[console->readers->len - 1] : NULL;
}

MigConsoleReader *
mig_guest_console_open (MigGuestConsole *console, const MigRunHost *host, MigGuest *guest,
                        GError **error)
{
  MigRun *run = console->run;

  g_mutex_lock (&run->lock);
  MigConsoleReader *before = mig_guest_console_last (console);
  g_mutex_unlock (&run->lock);
  MigConsoleReader *reader = mig_console_reader_open (run, host, guest, console->guest->name,
                                                      before, on_line, console, error);
  if (!reader)
    return NULL;
  g_mutex_lock (&run->lock);
  g_ptr_array_add (console->readers, reader);
  g_mutex_unlock (&run->lock);
  return reader;
}

void
mig_guest_console_close (MigGuestConsole *console)
{
  g_ptr_array_foreach (console->readers, (GFunc) (void (*) (void)) mig_console_reader_close, NULL);
}

/* ---- what was heard ---- */

const MigGuestSigns *
mig_guest_console_signs (const MigGuestConsole *console)
{
  return &console->signs;
}

gint64
mig_guest_console_last_heartbeat (const MigGuestConsole *console)
{
  return console->speaking ? mig_console_reader_stream (console->speaking)->last_arrival_ns
                           : MIG_MISSING_INT;
}

void
mig_guest_console_count (const MigGuestConsole *console, MigGuestRecord *record)
{
  const MigHeartbeatStream *before = NULL;

  if (console->guest->existing)
    return;
  record->period_ns = console->run->options.heartbeat.rest_ns;
  record->heartbeats = record->heartbeats_lost = record->heartbeats_backwards =
      record->checksum_errors = 0;
  for (guint i = 0; i < console->readers->len; i++)
    {
      const MigHeartbeatStream *stream = mig_console_reader_stream (console->readers->pdata[i]);
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
