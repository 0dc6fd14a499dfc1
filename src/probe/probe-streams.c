/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <linux/sockios.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/units.h"
#include "probe/probe-socket.h"
#include "probe/probe-streams.h"

/* one that is closed is opened again every so many points of the grid */
#define OPEN_PERIOD 100
#define READ_BYTES 65536
/* first byte of a stream: 'g' asks the guest to give (workloads/protocol.h) */
static const char beginnings[MIG_N_PROBE_STREAMS] = {
  [MIG_PROBE_TO] = 't', [MIG_PROBE_FROM] = 'g'
};

static void
close_stream (MigProbeStream *stream)
{
  mig_probe_socket_reset (stream->fd);
  stream->fd = -1;
  stream->open = FALSE;
}

static void
take_connected (MigProbeStreams *streams, guint index)
{
  MigProbeStream *stream = &streams->streams[index];

  if (!mig_probe_socket_is_made (stream->fd) ||
      send (stream->fd, &beginnings[index], 1, MSG_NOSIGNAL | MSG_DONTWAIT) != 1 ||
      !mig_probe_socket_watch (stream->fd, streams->epoll_fd, streams->guest,
                               streams->first_channel + index, EPOLLIN, EPOLL_CTL_MOD))
    {
      close_stream (stream);
      return;
    }
  stream->open = TRUE;
  stream->bytes = 0;
  stream->base = stream->marked = stream->log.next;
}

/* mark_acknowledged: what has left the socket's queue since. */
static void
mark_acknowledged (MigProbeStream *stream)
{
  gint64 time_ns = mig_clock_now ();
  int queued = 0;

  if (ioctl (stream->fd, SIOCOUTQ, &queued) < 0)
    return;
  guint64 gone = stream->bytes > (guint64) queued ? stream->bytes - (guint64) queued : 0;
  gint64 end = stream->base + (gint64) (gone / MIG_PROBE_STREAM_BYTES);
  for (; stream->marked < end; stream->marked++)
    {
      MigProbe *probe = mig_probe_log_find (&stream->log, stream->marked);
      if (probe)
        probe->answered_ns = time_ns;
    }
}

/* send_more: what a full connection does not take is left out. */
static void
send_more (MigProbeStreams *streams, MigProbeStream *stream, gint64 due_ns)
{
  static const char bytes[MIG_PROBE_STREAM_BYTES];
  gsize rest = stream->bytes % MIG_PROBE_STREAM_BYTES;
  ssize_t sent = send (stream->fd, bytes, sizeof bytes - rest, MSG_NOSIGNAL | MSG_DONTWAIT);

  if (sent < 0 && errno != EAGAIN && errno != EINTR)
    {
      close_stream (stream);
      return;
    }
  stream->bytes += (guint64) MAX (sent, 0);
  if (sent > 0 && stream->bytes % MIG_PROBE_STREAM_BYTES == 0)
    mig_probe_log_add (&stream->log, streams->guest, stream->kind, 0, due_ns);
}

static void
take_bytes (MigProbeStreams *streams, MigProbeStream *stream)
{
  char bytes[READ_BYTES];
  ssize_t got = recv (stream->fd, bytes, sizeof bytes, MSG_DONTWAIT);
  gint64 time_ns = mig_clock_now ();

  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (got <= 0)
    {
      close_stream (stream);
      return;
    }
  guint64 before = stream->bytes / MIG_PROBE_STREAM_BYTES;
  stream->bytes += (guint64) got;
  for (guint64 i = before; i < stream->bytes / MIG_PROBE_STREAM_BYTES; i++)
    {
      gint64 since_ns = MIG_IS_MISSING (stream->last_ns) ? time_ns : stream->last_ns;
      MigProbe *probe = mig_probe_log_add (&stream->log, streams->guest, stream->kind, 0, since_ns);
      probe->sent_ns = since_ns;
      probe->answered_ns = stream->last_ns = time_ns;
    }
}

void
mig_probe_streams_init (MigProbeStreams *streams, int epoll_fd, guint guest, guint first_channel)
{
  *streams = (MigProbeStreams){ .epoll_fd = epoll_fd,
                                .guest = guest,
                                .first_channel = first_channel };
  for (guint i = 0; i < MIG_N_PROBE_STREAMS; i++)
    {
      MigProbeStream *stream = &streams->streams[i];
      stream->kind = i == MIG_PROBE_TO ? MIG_PROBE_STREAM_TO : MIG_PROBE_STREAM_FROM;
      stream->fd = -1;
      stream->last_ns = MIG_MISSING_INT;
      mig_probe_log_init (&stream->log);
    }
}

void
mig_probe_streams_want (MigProbeStreams *streams, const MigProbeAddress *address)
{
  streams->address = *address;
  streams->wanted = TRUE;
}

void
mig_probe_streams_clear (MigProbeStreams *streams)
{
  for (guint i = 0; i < MIG_N_PROBE_STREAMS; i++)
    {
      close_stream (&streams->streams[i]);
      mig_probe_log_clear (&streams->streams[i].log);
    }
}

void
mig_probe_streams_tick (MigProbeStreams *streams, gint64 due_ns, guint64 index)
{
  MigProbeStream *to = &streams->streams[MIG_PROBE_TO];

  for (guint i = 0; streams->wanted && i < MIG_N_PROBE_STREAMS; i++)
    if (streams->streams[i].fd < 0 && index % OPEN_PERIOD == 0)
      streams->streams[i].fd = mig_probe_socket_open (&streams->address, streams->epoll_fd,
                                                      streams->guest, streams->first_channel + i);
  if (!to->open)
    return;
  mark_acknowledged (to);
  send_more (streams, to, due_ns);
}

void
mig_probe_streams_ready (MigProbeStreams *streams, guint index)
{
  MigProbeStream *stream = &streams->streams[index];

  if (stream->fd < 0)
    return;
  if (!stream->open)
    take_connected (streams, index);
  else
    take_bytes (streams, stream); /* to the guest: its end */
}

void
mig_probe_streams_forget (MigProbeStreams *streams, gint64 before_ns)
{
  for (guint i = 0; i < MIG_N_PROBE_STREAMS; i++)
    mig_probe_log_forget (&streams->streams[i].log, before_ns);
}

void
mig_probe_streams_tell (const MigProbeStreams *streams, gint64 since_ns, GString *text)
{
  for (guint i = 0; i < MIG_N_PROBE_STREAMS; i++)
    mig_probe_log_tell (&streams->streams[i].log, since_ns, text);
}
