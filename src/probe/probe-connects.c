/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/units.h"
#include "probe/probe-connects.h"
#include "probe/probe-socket.h"

void
mig_probe_connects_init (MigProbeConnects *connects, const MigProbeConnectsOptions *options,
                         int epoll_fd, guint guest, guint first_channel,
                         const MigProbeAddress *address)
{
  connects->options = *options;
  connects->epoll_fd = epoll_fd;
  connects->guest = guest;
  connects->first_channel = first_channel;
  connects->address = *address;
  connects->last_ns = MIG_MISSING_INT;
  mig_probe_log_init (&connects->log);
  for (guint i = 0; i < MIG_PROBE_PENDING; i++)
    connects->pending[i].fd = -1;
}

static void
reset (MigProbeConnects *connects, guint index)
{
  mig_probe_socket_reset (connects->pending[index].fd);
  connects->pending[index].fd = -1;
  connects->pending[index].asked = FALSE;
}

void
mig_probe_connects_clear (MigProbeConnects *connects)
{
  for (guint i = 0; i < MIG_PROBE_PENDING; i++)
    reset (connects, i);
  mig_probe_log_clear (&connects->log);
}

static gboolean
watch (const MigProbeConnects *connects, guint index, guint32 events, int operation)
{
  return mig_probe_socket_watch (connects->pending[index].fd, connects->epoll_fd, connects->guest,
                                 connects->first_channel + index, events, operation);
}

static gboolean
is_answer (const MigProbeConnects *connects, int problem)
{
  return problem == 0 || (problem == ECONNREFUSED && connects->options.refusal_answers);
}

/* end: the outcome of an attempt, as errno has it. */
static void
end (MigProbeConnects *connects, guint index, int problem)
{
  MigProbe *probe = mig_probe_log_find (&connects->log, connects->pending[index].sequence);

  if (is_answer (connects, problem))
    {
      connects->last_ns = mig_clock_now ();
      if (probe)
        probe->answered_ns = connects->last_ns;
    }
  connects->pending[index].used = problem == EHOSTUNREACH || problem == ENETUNREACH ||
                                  problem == ETIMEDOUT;
  reset (connects, index);
}

static void
attempt (MigProbeConnects *connects, guint index)
{
  int fd = mig_probe_socket_new (&connects->address);

  if (fd < 0)
    return;
  connects->pending[index].fd = fd;
  if (!mig_probe_socket_connect (fd, &connects->address) ||
      !watch (connects, index, EPOLLOUT, EPOLL_CTL_ADD))
    end (connects, index, errno);
}

/* find_slot: a free one; else that of the last begun which is known to be lost, for the oldest tell
 * how long a client takes. MIG_PROBE_PENDING: none. */
static guint
find_slot (const MigProbeConnects *connects)
{
  gint64 lost_ns = mig_clock_now () - MIG_PROBE_LOST_NS;
  guint found = MIG_PROBE_PENDING;

  for (guint i = 0; i < MIG_PROBE_PENDING; i++)
    {
      gint64 sent_ns = connects->pending[i].sent_ns;
      if (!connects->pending[i].used)
        return i;
      if (sent_ns <= lost_ns &&
          (found == MIG_PROBE_PENDING || sent_ns > connects->pending[found].sent_ns))
        found = i;
    }
  return found;
}

static void
begin (MigProbeConnects *connects, gint64 due_ns)
{
  guint index = find_slot (connects);

  if (index == MIG_PROBE_PENDING)
    return;
  reset (connects, index);
  if (connects->options.period_ns)
    mig_probe_log_cover (&connects->log, due_ns);
  MigProbe *probe = mig_probe_log_add (&connects->log, connects->guest, connects->options.kind, 0,
                                       due_ns);
  if (connects->options.period_ns)
    probe->covers_ns = connects->options.period_ns;
  connects->pending[index].used = TRUE;
  connects->pending[index].sequence = probe->sequence;
  connects->pending[index].sent_ns = probe->sent_ns;
}

void
mig_probe_connects_start (MigProbeConnects *connects, gint64 due_ns)
{
  begin (connects, due_ns);
  for (guint i = 0; i < MIG_PROBE_PENDING; i++)
    if (connects->pending[i].used && connects->pending[i].fd < 0)
      attempt (connects, i);
}

/* is_made: what is said of another connection that had the slot before does not count. */
static gboolean
is_made (int fd, int *problem)
{
  socklen_t size = sizeof *problem;
  struct sockaddr_in peer;

  if (getsockopt (fd, SOL_SOCKET, SO_ERROR, problem, &size) < 0)
    *problem = errno;
  size = sizeof peer;
  return *problem || getpeername (fd, (struct sockaddr *) &peer, &size) == 0;
}

static void
ask (MigProbeConnects *connects, guint index)
{
  const MigProbeConnectsOptions *options = &connects->options;
  g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.0\r\nHost: %s\r\n"
                                              "User-Agent: migcost\r\nConnection: close\r\n\r\n",
                                              options->path, options->host);
  gsize size = strlen (request);

  connects->pending[index].asked = TRUE;
  if (send (connects->pending[index].fd, request, size, MSG_NOSIGNAL | MSG_DONTWAIT) !=
          (ssize_t) size ||
      !watch (connects, index, EPOLLIN, EPOLL_CTL_MOD))
    end (connects, index, EPIPE);
}

static void
take_answer (MigProbeConnects *connects, guint index)
{
  char first;
  ssize_t got = recv (connects->pending[index].fd, &first, 1, MSG_DONTWAIT);

  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  end (connects, index, got > 0 ? 0 : ECONNRESET);
}

void
mig_probe_connects_ready (MigProbeConnects *connects, guint index)
{
  int problem = 0;

  if (index >= MIG_PROBE_PENDING || connects->pending[index].fd < 0)
    return;
  if (connects->pending[index].asked)
    take_answer (connects, index);
  else if (!is_made (connects->pending[index].fd, &problem))
    return;
  else if (problem || connects->options.kind != MIG_PROBE_HTTP)
    end (connects, index, problem);
  else
    ask (connects, index);
}

gint64
mig_probe_connects_oldest (const MigProbeConnects *connects)
{
  gint64 oldest_ns = MIG_MISSING_INT;

  for (guint i = 0; i < MIG_PROBE_PENDING; i++)
    {
      if (!connects->pending[i].used)
        continue;
      gint64 sent_ns = connects->pending[i].sent_ns;
      oldest_ns = MIG_IS_MISSING (oldest_ns) ? sent_ns : MIN (oldest_ns, sent_ns);
    }
  return oldest_ns;
}
