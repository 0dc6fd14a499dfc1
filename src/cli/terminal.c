/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "cli/terminal.h"

static GMutex lock;
static gboolean quiet, interactive;
static char *status;
static guint sink;

static int interrupt_pipe[2] = { -1, -1 };
static GMutex interrupt_lock;
static void (*interrupt_func) (gpointer data);
static gpointer interrupt_data;
static void (*stop_func) (gpointer data); /* under interrupt_lock, as the two above */
static gpointer stop_data;

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

/* stop: as SIGTSTP does where nobody handles it. */
static void
stop (void)
{
  g_mutex_lock (&interrupt_lock);
  if (stop_func)
    stop_func (stop_data);
  g_mutex_unlock (&interrupt_lock);
  g_mutex_lock (&lock);
  erase_status ();
  fflush (stderr);
  g_mutex_unlock (&lock);
  kill (getpid (), SIGSTOP);
}

static gpointer
watch_interrupts (gpointer data)
{
  char byte;
  gboolean asked = FALSE;

  while (read (interrupt_pipe[0], &byte, 1) == 1)
    {
      if (byte == SIGTSTP)
        {
          stop ();
          continue;
        }
      g_mutex_lock (&interrupt_lock);
      if (asked || !interrupt_func)
        {
          if (interactive)
            fputs ("\n", stderr);
          _exit (128 + byte);
        }
      asked = TRUE;
      interrupt_func (interrupt_data);
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
mig_terminal_before_stop (void (*func) (gpointer data), gpointer data)
{
  struct sigaction action = { .sa_handler = func ? on_signal : SIG_DFL, .sa_flags = SA_RESTART };
  struct sigaction before;

  g_mutex_lock (&interrupt_lock);
  stop_func = func;
  stop_data = data;
  g_mutex_unlock (&interrupt_lock);
  /* a shell without job control has it ignored */
  if (interrupt_pipe[1] >= 0 && sigaction (SIGTSTP, NULL, &before) == 0 &&
      before.sa_handler != SIG_IGN)
    sigaction (SIGTSTP, &action, NULL);
}

void
mig_terminal_start (void)
{
  struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

  interactive = isatty (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
  sink = mig_log_add_sink (take_message, NULL);
  if (g_unix_open_pipe (interrupt_pipe, FD_CLOEXEC, NULL))
    {
      g_thread_unref (g_thread_new ("signals", watch_interrupts, NULL));
      sigaction (SIGINT, &action, NULL);
      sigaction (SIGTERM, &action, NULL);
      sigaction (SIGHUP, &action, NULL);
    }
}

void
mig_terminal_stop (void)
{
  mig_terminal_status (NULL);
  mig_log_remove_sink (sink);
}
