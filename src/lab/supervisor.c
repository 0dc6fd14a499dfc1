/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/units.h"
#include "lab/lan.h"
#include "lab/report.h"
#include "lab/setup.h"
#include "lab/cleanup.h"
#include "lab/tools.h"

static gboolean
start_daemons (MigSetup *setup, GError **error)
{
  g_autofree char *program = mig_tool_find (MIG_TOOL_DAEMON, error);

  if (!program)
    return FALSE;
  for (guint host = 0; host < setup->state->n_hosts; host++)
    {
      if (!mig_daemon_prepare (setup, host, error))
        return FALSE;
      setup->daemons[host] = mig_daemon_start (setup, host, program, error);
      if (setup->daemons[host] < 0)
        return FALSE;
    }
  return mig_daemon_wait (setup, error);
}

static void
measure_link (MigSetup *setup)
{
  guint64 rate = mig_link_measure (setup);
  g_autofree char *text = mig_units_format_rate ((gint64) rate);

  setup->state->link_measured_bytes_per_s = rate;
  if (rate)
    mig_report_send (setup->report_fd, MIG_REPORT_PROGRESS, "the lab's link carries %s", text);
  else
    mig_report_send (setup->report_fd, MIG_REPORT_WARNING, "cannot measure the lab's link");
}

/* refuse: namespaces cannot be had; the keeper reads why and tries without. */
static int
refuse (const MigSetup *setup, const GError *why)
{
  g_autofree char *path = g_build_filename (setup->state->directory, MIG_SETUP_REFUSED, NULL);

  return mig_files_write (path, why->message, strlen (why->message), NULL) ? MIG_SETUP_EXIT_REFUSED
                                                                           : 1;
}

/* A tool that is missing is to be installed, not to be done without. */
static gboolean
have_tools (GError **error)
{
  g_autofree char *ip = mig_tool_find (MIG_TOOL_IP, error);
  g_autofree char *tc = ip ? mig_tool_find (MIG_TOOL_TC, error) : NULL;

  return tc != NULL;
}

static gboolean
bring_up (MigSetup *setup, GError **error)
{
  mig_kvm_probe (setup);
  return start_daemons (setup, error) && mig_lab_state_save (setup->state, error);
}

/* shape_link: to the rate that the keeper has handed on. FALSE: no keeper any more. */
static gboolean
shape_link (MigSetup *setup, int go_fd)
{
  g_autoptr (GError) error = NULL;
  guint64 rate = 0;

  if (read (go_fd, &rate, sizeof rate) != sizeof rate)
    return FALSE;
  setup->state->link_bytes_per_s = rate;
  if (mig_link_shape (setup, &error))
    mig_report_send (setup->report_fd, MIG_REPORT_LINK, "%" G_GUINT64_FORMAT,
                     mig_link_measure (setup));
  else
    mig_report_send_error (setup->report_fd, error);
  return TRUE;
}

/* stay: until the keeper kills this process. What ends in the lab is waited for, and a daemon that
 * does is told of; without a PID namespace, the end of the keeper is told by a signal, and what
 * runs in the lab ends by our hand. */
static void
stay (MigSetup *setup, int go_fd)
{
  struct signalfd_siginfo info = { 0 };
  sigset_t signals;
  pid_t pid;
  int status;

  sigemptyset (&signals);
  sigaddset (&signals, SIGCHLD);
  sigaddset (&signals, SIGTERM);
  struct pollfd items[2] = { { .fd = signalfd (-1, &signals, SFD_CLOEXEC), .events = POLLIN },
                             { .fd = go_fd, .events = POLLIN } };
  do
    {
      while ((pid = waitpid (-1, &status, WNOHANG)) > 0)
        mig_daemon_tell_end (setup, pid, status);
      if (poll (items, G_N_ELEMENTS (items), -1) < 0)
        {
          if (errno == EINTR)
            continue;
          break;
        }
      if (items[1].revents && !shape_link (setup, go_fd))
        items[1].fd = -1;
      if (items[0].revents && read (items[0].fd, &info, sizeof info) != sizeof info)
        break;
    }
  while (info.ssi_signo != SIGTERM);
  mig_cleanup_children ();
}

/* begin: dies with the keeper from here on, and does nothing if that is gone already. */
static gboolean
begin (const MigSetup *setup, int go_fd)
{
  gboolean namespaces = setup->state->mode == MIG_LAB_MODE_NAMESPACES;
  sigset_t signals;
  char go;

  sigemptyset (&signals);
  sigaddset (&signals, SIGCHLD);
  sigaddset (&signals, SIGTERM);
  sigprocmask (SIG_SETMASK, &signals, NULL);
  prctl (PR_SET_PDEATHSIG, namespaces ? SIGKILL : SIGTERM);
  if (!namespaces)
    prctl (PR_SET_CHILD_SUBREAPER, 1);
  return read (go_fd, &go, 1) == 1;
}

static gboolean
set_up_namespaces (MigSetup *setup, GError **error)
{
  return mig_namespaces_enter (setup, error) && mig_link_up (setup, error);
}

int
mig_supervisor_run (MigSetup *setup, int go_fd)
{
  g_autoptr (GError) error = NULL;

  if (!begin (setup, go_fd))
    return 1;
  if (setup->state->mode == MIG_LAB_MODE_NAMESPACES)
    {
      if (!have_tools (&error))
        {
          mig_report_send_error (setup->report_fd, error);
          return 1;
        }
      if (!set_up_namespaces (setup, &error))
        return refuse (setup, error);
      measure_link (setup);
    }
  mig_lan_up (setup);
  if (!bring_up (setup, &error))
    {
      mig_report_send_error (setup->report_fd, error);
      mig_cleanup_children ();
      return 1;
    }
  mig_report_send (setup->report_fd, MIG_REPORT_READY, "%s", setup->state->directory);
  stay (setup, go_fd);
  return 0;
}
