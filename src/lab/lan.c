/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/error.h"
#include "lab/command.h"
#include "lab/lan.h"
#include "lab/prober.h"
#include "lab/report.h"
#include "lab/tools.h"

#define TUN_DIRECTORY "/dev/net"
#define TUN TUN_DIRECTORY "/tun"
#define TUN_MINOR 200

#define BRIDGE "guests" /* of a host */
#define UPLINK "uplink"
#define SWITCH "lan"
#define CLIENT "client"
#define FAST_BRIDGE "stp_state 0 forward_delay 0"

/* ---- taps may be opened ---- */

static gboolean
open_tun (GError **error)
{
  int fd = open (TUN, O_RDWR | O_CLOEXEC);

  if (fd < 0)
    {
      mig_error_set_errno (error, errno, "cannot open '" TUN "'");
      return FALSE;
    }
  close (fd);
  return TRUE;
}

/* replace_tun: a device that the daemons' user may open, in the lab's mount namespace alone. */
static gboolean
replace_tun (GError **error)
{
  mode_t before = umask (0);
  gboolean ok = mount ("tmpfs", TUN_DIRECTORY, "tmpfs", MS_NOSUID | MS_NOEXEC,
                       "mode=755,size=64k") == 0 &&
                mknod (TUN, S_IFCHR | 0666, makedev (10, TUN_MINOR)) == 0;

  if (!ok)
    mig_error_set_errno (error, errno, "cannot make a '" TUN "' that guests may use");
  umask (before);
  return ok;
}

/* Root can, whatever the device's mode; the daemons' user has to be able to. */
static gboolean
prepare_tun (const MigSetup *setup, GError **error)
{
  struct stat status;

  if (stat (TUN, &status) < 0)
    {
      mig_error_set_errno (error, errno, "cannot find '" TUN "'");
      return FALSE;
    }
  if (setup->uid == 0 && (status.st_mode & 0006) != 0006 && !replace_tun (error))
    return FALSE;
  return open_tun (error);
}

/* ---- bridges and cables ---- */

/* run: ip in a network namespace. */
static gboolean G_GNUC_PRINTF (4, 5)
    run (const char *ip, int netns, GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *arguments = g_strdup_vprintf (format, args);
  va_end (args);
  return mig_command_run (netns, ip, arguments, error);
}

/* bridge_options: of a host's; the delay is in hundredths of a second. The caller frees it. */
static char *
bridge_options (const MigSetup *setup)
{
  return setup->forward_delay_ms
             ? g_strdup_printf ("stp_state 1 forward_delay %u", setup->forward_delay_ms / 10)
             : g_strdup (FAST_BRIDGE);
}

static gboolean
add_bridge (const char *ip, int netns, const char *name, const char *options, GError **error)
{
  return run (ip, netns, error, "link add name %s type bridge %s", name, options) &&
         run (ip, netns, error, "link set dev %s up", name);
}

static gboolean
add_tap (const MigSetup *setup, guint host, guint guest, const char *ip, GError **error)
{
  int netns = setup->netns[host];
  /* for an ordinary user the lab's namespace has that user alone, as root */
  guint owner = setup->uid == 0 ? setup->daemon_uid : 0;

  return run (ip, netns, error, "tuntap add dev " MIG_LAB_TAP "%u mode tap user %u vnet_hdr", guest,
              owner) &&
         run (ip, netns, error, "link set dev " MIG_LAB_TAP "%u master " BRIDGE " up", guest);
}

/* This process is in the switch's namespace: it stands for it where ip puts the cable's other end.
 */
static gboolean
add_host (const MigSetup *setup, guint host, int netns, const char *ip, GError **error)
{
  g_autofree char *options = bridge_options (setup);
  int own = setup->netns[host];

  if (!add_bridge (ip, own, BRIDGE, options, error) ||
      !run (ip, own, error, "link add " UPLINK " type veth peer name host%u netns %d", host,
            getpid ()) ||
      !run (ip, netns, error, "link set dev host%u master " SWITCH " up", host) ||
      !run (ip, own, error, "link set dev " UPLINK " master " BRIDGE " up"))
    return FALSE;
  for (guint guest = 0; guest < setup->taps; guest++)
    if (!add_tap (setup, host, guest, ip, error))
      return FALSE;
  return TRUE;
}

static gboolean
add_client (int client, int netns, const char *ip, GError **error)
{
  return run (ip, client, error, "link add eth0 type veth peer name " CLIENT " netns %d",
              getpid ()) &&
         run (ip, netns, error, "link set dev " CLIENT " master " SWITCH " up") &&
         run (ip, client, error, "address add " MIG_LAB_CLIENT_ADDRESS " dev eth0") &&
         run (ip, client, error, "link set dev lo up") &&
         run (ip, client, error, "link set dev eth0 up");
}

static gboolean
add_all (const MigSetup *setup, int netns, int client, GError **error)
{
  g_autofree char *ip = mig_tool_find (MIG_TOOL_IP, error);
  gboolean ok = ip && mig_namespaces_join (netns, error) &&
                add_bridge (ip, netns, SWITCH, FAST_BRIDGE, error);

  for (guint host = 0; ok && host < setup->state->n_hosts; host++)
    ok = add_host (setup, host, netns, ip, error);
  ok = ok && add_client (client, netns, ip, error);
  return mig_namespaces_join (setup->netns[1], ok ? error : NULL) && ok;
}

/* The descriptors keep the namespaces alive, as long as the lab is. */
static gboolean
bring_up (MigSetup *setup, GError **error)
{
  int netns = -1, client = -1;

  return prepare_tun (setup, error) && mig_namespaces_add_network (setup, &netns, error) &&
         mig_namespaces_add_network (setup, &client, error) &&
         add_all (setup, netns, client, error) && mig_lab_prober_start (setup, client, error);
}

void
mig_lan_up (MigSetup *setup)
{
  g_autoptr (GError) error = NULL;

  if (!setup->taps)
    return;
  if (setup->netns[0] < 0)
    g_set_error (&error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
                 "without network namespaces there is no "
                 "place for it");
  if (error || !bring_up (setup, &error))
    setup->state->lan_why_not = g_strdup (error->message);
}
