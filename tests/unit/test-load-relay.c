/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "probe/load-relay.h"
#include "tests/unit/local-prober.h"

/* Clients, the relay and a server of this test, all on loopback, in one thread. */

#define DEADLINE_MS 30000
#define REQUEST "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd"
#define LARGE (4 * 1024 * 1024)

typedef struct {
  MigLoadRelay *relay;
  int listener;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  MigProbeAddress server;
  guint port;

  f->listener = local_server_listen (TRUE, &port);
  g_assert_true (mig_probe_address_parse ("127.0.0.1", port, &server));
  f->relay = mig_load_relay_new (&server);
  g_assert_nonnull (f->relay);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mig_load_relay_free (f->relay);
  if (f->listener >= 0)
    close (f->listener);
}

static int
connect_client (const Fixture *f)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  MigProbeAddress relay;

  g_assert_true (mig_probe_address_parse ("127.0.0.1", mig_load_relay_port (f->relay), &relay));
  if (connect (fd, &relay.any, relay.size) == 0)
    return fd;
  close (fd);
  return -1;
}

/* wait_for: until that socket can be read, while the relay works. */
static void
wait_for (const Fixture *f, int fd)
{
  struct pollfd fds[] = { { .fd = fd, .events = POLLIN },
                          { .fd = mig_load_relay_fd (f->relay), .events = POLLIN } };

  do
    {
      g_assert_cmpint (poll (fds, G_N_ELEMENTS (fds), DEADLINE_MS), >, 0);
      if (fds[1].revents)
        mig_load_relay_ready (f->relay);
    }
  while (!fds[0].revents);
}

static void
say (int fd, const char *text)
{
  g_assert_cmpint (send (fd, text, strlen (text), MSG_NOSIGNAL), ==, (gssize) strlen (text));
}

static void
assert_hears (const Fixture *f, int fd, const char *text)
{
  g_autoptr (GString) heard = g_string_new (NULL);
  char bytes[256];

  while (heard->len < strlen (text))
    {
      wait_for (f, fd);
      ssize_t got = recv (fd, bytes, sizeof bytes, 0);
      g_assert_cmpint (got, >, 0);
      g_string_append_len (heard, bytes, got);
    }
  g_assert_cmpstr (heard->str, ==, text);
}

/* ask: by a new client; *server: its connection there. */
static int
ask (const Fixture *f, int *server)
{
  int client = connect_client (f);

  g_assert_cmpint (client, >=, 0);
  say (client, REQUEST);
  wait_for (f, f->listener);
  *server = accept (f->listener, NULL, NULL);
  g_assert_cmpint (*server, >=, 0);
  assert_hears (f, *server, REQUEST);
  return client;
}

/* assert_reset: there is no more to hear. */
static void
assert_reset (int fd)
{
  char byte;

  g_assert_cmpint (recv (fd, &byte, 1, 0), <, 0);
  g_assert_cmpint (errno, ==, ECONNRESET);
}

/* Of three clients one has its answer, one a part of it, and one, whose first request was answered,
 * waits: two requests are given up, and nobody comes in any more. */
static void
test_unanswered (Fixture *f, gconstpointer data)
{
  static const char part[] = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab";
  g_autoptr (GArray) sent = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 before_ns = mig_clock_now ();
  int clients[3], servers[3];

  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    clients[i] = ask (f, &servers[i]);
  say (servers[0], ANSWER);
  assert_hears (f, clients[0], ANSWER);
  gint64 part_ns = mig_clock_now ();
  say (servers[1], part);
  assert_hears (f, clients[1], part);
  say (servers[2], ANSWER);
  assert_hears (f, clients[2], ANSWER);
  gint64 again_ns = mig_clock_now ();
  say (clients[2], REQUEST);
  assert_hears (f, servers[2], REQUEST);
  mig_load_relay_give_up (f->relay, sent);
  g_assert_cmpuint (sent->len, ==, 2);
  g_assert_cmpint (g_array_index (sent, gint64, 0), >, before_ns);
  g_assert_cmpint (g_array_index (sent, gint64, 0), <, part_ns);
  g_assert_cmpint (g_array_index (sent, gint64, 1), >=, again_ns);
  g_assert_cmpint (g_array_index (sent, gint64, 1), <=, mig_clock_now ());
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      assert_reset (clients[i]);
      close (clients[i]);
      close (servers[i]);
    }
  g_assert_cmpint (connect_client (f), <, 0);
}

/* A large answer that ends with its connection is whole, and then over. */
static void
test_large (Fixture *f, gconstpointer data)
{
  g_autofree char *answer = g_strnfill (LARGE, 'x');
  g_autofree char *bytes = g_malloc (LARGE);
  int server, client = ask (f, &server);
  gsize sent = 0, heard = 0;
  ssize_t got = 1;

  while (got > 0)
    {
      if (sent < LARGE)
        {
          ssize_t done = send (server, answer + sent, LARGE - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
          sent += done > 0 ? (gsize) done : 0;
          if (sent == LARGE)
            close (server);
        }
      wait_for (f, client);
      got = recv (client, bytes, LARGE, 0);
      g_assert_cmpint (got, >=, 0);
      heard += (gsize) got;
    }
  g_assert_cmpuint (heard, ==, LARGE);
  close (client);
}

/* Where no server listens a client's connection breaks, and no request is left. */
static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GArray) sent = g_array_new (FALSE, FALSE, sizeof (gint64));
  int client = connect_client (f);

  close (f->listener);
  f->listener = -1;
  say (client, REQUEST);
  wait_for (f, client);
  assert_reset (client);
  mig_load_relay_give_up (f->relay, sent);
  g_assert_cmpuint (sent->len, ==, 0);
  close (client);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/load-relay/unanswered", Fixture, NULL, set_up, test_unanswered, tear_down);
  g_test_add ("/load-relay/large", Fixture, NULL, set_up, test_large, tear_down);
  g_test_add ("/load-relay/refused", Fixture, NULL, set_up, test_refused, tear_down);
  return g_test_run ();
}
