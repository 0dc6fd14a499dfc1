/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/units.h"
#include "probe/probe-connects.h"
#include "probe/probe-echo.h"
#include "probe/probe-target.h"

#define REQUEST_BYTES 32
/* every so many periods of the packets a connection may ask */
#define TURNS (MIG_PROBE_TCP_PERIOD_NS / MIG_PROBE_UDP_PERIOD_NS)
#define TURNS_BETWEEN (TURNS / MIG_PROBE_CONNECTIONS)

typedef enum { CLOSED, CONNECTING, IDLE, WAITING } ConnectionState;

typedef struct {
  int fd;
  ConnectionState state;
  gsize got;      /* bytes of the answer */
  GArray *probes; /* MigProbe */
} Connection;

/* What an event of a target's sockets is about; connection N is at FIRST_CONNECTION + N. */
enum { UDP, ICMP, FIRST_CONNECTION, FIRST_CONNECT = FIRST_CONNECTION + MIG_PROBE_CONNECTIONS };

struct _MigProbeTarget {
  int epoll_fd;
  guint number;
  struct sockaddr_in address;
  MigProbeEcho packets, pings;
  Connection connections[MIG_PROBE_CONNECTIONS];
  MigProbeConnects connects;
  guint64 next_ping, next_connect; /* not before this point of the grid */
};

static gboolean
watch (const MigProbeTarget *target, int fd, guint channel, guint32 events, int operation)
{
  struct epoll_event event = { .events = events,
                               .data.u64 = mig_probe_event (target->number, channel) };

  return epoll_ctl (target->epoll_fd, operation, fd, &event) == 0;
}

/* ---- connections ---- */

static void
close_connection (Connection *connection)
{
  static const struct linger reset = { .l_onoff = 1 };

  if (connection->fd >= 0)
    {
      setsockopt (connection->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
      close (connection->fd);
    }
  connection->fd = -1;
  connection->state = CLOSED;
}

static void
open_connection (MigProbeTarget *target, guint index)
{
  Connection *connection = &target->connections[index];
  int one = 1;

  connection->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (connection->fd < 0)
    return;
  setsockopt (connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  connection->state = CONNECTING;
  if ((connect (connection->fd, (struct sockaddr *) &target->address, sizeof target->address) < 0 &&
       errno != EINPROGRESS) ||
      !watch (target, connection->fd, FIRST_CONNECTION + index, EPOLLOUT, EPOLL_CTL_ADD))
    close_connection (connection);
}

static void
send_request (MigProbeTarget *target, guint index, gint64 due_ns)
{
  static const guint8 request[REQUEST_BYTES];
  Connection *connection = &target->connections[index];

  mig_probe_note (connection->probes, target->number, MIG_PROBE_TCP, index, due_ns);
  connection->got = 0;
  connection->state = WAITING;
  if (send (connection->fd, request, sizeof request, MSG_NOSIGNAL | MSG_DONTWAIT) != sizeof request)
    close_connection (connection);
}

static void
take_turn (MigProbeTarget *target, guint index, gint64 due_ns)
{
  switch (target->connections[index].state)
    {
    case CLOSED:
      open_connection (target, index);
      break;
    case IDLE:
      send_request (target, index, due_ns);
      break;
    case CONNECTING:
    case WAITING:
      break;
    }
}

static void
take_connected (MigProbeTarget *target, guint index)
{
  Connection *connection = &target->connections[index];
  int problem = 0;
  socklen_t size = sizeof problem;

  if (getsockopt (connection->fd, SOL_SOCKET, SO_ERROR, &problem, &size) < 0 || problem ||
      !watch (target, connection->fd, FIRST_CONNECTION + index, EPOLLIN, EPOLL_CTL_MOD))
    close_connection (connection);
  else
    connection->state = IDLE;
}

static void
take_answer (MigProbeTarget *target, guint index)
{
  Connection *connection = &target->connections[index];
  guint8 answer[REQUEST_BYTES];
  ssize_t got = recv (connection->fd, answer, sizeof answer, MSG_DONTWAIT);

  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (got <= 0)
    {
      close_connection (connection);
      return;
    }
  connection->got += (gsize) got;
  if (connection->state == WAITING && connection->got >= REQUEST_BYTES)
    {
      g_array_index (connection->probes, MigProbe, connection->probes->len - 1).answered_ns =
          mig_clock_now ();
      connection->state = IDLE;
    }
}

/* ---- the target ---- */

/* open_packets: pings are sent where they may be: the lab allows them, but a kernel may not. */
static gboolean
open_packets (MigProbeTarget *target)
{
  gboolean pings = mig_probe_echo_open (&target->pings, MIG_PROBE_ICMP, target->number,
                                        &target->address) &&
                   watch (target, target->pings.fd, ICMP, EPOLLIN, EPOLL_CTL_ADD);

  if (!pings && target->pings.fd >= 0)
    {
      close (target->pings.fd);
      target->pings.fd = -1;
    }
  return mig_probe_echo_open (&target->packets, MIG_PROBE_UDP, target->number, &target->address) &&
         watch (target, target->packets.fd, UDP, EPOLLIN, EPOLL_CTL_ADD);
}

MigProbeTarget *
mig_probe_target_new (int epoll_fd, guint number, const char *address, guint port, GError **error)
{
  MigProbeTarget *target = g_new0 (MigProbeTarget, 1);
  gboolean is_address;

  target->epoll_fd = epoll_fd;
  target->number = number;
  target->address.sin_family = AF_INET;
  target->address.sin_port = htons ((guint16) port);
  target->packets.fd = target->pings.fd = -1;
  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    {
      target->connections[i].fd = -1;
      target->connections[i].probes = g_array_new (FALSE, FALSE, sizeof (MigProbe));
    }
  is_address = inet_pton (AF_INET, address, &target->address.sin_addr) == 1;
  mig_probe_connects_init (&target->connects, epoll_fd, number, FIRST_CONNECT, &target->address);
  if (is_address && open_packets (target))
    return target;
  mig_error_set_errno (error, errno, "cannot probe '%s'", address);
  mig_probe_target_free (target);
  return NULL;
}

void
mig_probe_target_free (MigProbeTarget *target)
{
  if (!target)
    return;
  mig_probe_echo_close (&target->packets);
  mig_probe_echo_close (&target->pings);
  mig_probe_connects_clear (&target->connects);
  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    {
      close_connection (&target->connections[i]);
      g_array_unref (target->connections[i].probes);
    }
  g_free (target);
}

/* is_due: what is due every so many points of the grid, also where the prober left one out. */
static gboolean
is_due (guint64 index, guint64 period, guint64 *next)
{
  if (index < *next)
    return FALSE;
  *next = (index / period + 1) * period;
  return TRUE;
}

void
mig_probe_target_tick (MigProbeTarget *target, gint64 due_ns, guint64 index)
{
  guint turn = index % TURNS;

  mig_probe_echo_send (&target->packets, due_ns);
  if (is_due (index, MIG_PROBE_ICMP_PERIOD_NS / MIG_PROBE_UDP_PERIOD_NS, &target->next_ping))
    mig_probe_echo_send (&target->pings, due_ns);
  if (turn % TURNS_BETWEEN == 0)
    take_turn (target, turn / TURNS_BETWEEN, due_ns);
  if (is_due (index, MIG_PROBE_CONNECT_PERIOD_NS / MIG_PROBE_UDP_PERIOD_NS, &target->next_connect))
    mig_probe_connects_start (&target->connects, due_ns);
}

void
mig_probe_target_ready (MigProbeTarget *target, guint64 data)
{
  guint channel = mig_probe_channel_of (data);

  if (channel == UDP)
    mig_probe_echo_take (&target->packets);
  else if (channel == ICMP)
    mig_probe_echo_take (&target->pings);
  else if (channel >= FIRST_CONNECT)
    mig_probe_connects_ready (&target->connects, channel - FIRST_CONNECT);
  else if (target->connections[channel - FIRST_CONNECTION].state == CONNECTING)
    take_connected (target, channel - FIRST_CONNECTION);
  else if (target->connections[channel - FIRST_CONNECTION].state != CLOSED)
    take_answer (target, channel - FIRST_CONNECTION);
}

gint64
mig_probe_target_heard (const MigProbeTarget *target)
{
  gint64 heard_ns = target->packets.last_ns;
  gint64 oldest_ns = mig_probe_connects_oldest (&target->connects);

  if (MIG_IS_MISSING (heard_ns))
    return heard_ns;
  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    {
      const Connection *connection = &target->connections[i];
      if (connection->state == WAITING)
        heard_ns = MIN (
            heard_ns,
            g_array_index (connection->probes, MigProbe, connection->probes->len - 1).sent_ns);
    }
  return MIG_IS_MISSING (oldest_ns) ? heard_ns : MIN (heard_ns, oldest_ns);
}

gboolean
mig_probe_target_is_quiet (const MigProbeTarget *target)
{
  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    if (target->connections[i].state == WAITING)
      return FALSE;
  return mig_probe_echo_is_quiet (&target->packets) && mig_probe_echo_is_quiet (&target->pings) &&
         MIG_IS_MISSING (mig_probe_connects_oldest (&target->connects));
}

static void
tell (const GArray *probes, GString *text)
{
  for (guint i = 0; i < probes->len; i++)
    mig_probe_format (text, &g_array_index (probes, MigProbe, i));
}

void
mig_probe_target_tell (const MigProbeTarget *target, GString *text)
{
  tell (target->packets.probes, text);
  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    tell (target->connections[i].probes, text);
  tell (target->pings.probes, text);
  tell (target->connects.probes, text);
}
