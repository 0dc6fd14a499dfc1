/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "probe/probe.h"
#include "tests/unit/local-prober.h"

int
local_server_listen (gboolean open, guint *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &size), ==, 0);
  *port = ntohs (address.sin_port);
  if (open)
    g_assert_cmpint (listen (fd, 64), ==, 0);
  return fd;
}

MigProberClient *
local_prober_begin (const char *spec, MigProberTold *told)
{
  g_autoptr (GError) error = NULL;
  MigProberClient *client = mig_prober_client_start (&error);

  g_assert_no_error (error);
  mig_prober_told_init (told);
  g_assert_true (mig_prober_client_add (client, spec, MIG_PROBE_TICK_NS));
  g_assert_true (mig_prober_client_go (client));
  return client;
}
