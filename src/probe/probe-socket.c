/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe/probe-socket.h"
#include "probe/probe.h"

gboolean
mig_probe_socket_watch (int fd, int epoll_fd, guint guest, guint channel, guint32 events,
                        int operation)
{
  struct epoll_event event = { .events = events, .data.u64 = mig_probe_event (guest, channel) };

  return epoll_ctl (epoll_fd, operation, fd, &event) == 0;
}

int
mig_probe_socket_new (const MigProbeAddress *address)
{
  return socket (address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

gboolean
mig_probe_socket_connect (int fd, const MigProbeAddress *address)
{
  return connect (fd, &address->any, address->size) == 0 || errno == EINPROGRESS;
}

int
mig_probe_socket_open (const MigProbeAddress *address, int epoll_fd, guint guest, guint channel)
{
  int fd = mig_probe_socket_new (address), one = 1;

  if (fd < 0)
    return -1;
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (mig_probe_socket_connect (fd, address) &&
      mig_probe_socket_watch (fd, epoll_fd, guest, channel, EPOLLOUT, EPOLL_CTL_ADD))
    return fd;
  mig_probe_socket_reset (fd);
  return -1;
}

gboolean
mig_probe_socket_is_made (int fd)
{
  int problem = 0;
  socklen_t size = sizeof problem;

  return getsockopt (fd, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 && !problem;
}

void
mig_probe_socket_reset (int fd)
{
  static const struct linger at_once = { .l_onoff = 1 };

  if (fd < 0)
    return;
  setsockopt (fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close (fd);
}
