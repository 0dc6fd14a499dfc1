/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "workloads/network.h"
#include "workloads/protocol.h"
#include "workloads/streams.h"
#include "workloads/thread.h"

#define CONNECTIONS 16
#define BUFFER_BYTES 4096
#define NS_PER_S INT64_C (1000000000)
#define NS_PER_MS INT64_C (1000000)

typedef struct {
  struct pollfd items[1 + CONNECTIONS]; /* new connections, connections */
  bool begun[1 + CONNECTIONS], gives[1 + CONNECTIONS];
  nfds_t n;
  int64_t due_ns; /* of what is given next */
} Streams;

static int64_t
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return time.tv_sec * NS_PER_S + time.tv_nsec;
}

/* time_left: for poll, until something is to be given; -1: nothing is. */
static int
time_left (const Streams *streams)
{
  for (nfds_t i = 1; i < streams->n; i++)
    if (streams->gives[i])
      {
        int64_t left_ns = streams->due_ns - now ();
        return left_ns > 0 ? (int) ((left_ns + NS_PER_MS - 1) / NS_PER_MS) : 0;
      }
  return -1;
}

static void
drop (Streams *streams, nfds_t i)
{
  close (streams->items[i].fd);
  streams->n--;
  streams->items[i] = streams->items[streams->n];
  streams->begun[i] = streams->begun[streams->n];
  streams->gives[i] = streams->gives[streams->n];
}

/* give: to all that are to get some; what a full connection does not take is left out. */
static void
give (Streams *streams)
{
  static const char bytes[MIG_PROTOCOL_STREAM_BYTES];
  int64_t time_ns = now ();

  if (time_ns < streams->due_ns)
    return;
  streams->due_ns += MIG_PROTOCOL_STREAM_PERIOD_NS;
  if (streams->due_ns < time_ns) /* no haste afterwards */
    streams->due_ns = time_ns + MIG_PROTOCOL_STREAM_PERIOD_NS;
  for (nfds_t i = 1; i < streams->n; i++)
    if (streams->gives[i])
      (void) !send (streams->items[i].fd, bytes, sizeof bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* take: false: the connection is over. */
static bool
take (Streams *streams, nfds_t i)
{
  char bytes[BUFFER_BYTES];
  ssize_t got = recv (streams->items[i].fd, bytes, sizeof bytes, 0);

  if (got < 0)
    return errno == EAGAIN || errno == EINTR;
  if (got > 0 && !streams->begun[i])
    {
      streams->begun[i] = true;
      streams->gives[i] = bytes[0] == MIG_PROTOCOL_STREAM_GIVE;
      streams->due_ns = now ();
    }
  return got > 0;
}

static void
accept_all (Streams *streams)
{
  int fd;

  while ((fd = accept4 (streams->items[0].fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
    {
      if (streams->n == 1 + CONNECTIONS)
        {
          close (fd);
          continue;
        }
      streams->begun[streams->n] = streams->gives[streams->n] = false;
      streams->items[streams->n++] = (struct pollfd){ .fd = fd, .events = POLLIN };
    }
}

static void *
serve (void *opaque)
{
  Streams *streams = opaque;

  for (;;)
    {
      if (poll (streams->items, streams->n, time_left (streams)) < 0)
        continue;
      for (nfds_t i = streams->n - 1; i >= 1; i--)
        if (streams->items[i].revents && !take (streams, i))
          drop (streams, i);
      if (streams->items[0].revents)
        accept_all (streams);
      give (streams);
    }
  return NULL;
}

int
mig_streams_serve (void)
{
  static Streams streams;

  streams.items[0] = (struct pollfd){
    .fd = mig_network_open_port (SOCK_STREAM, MIG_PROTOCOL_STREAM_PORT), .events = POLLIN
  };
  streams.n = 1;
  if (streams.items[0].fd < 0)
    return errno;
  return mig_thread_start (serve, &streams, MIG_NETWORK_PRIORITY);
}
