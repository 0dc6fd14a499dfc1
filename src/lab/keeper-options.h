/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What the starter of a lab asks of migcost-lab: its command line (helper-arguments.h). */
typedef struct {
  char *kernel, *initrd, *emulator;
  gint64 link_rate;
  char *cpus;
  int hosts, taps, forward_delay;
  gboolean disks, loopback;
} MigKeeperOptions;

/* mig_keeper_options_parse: FALSE: somebody else than migcost has started it. */
gboolean mig_keeper_options_parse (int argc, char **argv, MigKeeperOptions *options,
                                   GError **error);
void mig_keeper_options_clear (MigKeeperOptions *options);
