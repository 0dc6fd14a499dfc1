/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/units.h"
#include "probe/arrival.h"
#include "probe/probe-echo.h"

#define FILLER_BYTES 24
#define MAX_IP_HEADER 60

/* With UDP it begins with the number. */
typedef struct {
  struct icmphdr header;
  guint64 number;
  guint8 filler[FILLER_BYTES];
} Packet;

/* part_of: what of a packet is sent, and comes back. */
static struct iovec
part_of (const MigProbeEcho *echo, Packet *packet)
{
  gsize from = echo->kind == MIG_PROBE_ICMP ? 0 : offsetof (Packet, number);

  return (struct iovec){ .iov_base = (guint8 *) packet + from, .iov_len = sizeof *packet - from };
}

/* keep_replies: of all that a raw socket would get. */
static void
keep_replies (const MigProbeEcho *echo, int fd)
{
  const struct icmp_filter replies = { .data = ~(1U << ICMP_ECHOREPLY) };
  struct icmp6_filter replies6;

  ICMP6_FILTER_SETBLOCKALL (&replies6);
  ICMP6_FILTER_SETPASS (ICMP6_ECHO_REPLY, &replies6);
  if (echo->family == AF_INET6)
    setsockopt (fd, IPPROTO_ICMPV6, ICMP6_FILTER, &replies6, sizeof replies6);
  else
    setsockopt (fd, SOL_RAW, ICMP_FILTER, &replies, sizeof replies);
}

/* open_socket: ICMP echo needs no privilege where net.ipv4.ping_group_range holds the group, and
 * none more than CAP_NET_RAW elsewhere. */
static int
open_socket (MigProbeEcho *echo)
{
  int flags = SOCK_CLOEXEC | SOCK_NONBLOCK;
  int protocol = echo->family == AF_INET6 ? (int) IPPROTO_ICMPV6 : (int) IPPROTO_ICMP;

  if (echo->kind != MIG_PROBE_ICMP)
    return socket (echo->family, SOCK_DGRAM | flags, 0);
  int fd = socket (echo->family, SOCK_DGRAM | flags, protocol);
  if (fd >= 0 || errno != EACCES)
    return fd;
  fd = socket (echo->family, SOCK_RAW | flags, protocol);
  if (fd < 0)
    errno = EACCES; /* of what would have to be allowed */
  else
    keep_replies (echo, fd);
  echo->raw = fd >= 0;
  echo->id = (guint16) g_random_int ();
  return fd;
}

void
mig_probe_echo_init (MigProbeEcho *echo)
{
  echo->fd = -1;
  echo->last_ns = MIG_MISSING_INT;
  mig_probe_log_init (&echo->log);
}

void
mig_probe_echo_clear (MigProbeEcho *echo)
{
  mig_probe_echo_close (echo);
  mig_probe_log_clear (&echo->log);
}

gboolean
mig_probe_echo_open (MigProbeEcho *echo, MigProbeKind kind, guint guest, gint64 period_ns,
                     const MigProbeAddress *address)
{
  int one = 1;

  echo->kind = kind;
  echo->guest = guest;
  echo->period_ns = period_ns;
  echo->family = address->any.sa_family;
  echo->fd = open_socket (echo);
  return echo->fd >= 0 && connect (echo->fd, &address->any, address->size) == 0 &&
         setsockopt (echo->fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one) == 0;
}

void
mig_probe_echo_close (MigProbeEcho *echo)
{
  if (echo->fd >= 0)
    close (echo->fd);
  echo->fd = -1;
}

/* checksum: RFC 1071, of an even number of bytes; a raw socket's kernel leaves it to us. */
static guint16
checksum (const Packet *packet)
{
  guint16 words[sizeof *packet / 2];
  guint32 sum = 0;

  memcpy (words, packet, sizeof words);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    sum += words[i];
  while (sum >> 16)
    sum = (sum & 0xffff) + (sum >> 16);
  return (guint16) ~sum;
}

/* The one before covers the time until this one is due. */
void
mig_probe_echo_send (MigProbeEcho *echo, gint64 due_ns)
{
  Packet packet = { .header = { .type = echo->family == AF_INET6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO },
                    .number = (guint64) echo->log.next };
  struct iovec part = part_of (echo, &packet);

  if (echo->fd < 0)
    return;
  packet.header.un.echo.sequence = htons ((guint16) packet.number);
  if (echo->raw)
    {
      packet.header.un.echo.id = echo->id;
      if (echo->family == AF_INET) /* else the kernel does it */
        packet.header.checksum = checksum (&packet);
    }
  mig_probe_log_cover (&echo->log, due_ns);
  mig_probe_log_add (&echo->log, echo->guest, echo->kind, 0, due_ns)->covers_ns = echo->period_ns;
  /* what cannot be sent is not answered */
  (void) !send (echo->fd, part.iov_base, part.iov_len, MSG_DONTWAIT);
}

/* read_packet: of what came, with an IPv4 header before it where the socket is raw. FALSE: it is no
 * answer of ours. */
static gboolean
read_packet (const MigProbeEcho *echo, const guint8 *bytes, gsize size, Packet *packet)
{
  guint8 reply = echo->family == AF_INET6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY;
  gsize header = echo->raw && echo->family == AF_INET && size > 0 ? (bytes[0] & 0xfU) * 4 : 0;
  struct iovec part = part_of (echo, packet);

  if (size != header + part.iov_len)
    return FALSE;
  memcpy (part.iov_base, bytes + header, part.iov_len);
  return echo->kind != MIG_PROBE_ICMP ||
         (packet->header.type == reply && (!echo->raw || packet->header.un.echo.id == echo->id));
}

static void
note_answer (MigProbeEcho *echo, const Packet *packet, gint64 answered_ns)
{
  MigProbe *probe = packet->number <= G_MAXINT64
                        ? mig_probe_log_find (&echo->log, (gint64) packet->number)
                        : NULL;

  if (!probe || !MIG_IS_MISSING (probe->answered_ns))
    return;
  probe->answered_ns = answered_ns;
  echo->last_ns = MAX (echo->last_ns, answered_ns); /* missing is below all */
}

void
mig_probe_echo_take (MigProbeEcho *echo)
{
  char control[MIG_ARRIVAL_CONTROL_BYTES];
  guint8 bytes[MAX_IP_HEADER + sizeof (Packet) + 1];

  for (;;)
    {
      Packet packet = { .number = 0 };
      struct iovec part = { .iov_base = bytes, .iov_len = sizeof bytes };
      struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
      };
      ssize_t got = recvmsg (echo->fd, &message, MSG_DONTWAIT);
      if (got < 0 && (errno == ECONNREFUSED || errno == EHOSTUNREACH || errno == EINTR))
        continue; /* about a packet that was sent: the error is gone now */
      if (got < 0)
        return;
      if (read_packet (echo, bytes, (gsize) got, &packet))
        note_answer (echo, &packet, mig_arrival (&message));
    }
}

gboolean
mig_probe_echo_is_quiet (const MigProbeEcho *echo)
{
  const MigProbe *last = mig_probe_log_last (&echo->log);

  return !last || MIG_IS_MISSING (echo->last_ns) || !MIG_IS_MISSING (last->answered_ns);
}
