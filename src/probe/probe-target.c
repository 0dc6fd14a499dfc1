/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <sys/epoll.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/units.h"
#include "probe/probe-connects.h"
#include "probe/probe-echo.h"
#include "probe/probe-requests.h"
#include "probe/probe-socket.h"
#include "probe/probe-streams.h"
#include "probe/probe-target.h"

/* the first probes of a guest show whether its network limits their rate: answers that come and go
 * so often at least */
#define RATE_PROBES 100
#define RATE_TURNS 3
/* one that has not answered for so long is asked that seldom, in points of the grid */
#define MUTE_NS (60 * MIG_NS_PER_S)
#define MUTE_PERIOD ((guint64) (MIG_NS_PER_S / MIG_PROBE_TICK_NS))

/* What an event of a target's sockets is about; request N is at FIRST_REQUEST + N. */
enum {
  UDP,
  ICMP,
  FIRST_STREAM,
  FIRST_REQUEST = FIRST_STREAM + MIG_N_PROBE_STREAMS,
  FIRST_CONNECT = FIRST_REQUEST + MIG_PROBE_CONNECTIONS
};

/* What a guest that is somebody's has answered of what it was asked first. */
typedef struct {
  gboolean judged, limited;
  guint asked, answered;
  gint64 first; /* number of the first one that is known */
} Rate;

struct _MigProbeTarget {
  int epoll_fd;
  guint number;
  MigProbeMethod method;
  char *host, *path;
  MigProbeAddress address;
  guint64 period; /* of its packets, or of all that one that is somebody's is asked; in points of
                     the grid */
  MigProbeEcho packets, pings;
  MigProbeRequests requests;
  MigProbeStreams streams;
  MigProbeConnects connects;
  guint64 next_packet, next_ping, next_connect; /* not before this point of the grid */
  gint64 since_ns;                              /* its first probe was due; missing: none was */
  Rate rate;
};

static gboolean
watch (const MigProbeTarget *target, int fd, guint channel)
{
  return mig_probe_socket_watch (fd, target->epoll_fd, target->number, channel, EPOLLIN,
                                 EPOLL_CTL_ADD);
}

/* ---- the target ---- */

static gboolean
open_pings (MigProbeTarget *target, gint64 period_ns)
{
  return mig_probe_echo_open (&target->pings, MIG_PROBE_ICMP, target->number, period_ns,
                              &target->address) &&
         watch (target, target->pings.fd, ICMP);
}

/* ping_period: of a guest of migcost's own, whose packets may be as seldom. */
static gint64
ping_period (gint64 period_ns)
{
  return MAX (period_ns, MIG_PROBE_ICMP_PERIOD_NS);
}

/* open_own: pings are sent where they may be: the lab allows them, but a kernel may not. */
static gboolean
open_own (MigProbeTarget *target, gint64 period_ns)
{
  if (!open_pings (target, ping_period (period_ns)))
    mig_probe_echo_close (&target->pings);
  return mig_probe_echo_open (&target->packets, MIG_PROBE_UDP, target->number, period_ns,
                              &target->address) &&
         watch (target, target->packets.fd, UDP);
}

static void
init_parts (MigProbeTarget *target)
{
  mig_probe_echo_init (&target->packets);
  mig_probe_echo_init (&target->pings);
  mig_probe_streams_init (&target->streams, target->epoll_fd, target->number, FIRST_STREAM);
}

/* open_sockets: those of the method. */
static gboolean
open_sockets (MigProbeTarget *target, gint64 period_ns)
{
  const MigProbeConnectsOptions options = {
    .kind = target->method == MIG_PROBE_BY_HTTP ? MIG_PROBE_HTTP : MIG_PROBE_CONNECT,
    .period_ns = period_ns,
    .refusal_answers = target->method == MIG_PROBE_BY_TCP,
    .host = target->host,
    .path = target->path,
  };

  mig_probe_requests_init (&target->requests, target->epoll_fd, target->number, FIRST_REQUEST,
                           &target->address);
  mig_probe_connects_init (&target->connects, &options, target->epoll_fd, target->number,
                           FIRST_CONNECT, &target->address);
  return target->method == MIG_PROBE_BY_ECHO   ? open_own (target, period_ns)
         : target->method == MIG_PROBE_BY_ICMP ? open_pings (target, period_ns)
                                               : TRUE;
}

MigProbeTarget *
mig_probe_target_new (int epoll_fd, guint number, const MigProbeSpec *spec, gint64 period_ns,
                      GError **error)
{
  MigProbeTarget *target = g_new0 (MigProbeTarget, 1);

  target->epoll_fd = epoll_fd;
  target->number = number;
  target->method = spec->method;
  target->host = mig_probe_address_host (spec->address);
  target->path = g_strdup (spec->path);
  target->since_ns = MIG_MISSING_INT;
  period_ns = period_ns ? period_ns : spec->period_ns;
  target->period = (guint64) (period_ns / MIG_PROBE_TICK_NS);
  init_parts (target);
  gboolean is_address = mig_probe_address_parse (spec->address, spec->port, &target->address);
  if (is_address && open_sockets (target, period_ns))
    return target;
  mig_error_set_errno (error, errno, "cannot probe '%s'", spec->address);
  mig_probe_target_free (target);
  return NULL;
}

void
mig_probe_target_free (MigProbeTarget *target)
{
  if (!target)
    return;
  mig_probe_echo_clear (&target->packets);
  mig_probe_echo_clear (&target->pings);
  mig_probe_connects_clear (&target->connects);
  mig_probe_requests_clear (&target->requests);
  mig_probe_streams_clear (&target->streams);
  g_free (target->host);
  g_free (target->path);
  g_free (target);
}

void
mig_probe_target_stream (MigProbeTarget *target)
{
  MigProbeAddress address = target->address;
  in_port_t *port = address.any.sa_family == AF_INET6 ? &address.ip6.sin6_port
                                                      : &address.ip4.sin_port;

  *port = htons ((guint16) (ntohs (*port) + 1));
  if (target->method == MIG_PROBE_BY_ECHO)
    mig_probe_streams_want (&target->streams, &address);
}

/* ---- what is asked ---- */

/* is_due: what is due every so many points of the grid, also where the prober left one out. */
static gboolean
is_due (guint64 index, guint64 period, guint64 *next)
{
  if (index < *next)
    return FALSE;
  *next = (index / period + 1) * period;
  return TRUE;
}

static void
ask_own (MigProbeTarget *target, gint64 due_ns, guint64 index)
{
  gint64 period_ns = (gint64) target->period * MIG_PROBE_TICK_NS;

  if (is_due (index, target->period, &target->next_packet))
    mig_probe_echo_send (&target->packets, due_ns);
  if (is_due (index, (guint64) (ping_period (period_ns) / MIG_PROBE_TICK_NS), &target->next_ping))
    mig_probe_echo_send (&target->pings, due_ns);
  if (index % target->period == 0)
    mig_probe_requests_start (&target->requests, due_ns, index / target->period);
  mig_probe_streams_tick (&target->streams, due_ns, index);
  if (is_due (index, MIG_PROBE_CONNECT_PERIOD_NS / MIG_PROBE_TICK_NS, &target->next_connect))
    mig_probe_connects_start (&target->connects, due_ns);
}

/* main_log: of what a guest that is somebody's is asked. */
static MigProbeLog *
main_log (MigProbeTarget *target)
{
  return target->method == MIG_PROBE_BY_ICMP ? &target->pings.log : &target->connects.log;
}

static gint64
last_answer (const MigProbeTarget *target)
{
  return target->method == MIG_PROBE_BY_ECHO   ? target->packets.last_ns
         : target->method == MIG_PROBE_BY_ICMP ? target->pings.last_ns
                                               : target->connects.last_ns;
}

/* judge_rate: once, when the first probes have had the time to be answered. A guest that stops, or
 * starts, meanwhile answers up to then, or from then on. */
static void
judge_rate (MigProbeTarget *target, gint64 due_ns)
{
  MigProbeLog *log = main_log (target);
  const MigProbe *last = mig_probe_log_find (log, target->rate.first + RATE_PROBES - 1);
  guint turns = 0;
  gboolean before = FALSE;

  if (target->rate.judged || !last || due_ns < last->due_ns + MIG_PROBE_LOST_NS)
    return;
  target->rate.judged = TRUE;
  for (gint64 i = 0; i < RATE_PROBES; i++)
    {
      const MigProbe *probe = mig_probe_log_find (log, target->rate.first + i);
      if (!probe)
        continue; /* forgotten */
      gboolean answered = !MIG_IS_MISSING (probe->answered_ns) &&
                          probe->answered_ns < probe->sent_ns + MIG_PROBE_LOST_NS;
      target->rate.asked++;
      target->rate.answered += answered;
      turns += answered && !before;
      before = answered;
    }
  target->rate.limited = turns >= RATE_TURNS && target->rate.answered * 2 < target->rate.asked;
}

/* is_mute: it has not answered for long. */
static gboolean
is_mute (const MigProbeTarget *target, gint64 due_ns)
{
  return due_ns - MAX (target->since_ns, last_answer (target)) > MUTE_NS; /* missing is below all */
}

void
mig_probe_target_tick (MigProbeTarget *target, gint64 due_ns, guint64 index)
{
  if (target->rate.limited)
    return;
  if (MIG_IS_MISSING (target->since_ns))
    target->since_ns = due_ns;
  if (target->method == MIG_PROBE_BY_ECHO)
    {
      ask_own (target, due_ns, index);
      return;
    }
  judge_rate (target, due_ns);
  guint64 period = is_mute (target, due_ns) ? MAX (target->period, MUTE_PERIOD) : target->period;
  if (target->rate.limited || !is_due (index, period, &target->next_connect))
    return;
  if (target->method == MIG_PROBE_BY_ICMP)
    mig_probe_echo_send (&target->pings, due_ns);
  else
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
  else if (channel < FIRST_REQUEST)
    mig_probe_streams_ready (&target->streams, channel - FIRST_STREAM);
  else if (channel >= FIRST_CONNECT)
    mig_probe_connects_ready (&target->connects, channel - FIRST_CONNECT);
  else
    mig_probe_requests_ready (&target->requests, channel - FIRST_REQUEST);
}

/* ---- what is told ---- */

gint64
mig_probe_target_heard (const MigProbeTarget *target)
{
  const gint64 open_ns[] = { mig_probe_requests_oldest (&target->requests),
                             mig_probe_connects_oldest (&target->connects) };
  gint64 heard_ns = last_answer (target);

  for (guint i = 0; !MIG_IS_MISSING (heard_ns) && i < G_N_ELEMENTS (open_ns); i++)
    if (!MIG_IS_MISSING (open_ns[i]))
      heard_ns = MIN (heard_ns, open_ns[i]);
  return heard_ns;
}

gboolean
mig_probe_target_has_answered (const MigProbeTarget *target)
{
  return !MIG_IS_MISSING (last_answer (target)) &&
         (target->method != MIG_PROBE_BY_ECHO ||
          mig_probe_requests_are_answered (&target->requests));
}

gboolean
mig_probe_target_is_quiet (const MigProbeTarget *target)
{
  return mig_probe_echo_is_quiet (&target->packets) && mig_probe_echo_is_quiet (&target->pings) &&
         MIG_IS_MISSING (mig_probe_requests_oldest (&target->requests)) &&
         MIG_IS_MISSING (mig_probe_connects_oldest (&target->connects));
}

gboolean
mig_probe_target_is_limited (const MigProbeTarget *target)
{
  return target->rate.limited;
}

void
mig_probe_target_forget (MigProbeTarget *target, gint64 before_ns)
{
  if (!target->rate.judged)
    target->rate.first = main_log (target)->next;
  mig_probe_log_forget (&target->packets.log, before_ns);
  mig_probe_log_forget (&target->pings.log, before_ns);
  mig_probe_log_forget (&target->connects.log, before_ns);
  mig_probe_requests_forget (&target->requests, before_ns);
  mig_probe_streams_forget (&target->streams, before_ns);
}

void
mig_probe_target_tell (const MigProbeTarget *target, gint64 since_ns, GString *text)
{
  mig_probe_log_tell (&target->packets.log, since_ns, text);
  mig_probe_requests_tell (&target->requests, since_ns, text);
  mig_probe_log_tell (&target->pings.log, since_ns, text);
  mig_probe_log_tell (&target->connects.log, since_ns, text);
  mig_probe_streams_tell (&target->streams, since_ns, text);
  if (target->rate.limited)
    g_string_append_printf (text, "limited %u %u %u\n", target->number, target->rate.answered,
                            target->rate.asked);
}
