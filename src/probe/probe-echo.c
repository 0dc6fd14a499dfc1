/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "probe/probe-echo.h"

#define FILLER_BYTES 24

/* With UDP it begins with the number. */
typedef struct {
  struct icmphdr header;
  guint64 number;
  guint8 filler[FILLER_BYTES];
} Packet;

static gint64
period_of (MigProbeKind kind)
{
  return kind == MIG_PROBE_ICMP ? MIG_PROBE_ICMP_PERIOD_NS : MIG_PROBE_UDP_PERIOD_NS;
}

/* part_of: what of a packet is sent, and comes back. */
static struct iovec
part_of (const MigProbeEcho *echo, Packet *packet)
{
  gsize from = echo->kind == MIG_PROBE_ICMP ? 0 : offsetof (Packet, number);

  return (struct iovec){ .iov_base = (guint8 *) packet + from, .iov_len = sizeof *packet - from };
}

gboolean
mig_probe_echo_open (MigProbeEcho *echo, MigProbeKind kind, guint guest,
                     const struct sockaddr_in *address)
{
  int protocol = kind == MIG_PROBE_ICMP ? IPPROTO_ICMP : 0, one = 1;

  echo->kind = kind;
  echo->guest = guest;
  echo->last_ns = MIG_MISSING_INT;
  echo->probes = g_array_new (FALSE, FALSE, sizeof (MigProbe));
  echo->fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
  return echo->fd >= 0 && connect (echo->fd, (struct sockaddr *) address, sizeof *address) == 0 &&
         setsockopt (echo->fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one) == 0;
}

void
mig_probe_echo_close (MigProbeEcho *echo)
{
  if (echo->fd >= 0)
    close (echo->fd);
  echo->fd = -1;
  g_clear_pointer (&echo->probes, g_array_unref);
}

/* The one before covers the time until this one is due. */
void
mig_probe_echo_send (MigProbeEcho *echo, gint64 due_ns)
{
  Packet packet = { .header = { .type = ICMP_ECHO }, .number = echo->probes->len };
  struct iovec part = part_of (echo, &packet);

  if (echo->fd < 0)
    return;
  packet.header.un.echo.sequence = htons ((guint16) packet.number);
  if (echo->probes->len > 0)
    {
      MigProbe *before = &g_array_index (echo->probes, MigProbe, echo->probes->len - 1);
      before->covers_ns = due_ns - before->due_ns;
    }
  mig_probe_note (echo->probes, echo->guest, echo->kind, 0, due_ns);
  g_array_index (echo->probes, MigProbe, packet.number).covers_ns = period_of (echo->kind);
  /* what cannot be sent is not answered */
  (void) !send (echo->fd, part.iov_base, part.iov_len, MSG_DONTWAIT);
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
note_answer (MigProbeEcho *echo, const Packet *packet, gint64 answered_ns)
{
  if (packet->number >= echo->probes->len ||
      (echo->kind == MIG_PROBE_ICMP && packet->header.type != ICMP_ECHOREPLY))
    return;
  MigProbe *probe = &g_array_index (echo->probes, MigProbe, packet->number);
  if (!MIG_IS_MISSING (probe->answered_ns))
    return;
  probe->answered_ns = answered_ns;
  echo->last_ns = MAX (echo->last_ns, answered_ns); /* missing is below all */
}

void
mig_probe_echo_take (MigProbeEcho *echo)
{
  char control[CMSG_SPACE (sizeof (struct timespec)) + 64];

  for (;;)
    {
      Packet packet = { .number = 0 };
      struct iovec part = part_of (echo, &packet);
      struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
      };
      ssize_t got = recvmsg (echo->fd, &message, MSG_DONTWAIT);
      if (got < 0 && (errno == ECONNREFUSED || errno == EHOSTUNREACH || errno == EINTR))
        continue; /* about a packet that was sent: the error is gone now */
      if (got < 0)
        return;
      if (got == (ssize_t) part.iov_len)
        note_answer (echo, &packet, arrival (&message));
    }
}

gboolean
mig_probe_echo_is_quiet (const MigProbeEcho *echo)
{
  const GArray *probes = echo->probes;

  return probes->len == 0 || MIG_IS_MISSING (echo->last_ns) ||
         !MIG_IS_MISSING (g_array_index (probes, MigProbe, probes->len - 1).answered_ns);
}
