/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "measure/console-reader.h"

/* of a guest's console at most this much is kept */
#define LOG_BYTES (256 * 1024)

struct _MigConsoleReader {
  MigRun *run;
  const MigRunHost *host;
  char *log; /* file in the result */
  char *guest;
  MigConsole *console;
  MigHeartbeatStream stream; /* (L) */
  MigConsoleReader *before;  /* (L) NULL once its last line has been continued */
  gint64 ended_ns;           /* (L) */
  gboolean logged;           /* (L) something was written to the log */
  gboolean awaited;          /* (L) what was just read may be waited for */
  MigConsoleLineFunc func;
  gpointer data;
};

static void
on_line (const MigLine *line, const char *text, gint64 arrival_ns, gpointer user)
{
  MigConsoleReader *reader = user;

  reader->awaited |= reader->func (reader, line, text, arrival_ns, reader->data);
  if (line->kind == MIG_LINE_HEARTBEAT)
    return; /* not into the log */
  g_autofree char *logged = g_strdup_printf ("%s\n", text);
  reader->logged |= mig_result_writer_append_file (reader->run->options.writer, reader->log, logged,
                                                   strlen (logged), LOG_BYTES, NULL);
}

/* In the event loop's thread. */
static void
on_console (const char *data, gsize size, gint64 arrival_ns, const char *reason, gpointer user)
{
  MigConsoleReader *reader = user;
  MigRun *run = reader->run;

  g_mutex_lock (&run->lock);
  reader->awaited = size == 0 || reader->stream.heartbeats == 0;
  if (size > 0 && reader->before)
    mig_heartbeat_stream_continue (&reader->stream, &g_steal_pointer (&reader->before)->stream,
                                   data, size);
  if (size > 0)
    mig_heartbeat_stream_feed (&reader->stream, data, size, arrival_ns, on_line, reader);
  else
    {
      reader->ended_ns = arrival_ns;
      mig_run_event (run, reader->host->study->name, reader->guest, arrival_ns, "console",
                     reason ? reason : "ended");
    }
  /* waking the waiting threads for each heartbeat costs CPU time: only where they wait for one */
  if (reader->awaited || run->awaits_heartbeats)
    g_cond_broadcast (&run->changed);
  g_mutex_unlock (&run->lock);
}

MigConsoleReader *
mig_console_reader_open (MigRun *run, const MigRunHost *host, MigGuest *guest, const char *name,
                         MigConsoleReader *before, MigConsoleLineFunc func, gpointer data,
                         GError **error)
{
  MigConsoleReader *reader = g_new0 (MigConsoleReader, 1);

  reader->run = run;
  reader->host = host;
  reader->guest = g_strdup (name);
  reader->log = g_strdup_printf ("console/%" G_GINT64_FORMAT "-%s-%s.log", run->number, name,
                                 host->study->name);
  reader->before = before;
  reader->func = func;
  reader->data = data;
  reader->ended_ns = MIG_MISSING_INT;
  mig_heartbeat_stream_init (&reader->stream);
  MigConsole *console = mig_console_open (guest, on_console, reader, error);
  if (!console)
    {
      mig_console_reader_free (reader);
      return NULL;
    }
  g_mutex_lock (&run->lock);
  reader->console = console;
  g_mutex_unlock (&run->lock);
  return reader;
}

void
mig_console_reader_write (MigConsoleReader *reader, const char *data, gsize size)
{
  if (reader->console && MIG_IS_MISSING (reader->ended_ns))
    mig_console_write (reader->console, data, size);
}

void
mig_console_reader_end (MigConsoleReader *reader)
{
  if (reader->console && MIG_IS_MISSING (reader->ended_ns))
    mig_console_end (reader->console);
}

void
mig_console_reader_close (MigConsoleReader *reader)
{
  g_clear_pointer (&reader->console, mig_console_close);
}

void
mig_console_reader_free (MigConsoleReader *reader)
{
  if (!reader)
    return;
  mig_console_reader_close (reader);
  g_free (reader->guest);
  g_free (reader->log);
  g_free (reader);
}

const MigRunHost *
mig_console_reader_host (const MigConsoleReader *reader)
{
  return reader->host;
}

const char *
mig_console_reader_log (const MigConsoleReader *reader)
{
  return reader->logged ? reader->log : NULL;
}

const MigHeartbeatStream *
mig_console_reader_stream (const MigConsoleReader *reader)
{
  return &reader->stream;
}

gint64
mig_console_reader_ended (const MigConsoleReader *reader)
{
  return reader->ended_ns;
}
