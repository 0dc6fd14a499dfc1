/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lab-tool: the lab's functions by hand, for the scripts of this folder.
 *   lab-tool up [namespaces|loopback] [persistent] [emulator=PATH] [link=BYTES/S] [cpu=N]
 * [shape=BYTES/S] [hosts=N] shape: the link gets that rate once the lab is up prints KEY=VALUE
 * lines and "up"; then waits for the end of its standard input, persistent: does not wait lab-tool
 * status | clean | stop DIRECTORY | kernel
 *   lab-tool probe SOCKET SPEC...: has the lab's prober ask so until its standard input ends, and
 * prints what the prober says then
 *   lab-tool cut BRIDGE PORT MS...: takes the port off the bridge for so long, for each of the
 * times, and prints the moments in ns, "OFF ON" */
#include "config.h"

#include <linux/sockios.h>
#include <locale.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/units.h"
#include "lab/lab.h"

static void
print_message (MigLogLevel level, const char *message, gpointer data)
{
  fprintf (stderr, "lab-tool: %s\n", message);
}

static int
fail (const GError *error)
{
  printf ("error=%s\n", error->message);
  return 1;
}

/* the rate that the link gets once the lab is up; 0: it keeps its own */
static guint64 shape;
static int cpus[MIG_LAB_MAX_HOSTS];

static gboolean
parse_option (const char *argument, MigLabOptions *options)
{
  if (g_str_equal (argument, "loopback"))
    options->force_loopback = TRUE;
  else if (g_str_equal (argument, "namespaces"))
    options->force_loopback = FALSE;
  else if (g_str_equal (argument, "persistent"))
    options->persistent = TRUE;
  else if (g_str_has_prefix (argument, "emulator="))
    options->emulator = strchr (argument, '=') + 1;
  else if (g_str_has_prefix (argument, "link="))
    options->link_bytes_per_s = g_ascii_strtoull (strchr (argument, '=') + 1, NULL, 10);
  else if (g_str_has_prefix (argument, "shape="))
    shape = g_ascii_strtoull (strchr (argument, '=') + 1, NULL, 10);
  else if (g_str_has_prefix (argument, "cpu="))
    {
      for (guint i = 0; i < MIG_LAB_MAX_HOSTS; i++)
        cpus[i] = (int) g_ascii_strtoll (strchr (argument, '=') + 1, NULL, 10);
      options->cpus = cpus;
    }
  else if (g_str_has_prefix (argument, "taps="))
    options->taps = (guint) g_ascii_strtoull (strchr (argument, '=') + 1, NULL, 10);
  else if (g_str_has_prefix (argument, "hosts="))
    options->hosts = (guint) g_ascii_strtoull (strchr (argument, '=') + 1, NULL, 10);
  else
    return FALSE;
  return TRUE;
}

static void
print_lab (const MigLab *lab)
{
  const char *why_not = NULL;
  gboolean kvm = mig_lab_has_kvm (lab, &why_not);

  printf ("directory=%s\n", mig_lab_directory (lab));
  printf ("mode=%s\n", mig_lab_mode (lab) == MIG_LAB_MODE_LOOPBACK ? "loopback" : "namespaces");
  printf ("mode_why=%s\n", mig_lab_mode_why (lab) ? mig_lab_mode_why (lab) : "");
  for (guint host = 0; host < mig_lab_n_hosts (lab); host++)
    printf ("uri%u='%s'\nmigrate%u='%s'\npeer%u='%s'\ncpu%u=%d\n", host, mig_lab_uri (lab, host),
            host, mig_lab_migrate_uri (lab, host), host, mig_lab_peer_uri (lab, host), host,
            mig_lab_cpu (lab, host));
  printf ("link=%" G_GUINT64_FORMAT "\nmeasured=%" G_GUINT64_FORMAT "\n", mig_lab_link_rate (lab),
          mig_lab_link_rate_measured (lab));
  printf ("kernel=%s\ninitrd=%s\nemulator=%s\n", mig_lab_kernel (lab), mig_lab_initrd (lab),
          mig_lab_emulator (lab));
  printf ("kvm=%d\nkvm_why_not=\"%s\"\n", kvm, why_not ? why_not : "");
  printf ("prober=%s\nlan_why_not=\"%s\"\n", mig_lab_prober (lab) ? mig_lab_prober (lab) : "",
          mig_lab_lan_why_not (lab) ? mig_lab_lan_why_not (lab) : "");
  printf ("tls_why_not=\"%s\"\n", mig_lab_tls_why_not (lab) ? mig_lab_tls_why_not (lab) : "");
  printf ("up\n");
  fflush (stdout);
}

static int
up (int argc, char **argv)
{
  MigLabOptions options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (MigLab) lab = NULL;
  guint64 measured;
  char byte;

  for (int i = 2; i < argc; i++)
    if (!parse_option (argv[i], &options))
      return 2;
  lab = mig_lab_up (&options, &error);
  if (!lab)
    return fail (error);
  if (shape && !mig_lab_shape_link (lab, shape, &measured, &error))
    return fail (error);
  print_lab (lab);
  if (options.persistent)
    return 0;
  while (read (STDIN_FILENO, &byte, 1) > 0)
    ;
  return mig_lab_down (lab, &error) ? 0 : fail (error);
}

static int
status (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) labs = mig_lab_list (&error);

  if (!labs)
    return fail (error);
  for (guint i = 0; i < labs->len; i++)
    {
      const MigLabStatus *lab = g_ptr_array_index (labs, i);
      printf ("%s %s %s %" G_GINT64_FORMAT " %s %s\n", lab->directory,
              lab->alive ? "alive" : "crashed", lab->mode ? lab->mode : "-", lab->pid,
              lab->uris[0] ? lab->uris[0] : "-", lab->uris[1] ? lab->uris[1] : "-");
    }
  return 0;
}

static int
clean (void)
{
  g_autoptr (GError) error = NULL;
  guint cleaned = 0;

  if (!mig_lab_clean (&cleaned, &error))
    return fail (error);
  printf ("cleaned=%u\n", cleaned);
  return 0;
}

static int
kernel (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = mig_guest_kernel_find (&error);

  if (!path)
    return fail (error);
  printf ("%s\n", path);
  return 0;
}

/* ---- the prober, and what keeps packets from their way ---- */

static int
probe (const char *path, char **specs)
{
  struct sockaddr_un socket_address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char buffer[4096];
  ssize_t got;

  g_strlcpy (socket_address.sun_path, path, sizeof socket_address.sun_path);
  if (fd < 0 || connect (fd, (struct sockaddr *) &socket_address, sizeof socket_address) < 0)
    return 1;
  for (; *specs; specs++)
    dprintf (fd, "guest %s 0\n", *specs);
  dprintf (fd, "go\n");
  while (read (STDIN_FILENO, buffer, sizeof buffer) > 0)
    ;
  dprintf (fd, "end\n");
  while ((got = read (fd, buffer, sizeof buffer)) > 0)
    fwrite (buffer, 1, (size_t) got, stdout);
  close (fd);
  return 0;
}

static gboolean
plug (int fd, const char *bridge, const char *port, unsigned long request)
{
  struct ifreq interface = { .ifr_ifindex = (int) if_nametoindex (port) };

  g_strlcpy (interface.ifr_name, bridge, sizeof interface.ifr_name);
  return ioctl (fd, request, &interface) == 0;
}

/* Between two cuts all that waits goes on: twice as long, and a second. */
static int
cut (const char *bridge, const char *port, char **times)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  for (; *times; times++)
    {
      gint64 length_ns = g_ascii_strtoll (*times, NULL, 10) * MIG_NS_PER_MS;
      gint64 off_ns = mig_clock_now ();
      if (!plug (fd, bridge, port, SIOCBRDELIF))
        return 1;
      mig_clock_sleep_until (off_ns + length_ns);
      if (!plug (fd, bridge, port, SIOCBRADDIF))
        return 1;
      gint64 on_ns = mig_clock_now ();
      printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", off_ns, on_ns);
      fflush (stdout);
      mig_clock_sleep_until (on_ns + 2 * length_ns + MIG_NS_PER_S);
    }
  close (fd);
  return 0;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  const char *command = argc > 1 ? argv[1] : "";

  setlocale (LC_ALL, "");
  mig_log_add_sink (print_message, NULL);
  if (g_str_equal (command, "up"))
    return up (argc, argv);
  if (g_str_equal (command, "status") && argc == 2)
    return status ();
  if (g_str_equal (command, "clean") && argc == 2)
    return clean ();
  if (g_str_equal (command, "kernel") && argc == 2)
    return kernel ();
  if (g_str_equal (command, "stop") && argc == 3)
    return mig_lab_stop (argv[2], &error) ? 0 : fail (error);
  if (g_str_equal (command, "probe") && argc > 3)
    return probe (argv[2], argv + 3);
  if (g_str_equal (command, "cut") && argc > 4)
    return cut (argv[2], argv[3], argv + 4);
  fprintf (stderr, "usage: lab-tool up|status|clean|stop|kernel|probe|cut (see lab-tool.c)\n");
  return 2;
}
