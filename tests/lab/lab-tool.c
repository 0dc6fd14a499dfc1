/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lab-tool: the lab's functions by hand, for the scripts of this folder.
 *   lab-tool up [namespaces|loopback] [persistent] [emulator=PATH] [link=BYTES/S] [cpu=N]
 * [shape=BYTES/S] [hosts=N] shape: the link gets that rate once the lab is up prints KEY=VALUE
 * lines and "up"; then waits for the end of its standard input, persistent: does not wait lab-tool
 * status | clean | stop DIRECTORY | kernel */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
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
  fprintf (stderr, "usage: lab-tool up|status|clean|stop|kernel (see lab-tool.c)\n");
  return 2;
}
