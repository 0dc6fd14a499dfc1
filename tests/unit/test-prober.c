/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "probe/probe-streams.h"
#include "probe/prober-client.h"
#include "tests/unit/local-prober.h"

/* migcost's own prober, on loopback. */

#define DEADLINE_NS (30 * MIG_NS_PER_S)

static gint64
wait_heard (MigProberClient *client, gint64 since_ns)
{
  gint64 heard_ns = MIG_MISSING_INT, deadline_ns = mig_clock_now () + DEADLINE_NS;

  while (heard_ns <= since_ns && mig_clock_now () < deadline_ns)
    {
      mig_clock_sleep_until (mig_clock_now () + 20 * MIG_NS_PER_MS);
      g_assert_true (mig_prober_client_heard (client, &heard_ns));
    }
  return heard_ns;
}

static guint
count (const MigProberTold *told, MigProbeKind kind, gboolean answered)
{
  guint n = 0;

  for (guint i = 0; i < told->probes->len; i++)
    {
      const MigProbe *probe = &g_array_index (told->probes, MigProbe, i);
      n += probe->kind == kind && MIG_IS_MISSING (probe->answered_ns) != answered;
    }
  return n;
}

/* ask: for some answers. */
static void
ask (const char *spec, MigProberTold *told)
{
  gint64 start_ns = mig_clock_now ();
  g_autoptr (MigProberClient) client = local_prober_begin (spec, told);

  g_assert_cmpint (wait_heard (client, start_ns + 200 * MIG_NS_PER_MS), >, start_ns);
  g_assert_true (mig_prober_client_end (client, told));
  g_assert_cmpint (told->cpu_ns, >, 0);
}

/* Nobody listens: each is refused, which is an answer. */
static void
test_refused (void)
{
  g_auto (MigProberTold) told = { NULL };
  guint port;
  int fd = local_server_listen (FALSE, &port);
  g_autofree char *spec = g_strdup_printf ("tcp:127.0.0.1:%u", port);

  ask (spec, &told);
  g_assert_cmpuint (count (&told, MIG_PROBE_CONNECT, TRUE), >=, 3);
  g_assert_cmpuint (count (&told, MIG_PROBE_CONNECT, FALSE), ==, 0);
  const MigProbe *first = &g_array_index (told.probes, MigProbe, 0);
  g_assert_cmpint (first->covers_ns, >=, MIG_PROBE_TICK_NS);
  g_assert_cmpint (first->answered_ns, >=, first->sent_ns);
  close (fd);
}

/* What is refused is none to a request. */
static void
test_no_server (void)
{
  g_auto (MigProberTold) told = { NULL };
  gint64 heard_ns = 0;
  guint port;
  int fd = local_server_listen (FALSE, &port);
  g_autofree char *spec = g_strdup_printf ("http:127.0.0.1:%u/", port);
  g_autoptr (MigProberClient) client = local_prober_begin (spec, &told);

  mig_clock_sleep_until (mig_clock_now () + 100 * MIG_NS_PER_MS);
  g_assert_true (mig_prober_client_heard (client, &heard_ns));
  g_assert_true (MIG_IS_MISSING (heard_ns));
  g_assert_true (mig_prober_client_end (client, &told));
  g_assert_cmpuint (count (&told, MIG_PROBE_HTTP, FALSE), >=, 1);
  g_assert_cmpuint (count (&told, MIG_PROBE_HTTP, TRUE), ==, 0);
  close (fd);
}

/* Of two guests one answers: the other one is waited for. */
static void
test_unheard (void)
{
  g_auto (MigProberTold) told = { NULL };
  g_autoptr (GArray) unheard = g_array_new (FALSE, FALSE, sizeof (guint));
  gint64 start_ns = mig_clock_now ();
  guint port;
  int fd = local_server_listen (FALSE, &port);
  g_autofree char *mute = g_strdup_printf ("http:127.0.0.1:%u/", port);
  g_autofree char *answering = g_strdup_printf ("tcp:127.0.0.1:%u", port);
  g_autoptr (MigProberClient) client = mig_prober_client_start (NULL);

  mig_prober_told_init (&told);
  g_assert_true (mig_prober_client_add (client, answering, MIG_PROBE_TICK_NS));
  g_assert_true (mig_prober_client_add (client, mute, MIG_PROBE_TICK_NS));
  g_assert_true (mig_prober_client_unheard (client, unheard)); /* before it begins */
  g_assert_cmpuint (unheard->len, ==, 2);
  g_assert_true (mig_prober_client_go (client));
  g_assert_cmpint (wait_heard (client, start_ns), >, start_ns);
  g_assert_true (mig_prober_client_unheard (client, unheard));
  g_assert_cmpuint (unheard->len, ==, 1);
  g_assert_cmpuint (g_array_index (unheard, guint, 0), ==, 1);
  g_assert_true (mig_prober_client_end (client, &told));
  g_assert_false (mig_prober_client_unheard (client, unheard));
  close (fd);
}

/* The kernel accepts; each connection is reset. */
static void
test_connects (void)
{
  g_auto (MigProberTold) told = { NULL };
  guint port;
  int fd = local_server_listen (TRUE, &port);
  g_autofree char *spec = g_strdup_printf ("tcp:127.0.0.1:%u", port);
  char byte;

  ask (spec, &told);
  g_assert_cmpuint (count (&told, MIG_PROBE_CONNECT, TRUE), >=, 3);
  int one = accept (fd, NULL, NULL);
  g_assert_cmpint (one, >=, 0);
  g_assert_cmpint (recv (one, &byte, 1, 0), ==, -1);
  g_assert_cmpint (errno, ==, ECONNRESET);
  close (one);
  close (fd);
}

static gpointer
serve_http (gpointer data)
{
  int listener = GPOINTER_TO_INT (data), fd;
  char request[512];

  while ((fd = accept (listener, NULL, NULL)) >= 0)
    {
      ssize_t got = recv (fd, request, sizeof request - 1, 0);
      request[MAX (got, 0)] = '\0';
      if (g_str_has_prefix (request, "GET /health HTTP/1.0\r\nHost: 127.0.0.1\r\n"))
        (void) !send (fd, "HTTP/1.0 204 No Content\r\n\r\n", 27, MSG_NOSIGNAL);
      close (fd);
    }
  return NULL;
}

static void
test_http (void)
{
  g_auto (MigProberTold) told = { NULL };
  guint port;
  int fd = local_server_listen (TRUE, &port);
  g_autofree char *spec = g_strdup_printf ("http:127.0.0.1:%u/health", port);
  GThread *server = g_thread_new ("server", serve_http, GINT_TO_POINTER (fd));

  ask (spec, &told);
  g_assert_cmpuint (count (&told, MIG_PROBE_HTTP, TRUE), >=, 3);
  shutdown (fd, SHUT_RDWR);
  g_thread_join (server);
  close (fd);
}

static void
test_icmp (void)
{
  g_autoptr (MigProbeSpec) spec = mig_probe_spec_parse ("icmp:127.0.0.1", FALSE, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (MigProberTold) told = { NULL };

  if (!mig_prober_may_ask (spec, &error))
    {
      g_assert_nonnull (g_strrstr (error->message, "ping_group_range"));
      g_test_skip (error->message);
      return;
    }
  ask ("icmp:127.0.0.1", &told);
  g_assert_cmpuint (count (&told, MIG_PROBE_ICMP, TRUE), >=, 3);
  for (guint i = 0; i < told.probes->len; i++)
    {
      const MigProbe *probe = &g_array_index (told.probes, MigProbe, i);
      g_assert_cmpint (probe->sequence, ==, i);
      g_assert_cmpint (probe->sent_ns, >=, probe->due_ns);
    }
}

/* The same of IPv6, where this machine has it. */
static void
test_ipv6 (void)
{
  g_auto (MigProberTold) told = { NULL };
  struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
  socklen_t size = sizeof address;
  int fd = socket (AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd < 0 || bind (fd, (struct sockaddr *) &address, sizeof address) < 0)
    {
      g_test_skip ("no IPv6 here");
      return;
    }
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &size), ==, 0);
  g_autofree char *spec = g_strdup_printf ("tcp:[::1]:%u", ntohs (address.sin6_port));
  ask (spec, &told);
  g_assert_cmpuint (count (&told, MIG_PROBE_CONNECT, TRUE), >=, 3);
  close (fd);
}

static void
test_icmpv6 (void)
{
  g_autoptr (MigProbeSpec) spec = mig_probe_spec_parse ("icmp:[::1]", FALSE, NULL);
  g_auto (MigProberTold) told = { NULL };

  if (access ("/proc/net/if_inet6", R_OK) < 0 || !mig_prober_may_ask (spec, NULL))
    {
      g_test_skip ("no ICMPv6 here");
      return;
    }
  ask ("icmp:[::1]", &told);
  g_assert_cmpuint (count (&told, MIG_PROBE_ICMP, TRUE), >=, 3);
}

/* serve_streams: two, one of which is to give. */
static gpointer
serve_streams (gpointer data)
{
  int listener = GPOINTER_TO_INT (data), fds[2] = { -1, -1 }, gives = -1;
  char bytes[MIG_PROBE_STREAM_BYTES] = "";

  for (guint i = 0; i < 2; i++)
    {
      fds[i] = accept (listener, NULL, NULL);
      if (fds[i] >= 0 && recv (fds[i], bytes, 1, 0) == 1 && bytes[0] == 'g')
        gives = fds[i];
    }
  while (gives >= 0 && send (gives, bytes, sizeof bytes, MSG_NOSIGNAL) > 0)
    mig_clock_sleep_until (mig_clock_now () + 10 * MIG_NS_PER_MS);
  for (guint i = 0; i < 2; i++)
    close (fds[i]);
  return NULL;
}

static void
test_streams (void)
{
  g_auto (MigProberTold) told = { NULL };
  guint port;
  int fd = local_server_listen (TRUE, &port);
  GThread *server = g_thread_new ("server", serve_streams, GINT_TO_POINTER (fd));
  g_autofree char *spec = g_strdup_printf ("echo:127.0.0.1:%u", port - 1);
  g_autoptr (MigProberClient) client = local_prober_begin (spec, &told);
  gint64 deadline_ns = mig_clock_now () + DEADLINE_NS;

  g_assert_true (mig_prober_client_streams (client, 0));
  do
    {
      mig_clock_sleep_until (mig_clock_now () + 100 * MIG_NS_PER_MS);
      g_assert_true (mig_prober_client_tell (client, &told));
    }
  while ((count (&told, MIG_PROBE_STREAM_TO, TRUE) < 20 ||
          count (&told, MIG_PROBE_STREAM_FROM, TRUE) < 20) &&
         mig_clock_now () < deadline_ns);
  g_assert_cmpuint (count (&told, MIG_PROBE_STREAM_TO, TRUE), >=, 20);
  g_assert_cmpuint (count (&told, MIG_PROBE_STREAM_FROM, TRUE), >=, 20);
  gint64 came_ns = MIG_MISSING_INT;
  for (guint i = 0; i < told.probes->len; i++)
    {
      const MigProbe *probe = &g_array_index (told.probes, MigProbe, i);
      if (probe->kind != MIG_PROBE_STREAM_FROM)
        continue;
      g_assert_cmpint (probe->sent_ns, ==, MIG_IS_MISSING (came_ns) ? probe->answered_ns : came_ns);
      came_ns = probe->answered_ns;
    }
  g_assert_true (mig_prober_client_end (client, &told));
  g_thread_join (server);
  close (fd);
}

/* What is forgotten is not told; numbers go on. */
static void
test_forget (void)
{
  g_autoptr (MigProberClient) client = mig_prober_client_start (NULL);
  g_auto (MigProberTold) told = { NULL };
  guint port;
  int fd = local_server_listen (FALSE, &port);
  g_autofree char *spec = g_strdup_printf ("tcp:127.0.0.1:%u", port);
  gint64 start_ns = mig_clock_now ();

  mig_prober_told_init (&told);
  g_assert_true (mig_prober_client_add (client, spec, MIG_PROBE_TICK_NS));
  g_assert_true (mig_prober_client_go (client));
  gint64 heard_ns = wait_heard (client, start_ns + 100 * MIG_NS_PER_MS);
  g_assert_true (mig_prober_client_forget (client, heard_ns));
  wait_heard (client, heard_ns + 100 * MIG_NS_PER_MS); /* what is on its way is not told */
  g_assert_true (mig_prober_client_tell (client, &told));
  g_assert_cmpuint (told.probes->len, >, 0);
  const MigProbe *first = &g_array_index (told.probes, MigProbe, 0);
  g_assert_cmpint (first->sequence, >, 0);
  g_assert_cmpint (mig_prober_client_end (client, &told), ==, TRUE);
  close (fd);
}

/* assert_packets: there is one in each period at most, where the prober may be late; each covers
 * what is up to the next. */
static void
assert_packets (const MigProberTold *told, gint64 period_ns)
{
  const MigProbe *first = NULL, *last = NULL;
  gint64 n = 0;

  for (guint i = 0; i < told->probes->len; i++)
    {
      const MigProbe *probe = &g_array_index (told->probes, MigProbe, i);
      if (probe->kind != MIG_PROBE_UDP)
        continue;
      if (last)
        g_assert_cmpint (last->covers_ns, ==, probe->due_ns - last->due_ns);
      first = first ? first : probe;
      last = probe;
      n++;
    }
  g_assert_nonnull (first);
  g_assert_cmpint (n, <=, (last->due_ns - first->due_ns) / period_ns + 2);
}

/* assert_requests: whichever connection's turn it was, and however many were left out. */
static void
assert_requests (const MigProberTold *told, gint64 period_ns)
{
  gint64 due_ns = MIG_MISSING_INT;

  for (guint i = 0; i < told->probes->len; i++)
    {
      const MigProbe *probe = &g_array_index (told->probes, MigProbe, i);
      if (probe->kind != MIG_PROBE_TCP)
        continue;
      if (!MIG_IS_MISSING (due_ns))
        g_assert_cmpint ((probe->due_ns - due_ns) % period_ns, ==, 0);
      due_ns = probe->due_ns;
    }
}

/* Packets and requests to a guest of migcost's own, at a period of theirs; nobody answers. */
static void
test_seldom (void)
{
  static const gint64 period_ns = 5 * MIG_PROBE_TICK_NS;
  g_autoptr (MigProberClient) client = mig_prober_client_start (NULL);
  g_auto (MigProberTold) told = { NULL };
  guint port;
  int fd = local_server_listen (TRUE, &port);
  g_autofree char *spec = g_strdup_printf ("echo:127.0.0.1:%u", port);
  gint64 deadline_ns = mig_clock_now () + DEADLINE_NS;

  mig_prober_told_init (&told);
  g_assert_true (mig_prober_client_add (client, spec, period_ns));
  g_assert_true (mig_prober_client_go (client));
  do
    {
      mig_clock_sleep_until (mig_clock_now () + 100 * MIG_NS_PER_MS);
      g_assert_true (mig_prober_client_tell (client, &told));
    }
  while (count (&told, MIG_PROBE_TCP, FALSE) < 4 && mig_clock_now () < deadline_ns);
  g_assert_true (mig_prober_client_end (client, &told));
  g_assert_cmpuint (count (&told, MIG_PROBE_TCP, FALSE), >=, 4);
  assert_packets (&told, period_ns);
  assert_requests (&told, 2 * period_ns);
  close (fd);
}

/* A session that is sent nonsense ends; who asks is told so. */
static void
test_nonsense (void)
{
  g_autoptr (MigProberClient) client = mig_prober_client_start (NULL);
  gint64 heard_ns;

  g_assert_true (mig_prober_client_add (client, "udp:127.0.0.1:1", 0));
  g_assert_false (mig_prober_client_heard (client, &heard_ns));
  g_assert_false (mig_prober_client_go (client));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prober/refused", test_refused);
  g_test_add_func ("/prober/no-server", test_no_server);
  g_test_add_func ("/prober/unheard", test_unheard);
  g_test_add_func ("/prober/connects", test_connects);
  g_test_add_func ("/prober/http", test_http);
  g_test_add_func ("/prober/icmp", test_icmp);
  g_test_add_func ("/prober/streams", test_streams);
  g_test_add_func ("/prober/icmpv6", test_icmpv6);
  g_test_add_func ("/prober/ipv6", test_ipv6);
  g_test_add_func ("/prober/forget", test_forget);
  g_test_add_func ("/prober/nonsense", test_nonsense);
  g_test_add_func ("/prober/seldom", test_seldom);
  return g_test_run ();
}
