/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "tests/unit/local-prober.h"

/* A load generator that the prober starts. */

/* make_generator: a program that stands for hey: it tells of a request when it is interrupted. */
static char *
make_generator (const char *directory)
{
  static const char script[] =
      "#!/bin/sh\n"
      "trap 'echo a,b,c,d,e,f,g,h; echo 0.0100,0,0,0,0,0,200,0.5000; exit' INT\n"
      "echo \"$@\" >\"$0.arguments\"\n"
      "while :; do sleep 0.05; done\n";
  char *path = g_build_filename (directory, "hey", NULL);

  g_assert_true (g_file_set_contents_full (path, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  return path;
}

static void
ignore (int number)
{
}

/* send_signals: every 2 ms, or no more, to a handler. */
static void
send_signals (gboolean often)
{
  const struct sigaction action = { .sa_handler = ignore, .sa_flags = SA_RESTART };
  const struct itimerval period = { { 0, often ? 2000 : 0 }, { 0, often ? 2000 : 0 } };

  g_assert_cmpint (sigaction (SIGALRM, &action, NULL), ==, 0);
  g_assert_cmpint (setitimer (ITIMER_REAL, &period, NULL), ==, 0);
}

/* A load generator is started, interrupted in the end, and what it tells is told, also where
 * signals come while that is waited for. */
static void
test_load (gconstpointer beside_signals)
{
  g_autofree char *directory = g_dir_make_tmp ("migcost-XXXXXX", NULL), *arguments = NULL;
  g_autofree char *program = make_generator (directory);
  g_autofree char *said = g_strconcat (program, ".arguments", NULL);
  g_auto (MigProberTold) told = { NULL };
  gint64 start_ns = mig_clock_now ();
  guint port;
  int fd = local_server_listen (FALSE, &port);
  g_autofree char *spec = g_strdup_printf ("tcp:127.0.0.1:%u", port);
  g_autoptr (MigProberClient) client = local_prober_begin (spec, &told);

  g_assert_true (mig_prober_client_load (client, 0, program, 8, 5, "http:127.0.0.1:80/x"));
  while (!g_file_get_contents (said, &arguments, NULL, NULL) || !*arguments)
    mig_clock_sleep_until (mig_clock_now () + 20 * MIG_NS_PER_MS);
  send_signals (beside_signals != NULL);
  g_assert_true (mig_prober_client_end (client, &told));
  send_signals (FALSE);
  g_assert_true (g_str_has_prefix (arguments, "-z 24h -c 8 -q 5 -t 0 -cpus 1 -host 127.0.0.1:80 "
                                              "-o csv http://127.0.0.1:"));
  g_assert_true (g_str_has_suffix (arguments, "/x\n"));
  g_assert_cmpuint (told.requests->len, ==, 1);
  const MigRequest *request = &g_array_index (told.requests, MigRequest, 0);
  g_assert_cmpint (request->sent_ns, >=, start_ns + 500 * MIG_NS_PER_MS);
  g_assert_cmpint (request->answered_ns - request->sent_ns, ==, 10 * MIG_NS_PER_MS);
  unlink (said);
  unlink (program);
  rmdir (directory);
  close (fd);
}

/* One that cannot be run has no requests, nor has one that is not asked for properly. */
static void
test_no_load (void)
{
  g_auto (MigProberTold) told = { NULL };
  guint port;
  int fd = local_server_listen (FALSE, &port);
  g_autofree char *spec = g_strdup_printf ("tcp:127.0.0.1:%u", port);
  g_autoptr (MigProberClient) client = local_prober_begin (spec, &told);

  g_assert_true (mig_prober_client_load (client, 0, "/nowhere/hey", 8, 5, "http:127.0.0.1:80/"));
  g_assert_true (mig_prober_client_load (client, 0, "hey", 8, 5, "http:127.0.0.1:80/"));
  g_assert_true (mig_prober_client_load (client, 0, "/bin/true", 0, 5, "http:127.0.0.1:80/"));
  g_assert_true (mig_prober_client_load (client, 0, "/bin/true", 8, 5, "icmp:127.0.0.1"));
  g_assert_true (mig_prober_client_end (client, &told));
  g_assert_cmpuint (told.requests->len, ==, 0);
  close (fd);
}

#define ANSWERS 30
#define CLIENTS 3

/* All but the first are atomic. */
typedef struct {
  int listener;
  int asked; /* requests; the first ones are answered */
  int over;  /* so is its test */
} HttpServer;

/* serve_http: each request that comes in one piece, until it falls silent. */
static gpointer
serve_http (gpointer data)
{
  static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  HttpServer *server = data;
  g_autoptr (GArray) fds = g_array_new (FALSE, FALSE, sizeof (struct pollfd));
  struct pollfd fd = { .fd = server->listener, .events = POLLIN };
  char bytes[4096];

  g_array_append_val (fds, fd);
  while (!g_atomic_int_get (&server->over))
    {
      struct pollfd *all = (struct pollfd *) fds->data;
      poll (all, fds->len, 20);
      for (guint i = 1; i < fds->len; i++)
        if (all[i].revents && recv (all[i].fd, bytes, sizeof bytes, 0) <= 0)
          all[i].fd = -1 - all[i].fd; /* is left alone */
        else if (all[i].revents && g_atomic_int_add (&server->asked, 1) < ANSWERS)
          g_assert_cmpint (send (all[i].fd, answer, strlen (answer), MSG_NOSIGNAL), >, 0);
      if (all[0].revents && (fd.fd = accept (server->listener, NULL, NULL)) >= 0)
        g_array_append_val (fds, fd);
    }
  for (guint i = 1; i < fds->len; i++)
    {
      int connection = g_array_index (fds, struct pollfd, i).fd;
      close (connection < 0 ? -1 - connection : connection);
    }
  return NULL;
}

/* By the real load generator: of a server that falls silent each client waits until it is given up
 * in the end; what was answered before is told all the same. */
static void
test_silent_server (void)
{
  g_autofree char *program = g_find_program_in_path ("hey");
  g_auto (MigProberTold) told = { NULL };
  HttpServer server = { 0 };
  guint port, answered = 0;

  if (!program)
    {
      g_test_skip ("hey is not installed");
      return;
    }
  server.listener = local_server_listen (TRUE, &port);
  GThread *thread = g_thread_new ("server", serve_http, &server);
  g_autofree char *spec = g_strdup_printf ("http:127.0.0.1:%u/", port);
  g_autoptr (MigProberClient) client = local_prober_begin ("tcp:127.0.0.1:1", &told);
  g_assert_true (mig_prober_client_load (client, 0, program, CLIENTS, 10, spec));
  while (g_atomic_int_get (&server.asked) < ANSWERS + CLIENTS)
    mig_clock_sleep_until (mig_clock_now () + 20 * MIG_NS_PER_MS);
  gint64 end_ns = mig_clock_now ();
  g_assert_true (mig_prober_client_end (client, &told));
  g_atomic_int_set (&server.over, TRUE);
  g_thread_join (thread);
  close (server.listener);
  for (guint i = 0; i < told.requests->len; i++)
    {
      const MigRequest *request = &g_array_index (told.requests, MigRequest, i);
      answered += !MIG_IS_MISSING (request->answered_ns);
      if (MIG_IS_MISSING (request->given_up_ns))
        continue;
      g_assert_cmpint (request->sent_ns, <, end_ns);
      g_assert_cmpint (request->given_up_ns, >=, end_ns + MIG_NS_PER_S);
    }
  g_assert_cmpuint (answered, ==, ANSWERS);
  g_assert_cmpuint (told.requests->len - answered, ==, CLIENTS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/load-generator/load", NULL, test_load);
  g_test_add_data_func ("/load-generator/beside-signals", "signals", test_load);
  g_test_add_func ("/load-generator/none", test_no_load);
  g_test_add_func ("/load-generator/silent-server", test_silent_server);
  return g_test_run ();
}
