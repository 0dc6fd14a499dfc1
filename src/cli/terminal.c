/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "base/units.h"
#include "cli/terminal-modes.h"
#include "cli/terminal.h"

static GMutex lock;
static gboolean quiet, interactive;
static char *status;
static guint sink;

static int interrupt_pipe[2] = { -1, -1 };
static GMutex interrupt_lock;
static void (*interrupt_func) (gpointer data);
static gpointer interrupt_data;
static MigTerminalStop before_stop; /* under interrupt_lock, as the two above */
static gboolean stop_waits;         /* the signals thread's: Ctrl-Z came, and may not stop yet */
static gboolean all_heard;          /* under interrupt_lock: HEARD came */
static GCond heard;

/* in the pipe, beside numbers of signals */
#define MAY_STOP 0 /* what Ctrl-Z waits for has ended */
#define HEARD 127  /* what came before has had its effect */

/* ---- lines ---- */

static guint
columns (void)
{
  struct winsize size = { 0 };
  return ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

static void
erase_status (void)
{
  if (status)
    fputs ("\r\033[K", stderr);
}

static void
draw_status (void)
{
  if (!status)
    return;
  g_autofree char *cut = g_utf8_substring (
      status, 0, MIN (g_utf8_strlen (status, -1), (glong) columns () - 1));
  fputs (cut, stderr);
  fflush (stderr);
}

static void
line (const char *prefix, const char *text)
{
  /* hosts and guests have their say in messages: they must not get at the terminal */
  g_autofree char *safe = mig_text_printable (text, 0);

  g_mutex_lock (&lock);
  erase_status ();
  fprintf (stderr, "%s%s\n", prefix, safe);
  draw_status ();
  g_mutex_unlock (&lock);
}

static void
take_message (MigLogLevel level, const char *message, gpointer data)
{
  if (level == MIG_LOG_WARNING)
    line ("migcost: warning: ", message);
  else if (level == MIG_LOG_INFO && !quiet)
    line ("", message);
}

void
mig_terminal_status (const char *text)
{
  if (!interactive || quiet)
    return;
  g_mutex_lock (&lock);
  erase_status ();
  g_free (status);
  status = text ? mig_text_printable (text, 0) : NULL;
  draw_status ();
  g_mutex_unlock (&lock);
}

void
mig_terminal_line (const char *text)
{
  if (!quiet)
    line ("", text);
}

void
mig_terminal_set_quiet (gboolean is_quiet)
{
  quiet = is_quiet;
}

gboolean
mig_terminal_is_interactive (void)
{
  return interactive;
}

/* ---- interrupts: the handler only writes to a pipe, a thread does the rest ---- */

static void
on_signal (int number)
{
  int errnum = errno; /* what is interrupted may be about to look at it */
  char byte = (char) number;
  if (write (interrupt_pipe[1], &byte, 1) < 0)
    _exit (128 + number);
  errno = errnum;
}

static void
release_stop (void)
{
  stop_waits = FALSE;
  if (before_stop.release)
    before_stop.release (before_stop.data);
}

/* stop_process: as SIGTSTP does where nobody handles it, as soon as that may be. Under
 * interrupt_lock; it waits for nothing, so that an interrupt is always heard. */
static void
stop_process (void)
{
  if (before_stop.hold && !before_stop.hold (before_stop.data))
    {
      if (!stop_waits)
        mig_terminal_line (before_stop.waits);
      stop_waits = TRUE;
      return;
    }
  g_mutex_lock (&lock);
  erase_status ();
  fflush (stderr);
  g_mutex_unlock (&lock);
  raise (SIGSTOP); /* this thread's: it comes back only when the process goes on */
  release_stop ();
}

/* is_again: timeout(1) sends each signal twice, and a service manager or a terminal that closes
 * two of them: what follows the first one at once is no second wish. */
static gboolean
is_again (gint64 asked_ns)
{
  return asked_ns && mig_clock_now () - asked_ns < MIG_NS_PER_S;
}

/* interrupt: the second one, or one for which nobody waits, ends the process. asked_ns: when the
 * first one came; 0: none has. Under interrupt_lock. */
static void
interrupt (int number, gint64 *asked_ns)
{
  if (is_again (*asked_ns))
    return;
  if (*asked_ns || !interrupt_func)
    {
      if (interactive)
        fputs ("\n", stderr);
      mig_terminal_modes_restore ();
      _exit (128 + number);
    }
  *asked_ns = mig_clock_now ();
  if (stop_waits)
    release_stop ();
  interrupt_func (interrupt_data);
}

static gpointer
watch_interrupts (gpointer data)
{
  char byte;
  gint64 asked_ns = 0;

  while (read (interrupt_pipe[0], &byte, 1) == 1)
    {
      g_mutex_lock (&interrupt_lock);
      if (byte == HEARD)
        {
          all_heard = TRUE;
          g_cond_signal (&heard);
        }
      else if (byte != SIGTSTP && byte != MAY_STOP)
        interrupt (byte, &asked_ns);
      else if (byte == SIGTSTP || stop_waits)
        stop_process ();
      g_mutex_unlock (&interrupt_lock);
    }
  return NULL;
}

void
mig_terminal_on_interrupt (void (*func) (gpointer data), gpointer data)
{
  g_mutex_lock (&interrupt_lock);
  interrupt_func = func;
  interrupt_data = data;
  g_mutex_unlock (&interrupt_lock);
}

void
mig_terminal_before_stop (const MigTerminalStop *stop)
{
  struct sigaction action = { .sa_handler = stop ? on_signal : SIG_DFL, .sa_flags = SA_RESTART };
  struct sigaction before;

  g_mutex_lock (&interrupt_lock);
  before_stop = stop ? *stop : (MigTerminalStop){ NULL };
  g_mutex_unlock (&interrupt_lock);
  /* a shell without job control has it ignored */
  if (interrupt_pipe[1] >= 0 && sigaction (SIGTSTP, NULL, &before) == 0 &&
      before.sa_handler != SIG_IGN)
    sigaction (SIGTSTP, &action, NULL);
}

void
mig_terminal_may_stop (void)
{
  char byte = MAY_STOP;

  if (interrupt_pipe[1] >= 0 && write (interrupt_pipe[1], &byte, 1) < 0)
    mig_warning ("cannot stop as asked by Ctrl-Z: %s", g_strerror (errno));
}

void
mig_terminal_start (void)
{
  struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

  interactive = isatty (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
  sink = mig_log_add_sink (take_message, NULL);
  mig_terminal_modes_keep ();
  if (g_unix_open_pipe (interrupt_pipe, FD_CLOEXEC, NULL))
    {
      g_thread_unref (g_thread_new ("signals", watch_interrupts, NULL));
      sigaction (SIGINT, &action, NULL);
      sigaction (SIGTERM, &action, NULL);
      sigaction (SIGHUP, &action, NULL);
    }
}

/* await_heard: that interrupts which have come have had their effect. An ssh that Ctrl-C has ended
 * may bring down what waits for it sooner than their thread has run. */
static void
await_heard (void)
{
  char byte = HEARD;

  if (interrupt_pipe[1] < 0 || write (interrupt_pipe[1], &byte, 1) != 1)
    return;
  g_mutex_lock (&interrupt_lock);
  while (!all_heard)
    g_cond_wait (&heard, &interrupt_lock);
  g_mutex_unlock (&interrupt_lock);
}

void
mig_terminal_stop (void)
{
  await_heard ();
  mig_terminal_status (NULL);
  mig_terminal_modes_restore ();
  mig_log_remove_sink (sink);
}
