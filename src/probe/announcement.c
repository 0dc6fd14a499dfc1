/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/probe-kind.h"
#include "base/units.h"
#include "probe/announcement.h"
#include "probe/arrival.h"

#define WORD "announced"
#define N_FIELDS 4
/* so many are kept: a network where more are seen has other troubles */
#define MAX_KEPT 100000

/* Ethernet, then ARP's own, in network byte order (RFC 826); no gaps. */
typedef struct {
  guint8 destination[ETH_ALEN], source[ETH_ALEN];
  guint16 type;
  guint16 hardware, protocol;
  guint8 hardware_size, protocol_size;
  guint16 operation;
  guint8 sender_mac[ETH_ALEN], sender_ip[4], target_mac[ETH_ALEN], target_ip[4];
} Frame;

static const char *const kinds[MIG_N_ANNOUNCEMENT_KINDS] = {
  [MIG_ANNOUNCEMENT_RARP] = MIG_ANNOUNCED_BY_RARP,
  [MIG_ANNOUNCEMENT_ARP] = MIG_ANNOUNCED_BY_ARP,
};

const char *
mig_announcement_kind_name (MigAnnouncementKind kind)
{
  return kinds[kind];
}

gboolean
mig_announcement_parse_frame (const guint8 *bytes, gsize size, MigAnnouncement *announcement)
{
  static const guint8 nobody[4];
  Frame frame;

  if (size < sizeof frame)
    return FALSE;
  memcpy (&frame, bytes, sizeof frame);
  if (frame.hardware_size != ETH_ALEN || frame.protocol_size != sizeof frame.sender_ip)
    return FALSE;
  if (frame.type == htons (ETH_P_RARP))
    announcement->kind = MIG_ANNOUNCEMENT_RARP;
  else if (frame.type == htons (ETH_P_ARP) &&
           memcmp (frame.sender_ip, frame.target_ip, sizeof frame.sender_ip) == 0 &&
           memcmp (frame.sender_ip, nobody, sizeof nobody) != 0)
    announcement->kind = MIG_ANNOUNCEMENT_ARP;
  else
    return FALSE;
  const guint8 *mac = frame.sender_mac;
  g_snprintf (announcement->mac, sizeof announcement->mac, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
              mac[1], mac[2], mac[3], mac[4], mac[5]);
  return TRUE;
}

void
mig_announcement_format (GString *text, const MigAnnouncement *announcement)
{
  g_string_append_printf (text, WORD " %s %" G_GINT64_FORMAT " %s\n", kinds[announcement->kind],
                          announcement->time_ns, announcement->mac);
}

gboolean
mig_announcement_parse (const char *line, MigAnnouncement *announcement)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", N_FIELDS + 1);
  guint kind = 0;

  if (g_strv_length (fields) != N_FIELDS || strcmp (fields[0], WORD) != 0)
    return FALSE;
  while (kind < MIG_N_ANNOUNCEMENT_KINDS && strcmp (fields[1], kinds[kind]) != 0)
    kind++;
  announcement->kind = kind;
  return kind < MIG_N_ANNOUNCEMENT_KINDS &&
         g_ascii_string_to_signed (fields[2], 10, 0, G_MAXINT64, &announcement->time_ns, NULL) &&
         g_strlcpy (announcement->mac, fields[3], sizeof announcement->mac) ==
             MIG_MAC_TEXT_BYTES - 1;
}

int
mig_announcements_open (void)
{
  /* RARP and ARP alone: the kernel drops the rest */
  static struct sock_filter code[] = {
    BPF_STMT (BPF_LD + BPF_H + BPF_ABS, offsetof (Frame, type)),
    BPF_JUMP (BPF_JMP + BPF_JEQ + BPF_K, ETH_P_RARP, 1, 0),
    BPF_JUMP (BPF_JMP + BPF_JEQ + BPF_K, ETH_P_ARP, 0, 1),
    BPF_STMT (BPF_RET + BPF_K, sizeof (Frame)),
    BPF_STMT (BPF_RET + BPF_K, 0),
  };
  const struct sock_fprog filter = { .len = G_N_ELEMENTS (code), .filter = code };
  int fd = socket (AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
  struct sockaddr_ll all = { .sll_family = AF_PACKET, .sll_protocol = htons (ETH_P_ALL) };

  /* bound last: nothing comes that the filter has not seen */
  if (fd >= 0 && (setsockopt (fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0 ||
                  setsockopt (fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one) < 0 ||
                  bind (fd, (struct sockaddr *) &all, sizeof all) < 0))
    {
      close (fd);
      fd = -1;
    }
  return fd;
}

void
mig_announcements_take (int fd, GArray *announcements)
{
  char control[MIG_ARRIVAL_CONTROL_BYTES];
  guint8 bytes[sizeof (Frame)];

  for (;;)
    {
      struct iovec part = { .iov_base = bytes, .iov_len = sizeof bytes };
      struct sockaddr_ll from = { 0 };
      struct msghdr message = { .msg_name = &from,
                                .msg_namelen = sizeof from,
                                .msg_iov = &part,
                                .msg_iovlen = 1,
                                .msg_control = control,
                                .msg_controllen = sizeof control };
      MigAnnouncement announcement = { .time_ns = 0 };
      ssize_t got = recvmsg (fd, &message, MSG_DONTWAIT);
      if (got < 0)
        return;
      announcement.time_ns = mig_arrival (&message);
      if (from.sll_pkttype != PACKET_OUTGOING && announcements->len < MAX_KEPT &&
          mig_announcement_parse_frame (bytes, (gsize) got, &announcement))
        g_array_append_val (announcements, announcement);
    }
}
