/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "probe/load-relay.h"
#include "probe/probe-socket.h"
#include "probe/request.h"

#define MAX_EVENTS 64
#define BACKLOG 64
#define READ_BYTES 65536
/* data of events that are no connection's */
#define LISTENER G_MAXUINT64

enum { CLIENT, SERVER, N_ENDS };

/* What is sent to it at one end goes out at the other. */
typedef struct {
  int fds[N_ENDS];             /* -1: closed */
  GByteArray *waiting[N_ENDS]; /* what is still to be sent there */
  gint64 asked_ns;             /* of the request that lacks its answer; missing: none does */
  GByteArray *answer;          /* its beginning, up to its header's end */
  guint64 lacks;               /* bytes of it; MIG_ANSWER_UNKNOWN: as long as that is not there */
} Connection;

struct _MigLoadRelay {
  MigProbeAddress server;
  int listener, epoll_fd;
  guint port;
  GPtrArray *connections; /* Connection; closed ones are used again */
};

static void
connection_free (gpointer data)
{
  Connection *connection = data;

  for (guint end = 0; end < N_ENDS; end++)
    {
      mig_probe_socket_reset (connection->fds[end]);
      g_byte_array_unref (connection->waiting[end]);
    }
  g_byte_array_unref (connection->answer);
  g_free (connection);
}

static Connection *
connection_new (void)
{
  Connection *connection = g_new0 (Connection, 1);

  for (guint end = 0; end < N_ENDS; end++)
    {
      connection->fds[end] = -1;
      connection->waiting[end] = g_byte_array_new ();
    }
  connection->asked_ns = MIG_MISSING_INT;
  connection->answer = g_byte_array_new ();
  return connection;
}

/* cut: at both ends; whoever waits for an answer fails. */
static void
cut (Connection *connection)
{
  for (guint end = 0; end < N_ENDS; end++)
    {
      mig_probe_socket_reset (connection->fds[end]);
      connection->fds[end] = -1;
      g_byte_array_set_size (connection->waiting[end], 0);
    }
  connection->asked_ns = MIG_MISSING_INT;
}

static gboolean
watch (const MigLoadRelay *relay, int fd, guint64 data, guint32 events, int operation)
{
  struct epoll_event event = { .events = events, .data.u64 = data };

  return epoll_ctl (relay->epoll_fd, operation, fd, &event) == 0;
}

/* watch_end: for what it sends as long as somebody is there to get it, and for room where it lacks
 * some. */
static gboolean
watch_end (const MigLoadRelay *relay, guint index, guint end, int operation)
{
  const Connection *connection = relay->connections->pdata[index];
  guint32 events = (connection->fds[!end] >= 0 ? EPOLLIN : 0) |
                   (connection->waiting[end]->len > 0 ? EPOLLOUT : 0);

  return watch (relay, connection->fds[end], (guint64) index * N_ENDS + end, events, operation);
}

/* ---- what passes ---- */

static void
note_request (Connection *connection)
{
  if (!MIG_IS_MISSING (connection->asked_ns))
    return;
  connection->asked_ns = mig_clock_now ();
  connection->lacks = MIG_ANSWER_UNKNOWN;
  g_byte_array_set_size (connection->answer, 0);
}

static void
note_answer (Connection *connection, const guint8 *bytes, gsize size)
{
  if (MIG_IS_MISSING (connection->asked_ns))
    return;
  if (connection->lacks == MIG_ANSWER_UNKNOWN)
    {
      g_byte_array_append (connection->answer, bytes, (guint) size);
      connection->lacks = mig_answer_lacks ((const char *) connection->answer->data,
                                            connection->answer->len);
    }
  else
    connection->lacks -= MIN (connection->lacks, size);
  if (connection->lacks == 0)
    connection->asked_ns = MIG_MISSING_INT;
}

/* flush: what waits for that end; one whose peer has hung up is closed behind it. */
static void
flush (const MigLoadRelay *relay, guint index, guint end)
{
  Connection *connection = relay->connections->pdata[index];
  GByteArray *waiting = connection->waiting[end];
  ssize_t done = waiting->len == 0 ? 0
                                   : send (connection->fds[end], waiting->data, waiting->len,
                                           MSG_NOSIGNAL | MSG_DONTWAIT);

  if (done > 0)
    g_byte_array_remove_range (waiting, 0, (guint) done);
  if (done < 0 && errno != EAGAIN && errno != EINTR)
    cut (connection);
  else if (waiting->len == 0 && connection->fds[!end] < 0)
    {
      close (connection->fds[end]);
      connection->fds[end] = -1;
    }
  else
    watch_end (relay, index, end, EPOLL_CTL_MOD);
}

/* hang_up: as the server did; its last words reach the client. */
static void
hang_up (const MigLoadRelay *relay, guint index)
{
  Connection *connection = relay->connections->pdata[index];

  mig_probe_socket_reset (connection->fds[SERVER]);
  connection->fds[SERVER] = -1;
  connection->asked_ns = MIG_MISSING_INT;
  flush (relay, index, CLIENT);
}

static void
pass (const MigLoadRelay *relay, guint index, guint from)
{
  Connection *connection = relay->connections->pdata[index];
  guint8 bytes[READ_BYTES];
  ssize_t got = recv (connection->fds[from], bytes, sizeof bytes, MSG_DONTWAIT);

  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (got == 0 && from == SERVER)
    hang_up (relay, index);
  else if (got <= 0 || connection->fds[!from] < 0)
    cut (connection);
  else
    {
      if (from == CLIENT)
        note_request (connection);
      else
        note_answer (connection, bytes, (gsize) got);
      g_byte_array_append (connection->waiting[!from], bytes, (guint) got);
      flush (relay, index, !from);
    }
}

/* ---- connections ---- */

/* find_closed: the number of a connection that is free. */
static guint
find_closed (const MigLoadRelay *relay)
{
  guint index = 0;

  while (index < relay->connections->len)
    {
      const Connection *connection = relay->connections->pdata[index];
      if (connection->fds[CLIENT] < 0 && connection->fds[SERVER] < 0)
        return index;
      index++;
    }
  g_ptr_array_add (relay->connections, connection_new ());
  return index;
}

static void
take_client (const MigLoadRelay *relay)
{
  int client = accept4 (relay->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK), one = 1;

  if (client < 0)
    return;
  guint index = find_closed (relay);
  Connection *connection = relay->connections->pdata[index];
  connection->fds[CLIENT] = client;
  connection->fds[SERVER] = mig_probe_socket_new (&relay->server);
  gboolean ok = connection->fds[SERVER] >= 0;
  for (guint end = 0; end < N_ENDS && ok; end++)
    ok = setsockopt (connection->fds[end], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0;
  if (!ok || !mig_probe_socket_connect (connection->fds[SERVER], &relay->server) ||
      !watch_end (relay, index, CLIENT, EPOLL_CTL_ADD) ||
      !watch_end (relay, index, SERVER, EPOLL_CTL_ADD))
    cut (connection);
}

static void
handle (const MigLoadRelay *relay, const struct epoll_event *event)
{
  if (event->data.u64 == LISTENER)
    {
      take_client (relay);
      return;
    }
  guint index = (guint) (event->data.u64 / N_ENDS), end = (guint) (event->data.u64 % N_ENDS);
  const Connection *connection = relay->connections->pdata[index];
  if (connection->fds[end] >= 0 && event->events & EPOLLOUT)
    flush (relay, index, end);
  if (connection->fds[end] >= 0 && event->events & ~(guint32) EPOLLOUT)
    pass (relay, index, end);
}

/* ---- the relay ---- */

void
mig_load_relay_free (MigLoadRelay *relay)
{
  if (!relay)
    return;
  g_ptr_array_unref (relay->connections);
  if (relay->listener >= 0)
    close (relay->listener);
  if (relay->epoll_fd >= 0)
    close (relay->epoll_fd);
  g_free (relay);
}

static gboolean
open_listener (MigLoadRelay *relay)
{
  MigProbeAddress here;

  relay->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (relay->listener < 0 || !mig_probe_address_parse ("127.0.0.1", 0, &here) ||
      bind (relay->listener, &here.any, here.size) < 0 ||
      getsockname (relay->listener, &here.any, &here.size) < 0 ||
      listen (relay->listener, BACKLOG) < 0)
    return FALSE;
  relay->port = ntohs (here.ip4.sin_port);
  return watch (relay, relay->listener, LISTENER, EPOLLIN, EPOLL_CTL_ADD);
}

MigLoadRelay *
mig_load_relay_new (const MigProbeAddress *server)
{
  MigLoadRelay *relay = g_new0 (MigLoadRelay, 1);

  relay->server = *server;
  relay->listener = -1;
  relay->connections = g_ptr_array_new_with_free_func (connection_free);
  relay->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (relay->epoll_fd >= 0 && open_listener (relay))
    return relay;
  mig_load_relay_free (relay);
  return NULL;
}

guint
mig_load_relay_port (const MigLoadRelay *relay)
{
  return relay->port;
}

int
mig_load_relay_fd (const MigLoadRelay *relay)
{
  return relay->epoll_fd;
}

void
mig_load_relay_ready (MigLoadRelay *relay)
{
  struct epoll_event events[MAX_EVENTS];
  int n = epoll_wait (relay->epoll_fd, events, MAX_EVENTS, 0);

  for (int i = 0; i < n; i++)
    handle (relay, &events[i]);
}

/* First nobody is taken any more: whose connection is cut may try again. */
void
mig_load_relay_give_up (MigLoadRelay *relay, GArray *sent)
{
  if (relay->listener >= 0)
    close (relay->listener);
  relay->listener = -1;
  for (guint i = 0; i < relay->connections->len; i++)
    {
      Connection *connection = relay->connections->pdata[i];
      if (!MIG_IS_MISSING (connection->asked_ns))
        g_array_append_val (sent, connection->asked_ns);
      cut (connection);
    }
}
