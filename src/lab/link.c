/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <unistd.h>

#include "lab/command.h"
#include "lab/setup.h"
#include "lab/tools.h"

/* Nobody else sees these: every lab has networks of its own. */
static const char *const addresses[2] = { "10.111.0.1", "10.111.0.2" };
#define NETWORK "10.111.0.0/30"
static const char *const interfaces[2] = { "lab0", "lab1" };

/* The bucket of the shaper holds what the link carries in 2 ms, because the kernel hands over up to
 * 64 KiB at a time; packets wait for at most 20 ms. */
#define MIN_BURST_BYTES (256 * 1024)
#define BURSTS_PER_S 500

/* Linux's own default, whatever this machine's is: a lab should behave as hosts do that nobody has tuned,
 * and a result should not depend on a setting that nobody looked at. */
#define CONGESTION_CONTROL "cubic"

const char *
mig_link_address (guint host)
{
  return addresses[host];
}

/* Through the route, because a network namespace may not choose one that the machine restricts. A kernel
 * without it keeps its own. */
static gboolean
choose_congestion_control (const MigSetup *setup, guint host, const char *ip, GError **error)
{
  g_autofree char *route = g_strdup_printf ("route replace %s dev %s src %s congctl " CONGESTION_CONTROL, NETWORK,
                                            interfaces[host], addresses[host]);
  g_autofree char *now = NULL;

  if (mig_command_run (setup->netns[host], ip, route, NULL))
    now = g_strdup (CONGESTION_CONTROL);
  else if (!g_file_get_contents ("/proc/sys/net/ipv4/tcp_congestion_control", &now, NULL, error))
    return FALSE;
  g_free (setup->state->congestion_control);
  setup->state->congestion_control = g_strdup (g_strchomp (now));
  return TRUE;
}

/* shape_end: also changes the rate of an end that is shaped already. */
static gboolean
shape_end (const MigSetup *setup, guint host, const char *tc, GError **error)
{
  guint64 rate = setup->state->link_bytes_per_s;
  guint64 burst = MAX (rate / BURSTS_PER_S, MIN_BURST_BYTES);
  g_autofree char *shape = g_strdup_printf (
      "qdisc replace dev %s root tbf rate %" G_GUINT64_FORMAT "bit burst %" G_GUINT64_FORMAT
      " latency 20ms",
      interfaces[host], rate * 8, burst);

  return mig_command_run (setup->netns[host], tc, shape, error);
}

static gboolean
configure_end (const MigSetup *setup, guint host, const char *ip, const char *tc, GError **error)
{
  int netns = setup->netns[host];
  g_autofree char *address
      = g_strdup_printf ("address add %s/30 dev %s", addresses[host], interfaces[host]);
  g_autofree char *up = g_strdup_printf ("link set dev %s up", interfaces[host]);

  return mig_command_run (netns, ip, "link set dev lo up", error)
         && mig_command_run (netns, ip, address, error)
         && mig_command_run (netns, ip, up, error) && shape_end (setup, host, tc, error)
         && choose_congestion_control (setup, host, ip, error);
}

gboolean
mig_link_up (const MigSetup *setup, GError **error)
{
  g_autofree char *ip = mig_tool_find (MIG_TOOL_IP, error);
  g_autofree char *tc = ip ? mig_tool_find (MIG_TOOL_TC, error) : NULL;
  /* the process that runs this stands for the second host's namespace */
  g_autofree char *add = g_strdup_printf ("link add %s type veth peer name %s netns %d",
                                          interfaces[0], interfaces[1], getpid ());

  return tc && mig_command_run (setup->netns[0], ip, add, error)
         && configure_end (setup, 0, ip, tc, error) && configure_end (setup, 1, ip, tc, error);
}

gboolean
mig_link_shape (const MigSetup *setup, GError **error)
{
  g_autofree char *tc = mig_tool_find (MIG_TOOL_TC, error);

  return tc && shape_end (setup, 0, tc, error) && shape_end (setup, 1, tc, error);
}
