/* SPDX-License-Identifier: GPL-3.0-or-later */
/* migcost-lab: keeps a lab: brings it up, takes it down when its starter ends or it is asked to.
 * Started by migcost only (src/lab/report.h). */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "lab/place.h"
#include "lab/report.h"
#include "lab/cleanup.h"

typedef struct {
  MigSetup setup;
  MigPlace place;
  pid_t supervisor;
  int go_fd;     /* to it */
  gboolean kept; /* outlives its starter */
} Keeper;

/* start_supervisor: it waits for a byte before it does anything: one that misses the keeper's end
 * would live on. */
static gboolean
start_supervisor (Keeper *keeper, MigLabMode mode, GError **error)
{
  int go[2];

  keeper->setup.state->mode = mode;
  keeper->setup.switch_netns = -1;
  for (guint host = 0; host < MIG_LAB_MAX_HOSTS; host++)
    keeper->setup.netns[host] = -1;
  if (pipe2 (go, O_CLOEXEC) < 0)
    {
      mig_error_set_errno (error, errno, "cannot make a pipe");
      return FALSE;
    }
  keeper->supervisor = mode == MIG_LAB_MODE_NAMESPACES ? mig_namespaces_fork (&keeper->setup)
                                                       : fork ();
  if (keeper->supervisor == 0)
    {
      close (go[1]);
      if (keeper->go_fd >= 0)
        close (keeper->go_fd);
      close (keeper->place.lock_fd); /* the lock is the keeper's: this does not touch it */
      _exit (mig_supervisor_run (&keeper->setup, go[0]));
    }
  if (keeper->supervisor < 0)
    mig_error_set_errno (error, errno, "cannot start the lab's supervisor");
  else if (write (go[1], "g", 1) < 0)
    mig_error_set_errno (error, errno, "the lab's supervisor ended at once");
  close (go[0]);
  if (keeper->go_fd >= 0)
    close (keeper->go_fd);
  keeper->go_fd = go[1];
  return keeper->supervisor > 0;
}

/* hand_on_rate: the rest of the starter's line, to the supervisor, which answers. */
static void
hand_on_rate (const Keeper *keeper)
{
  char text[32] = "", byte;
  guint64 rate = 0;

  for (guint i = 0; i < sizeof text - 1 && read (STDIN_FILENO, &byte, 1) == 1 && byte != '\n'; i++)
    text[i] = byte;
  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT64 / 8, &rate, NULL) ||
      write (keeper->go_fd, &rate, sizeof rate) != sizeof rate)
    mig_report_send (STDOUT_FILENO, MIG_REPORT_ERROR, "%d the link cannot have the rate '%s'",
                     MIG_ERROR_FAILED, text);
}

/* input_ended: the starter has ended; unless it said before that the lab is to be kept. */
static gboolean
input_ended (Keeper *keeper, struct pollfd *input)
{
  char byte;
  ssize_t got = read (STDIN_FILENO, &byte, 1);

  if (got > 0 && byte == MIG_REPORT_KEEP[0])
    keeper->kept = TRUE;
  if (got > 0 && byte == MIG_REPORT_SHAPE[0])
    hand_on_rate (keeper);
  if (got > 0)
    return FALSE;
  input->fd = -1;
  return !keeper->kept;
}

/* supervisor_ended: TRUE and *status set when it is the supervisor that has ended. */
static gboolean
supervisor_ended (Keeper *keeper, int *status)
{
  pid_t pid;

  while ((pid = waitpid (-1, status, WNOHANG)) > 0)
    if (pid == keeper->supervisor)
      {
        *status = WIFEXITED (*status) ? WEXITSTATUS (*status) : 1;
        return TRUE;
      }
  return FALSE;
}

/* keep_lab: until the lab is to end. Returns the supervisor's exit status, 0 where it still runs.
 */
static int
keep_lab (Keeper *keeper, int signal_fd)
{
  struct pollfd items[2] = { { .fd = STDIN_FILENO, .events = POLLIN },
                             { .fd = signal_fd, .events = POLLIN } };

  if (keeper->kept)
    items[0].fd = -1;
  for (;;)
    {
      struct signalfd_siginfo info;
      int status;

      if (poll (items, 2, -1) < 0 && errno != EINTR)
        return 1;
      if (items[0].revents && input_ended (keeper, &items[0]))
        return 0;
      if (!items[1].revents || read (signal_fd, &info, sizeof info) != sizeof info)
        continue;
      if (info.ssi_signo != SIGCHLD)
        return 0;
      if (supervisor_ended (keeper, &status))
        return status;
    }
}

static char *
refusal (const Keeper *keeper)
{
  g_autofree char *path = g_build_filename (keeper->setup.state->directory, MIG_SETUP_REFUSED,
                                            NULL);
  char *why = NULL;

  return g_file_get_contents (path, &why, NULL, NULL) ? why : g_strdup ("no reason was given");
}

/* run_mode: a lab in this mode from start to end; returns the supervisor's exit status. */
static int
run_mode (Keeper *keeper, MigLabMode mode, int signal_fd, GError **error)
{
  int status = MIG_SETUP_EXIT_REFUSED;

  if (start_supervisor (keeper, mode, error))
    {
      status = keep_lab (keeper, signal_fd);
      mig_cleanup_children ();
      if (mode == MIG_LAB_MODE_LOOPBACK)
        mig_cleanup_locks (keeper->setup.daemon_uid);
    }
  return status;
}

static int
run (Keeper *keeper, const MigKeeperOptions *options, int signal_fd, GError **error)
{
  MigLabState *state = keeper->setup.state;
  g_autoptr (GError) refused = NULL;

  if (!options->loopback)
    {
      int status = run_mode (keeper, MIG_LAB_MODE_NAMESPACES, signal_fd, &refused);
      if (status != MIG_SETUP_EXIT_REFUSED)
        return status;
      state->mode_why = refused ? g_strdup (refused->message) : refusal (keeper);
      mig_report_send (STDOUT_FILENO, MIG_REPORT_WARNING,
                       "the lab's hosts share this machine's loopback, because namespaces are not "
                       "available (%s): parallel migrations do not share a link",
                       state->mode_why);
    }
  else
    state->mode_why = g_strdup ("asked for");
  return run_mode (keeper, MIG_LAB_MODE_LOOPBACK, signal_fd, error);
}

/* Ctrl-C on the terminal is the starter's business: this is a session of its own. */
static int
detach (void)
{
  sigset_t signals;

  setsid ();
  signal (SIGPIPE, SIG_IGN);
  umask (022);
  sigemptyset (&signals);
  sigaddset (&signals, SIGTERM);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGHUP);
  sigaddset (&signals, SIGCHLD);
  sigprocmask (SIG_BLOCK, &signals, NULL);
  prctl (PR_SET_CHILD_SUBREAPER, 1);
  return signalfd (-1, &signals, SFD_CLOEXEC);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  MigKeeperOptions options = { .hosts = 2 };
  Keeper keeper = { .setup = { .report_fd = STDOUT_FILENO }, .go_fd = -1 };
  int status = 1;

  g_autofree char *name = g_path_get_basename (argv[0]);
  if (strcmp (name, MIG_RELAY_NAME) == 0)
    return mig_relay_run (argv[0]);
  setlocale (LC_ALL, "");
  g_setenv ("GIO_USE_VFS", "local", TRUE); /* one thread, or the namespaces cannot be had */
  if (mig_keeper_options_parse (argc, argv, &options, &error))
    {
      int signal_fd = detach ();
      if (mig_place_make (&keeper.place, &keeper.setup, &error) &&
          mig_place_fill (&keeper.setup, &options, &error))
        status = run (&keeper, &options, signal_fd, &error);
      close (signal_fd);
    }
  if (error)
    mig_report_send_error (STDOUT_FILENO, error);
  mig_place_remove (&keeper.place, &keeper.setup);
  mig_keeper_options_clear (&options);
  return error ? 1 : status;
}
