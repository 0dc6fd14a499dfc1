/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "workloads/console.h"
#include "workloads/heartbeat.h"
#include "workloads/modules.h"
#include "workloads/network.h"
#include "workloads/protocol.h"
#include "workloads/server.h"
#include "workloads/streams.h"
#include "workloads/workload.h"

/* migcost-guest WORKLOAD [KEY=VALUE...]: the program of the guests. PID 1 of their initramfs, with
 * what stands behind " -- " on the kernel's command line as its arguments; and, unchanged, an
 * ordinary process. */

static void power_off (void);

static MigGuest guest = {
  .clock = &mig_guest_clock,
  .damage = mig_console_damage,
  .power_off = power_off,
};

static void
on_signal (int signal_number)
{
  atomic_store_explicit (&guest.stop, true, memory_order_relaxed);
}

static bool
is_init (void)
{
  return getpid () == 1;
}

/* As its owner would do it; an ordinary process just ends. */
static void
power_off (void)
{
  if (is_init ())
    (void) reboot (RB_POWER_OFF);
  _exit (0);
}

/* PID 1 keeps running, since a kernel without it panics: the reader is to find the message last. */
static int
fail (const char *why)
{
  mig_console_fatal (why);
  while (is_init ())
    pause ();
  return 1;
}

/* An ordinary process ends on these; PID 1 does not get to see them. */
static void
catch_signals (void)
{
  struct sigaction action = { .sa_handler = on_signal };

  if (is_init ())
    return;
  sigaction (SIGTERM, &action, NULL);
  sigaction (SIGINT, &action, NULL);
}

/* Before the workload takes its memory, and before the guest is ready: whoever waits for that is
 * answered. A kernel may have the drivers built in. */
static bool
start_devices (char *why)
{
  bool wanted = guest.options.address || guest.workload->disk;
  bool loaded = wanted && is_init () && mig_modules_load ();

  if (!guest.options.address)
    return true;
  if (loaded)
    mig_network_set_up (&guest);
  if (is_init ())
    mig_server_start ();
  int failure = mig_network_serve ();
  if (!failure)
    failure = mig_streams_serve ();
  if (failure)
    snprintf (why, MIG_GUEST_WHY_SIZE, "cannot serve the network: %s", strerror (failure));
  return !failure;
}

static bool
start_heartbeats (char *why)
{
  char line[MIG_PROTOCOL_MAX_LINE];
  const MigWorkload *workload = guest.workload;

  mig_console_write (line, mig_protocol_format_ready (line, workload->name, guest.options.period_ns,
                                                      workload->unit));
  int failure = mig_heartbeat_start (&guest);
  if (failure)
    snprintf (why, MIG_GUEST_WHY_SIZE, "cannot start the heartbeat thread: %s", strerror (failure));
  return !failure;
}

int
main (int argc, char **argv)
{
  char why[MIG_GUEST_WHY_SIZE];

  int skipped = 1; /* the program's name */

  if (is_init ())
    {
      mig_console_take ();
      (void) mount ("proc", "/proc", "proc", 0, NULL); /* tells what memory the kernel keeps */
      skipped += mig_workload_skip_kernel_words (argc - 1, argv + 1);
    }
  if (!mig_workload_setup (&guest, argc - skipped, argv + skipped, why))
    return fail (why);
  catch_signals ();
  if (!start_devices (why) || !guest.workload->prepare (&guest, why) || !start_heartbeats (why))
    return fail (why);
  int failure = mig_workload_run (&guest);
  if (failure)
    {
      snprintf (why, sizeof why, "cannot start a worker thread: %s", strerror (failure));
      return fail (why);
    }
  return 0; /* the working set goes with the process, under the feet of nobody but the heartbeats */
}
