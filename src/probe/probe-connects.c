/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "probe/probe-connects.h"

void
mig_probe_connects_init (MigProbeConnects *connects, int epoll_fd, guint guest, guint first_channel,
                         const struct sockaddr_in *address)
{
  connects->epoll_fd = epoll_fd;
  connects->guest = guest;
  connects->first_channel = first_channel;
  connects->address = *address;
  connects->probes = g_array_new (FALSE, FALSE, sizeof (MigProbe));
  for (guint i = 0; i < MIG_PROBE_PENDING; i++)
    connects->pending[i].fd = -1;
}

/* reset: else a hundred of them would wait for their end, here and in the guest. */
static void
reset (MigProbeConnects *connects, guint index)
{
  static const struct linger at_once = { .l_onoff = 1 };
  int fd = connects->pending[index].fd;

  connects->pending[index].fd = -1;
  if (fd < 0)
    return;
  setsockopt (fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close (fd);
}

void
mig_probe_connects_clear (MigProbeConnects *connects)
{
  for (guint i = 0; i < MIG_PROBE_PENDING; i++)
    reset (connects, i);
  g_clear_pointer (&connects->probes, g_array_unref);
}

static gboolean
watch (const MigProbeConnects *connects, guint index)
{
  struct epoll_event event = { .events = EPOLLOUT,
                               .data.u64 = mig_probe_event (connects->guest,
                                                            connects->first_channel + index) };

  return epoll_ctl (connects->epoll_fd, EPOLL_CTL_ADD, connects->pending[index].fd, &event) == 0;
}

static MigProbe *
probe_of (const MigProbeConnects *connects, guint index)
{
  return &g_array_index (connects->probes, MigProbe, connects->pending[index].probe);
}

/* end: the outcome of an attempt, as errno has it. */
static void
end (MigProbeConnects *connects, guint index, int problem)
{
  if (problem == 0)
    probe_of (connects, index)->answered_ns = mig_clock_now ();
  connects->pending[index].used = problem == EHOSTUNREACH || problem == ENETUNREACH ||
                                  problem == ETIMEDOUT;
  reset (connects, index);
}

static void
attempt (MigProbeConnects *connects, guint index)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  if (fd < 0)
    return;
  connects->pending[index].fd = fd;
  if (connect (fd, (struct sockaddr *) &connects->address, sizeof connects->address) == 0)
    end (connects, index, 0);
  else if (errno != EINPROGRESS || !watch (connects, index))
    end (connects, index, errno);
}

/* begin: with a slot that is free, if there is any. */
static void
begin (MigProbeConnects *connects, gint64 due_ns)
{
  guint index = 0;

  while (index < MIG_PROBE_PENDING && connects->pending[index].used)
    index++;
  if (index == MIG_PROBE_PENDING)
    return;
  connects->pending[index].used = TRUE;
  connects->pending[index].probe = connects->probes->len;
  mig_probe_note (connects->probes, connects->guest, MIG_PROBE_CONNECT, 0, due_ns);
}

void
mig_probe_connects_start (MigProbeConnects *connects, gint64 due_ns)
{
  begin (connects, due_ns);
  for (guint i = 0; i < MIG_PROBE_PENDING; i++)
    if (connects->pending[i].used && connects->pending[i].fd < 0)
      attempt (connects, i);
}

void
mig_probe_connects_ready (MigProbeConnects *connects, guint index)
{
  int problem = 0;
  socklen_t size = sizeof problem;

  if (index >= MIG_PROBE_PENDING || connects->pending[index].fd < 0)
    return;
  if (getsockopt (connects->pending[index].fd, SOL_SOCKET, SO_ERROR, &problem, &size) < 0)
    problem = errno;
  end (connects, index, problem);
}

gint64
mig_probe_connects_oldest (const MigProbeConnects *connects)
{
  gint64 oldest_ns = MIG_MISSING_INT;

  for (guint i = 0; i < MIG_PROBE_PENDING; i++)
    {
      if (!connects->pending[i].used)
        continue;
      gint64 sent_ns = probe_of (connects, i)->sent_ns;
      oldest_ns = MIG_IS_MISSING (oldest_ns) ? sent_ns : MIN (oldest_ns, sent_ns);
    }
  return oldest_ns;
}
