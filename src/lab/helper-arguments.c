/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "base/files.h"
#include "base/units.h"
#include "lab/helper-arguments.h"

#define DEFAULT_LINK_BYTES_PER_S G_GUINT64_CONSTANT (125000000)

static gboolean
add_required_files (GPtrArray *argv, GError **error)
{
  g_autofree char *program = mig_files_find_program ("migcost-lab");
  g_autofree char *initrd = mig_files_find_program ("guest.cpio.gz");
  g_autofree char *kernel = NULL;

  if (!program || !initrd)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
                   "'%s', a part of migcost, is missing; in a source tree run make and use ./run "
                   "migcost, otherwise install migcost again",
                   program ? "guest.cpio.gz" : "migcost-lab");
      return FALSE;
    }
  kernel = mig_guest_kernel_find (error);
  if (!kernel)
    return FALSE;
  g_ptr_array_add (argv, g_steal_pointer (&program));
  g_ptr_array_add (argv, g_strdup_printf ("--kernel=%s", kernel));
  g_ptr_array_add (argv, g_strdup_printf ("--initrd=%s", initrd));
  return TRUE;
}

/* cpus_argument: "--cpus=0,1" */
static char *
cpus_argument (const int *cpus, guint hosts)
{
  GString *text = g_string_new ("--cpus=");

  for (guint host = 0; host < hosts; host++)
    g_string_append_printf (text, "%s%d", host ? "," : "", cpus[host]);
  return g_string_free (text, FALSE);
}

GPtrArray *
mig_helper_arguments (const MigLabOptions *options, GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  guint64 rate = options->link_bytes_per_s ? options->link_bytes_per_s : DEFAULT_LINK_BYTES_PER_S;
  guint hosts = options->hosts ? options->hosts : 2;

  if (!add_required_files (argv, error))
    return NULL;
  g_ptr_array_add (argv, g_strdup_printf ("--link-rate=%" G_GUINT64_FORMAT, rate));
  g_ptr_array_add (argv, g_strdup_printf ("--hosts=%u", hosts));
  if (options->cpus)
    g_ptr_array_add (argv, cpus_argument (options->cpus, hosts));
  if (options->taps)
    g_ptr_array_add (argv, g_strdup_printf ("--taps=%u", options->taps));
  if (options->taps && options->forward_delay_ns)
    g_ptr_array_add (argv, g_strdup_printf ("--forward-delay=%" G_GINT64_FORMAT,
                                            options->forward_delay_ns / MIG_NS_PER_MS));
  if (options->disks)
    g_ptr_array_add (argv, g_strdup ("--disks"));
  if (options->emulator)
    g_ptr_array_add (argv, g_strdup_printf ("--emulator=%s", options->emulator));
  if (options->force_loopback)
    g_ptr_array_add (argv, g_strdup ("--loopback"));
  g_ptr_array_add (argv, NULL);
  return g_steal_pointer (&argv);
}
