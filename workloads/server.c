/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workloads/console.h"
#include "workloads/server.h"
#include "workloads/thread.h"

#define ROOT "/server"
#define MAX_COMMAND 2048
#define PRIORITY 1 /* of who waits for its end: that is all it does */
#define CANNOT_RUN 127

size_t
mig_server_split (char *text, char *words[MIG_SERVER_MAX_WORDS])
{
  size_t n = 0;
  char *rest = NULL;

  for (char *word = strtok_r (text, "\n", &rest); word; word = strtok_r (NULL, "\n", &rest))
    {
      if (n + 1 == MIG_SERVER_MAX_WORDS)
        return 0;
      words[n++] = word;
    }
  words[n] = NULL;
  return n;
}

/* read_command: false: there is none. */
static bool
read_command (char text[MAX_COMMAND])
{
  int fd = open (ROOT "/command", O_RDONLY | O_CLOEXEC);
  ssize_t got = fd < 0 ? -1 : read (fd, text, MAX_COMMAND - 1);

  if (fd >= 0)
    close (fd);
  if (got > 0)
    text[got] = '\0';
  return got > 0;
}

/* become_server: in the child. The console is the heartbeats'. */
static void
become_server (char *const *words)
{
  if (chroot (ROOT) < 0 || chdir ("/") < 0)
    _exit (CANNOT_RUN);
  int nothing = open ("/dev/null", O_RDWR);
  for (int fd = STDIN_FILENO; nothing >= 0 && fd <= STDERR_FILENO; fd++)
    dup2 (nothing, fd);
  setsid ();
  execv (words[0], words);
  _exit (CANNOT_RUN);
}

static void *
await_end (void *opaque)
{
  const pid_t *server = opaque;
  char what[64];
  int status = 0;

  while (waitpid (*server, &status, 0) < 0 && errno == EINTR)
    ;
  snprintf (what, sizeof what, "it ended with status %d",
            WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status));
  errno = ECHILD;
  mig_console_complain ("no server", what);
  return NULL;
}

void
mig_server_start (void)
{
  static pid_t server;
  char text[MAX_COMMAND], *words[MIG_SERVER_MAX_WORDS];

  if (!read_command (text))
    return;
  if (mig_server_split (text, words) == 0)
    {
      errno = EINVAL;
      mig_console_complain ("no server", ROOT "/command");
      return;
    }
  (void) mount ("devtmpfs", ROOT "/dev", "devtmpfs", 0, NULL);
  (void) mount ("proc", ROOT "/proc", "proc", 0, NULL);
  server = fork ();
  if (server == 0)
    become_server (words);
  if (server < 0)
    mig_console_complain ("no server", words[0]);
  else
    (void) mig_thread_start (await_end, &server, PRIORITY);
}
