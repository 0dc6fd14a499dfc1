/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/units.h"
#include "probe/probe-requests.h"
#include "probe/probe-socket.h"

#define REQUEST_BYTES 32
/* every so many points of the grid a connection may ask */
#define TURNS (MIG_PROBE_TCP_PERIOD_NS / MIG_PROBE_TICK_NS)
#define TURNS_BETWEEN (TURNS / MIG_PROBE_CONNECTIONS)

static void
close_connection (MigProbeConnection *connection)
{
  mig_probe_socket_reset (connection->fd);
  connection->fd = -1;
  connection->state = MIG_PROBE_CLOSED;
}

static void
open_connection (MigProbeRequests *requests, guint index)
{
  MigProbeConnection *connection = &requests->connections[index];

  connection->fd = mig_probe_socket_open (&requests->address, requests->epoll_fd, requests->guest,
                                          requests->first_channel + index);
  if (connection->fd >= 0)
    connection->state = MIG_PROBE_CONNECTING;
}

static void
send_request (MigProbeRequests *requests, guint index, gint64 due_ns)
{
  static const guint8 request[REQUEST_BYTES];
  MigProbeConnection *connection = &requests->connections[index];

  mig_probe_log_add (&connection->log, requests->guest, MIG_PROBE_TCP, index, due_ns);
  connection->got = 0;
  connection->state = MIG_PROBE_WAITING;
  if (send (connection->fd, request, sizeof request, MSG_NOSIGNAL | MSG_DONTWAIT) != sizeof request)
    close_connection (connection);
}

static void
take_turn (MigProbeRequests *requests, guint index, gint64 due_ns)
{
  switch (requests->connections[index].state)
    {
    case MIG_PROBE_CLOSED:
      open_connection (requests, index);
      break;
    case MIG_PROBE_IDLE:
      send_request (requests, index, due_ns);
      break;
    case MIG_PROBE_CONNECTING:
    case MIG_PROBE_WAITING:
      break;
    }
}

static void
take_connected (MigProbeRequests *requests, guint index)
{
  MigProbeConnection *connection = &requests->connections[index];

  if (!mig_probe_socket_is_made (connection->fd) ||
      !mig_probe_socket_watch (connection->fd, requests->epoll_fd, requests->guest,
                               requests->first_channel + index, EPOLLIN, EPOLL_CTL_MOD))
    close_connection (connection);
  else
    connection->state = MIG_PROBE_IDLE;
}

static void
take_answer (MigProbeRequests *requests, guint index)
{
  MigProbeConnection *connection = &requests->connections[index];
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
  if (connection->state == MIG_PROBE_WAITING && connection->got >= REQUEST_BYTES)
    {
      mig_probe_log_last (&connection->log)->answered_ns = mig_clock_now ();
      connection->answered = TRUE;
      connection->state = MIG_PROBE_IDLE;
    }
}

void
mig_probe_requests_init (MigProbeRequests *requests, int epoll_fd, guint guest, guint first_channel,
                         const MigProbeAddress *address)
{
  *requests = (MigProbeRequests){
    .epoll_fd = epoll_fd, .guest = guest, .first_channel = first_channel, .address = *address
  };
  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    {
      requests->connections[i].fd = -1;
      mig_probe_log_init (&requests->connections[i].log);
    }
}

void
mig_probe_requests_clear (MigProbeRequests *requests)
{
  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    {
      close_connection (&requests->connections[i]);
      mig_probe_log_clear (&requests->connections[i].log);
    }
}

void
mig_probe_requests_start (MigProbeRequests *requests, gint64 due_ns, guint64 index)
{
  guint turn = index % TURNS;

  if (turn % TURNS_BETWEEN == 0)
    take_turn (requests, turn / TURNS_BETWEEN, due_ns);
}

void
mig_probe_requests_ready (MigProbeRequests *requests, guint index)
{
  if (requests->connections[index].state == MIG_PROBE_CONNECTING)
    take_connected (requests, index);
  else if (requests->connections[index].state != MIG_PROBE_CLOSED)
    take_answer (requests, index);
}

gint64
mig_probe_requests_oldest (const MigProbeRequests *requests)
{
  gint64 oldest_ns = MIG_MISSING_INT;

  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    {
      const MigProbeConnection *connection = &requests->connections[i];
      if (connection->state != MIG_PROBE_WAITING)
        continue;
      gint64 sent_ns = mig_probe_log_last (&connection->log)->sent_ns;
      oldest_ns = MIG_IS_MISSING (oldest_ns) ? sent_ns : MIN (oldest_ns, sent_ns);
    }
  return oldest_ns;
}

gboolean
mig_probe_requests_are_answered (const MigProbeRequests *requests)
{
  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    if (!requests->connections[i].answered)
      return FALSE;
  return TRUE;
}

void
mig_probe_requests_forget (MigProbeRequests *requests, gint64 before_ns)
{
  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    mig_probe_log_forget (&requests->connections[i].log, before_ns);
}

void
mig_probe_requests_tell (const MigProbeRequests *requests, gint64 since_ns, GString *text)
{
  for (guint i = 0; i < MIG_PROBE_CONNECTIONS; i++)
    mig_probe_log_tell (&requests->connections[i].log, since_ns, text);
}
