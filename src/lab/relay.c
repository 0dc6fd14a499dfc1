/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lab/setup.h"

/* Where a daemon listens, below its host's directory. */
static const char *const sockets[] = { "run/libvirt/virtqemud-sock", "run/libvirt/libvirt-sock" };

static int
connect_to (const char *directory)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  for (guint i = 0; i < G_N_ELEMENTS (sockets) && fd >= 0; i++)
    {
      g_autofree char *path = g_build_filename (directory, sockets[i], NULL);
      if (g_strlcpy (address.sun_path, path, sizeof address.sun_path) < sizeof address.sun_path &&
          connect (fd, (struct sockaddr *) &address, sizeof address) == 0)
        return fd;
    }
  fprintf (stderr, "cannot connect to the lab's host in '%s': %s\n", directory, g_strerror (errno));
  return -1;
}

/* pass_on: what can be read now; FALSE: that side, or the other, has ended. */
static gboolean
pass_on (int from, int to)
{
  char buffer[65536];
  ssize_t got = read (from, buffer, sizeof buffer);

  for (ssize_t at = 0, done; at < got; at += done)
    if ((done = write (to, buffer + at, (gsize) (got - at))) <= 0)
      return FALSE;
  return got > 0 || (got < 0 && errno == EINTR);
}

int
mig_relay_run (const char *program)
{
  g_autofree char *directory = g_path_get_dirname (program);
  int fd = connect_to (directory);
  struct pollfd items[2] = { { .fd = STDIN_FILENO, .events = POLLIN },
                             { .fd = fd, .events = POLLIN } };

  if (fd < 0)
    return 1;
  for (;;)
    {
      if (poll (items, G_N_ELEMENTS (items), -1) < 0 && errno != EINTR)
        return 1;
      if ((items[0].revents && !pass_on (STDIN_FILENO, fd)) ||
          (items[1].revents && !pass_on (fd, STDOUT_FILENO)))
        return 0;
    }
}
