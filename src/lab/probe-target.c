/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/units.h"
#include "lab/probe-target.h"

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

struct _MigProbeTarget {
  int epoll_fd;
  guint number;
  struct sockaddr_in address;
  int udp_fd;
  GArray *packets; /* MigProbe; the index is the sequence number, which the packet carries */
  gint64 last_ns;  /* answer to a packet */
  Connection connections[MIG_PROBE_CONNECTIONS];
};

/* An event's data: the guest, and above it the connection + 1, or 0 for packets. */
static guint64
data_of (const MigProbeTarget *target, guint channel)
{
  return (guint64) channel << 32 | target->number;
}

guint
mig_probe_guest_of (guint64 data)
{
  return (guint) data;
}

static gboolean
watch (const MigProbeTarget *target, int fd, guint channel, guint32 events, int operation)
{
  struct epoll_event event = { .events = events, .data.u64 = data_of (target, channel) };

  return epoll_ctl (target->epoll_fd, operation, fd, &event) == 0;
}

/* ---- packets ---- */

static gboolean
open_packets (MigProbeTarget *target)
{
  int one = 1;

  target->udp_fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  return target->udp_fd >= 0 &&
         connect (target->udp_fd, (struct sockaddr *) &target->address, sizeof target->address) ==
             0 &&
         setsockopt (target->udp_fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one) == 0 &&
         watch (target, target->udp_fd, 0, EPOLLIN, EPOLL_CTL_ADD);
}

/* note: a probe that is sent now. The one before covers the time until this one is due. */
static void
note (const MigProbeTarget *target, GArray *probes, MigProbeKind kind, guint connection,
      gint64 due_ns)
{
  MigProbe probe = { .guest = target->number,
                     .kind = kind,
                     .connection = connection,
                     .sequence = probes->len,
                     .due_ns = due_ns,
                     .sent_ns = mig_clock_now (),
                     .answered_ns = MIG_MISSING_INT,
                     .covers_ns = MIG_MISSING_INT };

  if (kind == MIG_PROBE_UDP)
    {
      probe.covers_ns = MIG_PROBE_UDP_PERIOD_NS;
      if (probes->len > 0)
        {
          MigProbe *before = &g_array_index (probes, MigProbe, probes->len - 1);
          before->covers_ns = due_ns - before->due_ns;
        }
    }
  g_array_append_val (probes, probe);
}

static void
send_packet (MigProbeTarget *target, gint64 due_ns)
{
  guint64 payload[REQUEST_BYTES / sizeof (guint64)] = { target->packets->len };

  note (target, target->packets, MIG_PROBE_UDP, 0, due_ns);
  /* what cannot be sent is not answered */
  (void) !send (target->udp_fd, payload, sizeof payload, MSG_DONTWAIT);
}

/* arrival: the kernel's stamp is of the real-time clock. */
static gint64
arrival (struct msghdr *message)
{
  gint64 now_ns = mig_clock_now ();
  struct timespec real, stamp;

  clock_gettime (CLOCK_REALTIME, &real);
  for (struct cmsghdr *c = CMSG_FIRSTHDR (message); c; c = CMSG_NXTHDR (message, c))
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
      {
        memcpy (&stamp, CMSG_DATA (c), sizeof stamp);
        gint64 ago_ns = (real.tv_sec - stamp.tv_sec) * MIG_NS_PER_S + real.tv_nsec - stamp.tv_nsec;
        return ago_ns > 0 ? now_ns - ago_ns : now_ns;
      }
  return now_ns;
}

static void
take_packets (MigProbeTarget *target)
{
  guint64 payload[REQUEST_BYTES / sizeof (guint64)];
  char control[CMSG_SPACE (sizeof (struct timespec)) + 64];

  for (;;)
    {
      struct iovec part = { .iov_base = payload, .iov_len = sizeof payload };
      struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
      };
      ssize_t got = recvmsg (target->udp_fd, &message, MSG_DONTWAIT);
      if (got < 0 && (errno == ECONNREFUSED || errno == EHOSTUNREACH || errno == EINTR))
        continue; /* about a packet that was sent: the error is gone now */
      if (got < 0)
        return;
      if (got != sizeof payload || payload[0] >= target->packets->len)
        continue;
      MigProbe *probe = &g_array_index (target->packets, MigProbe, payload[0]);
      if (!MIG_IS_MISSING (probe->answered_ns))
        continue;
      probe->answered_ns = arrival (&message);
      target->last_ns = MIG_IS_MISSING (target->last_ns)
                            ? probe->answered_ns
                            : MAX (target->last_ns, probe->answered_ns);
    }
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
      !watch (target, connection->fd, index + 1, EPOLLOUT, EPOLL_CTL_ADD))
    close_connection (connection);
}

static void
send_request (MigProbeTarget *target, guint index, gint64 due_ns)
{
  static const guint8 request[REQUEST_BYTES];
  Connection *connection = &target->connections[index];

  note (target, connection->probes, MIG_PROBE_TCP, index, due_ns);
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
      !watch (target, connection->fd, index + 1, EPOLLIN, EPOLL_CTL_MOD))
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

MigProbeTarget *
mig_probe_target_new (int epoll_fd, guint number, const char *address, guint port, GError **error)
{
  MigProbeTarget *target = g_new0 (MigProbeTarget, 1);

  target->epoll_fd = epoll_fd;
  target->number = number;
  target->address.sin_family = AF_INET;
  target->address.sin_port = htons ((guint16) port);
  target->udp_fd = -1;
  target->last_ns = MIG_MISSING_INT;
  target->packets = g_array_new (FALSE, FALSE, sizeof (MigProbe));
  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    {
      target->connections[i].fd = -1;
      target->connections[i].probes = g_array_new (FALSE, FALSE, sizeof (MigProbe));
    }
  if (inet_pton (AF_INET, address, &target->address.sin_addr) == 1 && open_packets (target))
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
  if (target->udp_fd >= 0)
    close (target->udp_fd);
  g_array_unref (target->packets);
  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    {
      close_connection (&target->connections[i]);
      g_array_unref (target->connections[i].probes);
    }
  g_free (target);
}

void
mig_probe_target_tick (MigProbeTarget *target, gint64 due_ns, guint64 index)
{
  guint turn = index % TURNS;

  send_packet (target, due_ns);
  if (turn % TURNS_BETWEEN == 0)
    take_turn (target, turn / TURNS_BETWEEN, due_ns);
}

void
mig_probe_target_ready (MigProbeTarget *target, guint64 data)
{
  guint channel = (guint) (data >> 32);

  if (channel == 0)
    take_packets (target);
  else if (target->connections[channel - 1].state == CONNECTING)
    take_connected (target, channel - 1);
  else if (target->connections[channel - 1].state != CLOSED)
    take_answer (target, channel - 1);
}

gint64
mig_probe_target_heard (const MigProbeTarget *target)
{
  gint64 heard_ns = target->last_ns;

  for (guint i = 0; i < MIG_PROBE_CONNECTIONS && !MIG_IS_MISSING (heard_ns); i++)
    {
      const Connection *connection = &target->connections[i];
      if (connection->state == WAITING)
        heard_ns = MIN (
            heard_ns,
            g_array_index (connection->probes, MigProbe, connection->probes->len - 1).sent_ns);
    }
  return heard_ns;
}

gboolean
mig_probe_target_is_quiet (const MigProbeTarget *target)
{
  const GArray *packets = target->packets;

  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    if (target->connections[i].state == WAITING)
      return FALSE;
  return packets->len == 0 ||
         !MIG_IS_MISSING (g_array_index (packets, MigProbe, packets->len - 1).answered_ns);
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
  tell (target->packets, text);
  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    tell (target->connections[i].probes, text);
}
