/* SPDX-License-Identifier: GPL-3.0-or-later */
/* migcost-ssh: ssh with these arguments, deaf to what is typed at the terminal.
 * Started by libvirt, in ssh's place (src/virt/ssh-transport.h), among the processes that a
 * terminal signals: ssh asks its questions there. What is typed is for migcost, which needs its
 * connections to abort in order, or holds a stop back; ssh keeps signals ignored that it finds so.
 * In return it is ended here once its standard input, libvirt's socket, has no other end any more:
 * an ssh that still asks for a password would not look. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CANNOT_RUN 127 /* as of a shell */

static const int unheard[] = { SIGINT, SIGQUIT, SIGTSTP, SIGHUP };
static const int heard[] = { SIGCHLD, SIGTERM }; /* in ppoll() only */

/* an ssh whose network is gone may not be able to say goodbye */
static const struct timespec grace = { .tv_sec = 2 };

static volatile sig_atomic_t is_terminated;

static void
on_signal (int number)
{
  if (number == SIGTERM)
    is_terminated = 1;
}

static _Noreturn void
run_ssh (char **argv, pid_t parent, const sigset_t *mask)
{
  sigprocmask (SIG_SETMASK, mask, NULL);
  /* libvirt soon kills the parent, which may be dead already */
  if (prctl (PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid () != parent)
    _exit (CANNOT_RUN);
  argv[0] = (char *) "ssh";
  execvp (argv[0], argv);
  dprintf (STDERR_FILENO, "cannot run 'ssh': %s\n", strerror (errno));
  _exit (CANNOT_RUN);
}

/* await_end: of ssh; its exit status, as of a shell. mask: as it was, without what is heard. */
static int
await_end (pid_t ssh, const sigset_t *mask)
{
  struct pollfd libvirt = { .fd = STDIN_FILENO }; /* that it hangs up is told unasked */
  int status = 0;

  while (waitpid (ssh, &status, WNOHANG) == 0)
    {
      bool is_ending = libvirt.fd < 0;
      int n = ppoll (&libvirt, 1, is_ending ? &grace : NULL, mask);

      if (n == 0)
        kill (ssh, SIGKILL);
      else if (!is_ending && (n > 0 || is_terminated))
        {
          kill (ssh, SIGTERM);
          libvirt.fd = -1;
        }
    }
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}

/* set_signals: mask: as it was. */
static void
set_signals (sigset_t *mask)
{
  struct sigaction action = { .sa_handler = on_signal };
  sigset_t blocked;

  for (size_t i = 0; i < sizeof unheard / sizeof *unheard; i++)
    signal (unheard[i], SIG_IGN);
  sigemptyset (&blocked);
  for (size_t i = 0; i < sizeof heard / sizeof *heard; i++)
    {
      sigaction (heard[i], &action, NULL);
      sigaddset (&blocked, heard[i]);
    }
  sigprocmask (SIG_BLOCK, &blocked, mask);
}

int
main (int argc, char **argv)
{
  sigset_t mask;

  (void) argc;
  set_signals (&mask);
  pid_t self = getpid (), ssh = fork ();
  if (ssh < 0)
    {
      dprintf (STDERR_FILENO, "cannot run 'ssh': %s\n", strerror (errno));
      return CANNOT_RUN;
    }
  if (ssh == 0)
    run_ssh (argv, self, &mask);
  return await_end (ssh, &mask);
}
