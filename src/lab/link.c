/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <unistd.h>

#include "base/error.h"
#include "lab/command.h"
#include "lab/setup.h"
#include "lab/tools.h"

/* Nobody else sees these: every lab has networks of its own. */
#define NETWORK "10.111.0.0/24"
static const char *const addresses[MIG_LAB_MAX_HOSTS] = { "10.111.0.1", "10.111.0.2", "10.111.0.3",
                                                          "10.111.0.4", "10.111.0.5", "10.111.0.6",
                                                          "10.111.0.7", "10.111.0.8" };
static const char *const interfaces[MIG_LAB_MAX_HOSTS] = { "lab0", "lab1", "lab2", "lab3",
                                                           "lab4", "lab5", "lab6", "lab7" };

/* Where there are more than two: the other end of a host's link, and what joins them. */
static const char *const ports[MIG_LAB_MAX_HOSTS] = { "port0", "port1", "port2", "port3",
                                                      "port4", "port5", "port6", "port7" };
#define BRIDGE "switch"

/* The bucket of the shaper holds what the link carries in 2 ms, because the kernel hands over up to
 * 64 KiB at a time; packets wait for at most 20 ms. */
#define MIN_BURST_BYTES (256 * 1024)
#define BURSTS_PER_S 500

/* Linux's own default, whatever this machine's is: a lab should behave as hosts do that nobody has
 * tuned, and a result should not depend on a setting that nobody looked at. */
#define CONGESTION_CONTROL "cubic"

const char *
mig_link_address (guint host)
{
  return addresses[host];
}

/* Through the route, because a network namespace may not choose one that the machine restricts. A
 * kernel without it keeps its own. */
static gboolean
choose_congestion_control (const MigSetup *setup, guint host, const char *ip, GError **error)
{
  g_autofree char *route = g_strdup_printf (
      "route replace %s dev %s src %s congctl " CONGESTION_CONTROL, NETWORK, interfaces[host],
      addresses[host]);
  g_autofree char *now = NULL;

  if (mig_command_run (setup->netns[host], ip, route, NULL))
    now = g_strdup (CONGESTION_CONTROL);
  else if (!g_file_get_contents ("/proc/sys/net/ipv4/tcp_congestion_control", &now, NULL, error))
    return FALSE;
  g_free (setup->state->congestion_control);
  setup->state->congestion_control = g_strdup (g_strchomp (now));
  return TRUE;
}

/* shape: what a device of a network namespace sends; also changes the rate of one that is shaped
 * already. */
static gboolean
shape (const MigSetup *setup, int netns, const char *device, const char *tc, GError **error)
{
  guint64 rate = setup->state->link_bytes_per_s;
  guint64 burst = MAX (rate / BURSTS_PER_S, MIN_BURST_BYTES);
  g_autofree char *command = g_strdup_printf (
      "qdisc replace dev %s root tbf rate %" G_GUINT64_FORMAT "bit burst %" G_GUINT64_FORMAT
      " latency 20ms",
      device, rate * 8, burst);

  return mig_command_run (netns, tc, command, error);
}

/* shape_link: what a host sends and, where there is a switch, what that sends to it. */
static gboolean
shape_link (const MigSetup *setup, guint host, const char *tc, GError **error)
{
  return shape (setup, setup->netns[host], interfaces[host], tc, error) &&
         (setup->switch_netns < 0 || shape (setup, setup->switch_netns, ports[host], tc, error));
}

static gboolean
configure_end (const MigSetup *setup, guint host, const char *ip, const char *tc, GError **error)
{
  int netns = setup->netns[host];
  g_autofree char *address = g_strdup_printf ("address add %s/24 dev %s", addresses[host],
                                              interfaces[host]);
  g_autofree char *up = g_strdup_printf ("link set dev %s up", interfaces[host]);

  return mig_command_run (netns, ip, "link set dev lo up", error) &&
         mig_command_run (netns, ip, address, error) && mig_command_run (netns, ip, up, error) &&
         shape_link (setup, host, tc, error) && choose_congestion_control (setup, host, ip, error);
}

static gboolean
join_pair (const MigSetup *setup, const char *ip, GError **error)
{
  g_autofree char *add = g_strdup_printf ("link add %s type veth peer name %s netns %d",
                                          interfaces[0], interfaces[1], getpid ());

  return mig_command_run (setup->netns[0], ip, add, error);
}

static gboolean
plug_in (const MigSetup *setup, guint host, const char *ip, GError **error)
{
  g_autofree char *add = g_strdup_printf ("link add %s type veth peer name %s netns %d",
                                          interfaces[host], ports[host], getpid ());
  g_autofree char *plug = g_strdup_printf ("link set dev %s master " BRIDGE " up", ports[host]);

  return mig_command_run (setup->netns[host], ip, add, error) &&
         mig_command_run (setup->switch_netns, ip, plug, error);
}

static gboolean
join_by_switch (const MigSetup *setup, const char *ip, GError **error)
{
  gboolean ok = mig_namespaces_join (setup->switch_netns, error) &&
                mig_command_run (setup->switch_netns, ip, "link add " BRIDGE " type bridge",
                                 error) &&
                mig_command_run (setup->switch_netns, ip, "link set dev " BRIDGE " up", error);

  for (guint host = 0; ok && host < setup->state->n_hosts; host++)
    ok = plug_in (setup, host, ip, error);
  return mig_namespaces_join (setup->netns[1], ok ? error : NULL) && ok;
}

gboolean
mig_link_up (const MigSetup *setup, GError **error)
{
  g_autofree char *ip = mig_tool_find (MIG_TOOL_IP, error);
  g_autofree char *tc = ip ? mig_tool_find (MIG_TOOL_TC, error) : NULL;
  gboolean ok = tc && (setup->switch_netns < 0 ? join_pair : join_by_switch) (setup, ip, error);

  for (guint host = 0; ok && host < setup->state->n_hosts; host++)
    ok = configure_end (setup, host, ip, tc, error);
  return ok;
}

gboolean
mig_link_shape (const MigSetup *setup, GError **error)
{
  g_autofree char *tc = mig_tool_find (MIG_TOOL_TC, error);
  gboolean ok = tc != NULL;

  for (guint host = 0; ok && host < setup->state->n_hosts; host++)
    ok = shape_link (setup, host, tc, error);
  return ok;
}
