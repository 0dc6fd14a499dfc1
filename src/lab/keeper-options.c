/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "lab/keeper-options.h"
#include "lab/state.h"

gboolean
mig_keeper_options_parse (int argc, char **argv, MigKeeperOptions *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "kernel", 0, 0, G_OPTION_ARG_FILENAME, &options->kernel, "guest kernel", "FILE" },
    { "initrd", 0, 0, G_OPTION_ARG_FILENAME, &options->initrd, "initramfs with the workloads",
      "FILE" },
    { "emulator", 0, 0, G_OPTION_ARG_FILENAME, &options->emulator, "QEMU", "FILE" },
    { "link-rate", 0, 0, G_OPTION_ARG_INT64, &options->link_rate, "bytes per second", "N" },
    { "hosts", 0, 0, G_OPTION_ARG_INT, &options->hosts, "number of hosts", "N" },
    { "cpus", 0, 0, G_OPTION_ARG_STRING, &options->cpus, "CPU of each host (default: chosen)",
      "N,N..." },
    { "taps", 0, 0, G_OPTION_ARG_INT, &options->taps, "guests on a LAN", "N" },
    { "forward-delay", 0, 0, G_OPTION_ARG_INT, &options->forward_delay,
      "of the spanning tree of that LAN's bridges, ms (default: none)", "N" },
    { "disks", 0, 0, G_OPTION_ARG_NONE, &options->disks, "guests have disks", NULL },
    { "loopback", 0, 0, G_OPTION_ARG_NONE, &options->loopback, "without namespaces", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- started by migcost; keeps a lab");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;
  if (argc > 1 || !options->kernel || !options->initrd || options->link_rate <= 0 ||
      options->hosts < 2 || options->hosts > MIG_LAB_MAX_HOSTS || options->taps < 0 ||
      options->taps > MIG_LAB_MAX_TAPS || options->forward_delay < 0)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "migcost-lab is started by migcost: see migcost lab --help");
      return FALSE;
    }
  return TRUE;
}

void
mig_keeper_options_clear (MigKeeperOptions *options)
{
  g_clear_pointer (&options->kernel, g_free);
  g_clear_pointer (&options->initrd, g_free);
  g_clear_pointer (&options->emulator, g_free);
  g_clear_pointer (&options->cpus, g_free);
}
