/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "workloads/console.h"
#include "workloads/network.h"
#include "workloads/protocol.h"
#include "workloads/thread.h"

#define CARD "eth0"
/* for so long the card may take to appear once its driver is there */
#define CARD_WAIT_NS (20 * MIG_GUEST_NS_PER_S)
#define CARD_RETRY_NS (5 * MIG_GUEST_NS_PER_MS)
#define CONNECTIONS 64
#define BUFFER_BYTES 2048

/* ---- the card ---- */

static bool
await_card (const MigGuestClock *clock, int fd)
{
  struct ifreq card = { .ifr_name = CARD };
  int64_t now = clock->now (clock->opaque), deadline = now + CARD_WAIT_NS;

  while (ioctl (fd, SIOCGIFINDEX, &card) < 0)
    {
      if (now > deadline)
        return false;
      clock->sleep_until (clock->opaque, now + CARD_RETRY_NS);
      now = clock->now (clock->opaque);
    }
  return true;
}

static bool
set_address (int fd, unsigned long request, uint32_t address)
{
  struct ifreq card = { .ifr_name = CARD };
  struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (address) };

  memcpy (&card.ifr_addr, &in, sizeof in);
  return ioctl (fd, request, &card) == 0;
}

static bool
bring_up (int fd, uint64_t address)
{
  uint32_t prefix = (uint32_t) (address >> MIG_OPTION_ADDRESS_BITS);
  uint32_t mask = prefix ? ~UINT32_C (0) << (32 - prefix) : 0;
  struct ifreq card = { .ifr_name = CARD };

  if (!set_address (fd, SIOCSIFADDR, (uint32_t) address) ||
      !set_address (fd, SIOCSIFNETMASK, mask) || ioctl (fd, SIOCGIFFLAGS, &card) < 0)
    return false;
  card.ifr_flags |= IFF_UP;
  return ioctl (fd, SIOCSIFFLAGS, &card) == 0;
}

void
mig_network_set_up (const MigGuest *guest)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || !await_card (guest->clock, fd) || !bring_up (fd, guest->options.address))
    mig_console_complain ("no network", CARD);
  if (fd >= 0)
    close (fd);
}

/* ---- the servers ---- */

typedef struct {
  struct pollfd items[2 + CONNECTIONS]; /* packets, new connections, connections */
  nfds_t n;
} Server;

int
mig_network_open_port (int type, unsigned port)
{
  struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port) };
  int fd = socket (AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;

  if (fd < 0)
    return -1;
  (void) setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind (fd, (struct sockaddr *) &here, sizeof here) == 0 &&
      (type == SOCK_DGRAM || listen (fd, CONNECTIONS) == 0))
    return fd;
  close (fd);
  return -1;
}

static void
echo_packets (int fd)
{
  char packet[BUFFER_BYTES];
  struct sockaddr_in from;
  socklen_t length = sizeof from;
  ssize_t got;

  while ((got = recvfrom (fd, packet, sizeof packet, 0, (struct sockaddr *) &from, &length)) >= 0)
    {
      (void) !sendto (fd, packet, (size_t) got, 0, (struct sockaddr *) &from, length);
      length = sizeof from;
    }
}

/* echo_bytes: false: the connection is over, or its client does not read. */
static bool
echo_bytes (int fd)
{
  char bytes[BUFFER_BYTES];
  ssize_t got = recv (fd, bytes, sizeof bytes, 0);

  if (got < 0)
    return errno == EAGAIN || errno == EINTR;
  return got > 0 && send (fd, bytes, (size_t) got, MSG_NOSIGNAL) == got;
}

static void
accept_all (Server *server)
{
  int fd, one = 1;

  while ((fd = accept4 (server->items[1].fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
    {
      if (server->n == sizeof server->items / sizeof server->items[0])
        {
          close (fd);
          continue;
        }
      (void) setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      server->items[server->n++] = (struct pollfd){ .fd = fd, .events = POLLIN };
    }
}

static void *
serve (void *opaque)
{
  Server *server = opaque;

  for (;;)
    {
      if (poll (server->items, server->n, -1) < 0)
        continue;
      if (server->items[0].revents)
        echo_packets (server->items[0].fd);
      for (nfds_t i = server->n - 1; i >= 2; i--)
        if (server->items[i].revents && !echo_bytes (server->items[i].fd))
          {
            close (server->items[i].fd);
            server->items[i] = server->items[--server->n];
          }
      if (server->items[1].revents)
        accept_all (server);
    }
  return NULL;
}

int
mig_network_serve (void)
{
  static Server server;

  server.items[0] = (struct pollfd){
    .fd = mig_network_open_port (SOCK_DGRAM, MIG_PROTOCOL_ECHO_PORT), .events = POLLIN
  };
  server.items[1] = (struct pollfd){
    .fd = mig_network_open_port (SOCK_STREAM, MIG_PROTOCOL_ECHO_PORT), .events = POLLIN
  };
  server.n = 2;
  if (server.items[0].fd < 0 || server.items[1].fd < 0)
    return errno;
  return mig_thread_start (serve, &server, MIG_NETWORK_PRIORITY);
}
