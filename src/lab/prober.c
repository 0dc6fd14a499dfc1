/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/error.h"
#include "lab/command.h"
#include "lab/prober.h"
#include "probe/announcement.h"
#include "probe/prober.h"

/* ahead of the guests, which take all the CPU that they get */
#define NICENESS (-10)
#define ANNOUNCEMENTS_FILENO (STDERR_FILENO + 1)

/* listen_at: for this user alone. */
static int
listen_at (const char *path, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  mode_t before = umask (0077);

  if (fd < 0 ||
      g_strlcpy (address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path ||
      bind (fd, (struct sockaddr *) &address, sizeof address) < 0 || listen (fd, 1) < 0)
    {
      mig_error_set_errno (error, errno, "cannot listen at '%s'", path);
      if (fd >= 0)
        close (fd);
      fd = -1;
    }
  umask (before);
  return fd;
}

/* allow_pings: for the prober's group in this network namespace, where it may be told. */
static void
allow_pings (const MigSetup *setup)
{
  /* for an ordinary user the lab's namespace has that user alone, as root */
  guint group = setup->uid == 0 ? setup->daemon_gid : 0;
  int fd = open ("/proc/sys/net/ipv4/ping_group_range", O_WRONLY | O_CLOEXEC);

  if (fd < 0)
    return;
  dprintf (fd, "%u %u", group, group);
  close (fd);
}

/* become_prober: in the child: nothing is left of what the supervisor has open. */
static void
become_prober (const MigSetup *setup, int listener, int netns)
{
  int nothing = open ("/dev/null", O_RDWR | O_CLOEXEC);
  sigset_t none;

  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  prctl (PR_SET_NAME, MIG_LAB_PROBER_NAME);
  mig_command_enter_netns (&netns);
  allow_pings (setup);
  int announcements = mig_announcements_open ();   /* an ordinary user may not */
  (void) !setpriority (PRIO_PROCESS, 0, NICENESS); /* where it is allowed */
  if (!mig_identity_assume (setup) || dup2 (listener, STDIN_FILENO) < 0 ||
      dup2 (nothing, STDOUT_FILENO) < 0 || dup2 (nothing, STDERR_FILENO) < 0)
    _exit (126);
  if (announcements >= 0 && dup2 (announcements, ANNOUNCEMENTS_FILENO) < 0)
    _exit (126);
  syscall (SYS_close_range, ANNOUNCEMENTS_FILENO + (announcements >= 0), ~0U, 0);
  _exit (mig_prober_run (STDIN_FILENO, announcements >= 0 ? ANNOUNCEMENTS_FILENO : -1));
}

gboolean
mig_lab_prober_start (MigSetup *setup, int netns, GError **error)
{
  g_autofree char *path = g_build_filename (setup->state->directory, "prober", NULL);
  int listener = listen_at (path, error);
  pid_t pid;

  if (listener < 0)
    return FALSE;
  pid = fork ();
  if (pid == 0)
    become_prober (setup, listener, netns);
  close (listener);
  if (pid < 0)
    {
      mig_error_set_errno (error, errno, "cannot start the prober");
      return FALSE;
    }
  setup->state->prober = g_steal_pointer (&path);
  return TRUE;
}
