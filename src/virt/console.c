/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/error.h"
#include "virt/console.h"
#include "virt/internal.h"

struct _MigConsole {
  gint references; /* the owner's and the event loop's */
  GMutex lock;     /* func; held while func runs, so that close waits for it */
  MigConsoleFunc func;
  gpointer user;
  virStreamPtr stream;
  gboolean ended; /* event loop's thread only */
  GMutex unsent_lock;
  GString *unsent; /* under unsent_lock */
};

#define READING (VIR_STREAM_EVENT_READABLE | VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP)
/* of what the other side does not take, no more is kept */
#define MAX_UNSENT 4096

static void
console_unref (gpointer data)
{
  MigConsole *console = data;

  if (!g_atomic_int_dec_and_test (&console->references))
    return;
  mig_stream_unref (console->stream);
  g_string_free (console->unsent, TRUE);
  g_mutex_clear (&console->unsent_lock);
  g_mutex_clear (&console->lock);
  g_free (console);
}

static void
deliver (MigConsole *console, const char *data, gsize size, gint64 arrival_ns, const char *reason)
{
  g_mutex_lock (&console->lock);
  if (console->func)
    console->func (data, size, arrival_ns, reason, console->user);
  g_mutex_unlock (&console->lock);
}

static void
abort_stream (gpointer data, gpointer user)
{
  MigConsole *console = data;

  virStreamAbort (console->stream);
  console_unref (console);
}

/* aborters: threads, as many as there are streams, since a daemon that hangs never answers. */
static GThreadPool *
aborters (void)
{
  static GThreadPool *pool;

  if (g_once_init_enter (&pool))
    g_once_init_leave (&pool, g_thread_pool_new (abort_stream, NULL, -1, FALSE, NULL));
  return pool;
}

/* In the event loop's thread, which must not wait for a daemon's answer itself: it alone finds out
 * that a daemon does not answer any more. Drops its reference. libvirt's remote driver never calls
 * the free function of a stream's callback, so none is given to it. */
static void
end_stream (MigConsole *console, const char *reason)
{
  console->ended = TRUE;
  deliver (console, NULL, 0, mig_clock_now (), reason);
  virStreamEventRemoveCallback (console->stream);
  g_thread_pool_push (aborters (), console, NULL);
}

/* In the event loop's thread. An error shows when it is read from. */
static void
send_unsent (MigConsole *console)
{
  int n = 0;

  g_mutex_lock (&console->unsent_lock);
  while (console->unsent->len > 0 &&
         (n = virStreamSend (console->stream, console->unsent->str, console->unsent->len)) > 0)
    g_string_erase (console->unsent, 0, n);
  gboolean wait = n == -2;
  if (!wait)
    g_string_truncate (console->unsent, 0);
  g_mutex_unlock (&console->unsent_lock);
  virStreamEventUpdateCallback (console->stream, READING | (wait ? VIR_STREAM_EVENT_WRITABLE : 0));
}

static void
on_stream (virStreamPtr stream, int events, void *data)
{
  MigConsole *console = data;
  gint64 arrival_ns = mig_clock_now ();
  char buffer[16384];
  int n = 0;

  if (console->ended)
    return;
  if (events & VIR_STREAM_EVENT_WRITABLE)
    send_unsent (console);
  if (events & VIR_STREAM_EVENT_READABLE)
    while ((n = virStreamRecv (stream, buffer, sizeof buffer)) > 0)
      deliver (console, buffer, n, arrival_ns, NULL);
  if (n == -1)
    {
      g_autofree char *reason = g_strdup (virGetLastErrorMessage ());
      end_stream (console, reason);
    }
  /* 0: the end. Without readable data, an error or a hang-up ends it too. */
  else if ((events & VIR_STREAM_EVENT_READABLE && n == 0) ||
           (!(events & VIR_STREAM_EVENT_READABLE) &&
            events & (VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP)))
    end_stream (console, NULL);
}

MigConsole *
mig_console_open (MigGuest *guest, MigConsoleFunc func, gpointer user, GError **error)
{
  g_autoptr (virStream) stream = virStreamNew (guest->host->connection, VIR_STREAM_NONBLOCK);

  if (!stream || virDomainOpenConsole (guest->domain, NULL, stream, VIR_DOMAIN_CONSOLE_FORCE) < 0)
    {
      mig_virt_error (error, "cannot open the console of guest '%s' on host '%s'", guest->name,
                      guest->host->name);
      return NULL;
    }

  MigConsole *console = g_new0 (MigConsole, 1);
  g_mutex_init (&console->lock);
  console->references = 2;
  console->func = func;
  console->user = user;
  console->stream = g_steal_pointer (&stream);
  console->unsent = g_string_new (NULL);
  g_mutex_init (&console->unsent_lock);
  if (virStreamEventAddCallback (console->stream, READING, on_stream, console, NULL) < 0)
    {
      mig_virt_error (error, "cannot watch the console of guest '%s' on host '%s'", guest->name,
                      guest->host->name);
      console->references = 1;
      virStreamAbort (console->stream);
      console_unref (console);
      return NULL;
    }
  return console;
}

/* in_loop: func with the console, in the event loop's thread. */
static void
in_loop (MigConsole *console, virEventTimeoutCallback func)
{
  g_atomic_int_inc (&console->references);
  if (virEventAddTimeout (0, func, console, console_unref) < 0)
    console_unref (console);
}

static void
send_in_loop (int timer, void *data)
{
  MigConsole *console = data;

  virEventRemoveTimeout (timer);
  if (!console->ended)
    send_unsent (console);
}

void
mig_console_write (MigConsole *console, const char *data, gsize size)
{
  g_mutex_lock (&console->unsent_lock);
  if (console->unsent->len + size <= MAX_UNSENT)
    g_string_append_len (console->unsent, data, size);
  g_mutex_unlock (&console->unsent_lock);
  in_loop (console, send_in_loop);
}

/* Runs in the event loop's thread, where alone a stream may be ended without racing its callback.
 */
static void
close_in_loop (int timer, void *data)
{
  MigConsole *console = data;

  virEventRemoveTimeout (timer);
  if (!console->ended)
    end_stream (console, NULL);
}

static void
end_in_loop (int timer, void *data)
{
  MigConsole *console = data;

  virEventRemoveTimeout (timer);
  on_stream (console->stream, VIR_STREAM_EVENT_READABLE, console);
  if (!console->ended)
    end_stream (console, NULL);
}

void
mig_console_end (MigConsole *console)
{
  in_loop (console, end_in_loop);
}

void
mig_console_close (MigConsole *console)
{
  if (!console)
    return;
  g_mutex_lock (&console->lock);
  console->func = NULL;
  g_mutex_unlock (&console->lock);
  in_loop (console, close_in_loop);
  console_unref (console);
}
