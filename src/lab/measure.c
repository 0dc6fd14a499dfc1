/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "lab/command.h"
#include "lab/setup.h"

#define PORT 5001
#define MEASURE_NS MIG_NS_PER_S
#define PATIENCE_MS 5000 /* nothing at all for so long: the link carries nothing */

static struct sockaddr_in
address_of (guint host)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (PORT) };

  inet_pton (AF_INET, mig_link_address (host), &address.sin_addr);
  return address;
}

static gboolean
wait_readable (int fd)
{
  struct pollfd item = { .fd = fd, .events = POLLIN };

  return poll (&item, 1, PATIENCE_MS) > 0;
}

/* count_bytes: bytes per second from the first byte on; 0: nothing came, or it ended early. */
static guint64
count_bytes (int fd, char *buffer, gsize size)
{
  gint64 start = 0, now = 0;
  guint64 bytes = 0;

  while (!start || now - start < MEASURE_NS)
    {
      if (!wait_readable (fd))
        return 0;
      ssize_t got = read (fd, buffer, size);
      now = mig_clock_now ();
      if (got <= 0)
        return 0;
      if (start)
        bytes += (guint64) got;
      else
        start = now;
    }
  return (guint64) ((double) bytes * MIG_NS_PER_S / (double) (now - start));
}

/* send_until_closed: the body of a child process in the first host's namespace. */
static void
send_until_closed (int netns, char *buffer, gsize size)
{
  struct sockaddr_in address = address_of (1);
  int fd;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  mig_command_enter_netns (&netns);
  fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) < 0)
    _exit (1);
  while (send (fd, buffer, size, MSG_NOSIGNAL) > 0)
    ;
  _exit (0);
}

static guint64
receive (int listener, char *buffer, gsize size)
{
  int fd = wait_readable (listener) ? accept4 (listener, NULL, NULL, SOCK_CLOEXEC) : -1;
  guint64 rate = 0;

  if (fd >= 0)
    {
      rate = count_bytes (fd, buffer, size);
      close (fd);
    }
  return rate;
}

/* This process is in the second host's namespace. */
static int
listen_here (void)
{
  struct sockaddr_in address = address_of (1);
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd >= 0 &&
      (bind (fd, (struct sockaddr *) &address, sizeof address) < 0 || listen (fd, 1) < 0))
    {
      close (fd);
      fd = -1;
    }
  return fd;
}

guint64
mig_link_measure (const MigSetup *setup)
{
  gsize size = 256 * MIG_KIB;
  g_autofree char *buffer = g_malloc0 (size);
  guint64 rate = 0;
  int listener = listen_here ();
  pid_t sender;

  if (listener < 0)
    return 0;
  sender = fork ();
  if (sender == 0)
    send_until_closed (setup->netns[0], buffer, size);
  if (sender > 0)
    {
      rate = receive (listener, buffer, size);
      kill (sender, SIGKILL);
      waitpid (sender, NULL, 0);
    }
  close (listener);
  return rate;
}
